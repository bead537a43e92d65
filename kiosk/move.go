package kiosk

import (
	"context"
	"time"

	"hallpass/badge/spool"
	"hallpass/sync/record"
)

// A print that goes wrong after the printer took it may have left half a badge
// with a code that reads. So its issue is voided in every case here, and what
// is printed next is another.

// maxAlone is how many issues in a row are replaced without a person asking:
// each costs paper, and what fails on so many printers is no printer's fault.
const maxAlone = 4

// stuckAfter is when a job that nothing seems to keep from printing is taken
// for stuck; the slowest card printers take some 40 s for both sides.
const stuckAfter = 2 * time.Minute

// help moves a badge that has been stuck in its printer for longer than the
// desk's patience to a printer that is well. Without one it stays: somebody
// will load paper.
func (l *lane) help(ctx context.Context, e Entry, b Badge, since time.Time) (Entry, bool, error) {
	now := l.p.d.Now()
	why, from := l.troubled()
	if why == "" && now.Sub(since) > stuckAfter {
		why, from = reasonStuck, since
	}
	if why == "" || now.Sub(later(from, since)) < l.p.d.Patience || l.p.other(e, b, l) == nil ||
		b.ID != e.Current().ID || b.Issue >= maxIssues || e.byItself() >= maxAlone {
		return e, false, nil
	}
	return l.move(ctx, b, why)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// move takes the job back as far as the printer can be reached, and replaces
// the issue. A job that could not be taken back stays with this lane.
func (l *lane) move(ctx context.Context, b Badge, why string) (Entry, bool, error) {
	limited, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	job, err := l.Printer.Cancel(limited, b.Job())
	if err != nil {
		job.State = ""
	}
	if job.State == spool.Completed { // it came out at last
		e, err := l.settle(ctx, b, verdict{record.BadgeIssued, ""})
		return e, err == nil, err
	}
	l.p.d.at("moving")
	e, err := l.p.change(ctx, b, func(e *Entry, b *Badge) error {
		if over(job.State) {
			b.Stage = ""
		}
		return l.p.d.reissue(e, why)
	})
	if err != nil {
		return Entry{}, false, err
	}
	l.p.d.at("moved")
	l.p.d.count.moved.Add(1)
	l.p.wake()
	return e, over(job.State), nil
}

// spoiled settles a job that the printer ended. The next issue goes to another
// printer, or is left as failed until a person asks: the reservation is free.
func (l *lane) spoiled(ctx context.Context, b Badge, reason string) (Entry, error) {
	l.p.d.at("failing")
	e, err := l.p.change(ctx, b, func(e *Entry, b *Badge) error {
		at := l.p.d.Clock.Tick()
		if b.ID != e.Current().ID || b.Badge.Now() == record.BadgeVoided || b.Issue >= maxIssues {
			return b.settle(record.BadgeFailed, reason, at)
		}
		b.Stage = ""
		elsewhere := l.p.other(*e, *b, l) != nil && e.byItself() < maxAlone
		if err := l.p.d.reissue(e, reason); err != nil {
			return err
		}
		if !elsewhere {
			e.Badges[len(e.Badges)-1].say(record.BadgeFailed, reason, at)
		}
		return nil
	})
	if err == nil {
		l.p.d.count.settled(e.Current().Now())
	}
	return e, err
}

// lost settles a job that the printer does not know although it may have had
// it: the paper may be out, so this issue must never be printed again. A new
// issue follows by itself once; a printer that forgets its jobs would otherwise
// print for ever. The second time a person says whether it came out.
func (l *lane) lost(ctx context.Context, b Badge) (Entry, error) {
	l.p.d.count.lost.Add(1)
	return l.p.change(ctx, b, func(e *Entry, b *Badge) error {
		twice := len(e.Badges) > 1 && e.Badges[len(e.Badges)-2].Reason.Value == reasonUnconfirmed
		if twice || b.ID != e.Current().ID || b.Issue >= maxIssues {
			return b.settle(record.BadgeUnknown, reasonUnconfirmed, l.p.d.Clock.Tick())
		}
		b.Stage = ""
		return l.p.d.reissue(e, reasonUnconfirmed)
	})
}
