package hall

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"time"

	"hallpass/badge/token"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// RevokeOrder says which kiosk is taken out of service, and what becomes of the
// badges that it printed.
type RevokeOrder struct {
	Kiosk string    // its id or its name
	Since time.Time // from then on its badges are void; zero for now
	All   bool      // all its badges are void
	Force bool      // even if it has records that have not reached the hall
}

// Revoke takes a kiosk out of service for good: its connection ends, it is
// refused from now on and wipes itself when it hears why. Of its badges those
// go on counting that had reached the hall and were made before order.Since,
// unless order.All. It answers fault.NotFound for no such kiosk in service, and
// fault.Conflict for two of one name or, without Force, for a kiosk that has
// said that it holds more than the hall has (P1).
func (h *Hall) Revoke(ctx context.Context, order RevokeOrder) (Node, error) {
	node, err := h.inService(order.Kiosk)
	if err != nil {
		return Node{}, err
	}
	now := h.now().Truncate(time.Second)
	if order.Since.IsZero() {
		order.Since = now
	}
	if order.Since.After(now) || order.Since.Year() < 2020 {
		return Node{}, invalid("since", "The time from which its badges are void is not in the past.")
	}
	if n := h.fleet.unsent(node.ID); n > 0 && !order.Force {
		return Node{}, fault.New(fault.Conflict, fmt.Sprintf("This kiosk has said that %d records have not reached the hall; they would be lost. Let it connect first, or say -force.", n))
	}
	raw, err := node.ID.Bytes()
	if err != nil {
		return Node{}, fmt.Errorf("revoke: %w", err)
	}
	statement, err := token.Revocation{Node: raw, Show: string(h.showID()), At: now, Since: order.Since, All: order.All}.Sign(h.key)
	if err != nil {
		return Node{}, fmt.Errorf("revoke: %w", err)
	}
	at := h.clock.Tick()
	fact := record.Revocation{Node: node.ID, Show: h.showID(), At: at, Since: order.Since.Unix(), All: order.All, Statement: statement}
	if err := h.announce(ctx, []Own{{Fact: fact, Stamp: at, Announce: true}}); err != nil {
		return Node{}, fmt.Errorf("revoke: %w", err)
	}
	h.log.Info("kiosk revoked", "node", node.ID, "all", order.All)
	return node, nil
}

// inService returns the one kiosk in service of that id or name.
func (h *Hall) inService(who string) (Node, error) {
	var found []Node
	for _, n := range h.keys.named(who) {
		if _, revoked := h.keys.revocation(n.ID); !revoked {
			found = append(found, n)
		}
	}
	switch len(found) {
	case 0:
		return Node{}, fault.New(fault.NotFound, fmt.Sprintf("No kiosk %q is in service; see hall keys.", who)).WithField("kiosk")
	case 1:
		return found[0], nil
	}
	return Node{}, fault.New(fault.Conflict, fmt.Sprintf("%d kiosks are called %q; name one by its id, see hall keys.", len(found), who)).WithField("kiosk")
}

// dismissed is what a revoked node is told, with the proof that lets it wipe
// itself; false for a node in service.
func (h *Hall) dismissed(id record.NodeID) (error, bool) {
	r, revoked := h.keys.revocation(id)
	if !revoked {
		return nil, false
	}
	return dismissal{r.Statement}, true
}

// dismissal is fault.NodeRevoked with the hall's statement.
type dismissal struct{ proof string }

var errRevoked = fault.New(fault.NodeRevoked, "This kiosk was taken out of service.")

func (dismissal) Error() string { return errRevoked.Error() }

// Unwrap lets package fault find the fault.
func (dismissal) Unwrap() error { return errRevoked }

// Keys is what is known of the keys that sign badges.
type Keys struct {
	Show   record.ShowID
	Hall   ed25519.PublicKey
	Kiosks []KioskKeys // in the order of pairing
}

// KioskKeys are one kiosk's.
type KioskKeys struct {
	Node    record.NodeID
	Name    string
	Keys    []record.Key       // the oldest first
	Revoked *record.Revocation // nil: in service
}

// Keys lists every kiosk's keys and who is out of service.
func (h *Hall) Keys() Keys {
	out := Keys{Show: h.showID(), Hall: h.public}
	for _, node := range h.keys.all() {
		k := KioskKeys{Node: node.ID, Name: node.Name, Keys: h.keys.ofNode(node.ID)}
		if r, revoked := h.keys.revocation(node.ID); revoked {
			k.Revoked = &r
		}
		out.Kiosks = append(out.Kiosks, k)
	}
	return out
}

// Statements returns, as text of package token, all that somebody with the
// hall's public key needs to tell genuine badges from others without asking.
func (k Keys) Statements() []string {
	statements := []string{}
	for _, kiosk := range k.Kiosks {
		for _, key := range kiosk.Keys {
			if key.Certificate.Value != "" {
				statements = append(statements, key.Certificate.Value)
			}
		}
		if kiosk.Revoked != nil {
			statements = append(statements, kiosk.Revoked.Statement)
		}
	}
	return statements
}
