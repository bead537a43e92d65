package kiosk

import (
	"context"
	"errors"
	"slices"

	"hallpass/badge/spool"
	"hallpass/sync/record"
)

// verdict is what the printer said of a job in the end. It is remembered until
// it is kept: printers forget their jobs after a minute, full disks stay full.
type verdict struct {
	badge  record.BadgeID
	state  record.BadgeState
	reason string
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
		e, changed := p.putBack(ctx, b)
		return e, false, changed
	case errors.Is(err, spool.ErrNotSent):
		e, changed := p.putBack(ctx, b)
		return e, false, errors.Join(err, changed)
	case errors.Is(err, spool.ErrRefused):
		e, changed := p.settle(ctx, b, record.BadgeFailed, reasonRefused)
		return e, changed == nil, errors.Join(err, changed)
	case err != nil:
		return e, false, err // it may have arrived: the printer is asked next
	}
	return p.follow(ctx, e, b)
}

// putBack returns a badge that the printer surely does not have to the queue,
// for a while.
func (p *press) putBack(ctx context.Context, b Badge) (Entry, error) {
	p.after = p.d.Now().Add(again * p.d.Poll)
	return p.change(ctx, b, func(_ *Entry, b *Badge) error { b.Printing = false; return nil })
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
		if twice || b.ID != e.Current().ID || b.Issue >= maxIssues {
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
