package redo

import (
	"errors"
	"time"

	bolt "go.etcd.io/bbolt"
)

// A full log goes into the file in so many parts: each in some 15 ms, after which
// there is room for others.
const parts = 8

// piece is a layer that nobody adds to any more.
type piece struct {
	layer  *layer
	to     place // up to where the log has it
	logged bool  // the log has it
}

// freeze begins a new layer. The caller holds mu, and has the next group in flight.
func (d *DB) freeze() {
	if !d.fresh.empty() {
		d.frozen, d.fresh = append(d.frozen, piece{layer: d.fresh}), &layer{}
	}
	d.weight = 0
}

// layers are all, oldest first. The caller holds mu.
func (d *DB) layers() (all []*layer) {
	for _, c := range d.frozen {
		all = append(all, c.layer)
	}
	return append(all, d.fresh)
}

// crowded reports whether the log is to be given room without delay.
func (d *DB) crowded() bool { return d.log.behind() > 2*d.log.most/parts }

// settle brings the file up to date with all that was saved before; saves go on
// meanwhile, but for those that the log has no room for.
func (d *DB) settle() error { return d.bring(false) }

// bring is settle, unless all that is wanted is room in the log and by now there is
// some.
func (d *DB) bring(room bool) error {
	if d.look {
		return nil
	}
	d.settling <- struct{}{}
	defer func() { <-d.settling }()
	d.busy <- struct{}{}
	d.mu.Lock()
	if room && d.land() {
		d.mu.Unlock()
		<-d.busy
		return nil
	}
	if len(d.next.lines) > 0 {
		d.flights, d.next = append(d.flights, d.next), newGroup()
	}
	d.freeze()
	logged := d.land()
	layers, to := d.layers(), d.log.end()
	d.mu.Unlock()
	if logged {
		<-d.busy
	} else { // the file has to have them first
		defer func() { <-d.busy }()
	}
	if layers = layers[:len(layers)-1]; len(layers) == 0 { // the last is fresh
		return nil
	}
	err := d.commit(layers, to, nil)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		d.frozen = d.frozen[len(layers):]
		d.committed(to, !logged)
		return nil
	}
	if !logged {
		d.drop(err)
	}
	for _, c := range d.frozen[1:len(layers)] {
		c.layer.each(func(bucket []byte, line slot) { layers[0].set(bucket, line) })
	}
	d.frozen = append([]piece{{layers[0], to, true}}, d.frozen[len(layers):]...)
	return err
}

// relieve brings into the file what was saved longest ago, so that the log has
// room for others.
func (d *DB) relieve() error {
	d.settling <- struct{}{}
	d.mu.Lock()
	var c piece
	if len(d.frozen) > 0 {
		c = d.frozen[0]
	}
	d.mu.Unlock()
	if !c.logged {
		<-d.settling
		return d.settle()
	}
	defer func() { <-d.settling }()
	if err := d.commit([]*layer{c.layer}, c.to, nil); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.frozen = d.frozen[1:]
	d.committed(c.to, false)
	if d.crowded() {
		signal(d.hurry)
	}
	return nil
}

// commit has the file hold what the layers do, and what fn does then. The caller
// holds settling.
func (d *DB) commit(layers []*layer, to place, fn func(*bolt.Tx) error) error {
	return d.bolt.Update(func(tx *bolt.Tx) error {
		for _, l := range layers {
			if err := l.pour(tx); err != nil {
				return err
			}
		}
		if fn != nil {
			if err := fn(tx); err != nil {
				return err
			}
		}
		if err := d.log.mark(tx, to.number); err != nil {
			return err
		}
		d.at("commit")
		return nil
	})
}

// committed forgets what the file has: what the log holds of it and, where that is
// so, what the log had no room for. The caller holds settling and mu.
func (d *DB) committed(to place, flights bool) {
	d.at("committed")
	d.log.release(to)
	if !flights {
		return
	}
	for _, g := range d.flights {
		g.finish(nil)
	}
	d.flights = nil
}

// alone brings the file up to date and runs fn in the same transaction; nobody
// saves meanwhile. If fn fails, nothing of it is left. The caller holds settling,
// busy and mu.
func (d *DB) alone(fn func(*bolt.Tx) error) error {
	if fn == nil && len(d.frozen) == 0 && d.fresh.empty() {
		return nil
	}
	to := d.log.end()
	if err := d.commit(d.layers(), to, fn); err != nil {
		return err
	}
	d.flights = append(d.flights, d.next)
	d.frozen, d.fresh, d.weight, d.next, d.memo = nil, &layer{}, 0, newGroup(), nil
	d.committed(to, true)
	return nil
}

// Update runs fn in a transaction of its own, which sees what was saved before and
// is committed when it returns. It is for what alters much or makes buckets; if fn
// fails nothing of it is left. Saves wait meanwhile.
func (d *DB) Update(fn func(*bolt.Tx) error) error {
	if d.look {
		return ErrLooking
	}
	if d.log.behind() > soon {
		_ = d.settle() // so that they wait less
	}
	defer d.stop()()
	return d.alone(func(tx *bolt.Tx) error { return errors.Join(fn(tx), d.arrive(tx)) })
}

// stop has everybody who saves or brings the file up to date wait until the
// function that it returns is called.
func (d *DB) stop() (goOn func()) {
	d.settling <- struct{}{}
	d.busy <- struct{}{}
	d.mu.Lock()
	return func() {
		d.mu.Unlock()
		<-d.busy
		<-d.settling
	}
}

const soon = 64 << 10 // bytes of log that are in the file in some milliseconds

// Scrub brings the file up to date, and overwrites what the log held: Update may
// have deleted what must not be found on the disk.
func (d *DB) Scrub() error {
	if d.look {
		return ErrLooking
	}
	defer d.stop()()
	if err := d.alone(nil); err != nil {
		return err
	}
	return d.log.scrub()
}

// follow brings the file up to date a while after a save, and a part of it at once
// when the log fills, until Close.
func (d *DB) follow() {
	for {
		bring := d.settle
		select {
		case <-d.quit:
			return
		case <-d.hurry:
			bring = d.relieve
		case <-d.lag:
			wait := time.NewTimer(d.idle)
			select {
			case <-d.quit:
			case <-d.hurry:
				bring = d.relieve
				signal(d.lag)
			case <-wait.C:
			}
			wait.Stop()
		}
		if bring() != nil {
			signal(d.lag) // it is still in the log, and tried again
		}
	}
}
