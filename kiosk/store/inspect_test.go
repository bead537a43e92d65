package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hallpass/kiosk/store"
)

// kept returns a folder with some registrations in a closed file, and its bytes.
func kept(t *testing.T) (dir string, file []byte) {
	t.Helper()
	dir = t.TempDir()
	s, err := store.Open(dir, store.Options{Show: sampleShow("lumen-2027")})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		add(t, s, "")
	}
	shut(t, s)
	file, err = os.ReadFile(filepath.Join(dir, "kiosk.db"))
	if err != nil {
		t.Fatal(err)
	}
	return dir, file
}

// P9, P12: checking a folder leaves every byte of it as it was.
func TestInspect_TouchesNothing(t *testing.T) {
	dir, file := kept(t)
	r, err := store.Inspect(t.Context(), dir)
	if err != nil || !r.OK || r.Facts != 40 || !r.Verified {
		t.Errorf("Inspect = %+v, %v, want 40 facts in order", r, err)
	}
	after, err := os.ReadFile(filepath.Join(dir, "kiosk.db"))
	if err != nil || !bytes.Equal(file, after) {
		t.Errorf("the file was changed, %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "kiosk.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Inspect(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "no kiosk's data here") {
		t.Errorf("empty file: %v, want a sentence", err)
	}
	if info, err := os.Stat(filepath.Join(dir, "kiosk.db")); err != nil || info.Size() != 0 {
		t.Errorf("a kiosk was made in an empty file, %v", err)
	}
}

// P9: a file cut short or with a torn page is answered with a sentence, by a
// check and by a start; the program does not go down with a trace.
func TestInspect_Damaged(t *testing.T) {
	page := os.Getpagesize()
	_, whole := kept(t)
	for name, spoil := range map[string]func([]byte) []byte{
		"CutAfterMeta":  func(b []byte) []byte { return b[:2*page] },
		"CutInTheHalf":  func(b []byte) []byte { return b[:len(b)/page/4*page] },
		"EveryPageTorn": func(b []byte) []byte { return append(b[:2*page:2*page], bytes.Repeat([]byte{0x5A}, len(b)-2*page)...) },
	} {
		t.Run(name, func(t *testing.T) {
			dir, _ := kept(t)
			if err := os.WriteFile(filepath.Join(dir, "kiosk.db"), spoil(bytes.Clone(whole)), 0o600); err != nil {
				t.Fatal(err)
			}
			if r, err := store.Inspect(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "is damaged; put back a backup") {
				t.Errorf("Inspect = %+v, %v, want a sentence", r, err)
			}
			if _, err := store.Open(dir, store.Options{}); err == nil || !strings.Contains(err.Error(), "is damaged; put back a backup") {
				t.Errorf("Open = %v, want a sentence", err)
			}
		})
	}
}
