package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"hallpass/assets"
	"hallpass/cmd/internal/lifecycle"
	"hallpass/cmd/internal/metrics"
	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/kiosk/web"
	"hallpass/ocr/apart"
	"hallpass/sync/fault"
	"hallpass/sync/link"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// How long each part may take to end; the desk's own grace for a print is 3 s.
const (
	deskEnd   = 10 * time.Second
	flushEnd  = 5 * time.Second
	linkEnd   = 2 * time.Second
	readerEnd = 5 * time.Second // a card under way is read to its end
	storeEnd  = 5 * time.Second
)

// desk is a running kiosk: its parts, closed in the reverse order.
type desk struct {
	settings
	log   *slog.Logger
	at    func(step string) // told where a print stands; nil but in tests
	parts lifecycle.Stack
	fail  context.CancelCauseFunc // ends the program because a part failed

	store  *store.Store
	desk   *kiosk.Desk
	reader *apart.Reader // nil: cards are not read
	link   *link.Link    // nil: works alone
	whose  record.ShowID // the hall's show; empty: works alone
	site   *web.Server
	proven atomic.Pointer[web.Journal] // what the last reading of the journal found
}

// runDesk is "kiosk run". It ends with ctx: input first, then the print, then
// the link, and the store last.
func runDesk(ctx context.Context, args []string, s streams) (err error) {
	c, log, err := load(args, s)
	if err != nil {
		return err
	}
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	d := &desk{settings: c, log: log, at: s.at, fail: fail}
	defer func() {
		if ended := d.parts.Close(log); err == nil {
			err = ended
		}
		if wiped := store.Wipe(c.Data); wiped != nil || fault.CodeOf(err) == fault.NodeRevoked {
			err = errors.Join(store.ErrRevoked, wiped)
		}
	}()
	listener, err := d.open(ctx)
	if err != nil {
		return err
	}
	d.addControl(ctx)
	d.start(ctx)
	d.awaitShow(ctx)
	if _, err := fmt.Fprintf(s.out, "kiosk ready http://%s\n", listener.Addr()); err != nil {
		log.Warn("standard output is closed", "err", err)
	}
	if err := lifecycle.Serve(ctx, listener, d.site.Handler(), log); err != nil {
		return err
	}
	if cause := context.Cause(ctx); cause != context.Canceled {
		return cause
	}
	return nil
}

// open makes every part; what can be refused is refused here.
func (d *desk) open(ctx context.Context) (net.Listener, error) {
	listener, err := web.Listen(d.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use, perhaps by another kiosk; stop that or give another -listen", d.Listen)
	}
	if err != nil {
		return nil, err
	}
	if err := d.build(ctx); err != nil {
		_ = listener.Close()
		return nil, err
	}
	return listener, nil
}

func (d *desk) build(ctx context.Context) error {
	show, err := badgeShow(d.Show)
	if err != nil {
		return err
	}
	layout, err := layoutOf(d.Template, d.log)
	if err != nil {
		return err
	}
	printers, err := openPool(d.Printer, d.Data)
	if err != nil {
		return err
	}
	if len(printers) == 0 {
		d.log.Warn("no printer; badges wait until the kiosk is started with -printer")
	}
	if d.store, err = store.Open(d.Data, store.Options{Show: show}); err != nil {
		return err
	}
	if d.store.Copied() {
		d.log.Warn("this data folder was copied, or put back from a backup: everything is told to the hall anew; if the original runs too, pair one of the two anew in an empty folder")
	}
	if damage := d.store.Damage(); damage != "" {
		d.log.Error("the data of this kiosk are damaged; visitors are served, what they are told is kept", "damage", damage)
	}
	d.parts.Push("store", storeEnd, func(context.Context) error { return d.store.Close() })
	pairing, paired, err := pair(ctx, d.settings, d.store, d.log)
	if err != nil {
		return err
	}
	if paired {
		d.link, d.whose = newLink(d.settings, pairing, d.store, d.log), pairing.Show
		d.link.Version = lifecycle.Version()
		d.link.Report, d.link.Revoked, d.link.NewLife = d.report, d.revoked, d.store.NewLife
	}
	d.desk = &kiosk.Desk{
		Store: d.store, Guests: d.store, Clock: d.store.Clock(), Printers: printers, Log: d.log, At: d.at, Patience: max(d.Patience, 1),
		Sign:   d.store.SignBadge,
		Layout: &kiosk.Drawing{Renderer: layout, Log: d.log},
	}
	if d.link != nil {
		d.link.Inbox = inbox{d.store, d.desk}
	}
	d.site = &web.Server{
		Desk: d.desk, Node: d.node, Files: assets.Files(), Metrics: metrics.Handler(d.samples),
		Version: lifecycle.Version(), Reader: "none", StaffCode: d.StaffCode, Log: d.log,
	}
	if err := d.addReader(ctx); err != nil {
		return err
	}
	return d.desk.Open()
}

// start runs the link and the desk; Serve is the caller's.
func (d *desk) start(ctx context.Context) {
	if d.link != nil {
		stop := d.background(ctx, d.link.Run)
		d.parts.Push("link", flushEnd+linkEnd, func(limit context.Context) error {
			flush, cancel := context.WithTimeout(limit, flushEnd)
			defer cancel()
			if err := d.link.Flush(flush); err != nil {
				d.log.Info("not everything was sent; it will be after the next start", "unsent", d.link.Status().Unsent)
			}
			return stop(limit)
		})
	}
	if d.link != nil {
		d.parts.Push("keys", linkEnd, d.background(ctx, d.rotate))
		d.parts.Push("retention", linkEnd, d.background(ctx, d.forget))
	}
	d.parts.Push("verification", linkEnd, d.background(ctx, d.verify))
	d.parts.Push("desk", deskEnd, d.background(ctx, d.desk.Run))
}

// awaitShow waits until the hall's show is in force, for the first time after
// pairing: who is registered for another show ends in the hall's quarantine.
func (d *desk) awaitShow(ctx context.Context) {
	missing := func() bool { return d.whose != "" && d.store.Show().ID != d.whose }
	if !missing() {
		return
	}
	d.log.Info("waiting for the hall's show; to begin without the hall, name its file with -show", "show", d.whose)
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for missing() {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// background runs a part beyond ctx until the returned stop is called; a part
// that fails ends the program.
func (d *desk) background(ctx context.Context, run func(context.Context) error) (stop func(context.Context) error) {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() {
		err := run(own)
		if err != nil {
			d.fail(err)
		}
		done <- err
	}()
	return func(limit context.Context) error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-limit.Done():
			return limit.Err()
		}
	}
}

// report is what the hall is told of this kiosk.
func (d *desk) report() wire.Status {
	press, err := d.desk.Press(context.Background())
	if err != nil {
		d.log.Error("read print queue", "err", err)
	}
	tally, err := d.store.Tally(context.Background())
	if err != nil {
		d.log.Error("read tally", "err", err)
	}
	at, err := d.store.Standing(context.Background())
	if err != nil {
		d.log.Error("read standing", "err", err)
	}
	return wire.Status{
		Printer: press.State, Reasons: press.Reasons, DiskFreeMB: freeMB(d.Data), Tally: tally,
		Aside: uint64(at.Aside), //nolint:gosec // a count
	}
}
