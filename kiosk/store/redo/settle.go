package redo

import (
	"errors"
	"time"

	bolt "go.etcd.io/bbolt"
)

// settle brings the file up to date with all that was saved before; saves go on
// meanwhile, but for those that the log has no room for.
func (d *DB) settle() error {
	if d.look {
		return nil
	}
	d.settling <- struct{}{}
	defer func() { <-d.settling }()
	d.busy <- struct{}{}
	d.mu.Lock()
	if !d.fresh.empty() {
		d.frozen, d.fresh = append(d.frozen, d.fresh), &layer{}
	}
	if len(d.next.lines) > 0 {
		d.flights, d.next = append(d.flights, d.next), newGroup()
	}
	logged := d.land()
	frozen, to := d.frozen, d.log.end()
	d.mu.Unlock()
	if logged {
		<-d.busy
	} else { // the file has to have them first
		defer func() { <-d.busy }()
	}
	if len(frozen) == 0 {
		return nil
	}
	err := d.commit(frozen, to, nil)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		d.committed(to, !logged)
		return nil
	}
	if !logged {
		d.drop(err)
	}
	for _, l := range d.frozen[1:] {
		l.each(func(bucket []byte, line slot) { d.frozen[0].set(bucket, line) })
	}
	d.frozen = d.frozen[:1]
	return err
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

// committed forgets what the file has: what was frozen and, where that is so,
// what the log had no room for. The caller holds settling and mu.
func (d *DB) committed(to place, flights bool) {
	d.at("committed")
	d.frozen = nil
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
	if err := d.commit(append(d.frozen[:len(d.frozen):len(d.frozen)], d.fresh), to, fn); err != nil {
		return err
	}
	d.flights = append(d.flights, d.next)
	d.fresh, d.next, d.memo = &layer{}, newGroup(), nil
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

// follow brings the file up to date a while after a save, and at once when the
// log fills, until Close.
func (d *DB) follow() {
	for {
		select {
		case <-d.quit:
			return
		case <-d.hurry:
		case <-d.lag:
			wait := time.NewTimer(d.idle)
			select {
			case <-d.quit:
			case <-d.hurry:
			case <-wait.C:
			}
			wait.Stop()
		}
		if d.settle() != nil {
			signal(d.lag) // it is still in the log, and tried again
		}
	}
}
