package store

import (
	"errors"
	"io"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/record"
)

// Snapshot writes the data file as it is at one moment, with all that was
// acknowledged before, to what begin returns for its size in bytes. Commits go on meanwhile and wait for nothing; the file
// grows by what they free until the copy is done.
func (s *Store) Snapshot(begin func(size int64) (io.Writer, error)) error {
	s.settle()
	return s.peek("copy data file", func(tx *bolt.Tx) error {
		w, err := begin(tx.Size())
		if err != nil {
			return err
		}
		_, err = tx.WriteTo(w)
		return err
	})
}

// Renew makes a data file that was put back from a backup good for use: it is
// another life of the disk, so the hall's own journals begin a new epoch (whose
// numbers nobody has read yet), and sign-ins and pairing codes of then are
// forgotten, because some were ended or used since.
func Renew(path string) error {
	s, err := Open(path)
	if err != nil {
		return err
	}
	err = s.update("begin a new epoch", func(tx *bolt.Tx) error {
		for _, name := range [][]byte{bucketCodes, bucketSessions} {
			if err := tx.DeleteBucket(name); err != nil {
				return err
			}
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		self := s.self
		self.Epoch = record.NewID[record.Epoch](time.Now())
		if _, err := newLogState(tx); err != nil {
			return err
		}
		return putJSON(tx.Bucket(bucketMeta), keySelf, selfForm(self))
	})
	return errors.Join(err, s.Close())
}
