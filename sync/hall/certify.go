package hall

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"
	"time"

	"hallpass/badge/token"
	"hallpass/sync/record"
)

// How long keys and what they sign count.
const (
	// A key signs for this long. Its kiosk makes the next one a day before, and
	// goes on with the old one while it has no hall (P2).
	keyLife = 7 * 24 * time.Hour
	// Badges count beyond the show's last day: phones deliver leads late, and
	// shows are extended.
	badgeLife = 7 * 24 * time.Hour
	// Verifiers' clocks may be behind ours by this much: a day, and ours a day ahead.
	clockLeeway = 48 * time.Hour
	// A kiosk that makes more keys than this has gone mad.
	maxKeys = 100
	// Between two tries to certify, should the disk be full.
	certifyAgain = 30 * time.Second
)

// certifier signs certificates for keys as they are made known, until ctx ends.
func (h *Hall) certifier(ctx context.Context) {
	for {
		again := (<-chan time.Time)(nil)
		if due := h.due(); len(due) > 0 {
			if _, err := h.ingest.keep(ctx, Batch{Own: due}); err != nil {
				h.log.Error("keys not certified", "count", len(due), "err", err)
				again = time.After(certifyAgain)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-h.newKey:
		case <-again:
		}
	}
}

// due returns what is to be said about keys: those without a certificate of
// this hall, and those whose certificate ends before the show's badges do.
func (h *Hall) due() (due []Own) {
	for _, node := range h.keys.all() {
		if _, revoked := h.keys.revocation(node.ID); revoked {
			continue
		}
		keys := h.keys.ofNode(node.ID)
		if !slices.ContainsFunc(keys, func(k record.Key) bool { return bytes.Equal(k.Public, node.Key) }) {
			keys = append(keys, h.pairedKey(node)) // paired by an older program
		}
		for _, key := range keys[:min(len(keys), maxKeys)] {
			if fact, changed := h.certified(key, node); changed {
				due = append(due, Own{Fact: fact, Stamp: fact.Certificate.At, Announce: true})
			}
		}
	}
	return due
}

// pairedKey is the key that a kiosk proved at pairing; it signs badges until
// the kiosk has made another.
func (h *Hall) pairedKey(node Node) record.Key {
	return record.Key{Public: node.Key, Node: node.ID, Show: h.showID(), Made: record.Stamp{Wall: node.Paired.UnixMilli(), Node: h.self.Hall}}
}

// certified returns the key with a certificate that lasts as long as the show
// needs it, and false if it has one already or cannot have one.
func (h *Hall) certified(key record.Key, node Node) (record.Key, bool) {
	now := h.now()
	c, err := token.OpenCertificate(h.public, key.Certificate.Value)
	fresh := err != nil
	if fresh {
		c = token.Certificate{
			Key: ed25519.PublicKey(key.Public), Show: string(key.Show), From: now.Add(-clockLeeway), SignUntil: now.Add(keyLife), Categories: node.Categories,
		}
		if c.Node, err = node.ID.Bytes(); err != nil || key.Show != h.showID() {
			return key, false
		}
	}
	until := lastDay(h.Show())
	if c.SignUntil.After(until) {
		until = c.SignUntil
	}
	until = until.Add(badgeLife).Truncate(time.Second)
	if !fresh && !c.Until.Before(until) {
		return key, false
	}
	at := h.clock.Tick()
	c.Issued, c.Until = now, until
	text, err := c.Sign(h.key)
	if err != nil {
		h.log.Error("key not certified", "node", node.ID, "err", err)
		return key, false
	}
	key.Certificate = record.Register[string]{Value: text, At: at}
	return key, true
}

// lastDay is when the show's last day is over.
func lastDay(show record.Show) time.Time {
	zone, err := time.LoadLocation(show.Timezone)
	if err != nil { // Validate has found it before
		zone = time.UTC
	}
	year, month, day := show.FirstDay.Date()
	return time.Date(year, month, day+show.Days, 0, 0, 0, 0, zone)
}

// Rotate asks a kiosk, by id or name, or all if who is empty, to make a new key
// for badges; those that it signed before go on counting. It returns how many
// kiosks were asked: each does so when it hears of it. fault.NotFound if there
// is no such kiosk in service.
func (h *Hall) Rotate(ctx context.Context, who string) (int, error) {
	nodes := h.keys.all()
	if who != "" {
		node, err := h.inService(who)
		if err != nil {
			return 0, err
		}
		nodes = []Node{node}
	}
	var own []Own
	asked := 0
	for _, node := range nodes {
		if _, revoked := h.keys.revocation(node.ID); revoked {
			continue
		}
		asked++
		for _, key := range h.keys.ofNode(node.ID) {
			if key.Retired.IsZero() && key.Certificate.Value != "" {
				key.Retired = h.clock.Tick()
				own = append(own, Own{Fact: key, Stamp: key.Retired, Announce: true})
			}
		}
	}
	if err := h.announce(ctx, own); err != nil {
		return 0, fmt.Errorf("rotate keys: %w", err)
	}
	return asked, nil
}
