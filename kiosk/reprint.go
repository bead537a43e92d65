package kiosk

import (
	"context"
	"regexp"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// reasonCode is the form of a reason: it becomes a fact that the hall and
// every log may see, so it is a code from a list and never a sentence (P8).
var reasonCode = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)

// maxIssues bounds the prints of one person; a queue of reprints that long is
// a stuck button, not a lost badge.
const maxIssues = 100

// Reprint prints a visitor's badge again. A failed badge is tried again under
// the same issue unless it may have come out; a badge still waiting for its
// first print is left alone; otherwise a new issue is made and the older one
// voided in the same transaction. reason is a short code such as "lost";
// empty means "reprint".
func (d *Desk) Reprint(ctx context.Context, id record.RegistrationID, reason string) (Entry, error) {
	if reason == "" {
		reason = "reprint"
	}
	if !reasonCode.MatchString(reason) {
		return Entry{}, invalid("reason", "The reason is a short code such as lost or damaged.")
	}
	entry, err := d.Store.Change(ctx, id, func(e *Entry) error { return d.again(e, reason) })
	if err != nil {
		return Entry{}, err
	}
	d.Log.Info("badge to be printed again", "registration", id, "issue", entry.Current().Issue, "reason", reason)
	d.announce(entry)
	d.press.wake()
	return entry, nil
}

func (d *Desk) again(e *Entry, reason string) error {
	now := e.Current()
	switch now.Now() {
	case record.BadgeReserved:
		return nil
	case record.BadgeVoided:
		return fault.New(fault.BadgeVoided, "This badge was voided. Please ask at the desk.")
	case record.BadgeFailed:
		if now.Reason.Value != reasonUnconfirmed {
			b, err := e.find(now.ID)
			if err == nil {
				b.retry(d.Clock.Tick())
			}
			return err
		}
	}
	return d.reissue(e, reason)
}

// reissue voids the current issue for a new one.
func (d *Desk) reissue(e *Entry, reason string) error {
	old := e.Current()
	if old.Issue >= maxIssues {
		return fault.New(fault.TooMany, "This badge was printed too often. Please ask at the desk.")
	}
	at := d.Clock.Tick()
	next, err := d.newBadge(d.Store.Show(), e.Registration, old.Issue+1, at)
	if err != nil {
		return err
	}
	e.replace(next, reason, at)
	return nil
}
