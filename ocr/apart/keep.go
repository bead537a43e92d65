package apart

import (
	"context"
	"time"
)

const (
	// startLimit is for loading the models from a cold disk on a busy machine;
	// it takes half a second otherwise.
	startLimit = 30 * time.Second
	// maxPause bounds how long nothing is tried while no child starts.
	maxPause = 30 * time.Second
	// firstPause follows the second failure in a row: the first is tried again
	// at once.
	firstPause = 250 * time.Millisecond
	// settledAge is how old a child must be, unless it has read a card, for its
	// end not to count as a failure to start.
	settledAge = 10 * time.Second
	// telling is after how many failures in a row visitors are told.
	telling = 3
)

// put makes c the child that reads; nil while there is none.
func (r *Reader) put(c *child) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.child = c
	if c != nil {
		r.failing = false
	}
	r.tell()
}

// tell wakes who waits for a change; the caller holds mu.
func (r *Reader) tell() {
	close(r.changed)
	r.changed = make(chan struct{})
}

// drop forgets a child that has gone, unless it is replaced already.
func (r *Reader) drop(c *child) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.child == c {
		r.child = nil
		r.tell()
	}
}

// keep has one child running until ctx ends.
func (r *Reader) keep(ctx context.Context, c *child) {
	defer close(r.over)
	for failures := 0; ; {
		next, ok := r.mind(ctx, c)
		if !ok {
			return
		}
		if next != nil {
			c = next
			continue
		}
		r.ended(c)
		if time.Since(c.born) > settledAge || c.answered() > 0 {
			failures = 0
		} else {
			failures++
		}
		if c = r.another(ctx, failures); c == nil {
			return
		}
	}
}

// mind waits for the end of a child. It returns its successor if it made room
// for one, nil if it ended unasked, and false when there shall be no more.
func (r *Reader) mind(ctx context.Context, c *child) (next *child, ok bool) {
	look := time.NewTicker(watchIdle)
	defer look.Stop()
	for {
		select {
		case <-c.dead:
			return nil, ctx.Err() == nil
		case <-ctx.Done():
			c.retire()
			r.drop(c)
			return nil, false
		case <-look.C:
			if c.answered() < r.o.Cards {
				continue
			}
			if next := r.renew(ctx, c); next != nil {
				return next, true
			}
		}
	}
}

// renew starts a successor, lets it take over and ends the old child once its
// pictures are read. A successor that does not start leaves all as it is.
func (r *Reader) renew(ctx context.Context, old *child) *child {
	next, err := begin(ctx, r.o)
	if err != nil {
		r.o.Log.Warn("card reader was not renewed", "err", err)
		old.forgive()
		return nil
	}
	r.put(next)
	r.mu.Lock()
	r.stats.Renewed++
	r.mu.Unlock()
	old.retire()
	r.o.Log.Debug("card reader renewed", "cards", old.answered())
	return next
}

// ended notes a child that nobody asked to end.
func (r *Reader) ended(c *child) {
	r.drop(c)
	r.mu.Lock()
	r.stats.Restarts++
	n := r.stats.Restarts
	r.mu.Unlock()
	r.o.Log.Warn("card reader ended; starting it again", "why", c.why(), "cards", c.answered(),
		"after", time.Since(c.born).Round(time.Millisecond), "mb", c.memory()>>20, "restarts", n)
}

// another starts a child, again and again with growing pauses; nil when ctx
// ends first.
func (r *Reader) another(ctx context.Context, failures int) *child {
	for ctx.Err() == nil {
		if failures > 0 {
			wait := min(maxPause, firstPause<<min(failures-1, 8))
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return nil
			}
		}
		c, err := begin(ctx, r.o)
		if err == nil {
			r.put(c)
			return c
		}
		if ctx.Err() != nil {
			return nil
		}
		failures++
		r.o.Log.Error("card reader does not start; it is tried again", "err", err, "failures", failures)
		r.mu.Lock()
		if failures >= telling && !r.failing {
			r.failing = true
			r.tell()
		}
		r.mu.Unlock()
	}
	return nil
}

// junk counts a line that a native library printed.
func (r *Reader) junk(bytes int) {
	r.mu.Lock()
	r.stats.Chatter++
	r.mu.Unlock()
	r.o.Log.Debug("card reader's library printed a line", "bytes", bytes)
}
