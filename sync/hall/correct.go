package hall

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// Correction is what a person at the hall says of a registration; what it leaves
// out stays as it is. Consents are not among it: only the visitor gives them.
type Correction struct {
	Category record.CategoryID // empty: as it is
	Fields   map[record.FieldName]string
	Answers  map[record.QuestionID]record.Answer // Picks or Text
}

// Correct writes a correction as a fact of the hall and tells the kiosks. It
// settles what was in conflict in the parts that it writes: whoever corrects has
// seen what the hall has. It answers fault.NotFound, fault.Invalid with the field,
// and fault.Conflict for a person whose data was erased.
func (h *Hall) Correct(ctx context.Context, p Principal, id record.RegistrationID, c Correction) (Visitor, error) {
	if err := p.May(ActCorrect); err != nil {
		return Visitor{}, err
	}
	stands, err := h.standing(ctx, id)
	if err != nil {
		return Visitor{}, err
	}
	parts, err := h.parts(c)
	if err != nil {
		return Visitor{}, err
	}
	if err := h.write(ctx, p, record.ActCorrect, stands, parts); err != nil {
		return Visitor{}, err
	}
	return h.Visitor(ctx, p, id)
}

// standing is a registration that may be written.
func (h *Hall) standing(ctx context.Context, id record.RegistrationID) (record.Registration, error) {
	r, err := h.store.Registration(ctx, id)
	switch {
	case errors.Is(err, ErrNone):
		return r, fault.New(fault.NotFound, "There is no such registration.")
	case err != nil:
		return r, fmt.Errorf("registration: %w", err)
	case !r.Erased.IsZero():
		return r, fault.New(fault.Conflict, "This person's data was taken out.")
	}
	return r, nil
}

// parts checks a correction against the show.
func (h *Hall) parts(c Correction) (map[record.Part]record.Version, error) {
	show, out := h.Show(), map[record.Part]record.Version{}
	if c.Category != "" {
		if !slices.ContainsFunc(show.Categories, func(k record.Category) bool { return k.ID == c.Category }) {
			return nil, fault.New(fault.Invalid, "The show has no such category.").WithField("category")
		}
		out[record.PartCategory] = record.Version{Text: string(c.Category)}
	}
	for name, text := range c.Fields {
		at := slices.IndexFunc(show.Fields, func(r record.FieldRule) bool { return r.Name == name })
		text = oneLine(text)
		switch {
		case at < 0:
			return nil, fault.New(fault.Invalid, "The show does not ask for this field.").WithField(string(name))
		case text == "" && show.Fields[at].Required:
			return nil, fault.New(fault.Invalid, "This field may not be empty.").WithField(string(name))
		}
		out[record.PartOfField(name)] = record.Version{Text: text}
	}
	for id, a := range c.Answers {
		v, err := answered(show, id, a)
		if err != nil {
			return nil, err
		}
		out[record.PartOfAnswer(id)] = v
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "The correction changes nothing.")
	}
	return out, nil
}

// answered checks one answer against its question.
func answered(show record.Show, id record.QuestionID, a record.Answer) (record.Version, error) {
	wrong := fault.New(fault.Invalid, "The show has no such question or answer.").WithField(string(id))
	at := slices.IndexFunc(show.Questions, func(q record.Question) bool { return q.ID == id })
	if at < 0 {
		return record.Version{}, wrong
	}
	q := show.Questions[at]
	if q.Kind == record.QuestionText {
		if len(a.Picks) > 0 {
			return record.Version{}, wrong
		}
		return record.Version{Text: oneLine(a.Text)}, nil
	}
	picks := slices.Compact(slices.Sorted(slices.Values(a.Picks)))
	for _, pick := range picks {
		if !slices.ContainsFunc(q.Options, func(o record.Option) bool { return o.ID == pick }) {
			return record.Version{}, wrong
		}
	}
	if a.Text != "" || q.Kind == record.QuestionSingle && len(picks) > 1 {
		return record.Version{}, wrong
	}
	return record.Version{Picks: picks}, nil
}

// oneLine is a text with single spaces and nothing that cannot be seen.
func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)), " ")
}

// write keeps what a person says of the parts of a registration, and who it was.
// Parts that say what stands, undisputed, are left alone.
func (h *Hall) write(ctx context.Context, p Principal, act record.Act, stands record.Registration, parts map[record.Part]record.Version) error {
	wrote := h.clock.After(stands.Latest())
	fact := record.Registration{
		ID: stands.ID, Show: stands.Show, Node: stands.Node, Created: stands.Created, Source: stands.Source, Awaited: stands.Awaited,
	}
	seen, whole := map[record.Part][]record.Stamp{}, stands
	for _, part := range slices.Sorted(maps.Keys(parts)) {
		v := parts[part]
		now, err := h.store.Sides(ctx, stands.ID, part)
		if err != nil {
			return fmt.Errorf("what stands: %w", err)
		}
		if v.Over = stands.Created; len(now.Sides) > 0 {
			last := now.Sides[len(now.Sides)-1]
			if last.Says(v) && !now.Open() {
				continue
			}
			v.Over = last.At
		}
		for _, side := range now.Sides {
			seen[part] = append(seen[part], side.At)
		}
		seen[part] = record.SortStamps(seen[part])
		v.At = wrote
		fact, whole = fact.Set(part, v), whole.Set(part, v)
	}
	if len(seen) == 0 {
		return nil // it is so already
	}
	if _, err := wire.Encode(whole); err != nil {
		return fault.Wrap(fault.Invalid, "A text is too long, or there are too many.", err)
	}
	err := h.announce(ctx, []Own{{Fact: fact, Stamp: h.clock.Tick(), Announce: true}, h.decided(record.Decision{
		By: p.Name, Act: act, Registration: stands.ID, Wrote: wrote, Seen: seen,
	})})
	if err != nil {
		return err
	}
	h.fleet.wake()
	return nil
}

// decided is a decision as a fact of the hall's own journal.
func (h *Hall) decided(d record.Decision) Own {
	d.At, d.Show = h.clock.Tick(), h.showID()
	return Own{Fact: d, Stamp: d.At}
}
