package kiosk

import (
	"fmt"
	"slices"
	"time"

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
	Token string // what its QR code holds

	// Stage is BadgeSent or BadgePrinting while a printer may have the issue,
	// also if it was voided meanwhile; else empty. Ask by name before sending.
	Stage record.BadgeState
	// Printer is the Station that has it, had it last or refused it; empty if
	// none ever may have had it.
	Printer string
	// Steps tell how the issue came to where it is, oldest first: the log that
	// a visitor's end state is explained by. No step is ever taken out.
	Steps []Step
}

// Step is one change of an issue on this desk.
type Step struct {
	At      time.Time
	State   record.BadgeState
	Printer string // a Station's name, or empty
	Reason  string // a keyword, or empty
}

// Now returns the state that counts, with what only this desk knows between
// reserved and issued.
func (b Badge) Now() record.BadgeState {
	if state := b.Badge.Now(); state != record.BadgeReserved || b.Stage == "" {
		return state
	}
	return b.Stage
}

// Open reports whether the badge still needs a printer: to be printed, or to
// be taken back because it was voided on its way.
func (b Badge) Open() bool { return b.Stage != "" || b.Badge.Now() == record.BadgeReserved }

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
// printer's own keywords (RFC 8011 §5.4.12) or a person's, see Reasons.
const (
	reasonUnconfirmed = "unconfirmed" // the printer lost the job; it may have come out
	reasonRefused     = "printer-refused"
	reasonCanceled    = "canceled"
	reasonAborted     = "aborted"
	reasonLayout      = "layout"
	reasonBlind       = "blind"           // the printer cannot tell
	reasonRemoved     = "printer-removed" // no longer in the pool
	reasonStuck       = "timed-out"       // takes far too long without saying why
)

// note adds a step; the slice is never shared with an older version of e.
func (b *Badge) note(reason string, at record.Stamp) {
	b.Steps = append(slices.Clip(b.Steps), Step{At: at.Time(), State: b.Now(), Printer: b.Printer, Reason: reason})
}

// start marks that a printer may have the badge from now on.
func (b *Badge) start(printer string, at record.Stamp) error {
	if b.Now() != record.BadgeReserved {
		return moved(*b)
	}
	b.Stage, b.Printer = record.BadgeSent, printer
	b.note("", at)
	return nil
}

// taken marks that the printer has said that it has the job.
func (b *Badge) taken(at record.Stamp) {
	if b.Stage == record.BadgeSent {
		b.Stage = record.BadgePrinting
		b.note("", at)
	}
}

// release returns an issue that the printer surely does not have to the queue.
func (b *Badge) release(reason string, at record.Stamp) {
	b.Stage = ""
	if reason != reasonRefused {
		b.Printer = ""
	}
	b.note(reason, at)
}

// settle ends a print. A badge voided meanwhile stays voided, whatever came
// out.
func (b *Badge) settle(state record.BadgeState, reason string, at record.Stamp) error {
	if !b.Open() {
		return moved(*b)
	}
	b.Stage = ""
	b.say(state, reason, at)
	return nil
}

// say sets the state that travels, unless the badge is voided.
func (b *Badge) say(state record.BadgeState, reason string, at record.Stamp) {
	if b.Badge.Now() != record.BadgeVoided {
		b.State = record.Register[record.BadgeState]{Value: state, At: at}
		b.Reason = record.Register[string]{Value: reason, At: at}
	}
	b.note(reason, at)
}

// retry puts a failed badge back into the queue under the same issue, for any
// printer.
func (b *Badge) retry(at record.Stamp) {
	b.Printer = ""
	b.say(record.BadgeReserved, "", at)
}

// void refuses the issue from now on. A job that a printer may have stays open
// until it is taken back.
func (b *Badge) void(reason string, at record.Stamp) {
	b.Voided = at
	b.Reason = record.Register[string]{Value: reason, At: at}
	b.note(reason, at)
}

// replace voids the current issue, if it is not yet, and adds the next one.
func (e *Entry) replace(next Badge, reason string, at record.Stamp) {
	if old := &e.Badges[len(e.Badges)-1]; old.Badge.Now() != record.BadgeVoided {
		old.void(reason, at)
	}
	next.note(reason, at)
	e.Badges = append(e.Badges, next)
}

// avoided reports whether the badge had better go to another printer: this one
// has refused it, or its issue before went wrong there.
func (e Entry) avoided(b Badge, printer string) bool {
	if b.Printer == printer {
		return true
	}
	i := slices.IndexFunc(e.Badges, func(o Badge) bool { return o.ID == b.ID })
	return i > 0 && e.Badges[i-1].Printer == printer && !byPerson(e.Badges[i-1].Reason.Value)
}

// byItself counts the issues before the newest that no person asked to replace.
func (e Entry) byItself() (n int) {
	for i := len(e.Badges) - 2; i >= 0 && !byPerson(e.Badges[i].Reason.Value); i-- {
		n++
	}
	return n
}

// moved says that a badge is not where the caller thought it was.
func moved(b Badge) error {
	return fault.New(fault.Conflict, fmt.Sprintf("The badge is %s by now.", b.Now()))
}
