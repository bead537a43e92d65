package kiosk

import (
	"context"
	"slices"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Who asks for something to be done with a badge that exists.
type Who string

// Visitors act for themselves, on the screen where they registered; staff know
// the desk's code.
const (
	Visitor Who = "visitor"
	Staff   Who = "staff"
)

// Reasons of people. A reason becomes a fact that the hall and every log may
// see, so it is a code from this list and never a sentence (P8).
const (
	ReasonLost      = "lost"      // staff only: who finds it must not get in with it
	ReasonDamaged   = "damaged"   // staff only
	ReasonMisprint  = "misprint"  // it came out, but badly
	ReasonNotOut    = "not-out"   // it did not come out, whatever the printer says
	ReasonNotMine   = "not-mine"  // it is another person's
	ReasonCorrected = "corrected" // what stands on it was wrong
)

// byPerson tells people's reasons from the desk's own.
func byPerson(reason string) bool {
	return slices.Contains([]string{ReasonLost, ReasonDamaged, ReasonMisprint, ReasonNotOut, ReasonNotMine, ReasonCorrected}, reason)
}

func (w Who) may(reason string) bool {
	return w == Staff || reason != ReasonLost && reason != ReasonDamaged
}

const (
	// maxIssues bounds the prints of one person, for whatever reason.
	maxIssues = 100
	// ownReprints is how many further badges a visitor gets without staff
	// having a look at the printer, and at the visitor.
	ownReprints = 2
	// staffReprints is how many staff may print of one person; beyond that
	// somebody collects badges.
	staffReprints = 10
	// sessionLife is how long a visitor may act on what the screen registered.
	// Nobody stands there for longer, and a screen forgets sooner (P7).
	sessionLife = 15 * time.Minute
)

// Session refuses a visitor who is not the one that registered id on this
// screen, lately: key is the registration's Idempotency-Key, which only the
// page in front of that visitor knows. Its fault is fault.AuthDenied.
func (d *Desk) Session(ctx context.Context, id record.RegistrationID, key string) error {
	denied := fault.New(fault.AuthDenied, "This screen no longer knows you. Please ask at the desk.")
	if key == "" {
		return denied
	}
	e, ok, err := d.Store.Recall(ctx, key)
	switch {
	case err != nil:
		return err
	case !ok || e.Registration.ID != id || d.Now().Sub(e.Registration.Created.Time()) > sessionLife:
		return denied
	}
	return nil
}

// Reprint prints a visitor's badge again. A failed badge is tried again under
// the same issue, for which no reason is needed: its code is on no paper. One
// that waits or is printing is left alone, unless it is said to be damaged or
// the like; otherwise a new issue is made and the older one voided in the same
// transaction. Its faults are Invalid for a reason that is none, AuthDenied for
// one that only staff may give, TooMany, and BadgeVoided for a badge that was
// voided by somebody else.
func (d *Desk) Reprint(ctx context.Context, id record.RegistrationID, reason string, who Who) (Entry, error) {
	e, err := d.change(ctx, id, func(e *Entry) error { return d.again(e, reason, who) })
	if err != nil {
		return Entry{}, err
	}
	d.announce(e)
	d.pool.wake()
	return e, nil
}

func (d *Desk) again(e *Entry, reason string, who Who) error {
	now := &e.Badges[len(e.Badges)-1]
	switch now.Now() {
	case record.BadgeReserved:
		return nil
	case record.BadgeFailed:
		now.retry(d.Clock.Tick())
		return nil
	}
	return d.replace(e, reason, who)
}

// replace is reissue on a person's word, as often as that person may.
func (d *Desk) replace(e *Entry, reason string, who Who) error {
	old := e.Current()
	switch {
	case !byPerson(reason):
		return invalid("reason", "Say why: lost, damaged, misprint, not-out, not-mine or corrected.")
	case !who.may(reason):
		return fault.New(fault.AuthDenied, "Please ask at the desk for a new badge.").WithField("reason")
	case old.Badge.Now() == record.BadgeVoided && !byPerson(old.Reason.Value):
		return fault.New(fault.BadgeVoided, "This badge was voided. Please ask at the desk.")
	case e.asked() >= limit(who):
		return fault.New(fault.TooMany, "This badge was printed too often. Please ask at the desk.")
	}
	return d.reissue(e, reason)
}

func limit(who Who) int {
	if who == Staff {
		return staffReprints
	}
	return ownReprints
}

// asked counts the issues that a person has had replaced.
func (e Entry) asked() (n int) {
	for _, b := range e.Badges[:len(e.Badges)-1] {
		if byPerson(b.Reason.Value) {
			n++
		}
	}
	return n
}

// reissue voids the current issue, if it is not yet, for a new one.
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

// change alters an entry durably and logs the steps that its badges took.
func (d *Desk) change(ctx context.Context, id record.RegistrationID, fn func(*Entry) error) (Entry, error) {
	known := map[record.BadgeID]int{}
	e, err := d.Store.Change(ctx, id, func(e *Entry) error {
		clear(known)
		for _, b := range e.Badges {
			known[b.ID] = len(b.Steps)
		}
		return fn(e)
	})
	if err != nil {
		return Entry{}, err
	}
	for _, b := range e.Badges {
		for _, s := range b.Steps[known[b.ID]:] {
			d.Log.Info("badge", "badge", b.ID, "issue", b.Issue, "state", s.State, "printer", s.Printer, "reason", s.Reason)
		}
	}
	return e, nil
}
