package redo

import (
	"bytes"

	bolt "go.etcd.io/bbolt"
)

var keyHome = []byte("home")

// Moved reports whether the file was last committed elsewhere: it is a copy, or
// was put back from one. It stays so until Adopt.
func (d *DB) Moved() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.moved
}

// Adopt is Update for what a copy has to do before it is used as its own; with
// it the file is at home here.
func (d *DB) Adopt(fn func(*bolt.Tx) error) error {
	err := d.Update(func(tx *bolt.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return putHome(tx, homeOf(d.path))
	})
	if err == nil {
		d.mu.Lock()
		d.moved = false
		d.mu.Unlock()
	}
	return err
}

// arrive notes where the file lives, if it does not say so yet.
func (d *DB) arrive(tx *bolt.Tx) error {
	if b := tx.Bucket(bucketRedo); b != nil && b.Get(keyHome) != nil {
		return nil
	}
	return putHome(tx, homeOf(d.path))
}

func putHome(tx *bolt.Tx, home []byte) error {
	if home == nil {
		return nil
	}
	b, err := tx.CreateBucketIfNotExists(bucketRedo)
	if err != nil {
		return err
	}
	return b.Put(keyHome, home)
}

// movedTo reports whether a file that says where it lives is elsewhere.
func movedTo(path string, tx *bolt.Tx) bool {
	b := tx.Bucket(bucketRedo)
	if b == nil {
		return false
	}
	was, is := b.Get(keyHome), homeOf(path)
	return was != nil && is != nil && !bytes.Equal(was, is)
}
