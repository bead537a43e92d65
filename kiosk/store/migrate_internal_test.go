package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

// withSteps gives this program later versions for one test.
func withSteps(t *testing.T, steps ...func(*Store, *bolt.Tx) error) {
	t.Helper()
	old := migrations
	migrations = append(old[:len(old):len(old)], steps...)
	t.Cleanup(func() { migrations = old })
}

func mark(name string) func(*Store, *bolt.Tx) error {
	return func(_ *Store, tx *bolt.Tx) error {
		_, err := tx.CreateBucket([]byte(name))
		return err
	}
}

func reopen(t *testing.T, dir string) (*Store, error) {
	t.Helper()
	return Open(dir, Options{Wait: time.Second})
}

// P12: a later program brings the file forward step by step in one transaction,
// with the node it was; one step that fails leaves the file as it was, open to
// the older program; afterwards the older program refuses it.
func TestOpen_MigratesOlderFile_P12(t *testing.T) {
	dir := t.TempDir()
	s, err := reopen(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	here, who := len(migrations), *s.person.Load()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the step fails")
	t.Run("FailsHalfWay", func(t *testing.T) {
		withSteps(t, mark("first"), func(*Store, *bolt.Tx) error { return broken })
		if s, err := reopen(t, dir); !errors.Is(err, broken) || !strings.Contains(err.Error(), fmt.Sprintf("migrate from version %d", here+1)) {
			t.Fatalf("a failing step gives %v, %v", s, err)
		}
	})
	t.Run("OlderProgramStillOpensIt", func(t *testing.T) {
		s, err := reopen(t, dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.db.Snapshot(func(tx *bolt.Tx) error {
			if tx.Bucket([]byte("first")) != nil {
				t.Error("a step of the failed attempt is left")
			}
			return nil
		}), s.Close()); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("Forward", func(t *testing.T) {
		withSteps(t, mark("first"), mark("second"))
		for range 2 { // the second time there is nothing to do
			s, err := reopen(t, dir)
			if err != nil {
				t.Fatal(err)
			}
			if now := s.person.Load(); now.node != who.node || now.epoch != who.epoch {
				t.Errorf("the node is %s, %s after the migration, was %s, %s", now.node, now.epoch, who.node, who.epoch)
			}
			err = s.db.Snapshot(func(tx *bolt.Tx) error {
				version, err := versionOf(tx)
				if version != here+2 || tx.Bucket([]byte("first")) == nil || tx.Bucket([]byte("second")) == nil {
					t.Errorf("version %d after the migration, want %d and both parts", version, here+2)
				}
				return err
			})
			if err := errors.Join(err, s.Close()); err != nil {
				t.Fatal(err)
			}
		}
	})
	want := fmt.Sprintf("data file has version %d, this program reads up to %d; install the newer program", here+2, here)
	if _, err := reopen(t, dir); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the older program gives %v, want a refusal", err)
	}
}
