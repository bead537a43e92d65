package hall

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Erasure is an erasure and the receipts for it, in the order of their nodes.
type Erasure struct {
	record.Erasure
	Done []record.Erased
	// Missing are the kiosks in service that have not said yet that they hold
	// nothing more; set by Erasures, in the order of pairing.
	Missing []Node
}

// Erase takes a registration's data out of this hall, journals and backups to
// come included, and has every kiosk do the same; a kiosk that is off does it as
// soon as it connects. What was printed or downloaded is beyond reach. A second
// time changes nothing. It answers fault.NotFound for no such registration.
func (h *Hall) Erase(ctx context.Context, p Principal, id record.RegistrationID) error {
	if err := p.May(ActErase); err != nil {
		return err
	}
	r, err := h.store.Registration(ctx, id)
	switch {
	case errors.Is(err, ErrNone):
		return fault.New(fault.NotFound, "There is no such registration.").WithField("id")
	case err != nil:
		return fmt.Errorf("erase: %w", err)
	case !r.Erased.IsZero():
		return nil
	}
	at := h.clock.Tick()
	fact := record.Erasure{Registration: r.ID, Show: h.showID(), At: at}
	by := h.decided(record.Decision{By: p.Name, Act: record.ActErase, Registration: r.ID})
	if err := h.announce(ctx, []Own{{Fact: fact, Stamp: at, Announce: true}, by}); err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	h.log.Info("registration erased", "registration", r.ID)
	return nil
}

// Erasures lists all erasures and how far they have come.
func (h *Hall) Erasures(ctx context.Context) ([]Erasure, error) {
	list, err := h.store.Erasures(ctx)
	if err != nil {
		return nil, fmt.Errorf("erasures: %w", err)
	}
	for i, e := range list {
		for _, node := range h.keys.all() {
			_, revoked := h.keys.revocation(node.ID)
			done := slices.ContainsFunc(e.Done, func(r record.Erased) bool { return r.Node == node.ID })
			if !revoked && !done {
				list[i].Missing = append(list[i].Missing, node)
			}
		}
	}
	return list, nil
}
