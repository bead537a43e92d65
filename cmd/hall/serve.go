package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"hallpass/assets"
	"hallpass/cmd/internal/control"
	"hallpass/cmd/internal/lifecycle"
	"hallpass/cmd/internal/metrics"
	"hallpass/sync/hall"
	"hallpass/sync/hall/web"
	"hallpass/sync/record"
)

func serve(ctx context.Context, args []string, s streams) error {
	c := defaults()
	_, err := load(s, "run", "Serves a show: kiosks, booths and the dashboard. Ends on Ctrl-C.",
		"hall run -data hall-data -listen :8443 -show show.json", args, &c)
	if err != nil {
		return err
	}
	log, err := lifecycle.Logger(s.err, c.LogFormat, c.LogLevel)
	if err != nil {
		return err
	}
	var show *record.Show
	if c.Show != "" {
		if show, err = readShow(c.Show); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	return start(ctx, c, show, s, log)
}

// start brings the parts up in order and, when ctx ends, down in the reverse
// order: listeners, links, the committer, the store.
func start(ctx context.Context, c settings, show *record.Show, s streams, log *slog.Logger) (err error) {
	var parts lifecycle.Stack
	defer func() { err = errors.Join(err, parts.Close(log)) }()
	listener, err := listen(c.Listen, "listen")
	if err != nil {
		return err
	}
	parts.Push("listener", time.Second, func(context.Context) error { return ignoreClosed(listener.Close()) })
	var loopback net.Listener
	if c.Loopback != "" {
		if loopback, err = listen(c.Loopback, "loopback"); err != nil {
			return err
		}
		parts.Push("loopback", time.Second, func(context.Context) error { return ignoreClosed(loopback.Close()) })
	}
	url := c.URL
	if url == "" {
		url = reach(listener.Addr(), c)
	}
	keepup, err := upkeep(c.Compact)
	if err != nil {
		return err // Validate has found it before
	}
	h, err := openHall(ctx, c.Data, c.Listen, hall.Config{URL: url, Show: show, Log: log, Upkeep: keepup})
	if err != nil {
		return err
	}
	parts.Push("store", time.Minute, func(context.Context) error { return h.store.Close() })
	if err := writeFile(filepath.Join(c.Data, urlFile), []byte(url+"\n")); err != nil {
		return err
	}
	socket, err := control.Listen(c.Data)
	if err != nil {
		return err
	}
	parts.Push("control socket", time.Second, func(context.Context) error { return ignoreClosed(socket.Close()) })
	committing, stopCommitting := context.WithCancel(context.WithoutCancel(ctx))
	running := make(chan error, 1)
	go func() { running <- h.Run(committing) }()
	parts.Push("committer", time.Minute, func(context.Context) error {
		stopCommitting()
		return <-running
	})
	if !c.InsecureLoopback {
		listener = tls.NewListener(listener, &tls.Config{
			Certificates: []tls.Certificate{h.id.certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
		})
	}
	return h.answer(ctx, servers{listener, loopback, socket}, url, s, log)
}

// servers are the sockets of a hall; loopback may be nil.
type servers struct{ main, loopback, control net.Listener }

// answer serves until ctx ends or one of the servers fails, and returns when
// nothing is under way any more.
func (h *openedHall) answer(ctx context.Context, on servers, url string, s streams, log *slog.Logger) error {
	pages := http.NewServeMux()
	pages.Handle("/", web.New(h.Hall, assets.Files(), log))
	pages.Handle("GET /metrics", metrics.Handler(h.samples))
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return lifecycle.Serve(ctx, on.main, pages, log) })
	if on.loopback != nil {
		g.Go(func() error { return lifecycle.Serve(ctx, on.loopback, pages, log) })
		log.Info("plain http for browsers on this machine", "url", "http://"+on.loopback.Addr().String())
	}
	g.Go(func() error { return lifecycle.Serve(ctx, on.control, h.control(log), log) })
	g.Go(func() error { h.proveEnds(ctx, log); return nil })
	g.Go(func() error {
		<-ctx.Done()
		h.Hangup() // websockets and streams do not end with their server
		return nil
	})
	log.Info("hall ready", "show", h.Show().ID, "version", lifecycle.Version())
	if _, err := fmt.Fprintf(s.out, "hall ready %s\n", url); err != nil {
		return errors.Join(err, g.Wait())
	}
	return g.Wait()
}

// control answers the operator's commands.
func (h *openedHall) control(log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", web.Control(h.Hall, log))
	mux.Handle("POST /journal", h.importHandler(log))
	mux.Handle("GET /snapshot", h.snapshotHandler(log))
	mux.Handle("GET /salvage", h.salvageHandler(log))
	return mux
}

func listen(address, flag string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; stop what uses the address, or set -%s", flag, err, flag)
	}
	return l, nil
}

// reach is how others call the hall: the host of -listen or, if that is "any",
// the machine's first address in the network.
func reach(bound net.Addr, c settings) string {
	scheme := "https"
	if c.InsecureLoopback {
		scheme = "http"
	}
	_, port, err := net.SplitHostPort(bound.String())
	if err != nil {
		return scheme + "://" + bound.String()
	}
	host, _, _ := net.SplitHostPort(c.Listen)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
		if own := ownAddresses(); len(own) > 0 {
			host = own[0].String()
		}
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// samples are the dashboard's own numbers.
func (h *openedHall) samples() []metrics.Sample {
	stats, load := h.Stats(), h.Load()
	gauge := func(name, help string, value int) metrics.Sample {
		return metrics.Sample{Name: "hallpass_hall_" + name, Help: help, Value: float64(value)}
	}
	counter := func(name, help string, value uint64) metrics.Sample {
		return metrics.Sample{Name: "hallpass_hall_" + name + "_total", Help: help, Value: float64(value), Counter: true}
	}
	out := []metrics.Sample{
		gauge("registrations", "Registrations kept.", stats.Registrations),
		gauge("persons", "Persons that the registrations belong to.", stats.Persons),
		gauge("badges", "People with a valid printed badge.", stats.Badges),
		gauge("leads", "Leads kept.", stats.Leads),
		gauge("quarantine", "Facts in quarantine that wait for a person.", stats.Quarantine),
		gauge("discarded", "Facts in quarantine that a person has discarded.", stats.Discarded),
		gauge("conflicts", "Things of which people said what differs, not yet settled.", stats.Conflicts),
		gauge("links", "Kiosks connected.", load.Links),
		{Name: "hallpass_hall_void_window_seconds", Help: "How long a void may be unknown to some kiosk.", Value: stats.Voids.Window.Seconds()},
		counter("commits", "Transactions since the start.", load.Commits),
		counter("syncs", "Writes to the intake log since the start.", load.Syncs),
		gauge("waiting", "Changes that are acknowledged and not in the data file yet.", load.Waiting),
		counter("batches", "Batches taken in since the start.", load.Batches),
		counter("changes", "Changes taken in since the start, repeats included.", load.Changes),
		counter("failed_batches", "Batches that could not be kept.", load.Failures),
	}
	for _, stage := range load.Stages {
		out = append(out, delays(stage)...)
	}
	for _, k := range stats.Kiosks {
		labels := map[string]string{"node": string(k.Node)}
		out = append(out,
			metrics.Sample{Name: "hallpass_hall_kiosk_unsent", Help: "Facts that a kiosk has not sent yet.", Value: float64(k.Unsent), Labels: labels},
			metrics.Sample{Name: "hallpass_hall_kiosk_quarantine", Help: "Facts of a kiosk in quarantine that wait for a person.", Value: float64(k.Quarantined), Labels: labels},
			metrics.Sample{Name: "hallpass_hall_kiosk_refused", Help: "1 while so much of a kiosk waits in quarantine that nothing more of it is taken.", Value: one(k.Refused), Labels: labels},
			metrics.Sample{Name: "hallpass_hall_kiosk_twin", Help: "1 while two kiosks run from one disk.", Value: one(k.Twin), Labels: labels},
			metrics.Sample{Name: "hallpass_hall_kiosk_skew_seconds", Help: "A kiosk's clock minus the hall's.", Value: k.Skew.Seconds(), Labels: labels})
	}
	return out
}

// delays are a stage's in the buckets of a Prometheus histogram, a power of two
// each.
func delays(stage hall.Stage) (out []metrics.Sample) {
	at, all := 0, uint64(0)
	sample := func(le string) {
		out = append(out, metrics.Sample{
			Name: "hallpass_hall_ack_seconds_bucket", Help: "Batches of kiosks whose acknowledgement took no longer than le, in all and by its stages.",
			Counter: true, Value: float64(all), Labels: map[string]string{"stage": stage.Name, "le": le},
		})
	}
	for bound, n := range stage.All() {
		if all = n; at%4 == 0 {
			sample(strconv.FormatFloat(bound.Seconds(), 'g', -1, 64))
		}
		at++
	}
	sample("+Inf")
	return out
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
