package kiosk

import (
	"context"
	"errors"
	"slices"
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

// verdict is what the printer said of a job in the end. It is remembered until
// it is kept: printers forget their jobs after a minute, full disks stay full.
type verdict struct {
	badge  record.BadgeID
	state  record.BadgeState
	reason string
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
		p.now.State = "unreachable" // until it has answered
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

// send marks the badge as printing and hands it over.
func (p *press) send(ctx context.Context, e Entry, b Badge) (Entry, bool, error) {
	if st := p.ask(ctx); !ready(st) || p.d.Now().Before(p.after) {
		return e, false, nil
	}
	pdf, err := p.d.Layout.PDF(p.d.Store.Show(), e)
	if err != nil {
		e, changed := p.settle(ctx, b, record.BadgeFailed, reasonLayout)
		return e, changed == nil, errors.Join(err, changed)
	}
	e, err = p.change(ctx, b, func(_ *Entry, b *Badge) error { return b.start() })
	if err != nil {
		return e, false, err
	}
	p.d.announce(e)
	err = p.d.Printer.Submit(ctx, spool.Job{Name: b.Job(), PDF: pdf})
	switch {
	case errors.Is(err, spool.ErrBusy), errors.Is(err, spool.ErrSpoolFull):
		p.after = p.d.Now().Add(again * p.d.Poll)
		e, changed := p.change(ctx, b, func(_ *Entry, b *Badge) error { b.Printing = false; return nil })
		return e, false, changed
	case errors.Is(err, spool.ErrRefused):
		e, changed := p.settle(ctx, b, record.BadgeFailed, reasonRefused)
		return e, changed == nil, errors.Join(err, changed)
	case err != nil:
		return e, false, err // it may have arrived: the printer is asked next
	}
	return p.follow(ctx, e, b)
}

// follow asks what became of the job.
func (p *press) follow(ctx context.Context, e Entry, b Badge) (Entry, bool, error) {
	job, err := p.d.Printer.Job(ctx, b.Job())
	if err != nil {
		p.ask(ctx)
		return e, false, nil // the printer's state says that it is unreachable
	}
	switch job.State {
	case spool.Completed:
		e, err = p.settle(ctx, b, record.BadgeIssued, "")
	case spool.Canceled:
		e, err = p.settle(ctx, b, record.BadgeFailed, reasonCanceled)
	case spool.Aborted:
		e, err = p.settle(ctx, b, record.BadgeFailed, reasonAborted)
	case spool.Unknown:
		e, err = p.lost(ctx, b)
	default:
		p.ask(ctx)
		return e, false, nil
	}
	return e, err == nil, err
}

// takeBack cancels the job of a badge that was voided on its way.
func (p *press) takeBack(ctx context.Context, e Entry, b Badge) (Entry, bool, error) {
	job, err := p.d.Printer.Cancel(ctx, b.Job())
	if err != nil {
		p.ask(ctx)
		return e, false, nil
	}
	if !slices.Contains([]spool.JobState{spool.Completed, spool.Canceled, spool.Aborted, spool.Unknown}, job.State) {
		return e, false, nil
	}
	e, err = p.settle(ctx, b, record.BadgeVoided, "")
	return e, err == nil, err
}

// lost settles a job that the printer does not know although it may have had
// it: the paper may be out, so this issue must never be printed again. A new
// issue follows by itself once; a printer that forgets its jobs would
// otherwise print for ever.
func (p *press) lost(ctx context.Context, b Badge) (Entry, error) {
	p.d.count.lost.Add(1)
	p.d.Log.Warn("printer lost a badge", "badge", b.ID, "issue", b.Issue)
	return p.change(ctx, b, func(e *Entry, b *Badge) error {
		twice := len(e.Badges) > 1 && e.Badges[len(e.Badges)-2].Reason.Value == reasonUnconfirmed
		if twice || b.ID != e.Current().ID {
			return b.settle(record.BadgeFailed, reasonUnconfirmed, p.d.Clock.Tick())
		}
		b.Printing = false
		return p.d.reissue(e, reasonUnconfirmed)
	})
}

// settle keeps how the print ended, now or at the next step.
func (p *press) settle(ctx context.Context, b Badge, state record.BadgeState, reason string) (Entry, error) {
	p.verdict = verdict{b.ID, state, reason}
	e, err := p.change(ctx, b, func(_ *Entry, b *Badge) error { return b.settle(state, reason, p.d.Clock.Tick()) })
	if err == nil {
		p.verdict = verdict{}
		p.d.count.settled(state)
		p.d.Log.Info("badge settled", "badge", b.ID, "issue", b.Issue, "state", state, "reason", reason)
	}
	return e, err
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
