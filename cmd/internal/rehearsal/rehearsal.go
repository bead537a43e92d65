package rehearsal

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// Order asks a hall for a pairing code; one of the three is set.
type Order struct {
	Kiosk     string
	Exhibitor record.ExhibitorID
	Gate      string
}

// Hall is what a rehearsal needs of the hall that it visits.
type Hall interface {
	URL() string
	// Invite returns a pairing code for a name of ours, an exhibitor or a gate
	// of the show.
	Invite(ctx context.Context, o Order) (code string, err error)
	// Organizer returns the key of a sign-in that may watch.
	Organizer(ctx context.Context) (key string, err error)
	// Load returns what the hall takes now, 0 for what cannot be known.
	Load() (mb float64, connections int)
	// Echo starts a process that sends every message back, and returns its wss
	// address and how to trust it. An empty address is none: nothing is compared.
	Echo(ctx context.Context) (url string, trust *tls.Config, stop func() error, err error)
	// Journals opens what the hall has kept; the hall may be stopped for it.
	Journals(ctx context.Context) (Journals, error)
}

// Journals is what a hall has kept; hall/store's Store is one.
type Journals interface {
	Self(ctx context.Context) (hall.Self, error)
	Cursor(ctx context.Context, node record.NodeID, epoch record.Epoch) (uint64, error)
	Changes(ctx context.Context, node record.NodeID, epoch record.Epoch, after uint64, limit int) ([]record.Change, error)
	Registrations(ctx context.Context, after uint64, limit int) ([]record.Registration, uint64, error)
	Close() error
}

// Config says who comes and how fast.
type Config struct {
	Hall                            Hall
	Show                            record.Show                                             // the hall's
	Dir                             string                                                  // for the kiosks' data files
	Kiosks, Booths, Gates, Watchers int                                                     // at least one kiosk
	Rate                            float64                                                 // facts a second of all together; 0: as fast as acks allow
	For                             time.Duration                                           // of load; pairing, waiting for the last acks and counting come on top
	Batch                           int                                                     // changes that a kiosk hands over at once, 1–200
	Seed                            uint64                                                  // the same people for the same seed
	Patience                        time.Duration                                           // for the last acks
	Log                             *slog.Logger                                            // what is going on, for people; no personal data
	Faults                          func(ctx context.Context, note func(what string)) error // breaks things until ctx ends; nil for none
}

// tally is what the nodes count while they work.
type tally struct {
	sent, acked, resent, rewinds  atomic.Uint64 // kiosks' facts
	visitors, late                atomic.Uint64
	scans, kept, refused, retries atomic.Uint64 // of booths and gates
	pictures                      atomic.Uint64
	saved, ack, scanned           *clockwork // scanned is the part of ack that booths and gates wait
}

// run is one rehearsal under way.
type run struct {
	Config
	show    record.Show
	tally   *tally
	desks   []*desk
	booths  []*scanner
	gates   []*scanner
	codes   *codes
	until   time.Time
	working time.Duration // in which the hall was given work
	counted uint64        // facts that it acked in that time
	surges  int

	mu          sync.Mutex // guards all below
	fingerprint [32]byte
	faults      map[string]int
	problems    []string
}

// Run rehearses until the time is over or ctx ends, and accounts for whatever
// was done by then.
func Run(ctx context.Context, c Config) (Result, error) {
	r := &run{Config: c, show: c.Show, codes: &codes{}, faults: map[string]int{}, tally: &tally{saved: newClockwork(), ack: newClockwork(), scanned: newClockwork()}}
	defer r.close()
	if err := r.meet(ctx); err != nil {
		return Result{}, err
	}
	// What was begun is finished and counted also after ctx has ended.
	whole := context.WithoutCancel(ctx)
	links, hangUp := context.WithCancel(whole)
	defer hangUp()
	var up errgroup.Group
	for _, d := range r.desks {
		up.Go(func() error { return d.link.Run(links) })
	}
	peak := r.watchHall(links, &up)
	r.watchPictures(links, &up)
	r.open(ctx)
	if err := r.load(ctx); err != nil {
		hangUp()
		return Result{}, errors.Join(err, up.Wait())
	}
	r.settle(whole)
	echo, err := r.echo(whole)
	hangUp()
	if err = errors.Join(err, up.Wait()); err != nil {
		return Result{}, err
	}
	out := r.result(peak, echo)
	if err := r.account(whole, &out); err != nil {
		return Result{}, err
	}
	out.finish()
	return out, nil
}

// meet opens and pairs everybody: a few at a time, because a hall takes no more
// than ten tries a minute from one address before one has succeeded.
func (r *run) meet(ctx context.Context) error {
	const together = 4
	r.Log.Info("pairing", "kiosks", r.Kiosks, "booths", r.Booths, "gates", r.Gates)
	r.desks, r.booths, r.gates = make([]*desk, r.Kiosks), make([]*scanner, r.Booths), make([]*scanner, r.Gates)
	kiosks, within := errgroup.WithContext(ctx)
	kiosks.SetLimit(together)
	for i := range r.desks {
		kiosks.Go(func() (err error) {
			r.desks[i], err = openDesk(within, r, i)
			return err
		})
	}
	if err := kiosks.Wait(); err != nil {
		return err
	}
	others, within := errgroup.WithContext(ctx)
	others.SetLimit(together)
	for i := range r.booths {
		others.Go(func() (err error) {
			r.booths[i], err = openBooth(within, r, i)
			return err
		})
	}
	for i := range r.gates {
		others.Go(func() (err error) {
			r.gates[i], err = openGate(within, r, i)
			return err
		})
	}
	return others.Wait()
}

// pin notes the hall's certificate.
func (r *run) pin(fingerprint [32]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fingerprint = fingerprint
}

// open waits until the doors may open: all kiosks are connected and have heard
// all that the hall has to tell, which in a hall of thousands of exhibitors
// keeps one machine that plays 200 kiosks busy for a while.
func (r *run) open(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, r.Patience)
	defer cancel()
	r.Log.Info("waiting until every kiosk has heard what the hall has to tell")
	const still = time.Second // nothing more has come for so long
	var heard []record.Cursor
	since := time.Now()
	for {
		now, ok := r.heard(ctx)
		switch {
		case !slices.Equal(now, heard):
			heard, since = now, time.Now()
		case ok && time.Since(since) >= still:
			return
		}
		if !sleepUntil(ctx, time.Now().Add(still/10)) {
			r.problem("the kiosks have not heard all after %s", r.Patience)
			return
		}
	}
}

// heard is how far each kiosk has heard the hall, and whether all are connected
// and equally far.
func (r *run) heard(ctx context.Context) (cursors []record.Cursor, all bool) {
	all = true
	for _, d := range r.desks {
		c, err := d.Read(ctx)
		all = all && err == nil && d.link.Status().Up && (len(cursors) == 0 || c == cursors[0])
		cursors = append(cursors, c)
	}
	return cursors, all
}

// load gives the hall work until the time is over.
func (r *run) load(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, r.For)
	defer cancel()
	r.until, _ = ctx.Deadline()
	r.Log.Info("rehearsing", "until", r.until.Format(time.TimeOnly), "rate", r.Rate)
	g, within := errgroup.WithContext(ctx)
	if r.Rate > 0 {
		g.Go(func() error { return r.arrivals(within) })
	} else {
		g.Go(func() error { return r.outages(within) })
	}
	g.Go(func() error { return r.scanning(within, r.booths, peakLeads) })
	g.Go(func() error { return r.scanning(within, r.gates, peakPassages) })
	if r.Faults != nil {
		g.Go(func() error { return r.Faults(within, r.broke) })
	}
	return g.Wait()
}

func (r *run) broke(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults[what]++
}

// problem notes what does not fit together.
func (r *run) problem(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// settle waits until the hall has acked everything, as long as Patience.
func (r *run) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, r.Patience)
	defer cancel()
	r.Log.Info("waiting for the last acks")
	for _, d := range r.desks {
		if err := d.release(ctx, time.Time{}); err != nil {
			r.problem("the journal of %s cannot be read: %v", d.name, err)
		}
	}
	all := newBarrier(len(r.desks))
	for _, d := range r.desks {
		d.await(all.done)
	}
	if !all.wait(ctx) {
		r.problem("%d kiosks have not had all their acks after %s", all.missing(), r.Patience)
	}
}

func (r *run) close() {
	for _, d := range r.desks {
		if d != nil && d.Store != nil {
			_ = d.Close() // what matters is what is on the disk
		}
	}
	for _, s := range slices.Concat(r.booths, r.gates) {
		if s != nil {
			s.client.CloseIdleConnections()
		}
	}
}

func (r *run) result(peak func() (float64, int), echo float64) Result {
	t := r.tally
	out := Result{
		Sent: t.sent.Load() + t.scans.Load(), Acked: t.acked.Load() + t.kept.Load(), Ack: t.ack.times(), Echo: echo,
		More: Details{
			Visitors: t.visitors.Load(), Leads: count(r.booths), Passages: count(r.gates), Saved: t.saved.times(), Scanned: t.scanned.times(), Surges: r.surges, Working: r.working,
			Late: t.late.Load(), Refused: t.refused.Load(), Retries: t.retries.Load(), Faults: r.faults, Pictures: t.pictures.Load(),
		},
	}
	out.HallMB, out.Connected = peak()
	if r.working > 0 {
		out.PerSecond = float64(r.counted) / r.working.Seconds()
	}
	if n := t.rewinds.Load(); n > 0 {
		r.problem("%d times the hall had less than it had acknowledged", n)
	}
	return out
}
