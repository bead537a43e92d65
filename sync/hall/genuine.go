package hall

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hallpass/badge/token"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// verdicts are what devices of the show are told; nobody else may ask.
var verdicts = map[token.Reason]fault.Error{
	token.Forged:     fault.New(fault.BadgeForged, "This is not a genuine badge of this show."),
	token.NotAllowed: fault.New(fault.BadgeForged, "The kiosk may not print badges of this category."),
	token.UnknownKey: fault.New(fault.BadgeForeign, "This badge was not printed by this show."),
	token.Early:      fault.New(fault.BadgeExpired, "This badge does not count yet."),
	token.Expired:    fault.New(fault.BadgeExpired, "This badge does not count any more."),
	token.Revoked:    fault.New(fault.BadgeRevoked, "The kiosk that printed this badge was taken out of service. Ask for a new badge at the desk."),
}

// byToken is believe for whom only a badge that counts is of use.
func (h *Hall) byToken(ctx context.Context, text string, at time.Time) (record.BadgeID, error) {
	id, _, err := h.believe(ctx, text, at)
	if err != nil {
		return "", err
	}
	return id, nil
}

// believe believes a signature: a badge that the hall has not heard of yet is
// as good as any other (P2, P5), unless its kiosk was taken out of service. At
// is when it was scanned; a phone delivers late. With a verdict against it, the
// badge is still named if the signature holds.
func (h *Hall) believe(ctx context.Context, text string, at time.Time) (record.BadgeID, token.Claims, error) {
	found := h.keys.ring.Judge(text, h.now())
	if found.Reason == token.Expired {
		found = h.keys.ring.Judge(text, at)
	}
	if found.Reason == token.Forged || found.Reason == token.UnknownKey {
		return "", token.Claims{}, verdicts[found.Reason]
	}
	id := record.BadgeIDFrom(found.Claims.Badge)
	kept := h.keys.keepsWhatItHas(found)
	if found.Reason != token.Genuine && !kept {
		return id, found.Claims, verdicts[found.Reason]
	}
	badge, err := h.store.Badge(ctx, id)
	switch {
	case errors.Is(err, ErrNone) && (kept || found.Doubtful):
		err = verdicts[token.Revoked]
	case errors.Is(err, ErrNone):
		err = nil
	case err != nil:
		err = fmt.Errorf("badge: %w", err)
	case badge.Void() || found.Claims.Issue < badge.Issue:
		err = errVoided
	}
	return id, found.Claims, err
}

// keepsWhatItHas reports whether a badge of a revoked kiosk may count although
// it says that it was made later: the kiosk's clock was ahead. That is so if the
// badges up to the moment of revoking count, because none arrived after it.
func (k *keyring) keepsWhatItHas(found token.Finding) bool {
	return found.Reason == token.Revoked && k.keepsAll(record.NodeIDFrom(found.Key.Node))
}

func (k *keyring) keepsAll(id record.NodeID) bool {
	r, _ := k.revocation(id)
	v, err := token.OpenRevocation(k.hall, r.Statement)
	return err == nil && !v.All && v.Since.Equal(v.At)
}

// voids reports whether a badge that the hall has is void because its kiosk was
// taken out of service.
func (k *keyring) voids(b record.Badge) bool {
	r, revoked := k.revocation(b.Node)
	if !revoked || k.keepsAll(b.Node) {
		return false
	}
	id, err := b.ID.Bytes()
	return r.All || err != nil || token.Claims{Badge: id}.Made().Unix() >= r.Since
}
