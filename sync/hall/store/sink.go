package store

import (
	"bytes"
	"errors"
	"slices"

	bolt "go.etcd.io/bbolt"
)

const (
	// sliceBytes bounds one transaction of a copy, so that it takes little memory.
	sliceBytes = 4 << 20
	// syncSlices is how many of them are written between two syncs of a copy:
	// the disk never has so much to catch up with that others wait for it.
	syncSlices = 8
)

// sink writes a copy in slices.
type sink struct {
	db   *bolt.DB
	tx   *bolt.Tx // nil between slices
	at   *bolt.Bucket
	path [][]byte // of at
	size int

	slices int // since the last sync
}

// open returns a bucket, which is there.
func (k *sink) open(path [][]byte) (*bolt.Bucket, error) {
	if k.tx == nil {
		tx, err := k.db.Begin(true)
		if err != nil {
			return nil, err
		}
		k.tx, k.at, k.size = tx, nil, 0
	}
	if k.at != nil && slices.EqualFunc(k.path, path, bytes.Equal) {
		return k.at, nil
	}
	b, err := k.tx.CreateBucketIfNotExists(path[0])
	for _, name := range path[1:] {
		if err == nil {
			b, err = b.CreateBucketIfNotExists(name)
		}
	}
	if err != nil {
		return nil, err
	}
	b.FillPercent = 0.8 // keys will come between
	if isInOrder := func(name []byte) bool { return bytes.Equal(name, path[0]) }; len(path) > 1 || slices.ContainsFunc(inOrder, isInOrder) {
		b.FillPercent = 0.95
	}
	k.at, k.path = b, slices.Clone(path)
	return b, nil
}

func (k *sink) bucket(path [][]byte, sequence uint64) error {
	b, err := k.open(path)
	if err != nil || b.Sequence() == sequence {
		return err
	}
	return b.SetSequence(sequence)
}

func (k *sink) drop(path [][]byte, name []byte) error {
	b, err := k.open(path)
	if err != nil {
		return err
	}
	k.at = nil
	return b.DeleteBucket(name)
}

func (k *sink) delete(path [][]byte, key []byte) error {
	b, err := k.open(path)
	if err != nil {
		return err
	}
	return b.Delete(key)
}

func (k *sink) put(path [][]byte, key, value []byte) error {
	b, err := k.open(path)
	if err != nil {
		return err
	}
	k.size += len(key) + len(value)
	if err := b.Put(key, value); err != nil || k.size < sliceBytes {
		return err
	}
	return k.done(true)
}

// done ends a slice.
func (k *sink) done(well bool) error {
	tx := k.tx
	if tx == nil {
		return nil
	}
	k.tx, k.at = nil, nil
	if !well {
		return errors.Join(errors.New("the copy is given up"), tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	if k.slices++; k.slices < syncSlices {
		return nil
	}
	k.slices = 0
	return k.db.Sync()
}
