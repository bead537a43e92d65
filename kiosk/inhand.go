package kiosk

import (
	"context"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Confirm takes a person's word on a badge of which no printer can say whether
// it came out: it is issued, or, if it did not, its issue is voided and another
// printed, as often as that person may reprint. Said twice is said once. A badge
// that is not in doubt is fault.Conflict.
func (d *Desk) Confirm(ctx context.Context, id record.RegistrationID, out bool, who Who) (Entry, error) {
	e, err := d.change(ctx, id, func(e *Entry) error {
		now := &e.Badges[len(e.Badges)-1]
		switch state := now.Now(); {
		case state == record.BadgeIssued && out:
		case state != record.BadgeUnknown:
			return moved(*now)
		case out:
			now.say(record.BadgeIssued, "seen-by-"+string(who), d.Clock.Tick())
			d.count.settled(record.BadgeIssued)
		default:
			return d.replace(e, ReasonNotOut, who)
		}
		return nil
	})
	if err != nil {
		return Entry{}, err
	}
	d.announce(e)
	d.pool.wake()
	return e, nil
}

// Void makes the visitor's badge worthless at once, wherever it is, and prints
// nothing in its place: it is in the wrong hand. Voiding a voided badge changes
// nothing. What a printer still has of it is taken back.
func (d *Desk) Void(ctx context.Context, id record.RegistrationID, reason string, who Who) (Entry, error) {
	if !byPerson(reason) {
		return Entry{}, invalid("reason", "Say why: lost, damaged, misprint, not-out, not-mine or corrected.")
	}
	if !who.may(reason) {
		return Entry{}, fault.New(fault.AuthDenied, "Please ask at the desk.").WithField("reason")
	}
	e, err := d.change(ctx, id, func(e *Entry) error {
		if now := &e.Badges[len(e.Badges)-1]; now.Badge.Now() != record.BadgeVoided {
			now.void(reason, d.Clock.Tick())
		}
		return nil
	})
	if err != nil {
		return Entry{}, err
	}
	d.announce(e)
	d.pool.wake()
	return e, nil
}

// Correct changes what a registration says and prints a badge that says it: the
// one on paper is voided; one that no printer may have yet is drawn anew under
// its own issue. A form that changes nothing is an error of the caller's and
// costs an issue all the same. Its faults are those of Register and Reprint.
func (d *Desk) Correct(ctx context.Context, id record.RegistrationID, form Form, who Who) (Entry, error) {
	e, err := d.change(ctx, id, func(e *Entry) error {
		at := d.Clock.After(e.Registration.Latest()) // also after a word of the hall's from a clock ahead of ours
		reg, err := form.registration(inviting(d.Store.Show(), e.Registration), at)
		if err != nil {
			return err
		}
		e.Registration = corrected(e.Registration, reg, at)
		now := &e.Badges[len(e.Badges)-1]
		untouched := now.Stage == "" && now.Category == reg.Category.Value
		if state := now.Badge.Now(); untouched && state == record.BadgeReserved {
			return nil
		} else if untouched && state == record.BadgeFailed {
			now.retry(at)
			return nil
		}
		return d.replace(e, ReasonCorrected, who)
	})
	if err != nil {
		return Entry{}, err
	}
	d.cards.forget(form.Card)
	d.announce(e)
	d.pool.wake()
	return e, nil
}

// corrected is the registration with what the form says now. What the form has
// left out becomes empty; the registration's origin stays, and so does what the
// form only repeats: another's correction of that is not undone.
func corrected(old, now record.Registration, at record.Stamp) record.Registration {
	now.ID, now.Show, now.Node, now.Created, now.Source = old.ID, old.Show, old.Node, old.Created, old.Source
	for name, f := range old.Fields {
		if _, said := now.Fields[name]; !said && f.Value != "" {
			now.Fields[name] = record.Register[string]{At: at}
		}
	}
	return record.MergeRegistrations(old, record.Rewrite(old, now))
}
