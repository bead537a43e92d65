package hall

import (
	"context"
	"errors"
	"fmt"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Visitor is a registration and the person it belongs to: the id of that
// person's first registration.
type Visitor struct {
	record.Registration
	Person record.RegistrationID
}

// Visitors lists the registrations in the order of their arrival, after a place
// in it; next is the place of the last. It answers fault.AuthDenied to whoever
// may not see them.
func (h *Hall) Visitors(ctx context.Context, p Principal, after uint64, limit int) (visitors []Visitor, next uint64, err error) {
	if err := p.May(ActSeeVisitors); err != nil {
		return nil, 0, err
	}
	found, next, err := h.store.Registrations(ctx, after, limit)
	if err != nil {
		return nil, 0, fmt.Errorf("visitors: %w", err)
	}
	ids := make([]record.RegistrationID, len(found))
	for i, r := range found {
		ids[i] = r.ID
	}
	persons, err := h.store.Persons(ctx, ids)
	if err != nil {
		return nil, 0, fmt.Errorf("visitors: %w", err)
	}
	visitors = make([]Visitor, len(found))
	for i, r := range found {
		visitors[i] = Visitor{Registration: r, Person: persons[i]}
	}
	return visitors, next, nil
}

// Visitor is one registration; fault.NotFound if there is none.
func (h *Hall) Visitor(ctx context.Context, p Principal, id record.RegistrationID) (Visitor, error) {
	if err := p.May(ActSeeVisitors); err != nil {
		return Visitor{}, err
	}
	r, err := h.store.Registration(ctx, id)
	if errors.Is(err, ErrNone) {
		return Visitor{}, fault.New(fault.NotFound, "There is no such registration.")
	}
	if err != nil {
		return Visitor{}, fmt.Errorf("visitor: %w", err)
	}
	persons, err := h.store.Persons(ctx, []record.RegistrationID{id})
	if err != nil {
		return Visitor{}, fmt.Errorf("visitor: %w", err)
	}
	return Visitor{Registration: r, Person: persons[0]}, nil
}
