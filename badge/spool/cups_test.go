package spool_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"hallpass/badge/spool"
	"hallpass/badge/spool/spooltest"
	"hallpass/badge/spool/virtual"
)

// startServer runs a real CUPS for one test and its parts.
func startServer(t testing.TB) *virtual.CUPS {
	t.Helper()
	dir, err := os.MkdirTemp("", "cups") // t.TempDir is closed to the filters, which are another user's
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if log, err := os.ReadFile(filepath.Join(dir, "log", "error")); t.Failed() && err == nil {
			t.Logf("CUPS said: %s", log[max(0, len(log)-10_000):])
		}
		_ = os.RemoveAll(dir)
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	c, err := virtual.StartCUPS(t.Context(), dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// queued is a printer behind a queue of CUPS.
func queued(t testing.TB, c *virtual.CUPS) (spooltest.Rig, *virtual.Printer) {
	t.Helper()
	v := startPrinter(t)
	uri, err := c.Queue(t.Context(), "Badge"+strconv.Itoa(port(t, v)), v.URI())
	if err != nil {
		t.Fatal(err)
	}
	return spooltest.Rig{
		Open:    func(t testing.TB) spool.Printer { return open(t, uri) },
		Printed: func(t testing.TB) int { return len(pdfs(t, v.Badges())) },
		Raise:   func(t testing.TB, faults ...string) { raise(t, v, faults...) },
	}, v
}
