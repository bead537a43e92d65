package redo_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
)

// A copy knows that it is one until it was adopted, also when the first attempt
// fails; restarts, a new name and compacting leave a file at home.
func TestMoved(t *testing.T) {
	dir := folder(t)
	d := open(t, dir, redo.Options{})
	moved := func(what string, d *redo.DB, want bool) {
		t.Helper()
		if got := d.Moved(); got != want {
			t.Errorf("%s: moved = %v, want %v", what, got, want)
		}
	}
	fill(t, d, 0, 3)
	moved("made here", d, false)
	copied := crashed(t, dir)
	if err := d.Compact(); err != nil {
		t.Fatal(err)
	}
	shut(t, d)
	if err := os.Rename(filepath.Join(dir, name), filepath.Join(dir, "new")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "new"), filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
	d = open(t, dir, redo.Options{})
	moved("compacted, opened again", d, false)
	want(t, d, 3)

	c := open(t, copied, redo.Options{})
	moved("a copy", c, true)
	refused := errors.New("refused")
	if err := c.Adopt(func(*bolt.Tx) error { return refused }); !errors.Is(err, refused) {
		t.Errorf("Adopt = %v", err)
	}
	fill(t, c, 3, 5)
	shut(t, c)
	c = open(t, copied, redo.Options{})
	moved("a copy that was not adopted", c, true)
	want(t, c, 5)
	if err := c.Adopt(func(*bolt.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	moved("adopted", c, false)
	shut(t, c)
	c = open(t, copied, redo.Options{})
	moved("adopted, opened again", c, false)
}
