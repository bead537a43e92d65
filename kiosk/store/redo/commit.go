package redo

import (
	"errors"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Update runs fn in a transaction of its own, committed when it returns; what
// was saved before is committed first. It is for what alters much or makes
// buckets; if fn fails nothing of it is left.
func (d *DB) Update(fn func(*bolt.Tx) error) error {
	d.busy <- struct{}{}
	defer func() { <-d.busy }()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.look {
		return ErrLooking
	}
	if err := d.commit(); err != nil {
		return err
	}
	err := d.bolt.Update(func(tx *bolt.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errors.Join(d.log.mark(tx), d.arrive(tx))
	})
	if err == nil {
		d.log.restart()
	}
	return err
}

// Snapshot runs fn on what was saved up to now while others go on saving. It is
// for long reads. On a full disk they wait.
func (d *DB) Snapshot(fn func(*bolt.Tx) error) error {
	if d.look || d.settle() != nil { // the log has more than the file can take
		return d.View(fn)
	}
	return d.read(fn)
}

// Scrub commits, and overwrites what the log held: Update may have deleted what
// must not be found on the disk.
func (d *DB) Scrub() error {
	if err := d.settle(); err != nil {
		return err
	}
	d.busy <- struct{}{}
	defer func() { <-d.busy }()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.log.end > 0 { // somebody was faster; their log is the next Scrub's
		if err := d.commit(); err != nil {
			return err
		}
	}
	return d.log.scrub()
}

func (d *DB) settle() error {
	d.busy <- struct{}{}
	defer func() { <-d.busy }()
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.commit()
}

// follow commits a while after a save, until Close.
func (d *DB) follow() {
	for {
		select {
		case <-d.quit:
			return
		case <-d.lag:
		}
		wait := time.NewTimer(d.idle)
		select {
		case <-d.quit:
			wait.Stop()
			return
		case <-wait.C:
		}
		_ = d.settle() // what fails now is still in the log, and tried again
	}
}

// commit brings the file up to date with all that was saved. The caller holds
// busy and mu; a group that it has taken is in the transaction too.
func (d *DB) commit() error {
	if d.look || d.tx == nil && !d.log.unapplied() {
		return nil
	}
	err := d.begin()
	if err == nil && !d.fresh {
		d.tx, err = nil, d.tx.Rollback()
		return err
	}
	if err == nil {
		err = d.log.mark(d.tx)
	}
	if err == nil {
		d.at("commit")
		err = d.tx.Commit()
	}
	if err != nil {
		d.drop(err)
		return err
	}
	d.at("committed")
	d.tx = nil
	d.log.restart()
	d.next.finish(nil)
	d.next = newGroup()
	return nil
}
