package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/badge/token"
	"hallpass/kiosk/store/redo"
	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

const (
	// A key is replaced this long before its time is over, so that a kiosk that
	// is off overnight is not late; and it is kept for at least as long, so that
	// a kiosk whose clock is wrong does not make one key after the other.
	keyMargin = 24 * time.Hour
	saltBytes = 32
	keyInfo   = "hallpass badge key v1"
)

// ownKeyForm is a badge key of this kiosk. The key itself is nowhere: it follows
// from kiosk.key and the salt.
type ownKeyForm struct {
	Salt []byte    `json:"salt"`
	Made time.Time `json:"made"`
}

// signer is the key that signs badges now.
type signer struct {
	key         ed25519.PrivateKey
	certificate token.Certificate // zero: the hall has not certified it
	retired     bool              // the hall wants another
}

// derive makes the badge key of a salt (RFC 5869).
func derive(identity ed25519.PrivateKey, salt []byte) (ed25519.PrivateKey, error) {
	seed, err := hkdf.Key(sha256.New, identity.Seed(), salt, keyInfo, ed25519.SeedSize)
	if err != nil {
		return nil, fmt.Errorf("derive badge key: %w", err)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// SignBadge signs a badge's claims with the kiosk's newest certified key, or
// with the one it was paired with. It answers fault.Invalid for a category that
// the hall does not let this kiosk print.
func (s *Store) SignBadge(claims token.Claims) (string, error) {
	with := s.signer.Load()
	if allowed := with.certificate.Categories; len(allowed) > 0 && !slices.Contains(allowed, claims.Category) {
		return "", fault.New(fault.Invalid, "This kiosk does not print badges of this category. Please ask at the desk.").WithField("category")
	}
	return token.Sign(with.key, claims)
}

// Rotate makes a new key for badges and records it in the same transaction; it
// signs once the hall has certified it. If one is waiting for that already,
// Rotate leaves it at that. A kiosk that has no hall has no need of other keys
// and gets an error.
func (s *Store) Rotate(ctx context.Context) error {
	err := s.update(ctx, func(tx *bolt.Tx) error {
		_, err := s.newKey(tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("make badge key: %w", err)
	}
	return nil
}

// RotateIfDue is Rotate for a key whose time is nearly over, or that the hall
// wants replaced; it reports whether there is a new one.
func (s *Store) RotateIfDue(ctx context.Context) (bool, error) {
	with, now := s.signer.Load(), s.now()
	if !with.retired && (with.certificate.Key == nil || now.Before(with.certificate.SignUntil.Add(-keyMargin))) {
		return false, nil
	}
	due := false
	err := s.update(ctx, func(tx *bolt.Tx) error {
		young := false
		err := eachOwn(redo.In(tx), func(_ ed25519.PublicKey, f ownKeyForm) { young = young || now.Sub(f.Made).Abs() < keyMargin })
		if err != nil || young && !with.retired {
			return err
		}
		due, err = s.newKey(tx)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("replace badge key: %w", err)
	}
	return due, nil
}

var errAlone = errors.New("this kiosk is not paired with a hall")

// newKey makes a key unless one is waiting, and reports whether it did.
func (s *Store) newKey(tx *bolt.Tx) (bool, error) {
	pairing, paired, err := readPairing(redo.In(tx))
	if err != nil || !paired {
		return false, errors.Join(err, errAlone)
	}
	if waiting, err := waitingKey(redo.In(tx)); err != nil || waiting {
		return false, err
	}
	form := ownKeyForm{Salt: make([]byte, saltBytes), Made: s.now().UTC()}
	rand.Read(form.Salt) // never fails
	key, err := derive(s.key, form.Salt)
	if err != nil {
		return false, err
	}
	at := s.clock.Tick()
	fact := record.Key{Public: publicOf(key), Node: pairing.Node, Show: pairing.Show, Made: at, Proof: wire.ProveKey(key, pairing.Node, pairing.Show)}
	payload, err := wire.Encode(fact)
	if err != nil {
		return false, err
	}
	value, err := json.Marshal(form)
	if err != nil {
		return false, err
	}
	if err := tx.Bucket(badgeKeys).Put(fact.Public, value); err != nil {
		return false, err
	}
	_, err = s.person.Load().journal.Append(tx, at, record.KindKey, payload)
	return err == nil, err
}

// waitingKey reports whether a key was made that does not sign yet.
func waitingKey(tx *redo.Reader) (waiting bool, err error) {
	current := tx.Bucket(meta).Get(metaBadgeKey)
	err = eachOwn(tx, func(public ed25519.PublicKey, _ ownKeyForm) { waiting = waiting || string(public) != string(current) })
	return waiting, err
}

func eachOwn(tx *redo.Reader, use func(ed25519.PublicKey, ownKeyForm)) error {
	return tx.Bucket(badgeKeys).ForEach(func(public, value []byte) error {
		var f ownKeyForm
		if err := json.Unmarshal(value, &f); err != nil {
			return fmt.Errorf("read badge key: %w", err)
		}
		use(ed25519.PublicKey(public), f)
		return nil
	})
}

// adopt has a key of ours sign from now on. The older ones are forgotten: they
// cannot sign any more, whoever gets hold of this kiosk.
func adopt(tx *bolt.Tx, public []byte) error {
	if err := tx.Bucket(meta).Put(metaBadgeKey, public); err != nil {
		return err
	}
	var gone [][]byte
	err := eachOwn(redo.In(tx), func(other ed25519.PublicKey, _ ownKeyForm) {
		if string(other) != string(public) {
			gone = append(gone, slices.Clone(other))
		}
	})
	for _, other := range gone {
		err = errors.Join(err, tx.Bucket(badgeKeys).Delete(other))
	}
	return err
}

// loadSigner reads which key signs.
func (s *Store) loadSigner(tx *redo.Reader) error {
	with := signer{key: s.key}
	public := tx.Bucket(meta).Get(metaBadgeKey)
	if public != nil {
		if key, ok := s.ownKey(tx, public); ok {
			with.key = key
		}
	}
	pairing, paired, err := readPairing(tx)
	if err != nil {
		return err
	}
	if paired {
		with.certificate, with.retired = certificateOf(tx, pairing, publicOf(with.key))
		// Without its key the kiosk goes on with the one it was paired with (P2),
		// and makes another.
		with.retired = with.retired || public != nil && !bytes.Equal(public, publicOf(with.key))
	}
	s.signer.Store(&with)
	s.showKey(with.key)
	return nil
}

// ownKey makes the badge key with that public half, and answers false if it is
// lost: Check says so.
func (s *Store) ownKey(tx *redo.Reader, public []byte) (ed25519.PrivateKey, bool) {
	var form ownKeyForm
	if err := json.Unmarshal(tx.Bucket(badgeKeys).Get(public), &form); err != nil {
		return nil, false
	}
	key, err := derive(s.key, form.Salt)
	return key, err == nil && bytes.Equal(publicOf(key), public)
}
