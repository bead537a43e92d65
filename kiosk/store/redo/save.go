package redo

import (
	"errors"
	"runtime"
)

// request is a save that waits for its turn.
type request struct {
	fn    func(*Tx) error
	taken bool          // somebody runs it, or has; guarded by asking
	done  chan struct{} // closed when the rest is set
	err   error
	panic any  // what fn has panicked with
	gone  bool // fn has ended its goroutine
}

func (r *request) finish(err error) {
	r.err = err
	close(r.done)
}

// Save runs fn and returns once what it put is durable. If fn fails, nothing of
// it is left. Fn waits for nothing and keeps no bytes that it reads; it may run
// in another goroutine than the caller's.
func (d *DB) Save(fn func(*Tx) error) error {
	r := &request{fn: fn, done: make(chan struct{})}
	d.asking.Lock()
	d.asked = append(d.asked, r)
	d.asking.Unlock()
	select {
	case <-r.done:
	case d.turn <- struct{}{}:
		if g := d.serve(r); g != nil {
			_ = d.await(g) // those who are in it are told
		}
		<-r.done
	}
	switch {
	case r.panic != nil:
		panic(r.panic)
	case r.gone:
		runtime.Goexit() // as fn has
	}
	return r.err
}

// serve runs all saves that wait, mine among them, passes the turn on and returns
// the group that the caller has to have written. Two hundred who each ran their
// own would spend their time waking one another.
func (d *DB) serve(mine *request) *group {
	defer func() { <-d.turn }()
	d.asking.Lock()
	if mine.taken {
		d.asking.Unlock()
		return nil
	}
	asked := d.asked
	d.asked = nil
	for _, r := range asked {
		r.taken = true
	}
	d.asking.Unlock()
	d.runAll(asked, mine)
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.pending()
}

// runAll runs saves, each of which may end the goroutine that it runs in: that is
// its own or nobody's.
func (d *DB) runAll(asked []*request, mine *request) {
	if len(asked) == 1 && asked[0] == mine {
		d.runSome(asked, new(int))
		return
	}
	for len(asked) > 0 {
		ran := make(chan int)
		go func() {
			n := 0
			defer func() { ran <- n }()
			d.runSome(asked, &n)
		}()
		asked = asked[<-ran:]
	}
}

// runSome runs saves, and counts those that it has begun.
func (d *DB) runSome(asked []*request, n *int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, end, err := d.reader()
	if err != nil {
		for ; *n < len(asked); *n++ {
			asked[*n].finish(err)
		}
		return
	}
	defer end()
	for *n < len(asked) {
		*n++
		d.run(r, asked[*n-1])
	}
}

// run applies one save and has its group answer it.
func (d *DB) run(from *Reader, r *request) {
	var g *group
	var err error
	func() {
		came := false
		defer func() {
			if r.panic = recover(); r.panic == nil && !came {
				r.gone = true
				r.finish(nil) // nothing behind this runs
			}
		}()
		g, err = d.apply(from, r.fn, true)
		came = true
	}()
	if err != nil || g == nil {
		r.finish(err)
		return
	}
	g.asked = append(g.asked, r)
}

// Later runs fn and returns at once: what it put is seen from now on, and
// durable with the next save or within a second. It is for what may be lost.
func (d *DB) Later(fn func(*Tx) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, end, err := d.reader()
	if err != nil {
		return err
	}
	defer end()
	_, err = d.apply(r, fn, false)
	return err
}

// reader sees what was saved up to now, and every save that comes while the
// caller holds mu.
func (d *DB) reader() (r *Reader, end func(), err error) {
	tx, err := d.bolt.Begin(false)
	if err != nil {
		return nil, nil, err
	}
	r = In(tx)
	r.layers = append(r.layers, d.fresh)
	for i := len(d.frozen) - 1; i >= 0; i-- {
		r.layers = append(r.layers, d.frozen[i].layer)
	}
	return r, func() { _ = tx.Rollback() }, nil // of a read: it cannot fail
}

// apply runs fn and returns the group that it must wait for, nil if it saw and
// did nothing that is not durable. The caller holds mu.
func (d *DB) apply(from *Reader, fn func(*Tx) error, must bool) (wait *group, err error) {
	switch {
	case d.look:
		return nil, ErrLooking
	case d.shut:
		return nil, ErrClosed
	}
	g := d.next
	lines, before := len(g.lines), len(g.before)
	t := &Tx{Reader: from, layer: d.fresh, group: g, memo: &d.memo}
	kept := false
	defer func() {
		if !kept { // it failed, or panics, or ends the goroutine
			undo(g.before[before:])
			g.lines, g.before, d.memo = g.lines[:lines], g.before[:before], nil
		}
	}()
	if err := errors.Join(fn(t), t.err); err != nil {
		return nil, err
	}
	kept = true
	if len(g.lines) == lines {
		return d.pending(), nil
	}
	g.must = g.must || must
	signal(d.lag)
	return g, nil
}
