package redo

import (
	"errors"

	bolt "go.etcd.io/bbolt"
)

// View runs fn on what was saved up to now and returns once all that it saw is
// durable. Saves go on meanwhile.
func (d *DB) View(fn func(*Reader) error) error {
	wait, err := d.view(fn)
	if err != nil || wait == nil {
		return err
	}
	return d.await(wait)
}

func (d *DB) view(fn func(*Reader) error) (wait *group, err error) {
	d.file.RLock()
	defer d.file.RUnlock()
	r, end, wait, err := d.now()
	if err != nil {
		return nil, err
	}
	defer end()
	return wait, fn(r)
}

// now sees what was saved up to now and nothing of what comes, and returns what
// of it is not durable yet.
func (d *DB) now() (r *Reader, end func(), wait *group, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, end, err = d.reader()
	if err != nil {
		return nil, nil, nil, err
	}
	for i, l := range r.layers {
		r.layers[i] = l.view()
	}
	return r, end, d.pending(), nil
}

// Snapshot runs fn on what was saved up to now in a transaction of the file. It is
// for long reads. On a full disk nothing is brought into the file meanwhile.
func (d *DB) Snapshot(fn func(*bolt.Tx) error) error {
	d.long.RLock()
	defer d.long.RUnlock()
	if !d.look && d.settle() == nil {
		return d.bolt.View(fn)
	}
	wait, err := d.whole(fn)
	if err != nil || wait == nil {
		return err
	}
	return d.await(wait)
}

// whole shows a transaction that holds what the file does not, and is undone.
func (d *DB) whole(fn func(*bolt.Tx) error) (wait *group, err error) {
	d.settling <- struct{}{}
	defer func() { <-d.settling }()
	d.mu.Lock()
	var layers []*layer
	for _, l := range d.layers() {
		if !l.empty() {
			layers = append(layers, l.view())
		}
	}
	wait = d.pending()
	d.mu.Unlock()
	if len(layers) == 0 {
		return wait, d.bolt.View(fn)
	}
	tx, err := d.bolt.Begin(true)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	for _, l := range layers {
		if err := l.pour(tx); err != nil {
			return nil, err
		}
	}
	return wait, fn(tx)
}
