package store

import (
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"hallpass/sync/hall/halltest"
)

// Who reads waits for all that was acknowledged before: it comes in one
// transaction, not in the small ones of somebody who writes.
func TestApply_ReaderWaitsForOneTransaction(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	s, gate := held(t, filepath.Join(t.TempDir(), "hall.db"))
	s.flow.limits.few = 1
	keep(t, s, say(k, 1))
	s.Settle(t.Context())
	gate.close()
	keep(t, s, say(k, 1))
	for range 5 {
		keep(t, s, say(k, 2))
	}
	before := s.Flow().Commits
	read := make(chan int)
	go func() { read <- registered(t, s) }()
	until(t, func() bool {
		s.flow.mu.Lock()
		defer s.flow.mu.Unlock()
		return len(s.flow.readers) == 1
	})
	gate.open()
	if got := <-read; got != 12 {
		t.Errorf("%d registrations are read, want 12", got)
	}
	if got := s.Flow().Commits - before; got > 2 { // the one that was held up may have been without the rest
		t.Errorf("%d transactions, want at most 2", got)
	}
	sound(t, s)
}

// until waits until something is so.
func until(t testing.TB, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !so(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("it does not happen within a minute")
		}
	}
}
