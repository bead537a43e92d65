package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"
	bolterr "go.etcd.io/bbolt/errors"

	"hallpass/kiosk/store/redo"
	"hallpass/sync/journal"
	"hallpass/sync/record"
)

// Pairing is what a kiosk knows of its hall.
type Pairing struct {
	URL         string        `json:"url"`
	Fingerprint []byte        `json:"fingerprint"` // SHA-256 of the hall's certificate, pinned; zeroes on plain HTTP
	Node        record.NodeID `json:"node"`        // ours, given by the hall
	Hall        record.NodeID `json:"hall"`
	HallKey     []byte        `json:"hall_key"` // Ed25519
	Show        record.ShowID `json:"show"`
	Certificate []byte        `json:"certificate"`
}

// Pairing returns the hall that this kiosk is paired with, and false if none.
func (s *Store) Pairing(ctx context.Context) (p Pairing, ok bool, err error) {
	err = s.view(ctx, func(tx *redo.Reader) error {
		p, ok, err = readPairing(tx)
		return err
	})
	return p, ok, err
}

func readPairing(tx *redo.Reader) (p Pairing, ok bool, err error) {
	value := tx.Bucket(meta).Get(metaPaired)
	if value == nil {
		return p, false, nil
	}
	if err := json.Unmarshal(value, &p); err != nil {
		return p, false, fmt.Errorf("read pairing: %w", err)
	}
	return p, true, nil
}

// Pair keeps the pairing and takes the node id that the hall gave. What the
// kiosk did alone before is told anew under that id, in a fresh epoch, so that
// the hall gets all of it. To be called before anything else uses the store.
func (s *Store) Pair(ctx context.Context, p Pairing) error {
	value, err := json.Marshal(p)
	if err != nil {
		return err
	}
	err = s.quietly(ctx, func(tx *bolt.Tx) error {
		if _, paired, err := readPairing(redo.In(tx)); err != nil || paired {
			return errors.Join(err, errors.New("this kiosk is paired already"))
		}
		if err := tx.Bucket(meta).Put(metaPaired, value); err != nil || p.Node == s.person.Load().node {
			return err
		}
		return s.rewrite(tx, p.Node)
	})
	if err != nil {
		return fmt.Errorf("keep pairing: %w", err)
	}
	return s.db.Snapshot(func(tx *bolt.Tx) error { return errors.Join(s.become(tx), s.loadSigner(redo.In(tx))) })
}

// rewrite copies the journal under a new node id and epoch. In place of entries
// that are damaged it tells what the data have of them.
func (s *Store) rewrite(tx *bolt.Tx, node record.NodeID) error {
	old := s.person.Load()
	found, err := rescue(tx, old)
	if err != nil {
		return err
	}
	if err := tx.DeleteBucket(logBucket); err != nil && !errors.Is(err, bolterr.ErrBucketNotFound) {
		return err
	}
	if _, err := tx.CreateBucket(logBucket); err != nil {
		return err
	}
	for _, name := range [][]byte{places, acks} { // they hold numbers of the old history
		if err := emptyBucket(tx, name); err != nil {
			return err
		}
	}
	epoch := record.NewID[record.Epoch](s.now())
	fresh := journal.New(node, epoch, string(logBucket))
	for _, c := range found.changes {
		if c.Erased() {
			continue // its person is gone; the new history never had them
		}
		s.observe(c.Stamp)
		c, err := fresh.Append(tx, c.Stamp, c.Kind, c.Payload)
		if err != nil {
			return err
		}
		if err := notePlace(tx, c); err != nil {
			return err
		}
	}
	if found.lost > 0 {
		if err := s.retell(tx, fresh, old.epoch, found); err != nil {
			return err
		}
	}
	return putAll(tx.Bucket(meta), map[string][]byte{
		string(metaNode): []byte(node), string(metaEpoch): []byte(epoch), string(metaAcked): number(0),
	})
}

func emptyBucket(tx *bolt.Tx, name []byte) error {
	if err := tx.DeleteBucket(name); err != nil {
		return err
	}
	_, err := tx.CreateBucket(name)
	return err
}
