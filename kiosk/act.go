package kiosk

import (
	"context"
	"errors"
	"slices"
	"time"

	"hallpass/badge/spool"
	"hallpass/sync/record"
)

// sendLimit is how long one job may take to be handed over. A printer that
// takes it as it prints needs a few seconds; beyond that it is asked what it
// has, and its faults are seen again.
const sendLimit = 20 * time.Second

// send draws the badge, marks it as sent and hands it over. It reports whether
// the printer may have it.
func (l *lane) send(ctx context.Context, e Entry, b Badge) (bool, error) {
	d := l.p.d
	d.at("reserved")
	job, err := l.draw(e, b)
	d.at("rendering")
	f := flight{Ticket{b.Registration, b.ID}, d.Now()}
	if err != nil {
		e, changed := l.settle(ctx, b, verdict{record.BadgeFailed, reasonLayout})
		return l.landed(e, f, err, changed)
	}
	e, err = l.p.change(ctx, b, func(_ *Entry, b *Badge) error { return b.start(l.Name, d.Clock.Tick()) })
	if err != nil {
		return l.landed(e, f, nil, err)
	}
	d.at("sending")
	d.announce(e)
	limited, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	err = l.Printer.Submit(limited, job)
	d.at("sent")
	switch {
	case errors.Is(err, spool.ErrBusy), errors.Is(err, spool.ErrSpoolFull):
		e, changed := l.putBack(ctx, b, "")
		return l.landed(e, f, nil, changed)
	case errors.Is(err, spool.ErrNotSent):
		e, changed := l.putBack(ctx, b, "")
		l.look(ctx)
		return l.landed(e, f, err, changed)
	case errors.Is(err, spool.ErrRefused):
		e, changed := l.refused(ctx, e, b)
		return l.landed(e, f, err, changed)
	}
	l.flights = append(l.flights, f)
	if err != nil {
		l.look(ctx)
		return true, err // it may have arrived: the printer is asked next
	}
	live, _ := l.follow(ctx)
	return live, nil
}

// landed lets go of a badge that the printer does not have. If that could not
// be kept, changed, the printer is asked until it can.
func (l *lane) landed(e Entry, f flight, err, changed error) (bool, error) {
	if changed != nil {
		l.flights = append(l.flights, f)
		return true, errors.Join(err, changed)
	}
	l.p.drop(f.Badge)
	l.p.d.announce(e)
	return false, err
}

// putBack returns a badge that the printer surely does not have to the queue,
// and lets the printer be for a while.
func (l *lane) putBack(ctx context.Context, b Badge, reason string) (Entry, error) {
	l.after = l.p.d.Now().Add(again * l.p.d.Poll)
	return l.p.change(ctx, b, func(_ *Entry, b *Badge) error {
		b.release(reason, l.p.d.Clock.Tick())
		return nil
	})
}

// refused leaves a badge that this printer will never take to another, or as
// failed.
func (l *lane) refused(ctx context.Context, e Entry, b Badge) (Entry, error) {
	if l.p.other(e, b, l) != nil {
		return l.putBack(ctx, b, reasonRefused)
	}
	return l.settle(ctx, b, verdict{record.BadgeFailed, reasonRefused})
}

// ask asks what became of the job.
func (l *lane) ask(ctx context.Context, e Entry, b Badge, since time.Time) (Entry, bool, error) {
	limited, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	job, err := l.Printer.Job(limited, b.Job())
	if err != nil {
		l.look(ctx) // the printer's state says that it is unreachable
		return l.help(ctx, e, b, since)
	}
	switch {
	case job.State == spool.Completed:
		l.p.d.at("completed")
		l.learn(l.p.d.Now().Sub(since))
		l.heard()
		e, err = l.settle(ctx, b, verdict{record.BadgeIssued, ""})
		l.p.d.at("confirmed")
	case l.blind() && job.State != spool.Canceled && job.State != spool.Aborted:
		e, err = l.settle(ctx, b, verdict{record.BadgeUnknown, reasonBlind})
	case job.State == spool.Canceled:
		e, err = l.spoiled(ctx, b, reasonCanceled)
	case job.State == spool.Aborted:
		e, err = l.spoiled(ctx, b, reasonAborted)
	case job.State == spool.Unknown:
		e, err = l.lost(ctx, b)
	case slices.Contains(job.Reasons, "job-incoming"):
		return e, false, l.refill(ctx, e, b)
	default:
		return l.printing(ctx, e, b, since)
	}
	return e, err == nil, err
}

// refill hands over the page of a job that the printer has made but has no page
// of: this desk was ended in between. The name is the same, so nothing is
// printed twice.
func (l *lane) refill(ctx context.Context, e Entry, b Badge) error {
	if b.ID != e.Current().ID {
		return nil // voided; it is taken back
	}
	job, err := l.p.d.job(e, b, l.useDots)
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	return l.Printer.Submit(limited, job)
}

// printing notes that the printer has the job, and looks for trouble.
func (l *lane) printing(ctx context.Context, e Entry, b Badge, since time.Time) (Entry, bool, error) {
	if b.Stage == record.BadgeSent {
		changed, err := l.p.change(ctx, b, func(_ *Entry, b *Badge) error { b.taken(l.p.d.Clock.Tick()); return nil })
		if err != nil {
			return e, false, err
		}
		e = changed
		l.p.d.at("printing")
	}
	if l.due() {
		l.look(ctx)
	}
	return l.help(ctx, e, b, since)
}

// takeBack cancels the job of a badge that was voided on its way.
func (l *lane) takeBack(ctx context.Context, e Entry, b Badge) (Entry, bool, error) {
	if l.due() {
		l.look(ctx)
	}
	if l.status().State == "unreachable" {
		return e, false, nil
	}
	limited, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	job, err := l.Printer.Cancel(limited, b.Job())
	if err != nil || !over(job.State) {
		return e, false, nil
	}
	l.p.d.at("taken back")
	e, err = l.settle(ctx, b, verdict{record.BadgeVoided, string(job.State)})
	return e, err == nil, err
}

// over reports whether nothing more comes out of a job.
func over(s spool.JobState) bool {
	return slices.Contains([]spool.JobState{spool.Completed, spool.Canceled, spool.Aborted, spool.Unknown}, s)
}

// settle keeps how the print ended, now or at the next step.
func (l *lane) settle(ctx context.Context, b Badge, v verdict) (Entry, error) {
	l.verdicts[b.ID] = v
	at := l.p.d.Now()
	e, err := l.p.change(ctx, b, func(_ *Entry, b *Badge) error { return b.settle(v.state, v.reason, l.p.d.Clock.Tick()) })
	if err == nil {
		delete(l.verdicts, b.ID)
		l.p.d.count.settled(v.state)
		if v.state == record.BadgeIssued {
			l.printed(at)
		}
	}
	return e, err
}
