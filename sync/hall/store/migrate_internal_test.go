package store

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// P12: an older file is migrated step by step in one transaction, or stays as
// it was.
func TestOpen_MigratesOlderFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hall.db")
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	self := s.self
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	mark := func(name string) step {
		return func(tx *bolt.Tx) error {
			_, err := tx.CreateBucket([]byte(name))
			return err
		}
	}
	broken := errors.New("the step fails")
	failing := map[uint64][]step{format: {mark("first")}, format + 1: {mark("second"), func(*bolt.Tx) error { return broken }}}
	if _, err := open(path, format+2, failing, nil); !errors.Is(err, broken) {
		t.Fatalf("a failing step gives %v", err)
	}
	if _, err := open(path, format+2, map[uint64][]step{format: {mark("first")}}, nil); err == nil || !strings.Contains(err.Error(), "older hall") {
		t.Fatalf("a missing step gives %v", err)
	}
	// Nothing of the failed attempts is left: "first" can be made again.
	s, err = open(path, format+2, map[uint64][]step{format: {}, format + 1: {mark("first"), mark("second")}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.self != self {
		t.Error("the hall is somebody else after the migration")
	}
	err = s.db.View(func(tx *bolt.Tx) error {
		have, err := readFormat(tx)
		if have != format+2 || tx.Bucket([]byte("second")) == nil {
			t.Errorf("format = %d after the migration, want %d", have, format+2)
		}
		return err
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "newer hall") {
		t.Errorf("the older program gives %v, want a refusal", err)
	}
}
