package store

import (
	"errors"
	"slices"
	"time"

	"hallpass/sync/hall/store/intake"
)

// spacing is the least time between two writes of the log: at a few thousand
// batches a second a sync for each would cost more than what is in them.
const spacing = time.Millisecond

// logger logs groups until stop is closed, and then the last ones.
func (s *Store) logger(stop <-chan struct{}) {
	last := time.Time{}
	for {
		select {
		case <-s.flow.toLog:
			if rest := spacing - time.Since(last); rest > 0 {
				<-time.After(rest)
			}
		case <-stop:
			for s.logNext() {
			}
			return
		}
		if s.logNext() {
			signal(s.flow.toLog)
		}
		last = time.Now()
	}
}

// logNext logs the oldest group, false if there is none. What gathers meanwhile
// is the next one.
func (s *Store) logNext() bool {
	s.logging.Lock()
	defer s.logging.Unlock()
	f := s.flow
	f.mu.Lock()
	g, mended := f.take(), f.mended
	f.mended = 0
	f.mu.Unlock()
	if mended > 0 {
		s.log.Mend(mended)
	}
	if g == nil {
		return false
	}
	g.begun = time.Now()
	err := s.writeWhole(g)
	g.saved = time.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.flight, g.bodies = nil, nil
	f.syncs++
	if err != nil {
		f.fail(g, err)
		return true
	}
	f.backlog, f.logged = append(f.backlog, g), g.number
	close(g.done)
	f.at("acked")
	signal(f.toApply)
	return true
}

// take returns the group to be logged next. The caller holds mu.
func (f *flow) take() (g *group) {
	switch {
	case len(f.queue) > 0:
		g, f.queue = f.queue[0], f.queue[1:]
	case f.next.size > 0:
		g = f.next
		f.next = newGroup(g.number + 1)
	}
	f.flight = g
	return g
}

// writeWhole writes a group to the log, once there is room in it: the file has
// come closer, or it never will and the group fails.
func (s *Store) writeWhole(g *group) error {
	f := s.flow
	for {
		f.mu.Lock()
		moved, trouble := f.moved, f.trouble // before the try, so that no room made meanwhile is missed
		f.mu.Unlock()
		err := s.log.Write(g.number, g.bodies)
		if !errors.Is(err, intake.ErrFull) || trouble != nil {
			return err
		}
		<-moved
	}
}

// fail gives up a group that could not be logged, and with it all that were to
// follow it, as if they had never come. The caller holds mu.
func (f *flow) fail(g *group, err error) {
	f.broken = true
	lost := append([]*group{g}, f.queue...)
	if f.next.size > 0 {
		lost = append(lost, f.next)
		f.next = newGroup(f.next.number + 1)
	}
	f.queue = nil
	for _, g := range slices.Backward(lost) {
		for _, p := range slices.Backward(g.parts) {
			p.tail.end = p.before
			p.tail.groups--
			f.pending.add(p.batch, -1)
		}
		f.held, f.bytes = f.held-g.size, f.bytes-g.bytes
		g.err = err
		close(g.done)
	}
	signal(f.toApply) // for tasks that came after them
}
