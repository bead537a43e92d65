package store

import "time"

// What is acknowledged may wait a little for more, in proportion to what the
// last transaction took: its cost hardly depends on how much is in it, and nobody
// waits. Whoever wants to read, or has something to write, ends the wait.
const (
	leastLinger = 100 * time.Millisecond
	mostLinger  = 500 * time.Millisecond
	lingerParts = 4
)

// Between two transactions the disk is left to the log, for in proportion to what
// the last one took: each writes some pages of every index, however little is in
// it, and acknowledgements wait meanwhile. Who reads or scans waits that much
// longer, with others that come. Not in a flood, when the log is about to be full.
const (
	restParts = 2
	mostRest  = 40 * time.Millisecond
)

// rest returns when it is time, or at once if there is a flood or nobody has been
// acknowledged lately.
func (s *Store) rest(until time.Time, logged uint64, stop <-chan struct{}) {
	left := time.Until(until)
	if left <= 0 || !s.flow.steady(logged) {
		return
	}
	up := time.NewTimer(left)
	defer up.Stop()
	for s.flow.steady(logged) {
		select {
		case <-s.flow.toApply:
		case <-up.C:
			return
		case <-stop:
			return
		}
	}
}

// steady reports whether kiosks are acknowledged, since a frame of the log, and
// the log has room.
func (f *flow) steady(logged uint64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.held < f.limits.changes/2 && !f.broken && (f.logged > logged || f.flight != nil || f.next.size > 0)
}

func (f *flow) loggedNow() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.logged
}

// gather returns when there is enough to do, somebody waits, or time is up.
func (s *Store) gather(linger time.Duration, stop <-chan struct{}) {
	up := time.NewTimer(linger)
	defer up.Stop()
	for !s.flow.pressing() {
		select {
		case <-s.flow.toApply:
		case <-up.C:
			return
		case <-stop:
			return
		}
	}
}

// pressing reports whether the applier is to begin now.
func (f *flow) pressing() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.tasks) > 0 || len(f.readers) > 0 || f.held >= f.limits.changes/2 || f.broken
}
