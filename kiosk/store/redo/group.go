package redo

import (
	"errors"
	"slices"
)

// group is saves that become durable together.
type group struct {
	lines  []byte
	before []change      // what they altered, oldest first
	must   bool          // somebody waits for it, or told others
	asked  []*request    // to be answered with it
	done   chan struct{} // closed when err is set
	err    error
}

func newGroup() *group { return &group{done: make(chan struct{})} }

// following is the group after one, with room that another needs no more.
func (d *DB) following() *group {
	g := newGroup()
	g.lines, g.before = d.spare.lines, d.spare.before
	d.spare = group{}
	return g
}

// spares keeps the room of a group that is done with, unless it is unusually much.
func (d *DB) spares(g *group) {
	if cap(g.lines) <= most {
		clear(g.before)
		d.spare.lines, d.spare.before = g.lines[:0], g.before[:0]
	}
}

func (g *group) finish(err error) {
	g.err = err
	close(g.done)
	for _, r := range g.asked {
		r.finish(err)
	}
}

func (g *group) finished() bool {
	select {
	case <-g.done:
		return true
	default:
		return false
	}
}

// pending is the group that has to be durable before anybody may tell what was
// saved; nil if all of it is. The caller holds mu.
func (d *DB) pending() *group {
	if d.next.must {
		return d.next
	}
	for _, g := range slices.Backward(d.flights) {
		if g.must {
			return g
		}
	}
	return nil
}

// await returns once the group is durable; the first who comes writes it, with
// all that has been added to it by then.
func (d *DB) await(g *group) error {
	for {
		select {
		case <-g.done:
			return g.err
		case d.busy <- struct{}{}:
		}
		room := g.finished() || d.flush()
		<-d.busy
		if !room {
			_ = d.bring(true) // whom it concerns is told
		}
	}
}

// flush writes the next group to the log. It answers false if the log has no room
// for it: only settle ends its flight then. The caller holds busy.
func (d *DB) flush() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.flights) > 0 {
		return false
	}
	d.weight += len(d.next.lines)
	d.flights, d.next = append(d.flights, d.next), d.following()
	if d.weight > d.log.most/parts {
		d.freeze()
	}
	return d.land()
}

// land writes the groups in flight to the log, and answers false if it has no
// room for one. The caller holds busy and mu, and mu not while it writes.
func (d *DB) land() bool {
	for len(d.flights) > 0 {
		g := d.flights[0]
		d.mu.Unlock()
		err := d.log.write(g.lines)
		d.mu.Lock()
		switch {
		case errors.Is(err, errNoRoom):
			return false
		case err != nil:
			d.drop(err)
		default:
			d.flights = slices.Delete(d.flights, 0, 1)
			d.spares(g)
			d.mu.Unlock() // so that they go on at once
			g.finish(nil)
			d.mu.Lock()
		}
	}
	end := d.log.end()
	for i := range d.frozen {
		if c := &d.frozen[i]; !c.logged {
			c.to, c.logged = end, true
		}
	}
	if d.crowded() {
		signal(d.hurry)
	}
	return true
}

// drop takes back all that is not durable: one cannot be, and the others have seen
// it. The caller holds busy and mu.
func (d *DB) drop(err error) {
	gone := append(d.flights, d.next)
	d.flights, d.next, d.memo = nil, newGroup(), nil
	for _, g := range slices.Backward(gone) {
		undo(g.before)
	}
	for _, g := range gone {
		g.finish(err)
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
