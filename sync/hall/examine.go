package hall

import (
	"context"
	"errors"
	"fmt"

	"hallpass/badge/token"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Examination is what staff may know of a badge's code. Where the signature does
// not hold, all but Reason and Refused is zero.
type Examination struct {
	Reason   token.Reason // by the hall's statements alone; empty for a genuine badge
	Refused  fault.Code   // what a booth is told; empty if the badge counts
	Kiosk    string       // whose key signed it
	Badge    record.BadgeID
	Issue    uint16
	Category string
	Known    bool // it has reached the hall
}

// Examine says what a badge's code is worth and why. It is for staff: nobody
// else may learn the reason.
func (h *Hall) Examine(ctx context.Context, text string) (Examination, error) {
	found := h.keys.ring.Judge(text, h.now())
	out := Examination{Reason: found.Reason}
	_, err := h.byToken(ctx, text, h.now())
	if f := (fault.Error{}); err != nil && !errors.As(err, &f) {
		return out, err
	}
	out.Refused = fault.CodeOf(err)
	if found.Key.Key == nil {
		return out, nil
	}
	node, _ := h.keys.node(record.NodeIDFrom(found.Key.Node))
	out.Kiosk, out.Badge = node.Name, record.BadgeIDFrom(found.Claims.Badge)
	out.Issue, out.Category = found.Claims.Issue, found.Claims.Category
	_, err = h.store.Badge(ctx, out.Badge)
	if out.Known = err == nil; err != nil && !errors.Is(err, ErrNone) {
		return out, fmt.Errorf("badge: %w", err)
	}
	return out, nil
}
