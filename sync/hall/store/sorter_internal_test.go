package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is sorted, in memory or in many runs, comes out by key, and the values
// of a key in the order in which they came.
func TestSorter(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		s := newSorter(dir)
		s.most = rapid.IntRange(1, 2000).Draw(r, "memory")
		want := map[string][]string{}
		for i := range rapid.IntRange(0, 120).Draw(r, "lines") {
			key := rapid.StringMatching(`[ab]{0,3}`).Draw(r, "key")
			value := fmt.Sprint(i)
			if err := s.add([]byte(key), []byte(value)); err != nil {
				r.Fatal(err)
			}
			want[key] = append(want[key], value)
		}
		last, got := []byte(nil), 0
		err := s.each(func(key []byte, values [][]byte) error {
			if got > 0 && bytes.Compare(last, key) >= 0 {
				r.Fatalf("%q after %q", key, last)
			}
			var texts []string
			for _, v := range values {
				texts = append(texts, string(v))
			}
			if !slices.Equal(texts, want[string(key)]) {
				r.Fatalf("%q has %v, want %v", key, texts, want[string(key)])
			}
			last = bytes.Clone(key)
			got++
			return nil
		})
		if err != nil || got != len(want) || s.close() != nil {
			r.Fatalf("%d keys, %v, want %d", got, err, len(want))
		}
	})
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left on the disk: %v, %v", left, err)
	}
}

// An error ends it and is told: of the caller, and of a folder that is not there.
func TestSorter_Errors(t *testing.T) {
	s, stop := newSorter(t.TempDir()), errors.New("enough")
	for i := range 3 {
		if err := s.add(fmt.Append(nil, i), nil); err != nil {
			t.Fatal(err)
		}
	}
	calls := 0
	if err := s.each(func([]byte, [][]byte) error { calls++; return stop }); !errors.Is(err, stop) || calls != 1 {
		t.Errorf("each = %v after %d calls", err, calls)
	}
	s = newSorter("/nowhere/at/all")
	s.most = 1
	if err := s.add([]byte("a"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("add = %v", err)
	}
}
