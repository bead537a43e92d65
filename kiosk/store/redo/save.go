package redo

import (
	"errors"

	bolt "go.etcd.io/bbolt"
)

// request is a save that waits for its turn in the transaction.
type request struct {
	fn    func(*Tx) error
	taken bool          // somebody runs it, or has; guarded by asking
	done  chan struct{} // closed when the rest is set
	err   error
	panic any // what fn has panicked with
}

func (r *request) finish(err error) {
	r.err = err
	close(r.done)
}

// Save runs fn and returns once what it put is durable. If fn fails, nothing of
// it is left. Fn waits for nothing and keeps no bytes of the transaction; it may
// run in the goroutine of another Save.
func (d *DB) Save(fn func(*Tx) error) error {
	r := &request{fn: fn, done: make(chan struct{})}
	d.asking.Lock()
	d.asked = append(d.asked, r)
	d.asking.Unlock()
	select {
	case <-r.done:
	case d.turn <- struct{}{}:
		g := d.serve(r)
		<-d.turn
		if g != nil {
			_ = d.await(g) // those who are in it are told
		}
		<-r.done
	}
	if r.panic != nil {
		panic(r.panic)
	}
	return r.err
}

// serve runs all saves that wait, mine among them, and returns the group that
// the caller has to have written. Two hundred who each took mu by themselves
// would spend their time waking one another, and whoever writes the log, who
// needs mu as well, would wait behind all of them.
func (d *DB) serve(mine *request) *group {
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
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range asked {
		d.run(r)
	}
	return d.pending()
}

// run applies one save and has its group answer it.
func (d *DB) run(r *request) {
	var g *group
	var err error
	func() {
		defer func() { r.panic = recover() }()
		g, err = d.apply(r.fn, true)
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
	_, err := d.apply(fn, false)
	return err
}

// apply runs fn in the open transaction and returns the group that it must wait
// for, nil if it saw and did nothing that is not durable. The caller holds mu.
func (d *DB) apply(fn func(*Tx) error, must bool) (wait *group, err error) {
	if d.look {
		return nil, ErrLooking
	}
	if err := d.begin(); err != nil {
		return nil, err
	}
	t := &Tx{Tx: d.tx, lines: d.next.lines, memo: &d.memo}
	kept := false
	defer func() {
		if !kept { // it failed, or panics
			d.undo(t)
		}
	}()
	if err := errors.Join(fn(t), t.err); err != nil {
		return nil, err
	}
	kept = true
	if len(t.lines) == len(d.next.lines) {
		return d.pending(), nil
	}
	d.fresh = true
	d.next.lines = t.lines
	d.next.must = d.next.must || must
	return d.next, nil
}

// pending is the group that has to be durable before anybody may tell what is
// in the transaction; nil if all of it is.
func (d *DB) pending() *group {
	if d.next.must {
		return d.next
	}
	if d.flight != nil && d.flight.must {
		return d.flight
	}
	return nil
}

// undo takes back what a save did that fails. If that fails too, the whole
// transaction is made again from the log and with it goes what waits for it.
func (d *DB) undo(t *Tx) {
	d.memo = nil
	if err := t.undo(); err != nil {
		d.drop(err)
	}
}

// drop rolls the transaction back; the saves that wait to be written fail.
func (d *DB) drop(err error) {
	if d.tx != nil {
		_ = d.tx.Rollback() // it fails only if a commit has ended the transaction
		d.tx = nil
	}
	d.next.finish(err)
	d.next = newGroup()
}

// begin opens the transaction if there is none, with what the log holds beyond
// the file.
func (d *DB) begin() error {
	if d.tx != nil {
		return nil
	}
	tx, err := d.bolt.Begin(true)
	if err != nil {
		return err
	}
	err = d.log.replay(tx)
	if err == nil && d.flight != nil { // its frame may be in the log or not yet
		err = putLines(tx, d.flight.lines)
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	d.tx, d.memo, d.fresh = tx, nil, d.log.unapplied() || d.flight != nil
	select {
	case d.lag <- struct{}{}:
	default:
	}
	return nil
}

// await returns once the group is durable; the first who comes writes it, with
// all that has been added to it by then.
func (d *DB) await(g *group) error {
	select {
	case <-g.done:
		return g.err
	case d.busy <- struct{}{}:
	}
	defer func() { <-d.busy }()
	select {
	case <-g.done:
	default:
		d.flush()
	}
	return g.err
}

// flush writes the next group to the log, or commits if the log cannot take it.
// The caller holds busy.
func (d *DB) flush() {
	d.mu.Lock()
	g := d.next
	d.next, d.flight = newGroup(), g
	d.mu.Unlock()
	err := d.log.write(g.lines)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.log.wrote(g.lines, err)
	d.flight = nil
	switch {
	case errors.Is(err, errNoRoom):
		err = d.commit()
	case err != nil:
		d.drop(err)
	}
	g.finish(err)
}

// View runs fn on what was saved and returns once all that it saw is durable.
// It is for short reads, which saves wait for.
func (d *DB) View(fn func(*bolt.Tx) error) error {
	here, wait, err := d.viewHere(fn)
	if !here {
		return d.read(fn)
	}
	if err != nil || wait == nil {
		return err
	}
	return d.await(wait)
}

// read reads the file as it was last committed.
func (d *DB) read(fn func(*bolt.Tx) error) error {
	d.file.RLock()
	defer d.file.RUnlock()
	return d.bolt.View(fn)
}

// viewHere reads in the open transaction; false if the file has everything.
func (d *DB) viewHere(fn func(*bolt.Tx) error) (here bool, wait *group, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.tx == nil && !d.log.unapplied() {
		return false, nil, nil
	}
	if err := d.begin(); err != nil {
		return true, nil, err
	}
	err = fn(d.tx)
	return true, d.pending(), err
}
