package hall

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Conflicts lists what was said of one thing by people who had not seen each
// other's word, the latest first, from before a place on ("" for all); next is
// the place of the last. It answers fault.AuthDenied to whoever may not decide.
func (h *Hall) Conflicts(ctx context.Context, p Principal, before string, limit int) (list []Conflict, next string, err error) {
	if err := p.May(ActDecide); err != nil {
		return nil, "", err
	}
	list, next, err = h.store.Conflicts(ctx, before, limit)
	if err != nil {
		return nil, "", fmt.Errorf("conflicts: %w", err)
	}
	return list, next, nil
}

// Choice is a person's word on a conflict: Side is the version that is right,
// Seen are all versions that the person was shown.
type Choice struct {
	Registration record.RegistrationID
	Part         record.Part
	Side         record.Stamp
	Seen         []record.Stamp
}

// Choose settles a conflict: the side becomes the hall's own word, with a newer
// stamp, and goes to the kiosks. It answers fault.NotFound if there is no such
// conflict any more and fault.Conflict if the sides are not those that the person
// was shown.
func (h *Hall) Choose(ctx context.Context, p Principal, c Choice) (Visitor, error) {
	if err := p.May(ActDecide); err != nil {
		return Visitor{}, err
	}
	now, err := h.store.Conflict(ctx, c.Registration, c.Part)
	if errors.Is(err, ErrNone) {
		return Visitor{}, fault.New(fault.NotFound, "There is no such conflict any more.")
	}
	if err != nil {
		return Visitor{}, fmt.Errorf("conflict: %w", err)
	}
	var sides []record.Stamp
	for _, s := range now.Sides {
		sides = append(sides, s.At)
	}
	at := slices.Index(sides, c.Side)
	if at < 0 || !slices.Equal(record.SortStamps(sides), record.SortStamps(c.Seen)) {
		return Visitor{}, fault.New(fault.Conflict, "Something was said since. Look at it again.")
	}
	right := now.Sides[at].Version
	parts := map[record.Part]record.Version{c.Part: {Text: right.Text, Picks: right.Picks}}
	if err := h.write(ctx, p, record.ActChoose, now.Registration, parts); err != nil {
		return Visitor{}, err
	}
	return h.Visitor(ctx, p, c.Registration)
}

// Decisions lists what people at the hall have decided, the latest first, as
// Conflicts.
func (h *Hall) Decisions(ctx context.Context, p Principal, before string, limit int) (list []record.Decision, next string, err error) {
	if err := p.May(ActDecide); err != nil {
		return nil, "", err
	}
	list, next, err = h.store.Decisions(ctx, before, limit)
	if err != nil {
		return nil, "", fmt.Errorf("decisions: %w", err)
	}
	return list, next, nil
}

// NodeName is what a node is called, "" for the hall itself and for a node that
// was never paired here.
func (h *Hall) NodeName(id record.NodeID) string {
	n, _ := h.keys.node(id)
	return n.Name
}
