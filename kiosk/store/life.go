package store

import (
	"context"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// Copied reports whether Open found a folder that was copied from another place
// or put back from a backup, and has begun a new life of the journal for it: the
// hall gets all of it once more and counts each fact once (P3). Whoever runs the
// original too has two kiosks of one name; one of them is to be paired anew.
func (s *Store) Copied() bool { return s.copied }

// arrive begins a new life if the folder is a copy.
func (s *Store) arrive() error {
	if !s.db.Moved() {
		return nil
	}
	err := s.db.Adopt(s.beginLife)
	if err != nil {
		return fmt.Errorf("begin a new life of the journal: %w", full(err))
	}
	s.copied = true
	return s.db.Snapshot(s.become)
}

// NewLife begins a new epoch: the journal is told anew from the start, under the
// same node. It is for a hall that has found this kiosk telling another history
// than before, because two run from one data folder or an older one was put
// back: the two histories then stand side by side and nothing of either is lost.
// Of a journal with damaged entries all is told that can be read, and what the data
// have in place of the rest; Mended says so.
// Saves may go on meanwhile; a link may not.
func (s *Store) NewLife(ctx context.Context) error {
	if err := s.quietly(ctx, s.beginLife); err != nil {
		return fmt.Errorf("begin a new life of the journal: %w", err)
	}
	s.ring()
	return nil
}

// beginLife has whoever saves next write in the new life, not in the old one.
func (s *Store) beginLife(tx *bolt.Tx) error {
	if err := s.rewrite(tx, s.person.Load().node); err != nil {
		return err
	}
	who, err := identityOf(tx)
	if err == nil {
		tx.OnCommit(func() { s.person.Store(who) }) // before any other save begins
	}
	return err
}
