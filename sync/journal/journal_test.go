package journal_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/journal"
	"hallpass/sync/record"
)

const (
	kiosk = record.NodeID("01KIOSK")
	life  = record.Epoch("01EPOCH")
)

// open returns an empty file; closing it checks the file.
func open(t testing.TB) *bolt.DB {
	t.Helper()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "journal.db"), 0o600, &bolt.Options{NoFreelistSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := db.View(func(tx *bolt.Tx) error {
			for err := range tx.Check() {
				return err
			}
			return nil
		})
		if err := errors.Join(err, db.Close()); err != nil {
			t.Error(err)
		}
	})
	return db
}

// fill appends entries "fact 1" to "fact n" and returns them.
func fill(t testing.TB, db *bolt.DB, j *journal.Journal, n int) []record.Change {
	t.Helper()
	var changes []record.Change
	err := db.Update(func(tx *bolt.Tx) error {
		for i := range n {
			c, err := j.Append(tx, stamp(i), record.KindLead, fmt.Appendf(nil, "fact %d", i+1))
			if err != nil {
				return err
			}
			changes = append(changes, c)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

func stamp(i int) record.Stamp {
	return record.Stamp{Wall: 1_800_000_000_000 + int64(i), Counter: uint32(i % 3), Node: kiosk}
}

func verify(t testing.TB, db *bolt.DB, j *journal.Journal) journal.Report {
	t.Helper()
	var report journal.Report
	err := db.View(func(tx *bolt.Tx) (err error) {
		report, err = j.Verify(context.Background(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func read(t testing.TB, db *bolt.DB, j *journal.Journal, after uint64, limit int) []record.Change {
	t.Helper()
	var changes []record.Change
	err := db.View(func(tx *bolt.Tx) (err error) {
		changes, err = j.Read(tx, after, limit)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

func TestJournal_CopyVerifiesLikeTheOriginal(t *testing.T) {
	db := open(t)
	own := journal.New(kiosk, life, "journal")
	fill(t, db, own, 20)
	copied := journal.New(kiosk, life, "copies", string(kiosk), string(life))
	err := db.Update(func(tx *bolt.Tx) error {
		changes, err := own.Read(tx, 0, 100)
		for _, c := range changes {
			err = errors.Join(err, copied.Put(tx, c), copied.Put(tx, c)) // P3: twice is once
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := verify(t, db, copied), verify(t, db, own); got != want || !got.OK() || got.Verified != 20 {
		t.Errorf("the copy verifies as %+v, the original as %+v", got, want)
	}
}
