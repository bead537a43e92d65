package store_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hallpass/kiosk/store"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Nothing is wiped but by the word of the kiosk's own hall about this kiosk.
func TestCondemn_OnlyByTheHallsWord(t *testing.T) {
	dir, h, other := t.TempDir(), newHall(), newHall()
	s := open(t, dir)
	add(t, s, "")
	now := time.Now()
	other.key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{43}, 32))
	word := h.revocation(h.node, now, false).Statement
	if believed, err := s.Condemn(t.Context(), word); believed || err != nil {
		t.Errorf("a kiosk without a hall: %v, %v", believed, err)
	}
	h.pair(t, s)
	for name, text := range map[string]string{
		"nothing": "", "another hall's": other.revocation(h.node, now, false).Statement, "cut": word[:len(word)-1],
		"another kiosk's": h.revocation(record.NewID[record.NodeID](now), now, true).Statement,
		"a certificate":   h.certify(record.Key{Public: identity(s)}, now).Certificate.Value,
	} {
		if believed, err := s.Condemn(t.Context(), text); believed || err != nil {
			t.Errorf("%s: %v, %v", name, believed, err)
		}
	}
	if err := store.Wipe(dir); err != nil {
		t.Error(err)
	}
	if _, err := s.Find(t.Context(), "nobody"); fault.CodeOf(err) != fault.NotFound {
		t.Fatalf("the folder of a kiosk in service is gone: %v", err)
	}
	if believed, err := s.Condemn(t.Context(), word); !believed || err != nil {
		t.Fatalf("the hall's word: %v, %v", believed, err)
	}
	if _, err := store.Open(dir, store.Options{Wait: 20 * time.Millisecond}); err == nil || errors.Is(err, store.ErrRevoked) {
		t.Errorf("a second process opens it: %v, want that it is locked", err)
	}
	shut(t, s)
	if err := store.Wipe(dir); err != nil {
		t.Fatal(err)
	}
	wantWiped(t, dir)
}

func wantWiped(t testing.TB, dir string) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	hidden, err2 := filepath.Glob(filepath.Join(dir, ".*"))
	if err := errors.Join(err, err2); err != nil || len(left) != 1 || filepath.Base(left[0]) != "revoked.json" || len(hidden) != 0 {
		t.Errorf("left: %v %v, %v", left, hidden, err)
	}
	if _, err := store.Open(dir, store.Options{}); !errors.Is(err, store.ErrRevoked) {
		t.Errorf("Open = %v, want that it is out of service", err)
	}
	if _, err := store.Inspect(t.Context(), dir); !errors.Is(err, store.ErrRevoked) {
		t.Errorf("Inspect = %v, want that it is out of service", err)
	}
}

// Whatever a power cut left of a wipe, the next start ends it.
func TestOpen_FinishesAWipe(t *testing.T) {
	files := []string{"kiosk.key", "badge.key", "kiosk.db", ".badge.key.part"}
	for gone := range 1 << len(files) {
		dir := t.TempDir()
		s, h := open(t, dir), newHall()
		h.pair(t, s)
		add(t, s, "")
		if err := s.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.tell(t, s, h.certify(said(t, s)[0], time.Now()))
		if believed, err := s.Condemn(t.Context(), h.revocation(h.node, time.Now(), true).Statement); !believed || err != nil {
			t.Fatal(believed, err)
		}
		shut(t, s)
		write(t, dir, ".badge.key.part", "half a key")
		for i, name := range files {
			switch {
			case gone>>i&1 == 1:
				if err := os.Remove(filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
			case gone == 0 && name == "kiosk.db": // emptied, not yet removed
				write(t, dir, name, "")
			}
		}
		if _, err := store.Open(dir, store.Options{}); !errors.Is(err, store.ErrRevoked) {
			t.Fatalf("Open = %v", err)
		}
		wantWiped(t, dir)
	}
}
