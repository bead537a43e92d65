package redo

import (
	"errors"
	"io/fs"
	"os"

	bolt "go.etcd.io/bbolt"
	bolterr "go.etcd.io/bbolt/errors"
)

// ErrLooking is answered by whatever would alter a file that is only looked at.
var ErrLooking = bolterr.ErrDatabaseReadOnly

// Look opens a file that nobody has open for reading: it shows what the log
// holds too, and leaves both as they are. The file must be there.
func Look(path string, o Options) (*DB, error) {
	_, err := os.Stat(path + suffix)
	alone := errors.Is(err, fs.ErrNotExist)
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: o.Wait, ReadOnly: alone})
	if err != nil {
		return nil, err
	}
	return prepare(db, path, o, true)
}

// Pages looks for damage of the file itself, as it was last committed, and calls
// found with each. Saves go on meanwhile, as long as the log has room for them.
func (d *DB) Pages(found func(error)) error {
	_ = d.settle()           // on a full disk: as it was last committed
	d.settling <- struct{}{} // the check reads what a commit alters
	defer func() { <-d.settling }()
	return d.bolt.View(func(tx *bolt.Tx) error {
		for err := range tx.Check() {
			found(err)
		}
		return nil
	})
}
