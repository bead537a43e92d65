package redo_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
)

var things = []byte("things")

const name = "kiosk.db"

// folder is a new folder, in memory where there is such a disk: what is tested
// here does not depend on how long a disk takes.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "redo")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// open opens the file in a folder, makes the bucket, and checks the file when
// the test ends.
func open(t testing.TB, dir string, o redo.Options) *redo.DB {
	t.Helper()
	if o.Wait == 0 {
		o.Wait = time.Second
	}
	if o.Idle == 0 {
		o.Idle = time.Hour // the test says when
	}
	d, err := redo.Open(filepath.Join(dir, name), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, d) })
	err = d.Update(func(tx *bolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(things)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// shut checks and closes; a file that is closed already is left alone.
func shut(t testing.TB, d *redo.DB) {
	t.Helper()
	err := d.Pages(func(err error) { t.Errorf("the file: %v", err) })
	if err == nil {
		err = d.Close()
	}
	if err != nil && !errors.Is(err, redo.ErrClosed) {
		t.Error(err)
	}
}

func put(t testing.TB, d *redo.DB, key, value string) {
	t.Helper()
	if err := d.Save(func(tx *redo.Tx) error { return tx.Put(things, []byte(key), []byte(value)) }); err != nil {
		t.Fatal(err)
	}
}

func line(i int) (key, value string) {
	return fmt.Sprintf("key %04d", i), fmt.Sprintf("value %d of a visitor", i)
}

// fill puts lines from a number up to another.
func fill(t testing.TB, d *redo.DB, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		k, v := line(i)
		put(t, d, k, v)
	}
}

func all(t testing.TB, d *redo.DB) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := d.View(func(tx *redo.Reader) error {
		clear(out)
		return tx.Bucket(things).ForEach(func(k, v []byte) error {
			out[string(k)] = string(v)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// want compares the file's lines with the first n.
func want(t testing.TB, d *redo.DB, n int) {
	t.Helper()
	wanted := map[string]string{}
	for i := range n {
		k, v := line(i)
		wanted[k] = v
	}
	if got := all(t, d); !maps.Equal(got, wanted) {
		t.Errorf("%d lines are kept, want %d", len(got), n)
	}
}

// crashed is the folder as a power cut leaves it right now.
func crashed(t testing.TB, dir string) (copied string) {
	t.Helper()
	copied = folder(t)
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return copied
}

func bytesOf(t testing.TB, dir, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t testing.TB, dir, file string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, file), data, 0o600); err != nil {
		t.Fatal(err)
	}
}
