package hall

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hallpass/badge/token"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// VoidOrder names one badge and why it is to be worth nothing.
type VoidOrder struct {
	Badge  string // its id, its short code however it was typed, or what its QR code holds
	Reason string // a word such as lost: at most 32 small letters, digits and dashes
}

// Voided is a badge that is worth nothing.
type Voided struct {
	Badge
	Fresh bool // it was not void before
}

// Void makes one issue of a badge worth nothing, at once here and at every kiosk
// as soon as it hears of it, and notes who did. A badge that is void already stays
// as it is. Its faults are AuthDenied, Invalid for a reason that is no word,
// NotFound for a badge that has not reached the hall, and Conflict for a short code
// that two valid badges share.
func (h *Hall) Void(ctx context.Context, p Principal, order VoidOrder) (Voided, error) {
	if err := p.May(ActCorrect); err != nil {
		return Voided{}, err
	}
	if !isReason(order.Reason) {
		return Voided{}, invalid("reason", "Say why in one word, such as lost or stolen.")
	}
	kept, err := h.meant(ctx, order.Badge)
	if err != nil || kept.Void() {
		return Voided{Badge: kept}, err
	}
	at := h.clock.After(kept.State.At)
	kept.Voided, kept.Reason = at, record.Register[string]{Value: order.Reason, At: at}
	by := h.decided(record.Decision{By: p.Name, Act: record.ActVoid, Registration: kept.Registration, Reason: order.Reason})
	if err := h.announce(ctx, []Own{{Fact: kept.Badge, Stamp: at}, by}); err != nil {
		return Voided{}, fmt.Errorf("void: %w", err)
	}
	h.log.Info("badge voided", "badge", kept.ID, "reason", order.Reason)
	return Voided{Badge: kept, Fresh: true}, nil
}

// isReason keeps names and sentences out of what every log and kiosk gets (P8).
func isReason(text string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-"
	return text != "" && len(text) <= 32 && strings.Trim(text, letters) == ""
}

// meant is the badge that a text names, void or not. Of several with one short
// code the valid one is meant.
func (h *Hall) meant(ctx context.Context, text string) (Badge, error) {
	id := record.BadgeID(strings.TrimSpace(text))
	if found := h.keys.ring.Judge(text, h.now()); found.Key.Key != nil {
		id = record.BadgeIDFrom(found.Claims.Badge)
	}
	b, err := h.store.Badge(ctx, id)
	if err == nil || !errors.Is(err, ErrNone) {
		return b, err
	}
	none := fault.New(fault.NotFound, "No such badge has reached the hall. While its kiosk is away, void it there.").WithField("badge")
	code, err := token.ParseShortCode(text)
	if err != nil {
		return Badge{}, none
	}
	all, err := h.store.BadgesByCode(ctx, code)
	if err != nil {
		return Badge{}, fmt.Errorf("badge: %w", err)
	}
	var valid []Badge
	for _, b := range all {
		if !b.Void() {
			valid = append(valid, b)
		}
	}
	switch {
	case len(all) == 0:
		return Badge{}, none
	case len(valid) > 1:
		return Badge{}, fault.New(fault.Conflict, "Two badges share this code. Name the one by its id or its QR code.").WithField("badge")
	case len(valid) == 0:
		return all[0], nil
	}
	return valid[0], nil
}
