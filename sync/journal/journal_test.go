package journal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

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
	if got, want := read(t, db, copied, 0, 100), read(t, db, own, 0, 100); !reflect.DeepEqual(got, want) {
		t.Errorf("the copy reads %v, want %v", got, want)
	}
	if got, want := verify(t, db, copied), verify(t, db, own); got != want || !got.OK() || got.Verified != 20 {
		t.Errorf("the copy verifies as %+v, the original as %+v", got, want)
	}
}

func TestAppend_NumbersFromOneAndKeepsBytes(t *testing.T) {
	db := open(t)
	j := journal.New(kiosk, life, "journal")
	want := fill(t, db, j, 5)
	got := read(t, db, j, 0, 10)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Read = %v, want what Append returned, %v", got, want)
	}
	for i, c := range got {
		if c.Seq != uint64(i+1) || c.Node != kiosk || c.Epoch != life || c.Stamp != stamp(i) ||
			string(c.Payload) != fmt.Sprintf("fact %d", i+1) || len(c.Salt) != 16 || c.Erased() {
			t.Errorf("entry %d = %+v", i+1, c)
		}
	}
	if bytes.Equal(got[0].Salt, got[1].Salt) {
		t.Error("two entries share one salt")
	}
}

// P1: a change and its entry are saved together or not at all.
func TestAppend_RolledBackLeavesNoGap(t *testing.T) {
	db := open(t)
	j := journal.New(kiosk, life, "journal")
	fill(t, db, j, 3)
	stop := errors.New("the visible change was refused")
	err := db.Update(func(tx *bolt.Tx) error {
		if _, err := j.Append(tx, stamp(9), record.KindLead, nil); err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	fill(t, db, j, 1)
	if got := verify(t, db, j); !got.OK() || got.Last.Seq != 4 {
		t.Errorf("Verify = %+v, want four entries in order", got)
	}
}

func TestAppend_WithoutRandomnessWritesNothing(t *testing.T) {
	db := open(t)
	j := journal.New(kiosk, life, "journal")
	j.Rand = bytes.NewReader(make([]byte, 15))
	err := db.Update(func(tx *bolt.Tx) error {
		_, err := j.Append(tx, stamp(0), record.KindLead, nil)
		return err
	})
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("Append = %v, want the reader's error", err)
	}
	if got := verify(t, db, j); got.Last.Seq != 0 {
		t.Errorf("Verify = %+v, want an empty journal", got)
	}
}

func TestAppend_InAReadTransaction(t *testing.T) {
	db := open(t)
	j := journal.New(kiosk, life, "journal")
	err := db.View(func(tx *bolt.Tx) error {
		_, err := j.Append(tx, stamp(0), record.KindLead, nil)
		return err
	})
	if !errors.Is(err, bolterrors.ErrTxNotWritable) {
		t.Errorf("Append = %v, want %v", err, bolterrors.ErrTxNotWritable)
	}
}

func TestAppend_KindTooLong(t *testing.T) {
	db := open(t)
	j := journal.New(kiosk, life, "journal")
	for _, kind := range []record.Kind{"", record.Kind(strings.Repeat("k", 256))} {
		err := db.Update(func(tx *bolt.Tx) error {
			_, err := j.Append(tx, stamp(0), kind, nil)
			return err
		})
		if err == nil {
			t.Errorf("Append with a kind of %d bytes succeeds", len(kind))
		}
	}
}

func TestRead_Pages(t *testing.T) {
	db := open(t)
	j := journal.New(kiosk, life, "journal")
	if got := read(t, db, j, 0, 10); len(got) != 0 {
		t.Errorf("Read of nothing = %v", got)
	}
	all := fill(t, db, j, 300) // seq 256 tells big-endian keys from little
	for _, tt := range []struct {
		after       uint64
		limit, want int
	}{{0, 10, 10}, {250, 10, 10}, {295, 10, 5}, {300, 10, 0}, {1 << 40, 10, 0}, {math.MaxUint64, 10, 0}, {0, 0, 0}, {0, -1, 0}} {
		got := read(t, db, j, tt.after, tt.limit)
		if len(got) != tt.want || tt.want > 0 && !reflect.DeepEqual(got, all[tt.after:][:tt.want]) {
			t.Errorf("Read(%d, %d) = %d entries, want %d from there", tt.after, tt.limit, len(got), tt.want)
		}
	}
}

func TestPut_Refuses(t *testing.T) {
	source := open(t)
	own := journal.New(kiosk, life, "journal")
	changes := fill(t, source, own, 4)
	other := fill(t, open(t), journal.New(kiosk, life, "journal"), 4) // other salts: another history
	foreign := fill(t, open(t), journal.New("01OTHER", life, "journal"), 3)[2]
	reborn := fill(t, open(t), journal.New(kiosk, "02EPOCH", "journal"), 3)[2]
	altered, resalted, zero, long := changes[2], changes[2], changes[2], changes[2]
	altered.Payload = []byte("fact 4")
	resalted.Salt = []byte{}
	zero.Seq = 0
	long.Kind = record.Kind(strings.Repeat("k", 300))
	tests := []struct {
		name   string
		change record.Change
		want   error
	}{
		{"SomethingMissing", changes[3], journal.ErrGap},
		{"NumberZero", zero, journal.ErrGap},
		{"AnotherHistory", other[2], journal.ErrFork},
		{"AnotherHistoryBehindUs", other[0], journal.ErrFork},
		{"AnotherNode", foreign, journal.ErrFork},
		{"AnotherEpoch", reborn, journal.ErrFork},
		{"AlteredContent", altered, journal.ErrDamaged},
		{"NeitherWholeNorErased", resalted, journal.ErrDamaged},
		{"KindTooLong", long, journal.ErrDamaged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db := open(t)
			copied := journal.New(kiosk, life, "copy")
			err := db.Update(func(tx *bolt.Tx) error {
				return errors.Join(copied.Put(tx, changes[0]), copied.Put(tx, changes[1]))
			})
			if err != nil {
				t.Fatal(err)
			}
			err = db.Update(func(tx *bolt.Tx) error { return copied.Put(tx, tt.change) })
			if !errors.Is(err, tt.want) {
				t.Errorf("Put = %v, want %v", err, tt.want)
			}
			if got := verify(t, db, copied); !got.OK() || got.Last.Seq != 2 {
				t.Errorf("Verify = %+v, want the two entries from before", got)
			}
		})
	}
}

// P10: the content goes, the proof of order stays, and a copy made afterwards
// verifies as well.
func TestErase(t *testing.T) {
	db := open(t)
	j := journal.New(kiosk, life, "journal")
	fill(t, db, j, 5)
	before := read(t, db, j, 0, 10)
	for range 2 {
		if err := db.Update(func(tx *bolt.Tx) error { return j.Erase(tx, 3) }); err != nil {
			t.Fatal(err)
		}
	}
	after := read(t, db, j, 0, 10)
	want := before[2]
	want.Payload, want.Salt = nil, nil
	if !reflect.DeepEqual(after[2], want) || !after[2].Erased() {
		t.Errorf("entry 3 = %+v, want it without content, %+v", after[2], want)
	}
	fill(t, db, j, 1)
	report := verify(t, db, j)
	if !report.OK() || report.Verified != 6 || report.Erased != 1 || report.Readable != 6 {
		t.Errorf("Verify = %+v, want six in order and one erased", report)
	}
	copied := journal.New(kiosk, life, "copy")
	err := db.Update(func(tx *bolt.Tx) error {
		for _, c := range after {
			if err := copied.Put(tx, c); err != nil {
				return err
			}
		}
		return copied.Put(tx, before[2]) // a late whole repeat does not bring it back
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, db, copied, 2, 1); !got[0].Erased() {
		t.Errorf("a repeat brought the content back: %+v", got)
	}
	for _, seq := range []uint64{0, 7} {
		if err := db.Update(func(tx *bolt.Tx) error { return j.Erase(tx, seq) }); !errors.Is(err, journal.ErrNoEntry) {
			t.Errorf("Erase(%d) = %v, want ErrNoEntry", seq, err)
		}
	}
	nothing := journal.New(kiosk, life, "never", "written")
	if err := db.Update(func(tx *bolt.Tx) error { return nothing.Erase(tx, 1) }); !errors.Is(err, journal.ErrNoEntry) {
		t.Errorf("Erase in an empty journal = %v, want ErrNoEntry", err)
	}
}

func TestNew_RefusesAProgrammersMistake(t *testing.T) {
	for name, try := range map[string]func(){
		"NoPath":    func() { journal.New(kiosk, life) },
		"EmptyName": func() { journal.New(kiosk, life, "copies", "") },
		"NoNode":    func() { journal.New("", life, "journal") },
		"NoEpoch":   func() { journal.New(kiosk, "", "journal") },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("New accepts it")
				}
			}()
			try()
		})
	}
}
