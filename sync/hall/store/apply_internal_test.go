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

// Between transactions the disk is the log's while kiosks are acknowledged, and
// only then; a flood ends the rest.
func TestApply_RestsWhileKiosksAreAcknowledged(t *testing.T) {
	f := newFlow(7, nil)
	s, soon := &Store{flow: f}, time.Now().Add(time.Hour)
	s.rest(soon, 7, nil) // nothing was logged lately
	f.logged = 8
	s.rest(time.Now(), 7, nil)
	s.rest(time.Now().Add(time.Millisecond), 7, nil)
	over := make(chan struct{})
	go func() { s.rest(soon, 7, nil); close(over) }()
	signal(f.toApply) // somebody waits, as most of the time
	select {
	case <-over:
		t.Error("who waits ends the rest")
	default:
	}
	f.mu.Lock()
	f.held = f.limits.changes
	f.mu.Unlock()
	for done := false; !done; {
		signal(f.toApply)
		select {
		case <-over:
			done = true
		default:
			runtime.Gosched()
		}
	}
	stop := make(chan struct{})
	close(stop)
	f.held = 0
	s.rest(soon, 7, stop)
}
