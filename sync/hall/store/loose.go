package store

import (
	"context"

	bolt "go.etcd.io/bbolt"
)

// Loose implements hall.State: the size of the file, without what bbolt has
// reserved behind its end, and how much of it holds nothing, in bytes. Half-full
// pages count as full.
func (s *Store) Loose(context.Context) (size, free int64, err error) {
	err = s.peek("size of the data file", func(tx *bolt.Tx) error {
		size = tx.Size()
		return nil
	})
	return size, int64(s.file().Stats().FreeAlloc), err
}
