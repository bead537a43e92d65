package hall

import (
	"context"
	"sync"
	"time"
)

// Pushed pictures: at most five a second, so that a rush at the entrance does
// not become a rush at the dashboards; at least one in ten seconds, so that the
// curve moves on while nothing happens.
const (
	liveGap  = 200 * time.Millisecond
	liveIdle = 10 * time.Second
)

// live hands the newest picture to whoever watches. A slow watcher misses
// pictures and never holds up the others.
type live struct {
	dirty chan struct{} // holds one

	mu       sync.Mutex // guards all below
	watchers map[chan Stats]struct{}
	closed   bool
}

func newLive() *live {
	return &live{dirty: make(chan struct{}, 1), watchers: map[chan Stats]struct{}{}}
}

// touch says that a number has changed; it never waits.
func (l *live) touch() {
	select {
	case l.dirty <- struct{}{}:
	default:
	}
}

// run pushes pictures until ctx ends.
func (l *live) run(ctx context.Context, picture func() Stats) {
	idle := time.NewTicker(liveIdle)
	defer idle.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.dirty:
		case <-idle.C:
		}
		l.push(picture())
		select {
		case <-ctx.Done():
			return
		case <-time.After(liveGap):
		}
	}
}

func (l *live) push(s Stats) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for w := range l.watchers {
		offer(w, s)
	}
}

// offer puts s in place of what the watcher has not taken yet. Only holders of
// mu send, so there is room after the old one is out.
func offer(w chan Stats, s Stats) {
	select {
	case <-w:
	default:
	}
	w <- s
}

func (l *live) add(first Stats) chan Stats {
	w := make(chan Stats, 1)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		close(w)
		return w
	}
	w <- first
	l.watchers[w] = struct{}{}
	return w
}

func (l *live) remove(w chan Stats) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.watchers, w)
}

// close ends all watchers' channels and lets no new one in.
func (l *live) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for w := range l.watchers {
		close(w)
		delete(l.watchers, w)
	}
}
