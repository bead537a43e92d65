package kiosk

import (
	"context"
	"slices"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Guests is what the hall has told of people who did not register here. Whatever
// it knows is known without a network too (P2).
type Guests interface {
	// Known reports whether somebody has registered with the mobile number or
	// e-mail address that field gives; it never tells who.
	Known(ctx context.Context, field func(record.FieldName) string) (bool, error)
	// Expected finds a pre-registration by its code as it was scanned or typed:
	// fault.NotFound for none, fault.Conflict if a badge was made with it already,
	// fault.Unavailable while the hall has told of nobody who is expected.
	Expected(ctx context.Context, code string) (record.Registration, error)
}

// Known reports whether somebody has registered with a form's mobile number or
// e-mail address, here or at another kiosk; false with no hall. The screen asks
// before it makes a second badge and tells nobody who it was (P7).
func (d *Desk) Known(ctx context.Context, form Form) (bool, error) {
	if d.Guests == nil || form.Code != "" { // who brings a code is expected
		return false, nil
	}
	return d.Guests.Known(ctx, func(name record.FieldName) string { return form.Fields[name] })
}

// errNoCode also slows nobody down: codes are long, see record.IsCode.
var errNoCode = fault.New(fault.NotFound, "No registration has this code.").WithField("code")

// Expected finds the pre-registration that a visitor has the code of, so that the
// form need not be typed. It answers fault.NotFound for no such code,
// fault.Conflict if a badge was made with it already, and fault.Unavailable while
// this kiosk has no list of people who are expected.
func (d *Desk) Expected(ctx context.Context, code string) (record.Registration, error) {
	if d.Guests == nil || record.CodeOf(code) == "" {
		return record.Registration{}, errNoCode
	}
	return d.Guests.Expected(ctx, code)
}

// inviting is the show for somebody who is known: the category that the hall's
// list or a correction gave may be one that nobody chooses for themselves, such as
// media, and is kept.
func inviting(show record.Show, known record.Registration) record.Show {
	show.Categories = slices.Clone(show.Categories)
	for i, c := range show.Categories {
		show.Categories[i].Self = c.Self || c.ID == known.Category.Value
	}
	return show
}

// confirmed gives a form's registration the identity of the pre-registration that
// it confirms, and says of each value what it replaces. What the visitor has
// emptied stays empty.
func confirmed(show record.Show, known, r record.Registration) record.Registration {
	r.ID, r.Source = known.ID, record.SourcePreregistration
	r.Category.Over = known.Category.At
	for _, rule := range show.Fields {
		was, ok := known.Fields[rule.Name]
		if !ok {
			continue
		}
		now, filled := r.Fields[rule.Name]
		if !filled {
			now.At = r.Created
		}
		now.Over = was.At
		r.Fields[rule.Name] = now
	}
	for id, was := range known.Answers {
		if now, ok := r.Answers[id]; ok {
			now.Over = was.At
			r.Answers[id] = now
		}
	}
	return r
}
