package kiosk

import (
	"fmt"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Entry is one registration with its badges, oldest issue first; there is
// always at least one badge.
type Entry struct {
	Registration record.Registration
	Badges       []Badge
}

// Badge is one issue: the fact, and what only this desk needs to know of it.
type Badge struct {
	record.Badge
	Token    string // what its QR code holds
	Printing bool   // the printer may have it: ask by name before sending
}

// Now returns the state that counts, with "printing" between reserved and
// issued.
func (b Badge) Now() record.BadgeState {
	if state := b.Badge.Now(); state != record.BadgeReserved || !b.Printing {
		return state
	}
	return record.BadgePrinting
}

// Open reports whether the badge still needs the printer: to be printed, or to
// be taken back because it was voided on its way.
func (b Badge) Open() bool { return b.Printing || b.Badge.Now() == record.BadgeReserved }

// Job is the name under which the printer knows this issue.
func (b Badge) Job() string { return fmt.Sprintf("%s-%d", b.ID, b.Issue) }

// Current returns the newest issue, the only one that can be live.
func (e Entry) Current() Badge { return e.Badges[len(e.Badges)-1] }

// find returns the badge inside e, for changing it.
func (e *Entry) find(id record.BadgeID) (*Badge, error) {
	for i := range e.Badges {
		if e.Badges[i].ID == id {
			return &e.Badges[i], nil
		}
	}
	return nil, fault.New(fault.NotFound, "This badge is not known here.")
}

// Reasons that this package gives for a badge's state; all others are the
// printer's own keywords (RFC 8011 §5.4.12) or the reprinting person's.
const (
	reasonUnconfirmed = "unconfirmed" // the printer lost the job; it may have come out
	reasonRefused     = "printer-refused"
	reasonCanceled    = "canceled"
	reasonAborted     = "aborted"
	reasonLayout      = "layout"
)

// start marks that the printer may have the badge from now on.
func (b *Badge) start() error {
	if b.Now() != record.BadgeReserved {
		return moved(*b)
	}
	b.Printing = true
	return nil
}

// settle ends a print with what the printer said. A badge voided meanwhile
// stays voided, whatever came out.
func (b *Badge) settle(state record.BadgeState, reason string, at record.Stamp) error {
	if !b.Open() {
		return moved(*b)
	}
	b.Printing = false
	if b.Badge.Now() == record.BadgeReserved {
		b.State = record.Register[record.BadgeState]{Value: state, At: at}
		b.Reason = record.Register[string]{Value: reason, At: at}
	}
	return nil
}

// retry puts a failed badge back into the queue under the same issue.
func (b *Badge) retry(at record.Stamp) {
	b.State = record.Register[record.BadgeState]{Value: record.BadgeReserved, At: at}
	b.Reason = record.Register[string]{At: at}
}

// replace voids the current issue and adds the next one. A job that the
// printer may have stays open until it is taken back.
func (e *Entry) replace(next Badge, reason string, at record.Stamp) {
	old := &e.Badges[len(e.Badges)-1]
	old.Voided = at
	old.Reason = record.Register[string]{Value: reason, At: at}
	e.Badges = append(e.Badges, next)
}

// moved says that a badge is not where the caller thought it was.
func moved(b Badge) error {
	return fault.New(fault.Conflict, fmt.Sprintf("The badge is %s by now.", b.Now()))
}
