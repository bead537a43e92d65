package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// The buckets and the keys of meta; doc.go says what they hold.
var (
	meta          = []byte("meta")
	logBucket     = []byte("journal")
	registrations = []byte("registrations")
	badges        = []byte("badges")
	short         = []byte("short")
	keys          = []byte("keys")
	queue         = []byte("queue")
	aside         = []byte("aside")
	badgeKeys     = []byte("badge_keys")
	keyring       = []byte("keyring")
	revocations   = []byte("revocations")
	places        = []byte("places")
	acks          = []byte("acks")
	forgotten     = []byte("forgotten")
	voids         = []byte("voids")
	erasures      = []byte("erasures")
	expected      = []byte("expected")
	expectedCodes = []byte("expected_codes")
	digests       = []byte("digests")
	digestKeys    = []byte("digest_keys")

	metaVersion = []byte("version")
	metaNode    = []byte("node")
	metaEpoch   = []byte("epoch")
	metaPublic  = []byte("public_key")
	metaPaired  = []byte("paired")
	metaAcked   = []byte("acked")
	metaRead    = []byte("read")
	metaShow    = []byte("show")
	metaLast    = []byte("last_badge")
	metaMended  = []byte("mended")

	metaBadgeKey = []byte("badge_key")
)

// migrations[i] brings a file from version i to i+1; a file without meta has
// version 0. All steps that a file needs run in one transaction.
var migrations = []func(*Store, *bolt.Tx) error{(*Store).create, (*Store).stage, (*Store).addKeys, (*Store).fourth}

func versionOf(tx *bolt.Tx) (int, error) {
	m := tx.Bucket(meta)
	if m == nil {
		if name, _ := tx.Cursor().First(); name != nil {
			return 0, fmt.Errorf("this is no kiosk's data file; set -data to another folder")
		}
		return 0, nil
	}
	version, err := strconv.Atoi(string(m.Get(metaVersion)))
	if err != nil || version < 1 {
		return 0, fmt.Errorf("data file has no version; put back a backup or set -data")
	}
	return version, nil
}

// bring has the file at this program's version, with a bucket for the journal; one that is there already it
// leaves alone, so that a kiosk with a full disk starts.
func (s *Store) bring() error {
	due := false
	err := s.db.Snapshot(func(tx *bolt.Tx) error {
		version, err := versionOf(tx)
		if due = version != len(migrations) || tx.Bucket(logBucket) == nil; due || err != nil {
			return err
		}
		return whole(tx)
	})
	if err != nil || !due {
		return err
	}
	return s.db.Update(s.migrate)
}

func (s *Store) migrate(tx *bolt.Tx) error {
	version, err := versionOf(tx)
	if err != nil {
		return err
	}
	for _, step := range migrations[version:] {
		if err := step(s, tx); err != nil {
			return fmt.Errorf("migrate from version %d: %w", version, err)
		}
		version++
	}
	if _, err := tx.CreateBucketIfNotExists(logBucket); err != nil { // a new life with nothing to tell left none
		return err
	}
	return tx.Bucket(meta).Put(metaVersion, []byte(strconv.Itoa(version)))
}

// parts are the buckets that a file of this version has, but for the journal,
// which makes its own with its first entry.
func parts() [][]byte {
	return append(news(), registrations, badges, short, keys, queue, aside, badgeKeys, keyring, revocations, places, acks, forgotten)
}

// whole refuses a file of this version that lacks a part.
func whole(tx *bolt.Tx) error {
	for _, name := range parts() {
		if tx.Bucket(name) == nil {
			return fmt.Errorf("data file has lost its %s; put back a backup or set -data", name)
		}
	}
	return nil
}

// create makes version 1, and with it the node: a fresh id and a fresh life.
func (s *Store) create(tx *bolt.Tx) error {
	for _, name := range [][]byte{meta, logBucket, registrations, badges, short, keys, queue, aside} {
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	now := s.now()
	return putAll(tx.Bucket(meta), map[string][]byte{
		string(metaNode):   []byte(record.NewID[record.NodeID](now)),
		string(metaEpoch):  []byte(record.NewID[record.Epoch](now)),
		string(metaPublic): publicOf(s.key),
	})
}

// stage makes version 2: badges that a printer may have say so by their stage.
// Which printer it was is not known: the only one there was.
func (s *Store) stage(tx *bolt.Tx) error {
	open := map[string][]byte{} // altered after the walk: bbolt forbids it within
	err := tx.Bucket(badges).ForEach(func(key, value []byte) error {
		var old struct {
			badgeForm
			Printing bool `json:"printing"`
		}
		if err := json.Unmarshal(value, &old); err != nil {
			return fmt.Errorf("read badge: %w", err)
		}
		if !old.Printing {
			return nil
		}
		old.Stage = record.BadgeSent
		form, err := json.Marshal(old.badgeForm)
		open[string(key)] = form
		return err
	})
	if err != nil {
		return err
	}
	return putAll(tx.Bucket(badges), open)
}

// addKeys makes version 3: keys for badges, and what the hall says of them. A
// hall that was updated before this kiosk has told of some already.
func (s *Store) addKeys(tx *bolt.Tx) error {
	for _, name := range [][]byte{badgeKeys, keyring, revocations} {
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	pairing, paired, err := readPairing(redo.In(tx))
	if err != nil || !paired {
		return err
	}
	var used [][]byte
	err = tx.Bucket(aside).ForEach(func(place, value []byte) error {
		var form asideForm
		if err := json.Unmarshal(value, &form); err != nil {
			return nil // it stays where it is
		}
		usable, err := keepStatement(tx, pairing, form)
		if usable {
			used = append(used, bytes.Clone(place))
		}
		return err
	})
	for _, place := range used {
		err = errors.Join(err, tx.Bucket(aside).Delete(place))
	}
	return err
}

func keepStatement(tx *bolt.Tx, pairing Pairing, form asideForm) (usable bool, err error) {
	fact, err := wire.Decode(form.Kind, form.Payload)
	if err != nil {
		return false, nil
	}
	switch f := fact.(type) {
	case record.Key:
		if usable = f.Show == pairing.Show; usable {
			_, err = keepJoined(tx.Bucket(keyring), f.Public, f, record.MergeKeys)
		}
	case record.Revocation:
		if usable = f.Show == pairing.Show; usable {
			_, err = keepJoined(tx.Bucket(revocations), []byte(f.Node), f, record.MergeRevocations)
		}
	}
	return usable, err
}

func putAll(b *bolt.Bucket, values map[string][]byte) error {
	for key, value := range values {
		if err := b.Put([]byte(key), value); err != nil {
			return err
		}
	}
	return nil
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// readNumber is 0 for a missing value.
func readNumber(b []byte) uint64 {
	if len(b) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}

func millis(t time.Time) []byte { return number(uint64(t.UnixMilli())) }
