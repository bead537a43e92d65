package redo_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
)

const wal = name + ".wal"

// ends returns where the frames of a log end, read as doc.go describes them.
func ends(t *testing.T, log []byte) (ends []int) {
	t.Helper()
	for at := 0; at+32 <= len(log) && string(log[at:at+4]) == "HPW1"; {
		at += (32 + int(binary.LittleEndian.Uint64(log[at+8:])) + 7) / 8 * 8
		ends = append(ends, at)
	}
	return ends
}

// P1: a power cut in the middle of a write, wherever it tears it, leaves the
// saves before; the torn one was told to nobody. The log goes on after it.
func TestOpen_TornAtEveryByte_P1(t *testing.T) {
	dir := folder(t)
	d := open(t, dir, redo.Options{})
	const saves = 5
	fill(t, d, 0, saves)
	sound := bytesOf(t, crashed(t, dir), wal)
	frames := ends(t, sound)
	if len(frames) != saves {
		t.Fatalf("%d frames, want %d", len(frames), saves)
	}
	begin, end := frames[saves-2], frames[saves-1]
	padding := begin + 32 + int(binary.LittleEndian.Uint64(sound[begin+8:]))
	random := rand.New(rand.NewPCG(1, 2))
	for cut := begin; cut < end; cut++ {
		torn := bytes.Clone(sound)
		switch cut % 3 {
		case 0: // the file was not written on
			torn = torn[:cut]
		case 1: // the rest is still what it was
			clear(torn[cut:])
		case 2: // the rest is anything
			for i := cut; i < end; i++ {
				torn[i] ^= byte(1 + random.IntN(255))
			}
		}
		kept := saves - 1
		if cut >= padding {
			kept = saves // nothing was torn
		}
		after := crashed(t, dir)
		write(t, after, wal, torn)
		d := open(t, after, redo.Options{})
		want(t, d, kept)
		fill(t, d, kept, saves+2)
		want(t, open(t, crashed(t, after), redo.Options{}), saves+2)
	}
}

// A log that began anew over an older one: what is left of that is nothing.
func TestOpen_OlderFramesBehindTheEnd(t *testing.T) {
	dir := folder(t)
	d := open(t, dir, redo.Options{})
	fill(t, d, 0, 8)
	if err := d.Update(func(*bolt.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	want(t, open(t, crashed(t, dir), redo.Options{}), 8)
	for n := 8; n < 20; n++ {
		put(t, d, "long", string(bytes.Repeat([]byte{'x'}, n*7)))
		fill(t, d, n, n+1)
		cut := open(t, crashed(t, dir), redo.Options{})
		if got := all(t, cut); len(got) != n+2 {
			t.Errorf("%d lines, want %d", len(got), n+2)
		}
	}
}

// A log whose disk has lost what it had is refused, not taken for a torn one:
// acknowledged saves stand behind the damage (P9).
func TestOpen_DamagedLog(t *testing.T) {
	dir := folder(t)
	d := open(t, dir, redo.Options{})
	fill(t, d, 0, 6)
	sound := bytesOf(t, crashed(t, dir), wal)
	frames := ends(t, sound)
	for i, end := range frames[:len(frames)-1] {
		bad := bytes.Clone(sound)
		bad[end-20] ^= 0x40
		after := crashed(t, dir)
		write(t, after, wal, bad)
		if d, err := redo.Open(filepath.Join(after, name), redo.Options{}); !errors.Is(err, redo.ErrDamaged) {
			t.Errorf("frame %d is damaged: %v, %v", i+1, d, err)
		}
		if !bytes.Equal(bytesOf(t, after, wal), bad) {
			t.Error("the damaged log was changed")
		}
	}
}

// A log beside another file, or beside a file from before the log began, is
// refused; a file from since then takes it.
func TestOpen_LogOfAnotherFile(t *testing.T) {
	dir := folder(t)
	d := open(t, dir, redo.Options{})
	early := crashed(t, dir)
	fill(t, d, 0, 3)
	settled := crashed(t, dir)
	if err := d.Update(func(*bolt.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	fill(t, d, 3, 6)
	late := bytesOf(t, crashed(t, dir), wal)
	other := folder(t)
	shut(t, open(t, other, redo.Options{}))
	for what, from := range map[string]string{"another file": other, "an earlier copy": early, "a new file": folder(t)} {
		write(t, from, wal, late)
		if d, err := redo.Open(filepath.Join(from, name), redo.Options{}); !errors.Is(err, redo.ErrForeign) {
			t.Errorf("%s: %v, %v", what, d, err)
		}
	}
	for _, s := range []string{settled} { // its own log was not overwritten when it was copied
		want(t, open(t, s, redo.Options{}), 3)
	}
}

// P9, P12: looking at a file that was not closed sees what its log holds and
// leaves every byte.
func TestLook_LeavesEverything(t *testing.T) {
	dir := folder(t)
	d := open(t, dir, redo.Options{})
	fill(t, d, 0, 4)
	closed, cut := folder(t), crashed(t, dir)
	shut(t, d)
	write(t, closed, name, bytesOf(t, dir, name))
	for _, c := range []struct {
		dir  string
		seen int
	}{{cut, 4}, {closed, 4}} {
		before := bytesOf(t, c.dir, name)
		d, err := redo.Look(filepath.Join(c.dir, name), redo.Options{})
		if err != nil {
			t.Fatal(err)
		}
		want(t, d, c.seen)
		for what, alter := range map[string]func() error{
			"Save":   func() error { return d.Save(func(tx *redo.Tx) error { return tx.Put(things, []byte("k"), nil) }) },
			"Later":  func() error { return d.Later(func(tx *redo.Tx) error { return tx.Put(things, []byte("k"), nil) }) },
			"Update": func() error { return d.Update(func(tx *bolt.Tx) error { return tx.DeleteBucket(things) }) },
		} {
			if err := alter(); !errors.Is(err, redo.ErrLooking) {
				t.Errorf("%s = %v", what, err)
			}
		}
		shut(t, d)
		if !bytes.Equal(bytesOf(t, c.dir, name), before) {
			t.Error("the file was changed")
		}
		want(t, open(t, c.dir, redo.Options{}), c.seen)
	}
}

// What was logged is not found on the disk after a Scrub (P10).
func TestScrub(t *testing.T) {
	dir := folder(t)
	d := open(t, dir, redo.Options{})
	fill(t, d, 0, 3)
	if log := bytesOf(t, dir, wal); !bytes.Contains(log, []byte("of a visitor")) {
		t.Fatal("the log does not hold what was saved")
	}
	if err := d.Scrub(); err != nil {
		t.Fatal(err)
	}
	if log := bytesOf(t, dir, wal); bytes.Contains(log, []byte("of a visitor")) {
		t.Error("the log still holds what was saved")
	}
	fill(t, d, 3, 5)
	want(t, open(t, crashed(t, dir), redo.Options{}), 5)
}
