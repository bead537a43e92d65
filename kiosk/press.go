package kiosk

import (
	"context"
	"sync"
	"time"

	"hallpass/badge/spool"
	"hallpass/sync/record"
)

// press is the one worker of the desk's printer. It serves one badge to its
// end before the next: small printers take a single job at a time, and what
// waits in our queue can still be moved or voided without asking anybody.
// A badge is drawn in a few milliseconds, so none is drawn ahead.
type press struct {
	d     *Desk
	bell  chan struct{} // rung when a badge may be waiting
	after time.Time     // the printer was busy or full: not before

	verdict verdict // what could not be kept yet

	mu  sync.Mutex
	now spool.Status // the printer's last word; guarded by mu
}

// askIdle is how often a printer without work is asked how it is: the page
// must turn to "out of order" before the next visitor has typed a name.
const askIdle = 3 * time.Second

// again is the pause after "busy", "full" and a disk that takes nothing, in
// polls: sending costs two commits, and a full disk is not emptied by asking.
const again = 4

func newPress(d *Desk) *press {
	p := &press{d: d, bell: make(chan struct{}, 1), now: spool.Status{State: "none"}}
	if d.Printer != nil {
		p.now.State = "idle" // taken to be well until it says otherwise, at once
	}
	return p
}

func (p *press) wake() {
	select {
	case p.bell <- struct{}{}:
	default:
	}
}

// run serves badges until ctx ends; without a printer they wait.
func (p *press) run(ctx context.Context) error {
	if p.d.Printer == nil {
		<-ctx.Done()
		return nil
	}
	for ctx.Err() == nil {
		open, err := p.d.Store.Open(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			p.d.Log.Error("read the print queue", "err", err)
			fallthrough
		case len(open) == 0:
			p.ask(ctx)
			p.wait(ctx, askIdle)
		default:
			p.serve(ctx, open[0])
		}
	}
	return nil
}

// serve brings one badge to its end. When ctx ends it goes on for the grace if
// the printer has the badge; else the badge stays where it is.
func (p *press) serve(ctx context.Context, t Ticket) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(p.d.Grace, cancel) })
	defer stop()
	for work.Err() == nil {
		entry, done, err := p.step(work, t, ctx.Err() == nil)
		if err != nil {
			p.d.Log.Error("print badge", "badge", t.Badge, "err", err)
		}
		if entry.Badges != nil {
			p.d.announce(entry)
		}
		if done {
			return
		}
		pause := p.d.Poll
		if err != nil {
			pause *= again
		}
		p.wait(work, pause)
	}
}

// step does what is next for the badge and reports whether it needs no more,
// or, when nothing new may begin, whether it is best left.
func (p *press) step(ctx context.Context, t Ticket, begin bool) (Entry, bool, error) {
	entry, err := p.d.Store.Find(ctx, t.Registration)
	if err != nil {
		return Entry{}, !begin, err
	}
	b, err := entry.find(t.Badge)
	switch {
	case err != nil:
		return entry, true, err
	case !b.Open():
		return entry, true, nil
	case p.verdict.badge == b.ID:
		entry, err = p.settle(ctx, *b, p.verdict.state, p.verdict.reason)
		return entry, err == nil, err
	case !b.Printing && !begin:
		return entry, true, nil
	case !b.Printing:
		return p.send(ctx, entry, *b)
	case b.Badge.Now() == record.BadgeVoided:
		return p.takeBack(ctx, entry, *b)
	default:
		return p.follow(ctx, entry, *b)
	}
}

// change alters one badge durably.
func (p *press) change(ctx context.Context, b Badge, fn func(*Entry, *Badge) error) (Entry, error) {
	return p.d.Store.Change(ctx, b.Registration, func(e *Entry) error {
		kept, err := e.find(b.ID)
		if err != nil {
			return err
		}
		return fn(e, kept)
	})
}

// wait returns after a pause, or at once when the bell rings or ctx ends.
func (p *press) wait(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.bell:
	case <-ctx.Done():
	}
}
