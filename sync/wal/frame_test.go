package wal_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"hallpass/sync/wal"
)

var (
	magic = wal.Magic([]byte("TST1"))
	who   = wal.Identity{1, 2, 3, 4, 5, 6, 7, 8}
)

// logOf is a log of frames with those bodies, from number first on.
func logOf(first uint64, bodies ...[]byte) (log []byte) {
	for i, body := range bodies {
		log = magic.Append(log, who, wal.Frame{Number: first + uint64(i), Body: body})
	}
	return log
}

// A frame stands on the disk as the package's description has it.
func TestAppend_AsDescribed(t *testing.T) {
	got := magic.Append(nil, who, wal.Frame{Number: 7, Body: []byte("three")})
	want := append([]byte("TST1\x00\x00\x00\x00"), 5, 0, 0, 0, 0, 0, 0, 0)
	want = append(append(want, who[:]...), 7, 0, 0, 0, 0, 0, 0, 0)
	want = append(want, "three"...)
	binary.LittleEndian.PutUint32(want[4:], crc32.Checksum(want[8:], crc32.MakeTable(crc32.Castagnoli)))
	want = append(want, 0, 0, 0)
	if !bytes.Equal(got, want) || len(got) != wal.Size([]byte("three")) {
		t.Errorf("a frame is\n%x, want\n%x", got, want)
	}
}

// P1: wherever a log is torn, altered or followed by anything, the frames before
// are read and no other is made up.
func TestFrames_WhateverFollows_P1(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bodies := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 60), 1, 6).Draw(t, "bodies")
		log := logOf(5, bodies...)
		whole := rapid.IntRange(0, len(bodies)-1).Draw(t, "whole")
		end := len(logOf(5, bodies[:whole]...))
		torn := bytes.Clone(log[:end+rapid.IntRange(0, 31+len(bodies[whole])).Draw(t, "torn")])
		torn = append(torn, rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "behind")...)
		found, at, err := magic.Frames(torn, who)
		if err != nil || len(found) < whole || len(found) > whole+1 {
			t.Fatalf("%d frames to byte %d, %v, want %d", len(found), at, err, whole)
		}
		if len(found) > whole && !bytes.Equal(found[whole].Body, bodies[whole]) { // the bytes behind made it whole again
			t.Fatalf("frame %d is %x, want %x", whole, found[whole].Body, bodies[whole])
		}
		for i, f := range found[:whole] {
			if f.Number != 5+uint64(i) || !bytes.Equal(f.Body, bodies[i]) {
				t.Fatalf("frame %d is %+v, want %x", i, f, bodies[i])
			}
		}
	})
}

// A log of another file is none of ours; frames of another behind ours end it.
func TestFrames_OfAnotherFile(t *testing.T) {
	other := magic.Append(nil, wal.Identity{9}, wal.Frame{Number: 2, Body: []byte("theirs")})
	if _, _, err := magic.Frames(other, who); !errors.Is(err, wal.ErrForeign) {
		t.Errorf("another file's log gives %v", err)
	}
	found, end, err := magic.Frames(append(logOf(1, []byte("ours")), other...), who)
	if err != nil || len(found) != 1 || end != wal.Size([]byte("ours")) {
		t.Errorf("%d frames to byte %d, %v, want ours", len(found), end, err)
	}
}

// Stray tells damage in the middle from what an older log has left behind.
func TestStray(t *testing.T) {
	log := logOf(1, []byte("one"), []byte("two"), []byte("three"))
	log[wal.Size([]byte("one"))+33] ^= 1
	found, end, err := magic.Frames(log, who)
	if err != nil || len(found) != 1 {
		t.Fatalf("%d frames, %v, want 1", len(found), err)
	}
	for last, want := range map[uint64]bool{1: true, 2: true, 3: false, 9: false} {
		if got := magic.Stray(log[end:], who, last); got != want {
			t.Errorf("a frame beyond %d: %v, want %v", last, got, want)
		}
	}
	if magic.Stray(log[end:], wal.Identity{9}, 0) || magic.Stray(make([]byte, 100), who, 0) {
		t.Error("a frame is found where there is none of ours")
	}
}

func TestSync(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(logOf(1, []byte("one")))
	if err := errors.Join(err, wal.SyncData(f), wal.SyncFolder(path), f.Close()); err != nil {
		t.Error(err)
	}
	if wal.SyncData(f) == nil || wal.SyncFolder(filepath.Join(path, "no", "folder")) == nil {
		t.Error("what is closed, or not there, is synced")
	}
}
