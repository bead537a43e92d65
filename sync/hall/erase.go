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
// time changes nothing. It answers fault.NotFound for no such registration. Who
// may ask is for the caller to know.
func (h *Hall) Erase(ctx context.Context, id record.RegistrationID) error {
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
	if err := h.announce(ctx, []Own{{Fact: fact, Stamp: at, Announce: true}}); err != nil {
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

// reasonLimit is as long as the reason of a void may be, in bytes.
const reasonLimit = 64

// Void makes an issue of a badge worth nothing, at once here and at every kiosk
// as soon as it hears of it. Reason is a code such as "lost", never a name. It
// answers fault.NotFound for no such badge; a badge that is void already stays
// so. Who may ask is for the caller to know.
func (h *Hall) Void(ctx context.Context, id record.BadgeID, reason string) error {
	if reason == "" || len(reason) > reasonLimit {
		return invalid("reason", "Say why in one word, such as lost.")
	}
	kept, err := h.store.Badge(ctx, id)
	switch {
	case errors.Is(err, ErrNone):
		return fault.New(fault.NotFound, "There is no such badge.").WithField("id")
	case err != nil:
		return fmt.Errorf("void: %w", err)
	case kept.Void():
		return nil
	}
	at := h.clock.Tick()
	b := kept.Badge
	b.Voided, b.Reason = at, record.Register[string]{Value: reason, At: at}
	if err := h.announce(ctx, []Own{{Fact: b, Stamp: at}}); err != nil {
		return fmt.Errorf("void: %w", err)
	}
	h.log.Info("badge voided", "badge", id, "reason", reason)
	return nil
}
