package store_test

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// A full disk is an answer: what was told saved stays, what was refused leaves
// nothing behind, and with room again the kiosk goes on (P1, P9).
func TestAdd_DiskFull(t *testing.T) {
	t.Run("FileMayNotGrow", func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir)
		var old syscall.Rlimit
		if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			t.Fatal(err)
		}
		allow := func(bytes uint64) {
			if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: old.Max}); err != nil {
				t.Fatal(err)
			}
		}
		allow(300 << 10)
		defer allow(old.Cur)
		fillUp(t, s, func() { allow(old.Cur) })
	})
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Logf("no small disk to fill (%v): mounting one needs root", err)
		return
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	t.Run("SmallDisk", func(t *testing.T) {
		ballast := filepath.Join(dir, "ballast")
		if err := os.WriteFile(ballast, make([]byte, 600<<10), 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(t, filepath.Join(dir, "data"))
		err := fillUp(t, s, func() {
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
		})
		if fault.CodeOf(err) != fault.StorageFull {
			t.Errorf("Add on a full disk = %v, want storage full", err)
		}
	})
}

// fillUp adds until the disk refuses, makes room and goes on. It returns the
// refusal.
func fillUp(t *testing.T, s *store.Store, room func()) error {
	t.Helper()
	var kept []kiosk.Entry
	var refused error
	const most = 5000 // far more than fits
	for range most {
		e, _, err := s.Add(context.Background(), "", entry(t, s), record.Tally{})
		if err != nil {
			refused = err
			break
		}
		kept = append(kept, e)
	}
	if refused == nil || len(kept) == 0 {
		t.Fatalf("%d kept, refused with %v", len(kept), refused)
	}
	if e, _, err := s.Add(context.Background(), "", entry(t, s), record.Tally{}); err == nil {
		kept = append(kept, e) // into pages that the refused one had meant to replace
	}
	if got, want := last(t, s), uint64(2*len(kept)); got != want {
		t.Errorf("journal has %d entries, want %d", got, want)
	}
	report, err := s.Check(context.Background())
	if err != nil || !report.OK {
		t.Errorf("check on a full disk = %+v, %v", report, err)
	}
	room()
	kept = append(kept, add(t, s, ""))
	for _, e := range kept {
		if _, err := s.Find(context.Background(), e.Registration.ID); err != nil {
			t.Errorf("%s: %v", e.Registration.ID, err)
		}
	}
	return refused
}
