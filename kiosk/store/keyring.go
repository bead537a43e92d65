package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/badge/token"
	"hallpass/kiosk/store/redo"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// applyKey takes what the hall says of a key. A certificate for a key of ours
// has it sign; a key of ours that the hall wants replaced is replaced in the
// same transaction.
func (s *Store) applyKey(tx *bolt.Tx, pairing Pairing, fact record.Key) (made bool, err error) {
	fact, err = keepJoined(tx.Bucket(keyring), fact.Public, fact, record.MergeKeys)
	if err != nil || fact.Node != pairing.Node {
		return false, err
	}
	current := tx.Bucket(meta).Get(metaBadgeKey)
	if current == nil {
		current = publicOf(s.key)
	}
	signs := bytes.Equal(fact.Public, current)
	if !signs && tx.Bucket(badgeKeys).Get(fact.Public) != nil && certified(redo.In(tx), pairing, fact.Public) {
		signs = true
		if err := adopt(tx, fact.Public); err != nil {
			return false, err
		}
	}
	if signs && !fact.Retired.IsZero() {
		return s.newKey(tx)
	}
	return false, nil
}

// keepJoined merges a fact of the hall's with what is kept of it.
func keepJoined[F record.Fact](b *bolt.Bucket, key []byte, fact F, merge func(a, b F) F) (F, error) {
	if old := b.Get(key); old != nil {
		kept, err := decode[F](fact.Kind(), old)
		if err != nil {
			return fact, err
		}
		fact = merge(kept, fact)
	}
	payload, err := wire.Encode(fact)
	if err != nil {
		return fact, err
	}
	return fact, b.Put(key, payload)
}

// certificateOf is the hall's word on a key, zero if there is none, and whether
// the hall wants another in its place.
func certificateOf(tx *redo.Reader, pairing Pairing, public []byte) (c token.Certificate, retired bool) {
	payload := tx.Bucket(keyring).Get(public)
	if payload == nil {
		return c, false
	}
	fact, err := decode[record.Key](record.KindKey, payload)
	if err != nil {
		return c, false
	}
	c, err = token.OpenCertificate(pairing.HallKey, fact.Certificate.Value)
	if err != nil || c.Show != string(pairing.Show) || !bytes.Equal(c.Key, public) {
		c = token.Certificate{} // of a hall that was set up anew; it will certify again
	}
	return c, !fact.Retired.IsZero()
}

func certified(tx *redo.Reader, pairing Pairing, public []byte) bool {
	c, _ := certificateOf(tx, pairing, public)
	return c.Key != nil
}

// Judge says what a badge's code is worth by what the hall has told so far, of
// any kiosk of the show, also without a network. A kiosk that has no hall knows
// its own badges only.
func (s *Store) Judge(ctx context.Context, text string, at time.Time) (found token.Finding, err error) {
	err = s.view(ctx, func(tx *redo.Reader) error {
		pairing, paired, err := readPairing(tx)
		if err != nil {
			return err
		}
		if !paired {
			found.Reason = token.Forged
			if claims, err := token.Open(text, own{s}); err == nil {
				found = token.Finding{Claims: claims}
			}
			return nil
		}
		ring := token.NewRing(string(pairing.Show), pairing.HallKey)
		if err := addStatements(tx, ring); err != nil {
			return err
		}
		if found = ring.Judge(text, at); found.Reason == token.Genuine && isVoid(tx, found.Claims.Badge) {
			found.Reason = token.Voided
		}
		return nil
	})
	return found, err
}

func addStatements(tx *redo.Reader, ring *token.Ring) error {
	err := tx.Bucket(keyring).ForEach(func(_, payload []byte) error {
		fact, err := decode[record.Key](record.KindKey, payload)
		if err == nil && fact.Certificate.Value != "" {
			_ = ring.Add(fact.Certificate.Value) // another hall's word is no word
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read keyring: %w", err)
	}
	return tx.Bucket(revocations).ForEach(func(_, payload []byte) error {
		fact, err := decode[record.Revocation](record.KindRevocation, payload)
		if err == nil {
			_ = ring.Add(fact.Statement)
		}
		return err
	})
}

// own is the one key of a kiosk without a hall.
type own struct{ *Store }

// PublicKey implements token.Keys.
func (o own) PublicKey(id token.KeyID) (ed25519.PublicKey, bool) {
	return publicOf(o.key), id == token.KeyIDOf(publicOf(o.key))
}
