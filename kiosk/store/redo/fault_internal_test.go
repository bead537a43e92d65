package redo

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

var things = []byte("things")

func opened(t *testing.T, dir string, o Options) *DB {
	t.Helper()
	o.Idle = time.Hour
	d, err := Open(filepath.Join(dir, "kiosk.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil && !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	})
	if err := d.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucketIfNotExists(things); return err }); err != nil {
		t.Fatal(err)
	}
	return d
}

func save(d *DB, i int) error {
	return d.Save(func(tx *Tx) error { return tx.Put(things, fmt.Appendf(nil, "key %05d", i), make([]byte, 300)) })
}

func lines(t *testing.T, d *DB) (n int) {
	t.Helper()
	if err := d.View(func(tx *Reader) error { return tx.Bucket(things).ForEach(func(_, _ []byte) error { n++; return nil }) }); err != nil {
		t.Fatal(err)
	}
	return n
}

// P1, P9: a log that cannot be written any more has the save under way fail,
// with nothing of it left; the next ones go by the file alone and begin a new
// log.
func TestSave_LogBreaks(t *testing.T) {
	dir := t.TempDir()
	d := opened(t, dir, Options{})
	for i := range 5 {
		if err := save(d, i); err != nil {
			t.Fatal(err)
		}
	}
	good := d.log.file
	bad, err := os.Open(good.Name()) // cannot be written
	if err != nil {
		t.Fatal(err)
	}
	d.log.file = bad
	if err := save(d, 5); err == nil {
		t.Error("a save that is nowhere was acknowledged")
	}
	if got := lines(t, d); got != 5 {
		t.Errorf("%d lines after the failure, want 5", got)
	}
	if err := save(d, 6); err != nil || d.log.behind() > 0 {
		t.Errorf("the next save: %v", err)
	}
	d.log.file = good
	if err := bad.Close(); err != nil {
		t.Error(err)
	}
	if err := save(d, 7); err != nil || d.log.behind() == 0 {
		t.Errorf("a save after the disk came back: %v, log of %d bytes", err, d.log.behind())
	}
	if got := lines(t, d); got != 7 {
		t.Errorf("%d lines, want 7", got)
	}
}

// P1: a disk that has no room for the file: saves go on as long as the log has,
// then fail; all that were acknowledged are there after a power cut, while the
// disk is still full, and go into the file once there is room.
func TestSave_DiskFullForTheFile(t *testing.T) {
	dir := t.TempDir()
	d := opened(t, dir, Options{Most: first})
	if err := save(d, 0); err != nil { // the log has its room now
		t.Fatal(err)
	}
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	allow := func(bytes uint64) {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: old.Max}); err != nil {
			t.Fatal(err)
		}
	}
	defer allow(old.Cur)
	allow(first)
	kept, refused := 1, 0
	for i := 1; i < 5000 && refused < 3; i++ {
		if err := save(d, i); err != nil {
			refused++
		} else if refused == 0 {
			kept++
		} else {
			t.Fatalf("save %d succeeds after one that found the disk full", i)
		}
	}
	if refused != 3 || kept < 100 {
		t.Fatalf("%d kept, %d refused", kept, refused)
	}
	if got := lines(t, d); got != kept {
		t.Errorf("%d lines on a full disk, want %d", got, kept)
	}
	cut := t.TempDir()
	allow(old.Cur)
	if err := os.CopyFS(cut, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	allow(first)
	after, err := Open(filepath.Join(cut, "kiosk.db"), Options{Idle: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(t, after); got != kept {
		t.Errorf("%d lines after a power cut, want %d", got, kept)
	}
	allow(old.Cur)
	for _, d := range []*DB{d, after} {
		if err := save(d, 9999); err != nil {
			t.Errorf("with room again: %v", err)
		}
		if got := lines(t, d); got != kept+1 {
			t.Errorf("%d lines with room again, want %d", got, kept+1)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}
