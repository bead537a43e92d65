package redo

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterr "go.etcd.io/bbolt/errors"
)

// Options say how to open a file.
type Options struct {
	Wait time.Duration       // for another process to let go of the file; 0 for ever
	Idle time.Duration       // how long the file may lag behind its log; 1 s if 0
	Most int                 // bytes that the log may take; 8 MB if 0
	At   func(moment string) // told where a save stands, to be killed there; nil but in tests

	// Accept may refuse a file before its log is looked at; nil for all.
	Accept func(*bolt.Tx) error
}

const (
	idle = time.Second // a power cut then costs a start of milliseconds
	most = 8 << 20     // some 3,500 registrations, which a start reads in 20 ms
)

// DB is an open file. Any number of goroutines may use it. Of its locks, who
// needs several takes them in the order in which they stand here.
type DB struct {
	path string
	log  *log
	look bool // it is left as it is
	idle time.Duration
	at   func(string)

	turn     chan struct{} // who runs the saves that were asked for holds this
	asking   sync.Mutex    // guards asked; nothing else is taken under it
	asked    []*request    // saves that nobody runs yet
	long     sync.RWMutex  // held by long reads
	settling chan struct{} // who brings the file up to date holds this
	busy     chan struct{} // who writes to the log holds this

	file sync.RWMutex // held by short reads
	mu   sync.Mutex   // guards everything below
	bolt *bolt.DB     // replaced only by who holds all of these locks

	fresh   *layer  // what was saved last
	weight  int     // of what is in it and in the log, bytes
	frozen  []piece // what was saved before, oldest first; altered only to undo what fails
	memo    any     // of the saves
	moved   bool    // the file was last committed elsewhere
	shut    bool
	next    *group   // saves that are not in the log yet
	flights []*group // saves that are being written to the log, or that it has no room for
	spare   group    // room for another

	lag   chan struct{} // the file begins to lag behind; holds one
	hurry chan struct{} // the log fills; holds one
	quit  chan struct{} // closed when shut
	done  sync.WaitGroup
}

// Open opens the file, which it makes if need be, and brings it up to date with
// its log.
func Open(path string, o Options) (*DB, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: o.Wait})
	if err != nil {
		return nil, err
	}
	d, err := prepare(db, path, o, false)
	if err == nil {
		_ = os.Remove(path + partSuffix) // of a compaction that was cut off
		d.done.Go(d.follow)
	}
	return d, err
}

// prepare closes the file again if it is refused.
func prepare(db *bolt.DB, path string, o Options, look bool) (opened *DB, err error) {
	d, open := newDB(db, o), false
	d.path, d.look = path, look
	defer func() {
		if !open { // it failed, or a damaged file has bbolt panic
			err = errors.Join(err, db.Close())
		}
	}()
	if err := d.recover(path, o.Accept); err != nil {
		return nil, err
	}
	open = true
	return d, nil
}

func newDB(db *bolt.DB, o Options) *DB {
	d := &DB{
		bolt: db, idle: o.Idle, at: o.At, fresh: &layer{}, next: newGroup(),
		turn: make(chan struct{}, 1), settling: make(chan struct{}, 1), busy: make(chan struct{}, 1),
		lag: make(chan struct{}, 1), hurry: make(chan struct{}, 1), quit: make(chan struct{}),
	}
	if d.idle == 0 {
		d.idle = idle
	}
	if o.Most == 0 {
		o.Most = most
	}
	if d.at == nil {
		d.at = func(string) {}
	}
	d.log = &log{most: o.Most, at: d.at}
	return d
}

// recover reads the log. What it holds beyond the file is in the file afterwards
// or, if the disk is full, in memory.
func (d *DB) recover(path string, accept func(*bolt.Tx) error) error {
	err := d.bolt.View(func(tx *bolt.Tx) error {
		d.log.state, d.moved = readState(tx), movedTo(path, tx)
		if accept == nil {
			return nil
		}
		return accept(tx)
	})
	if err != nil {
		return err
	}
	bodies, err := d.log.open(path + suffix)
	if err != nil || len(bodies) == 0 {
		return err
	}
	d.at("replay")
	for _, lines := range bodies {
		if err := d.fresh.take(lines); err != nil {
			return fmt.Errorf("%s%s: %w", path, suffix, err)
		}
	}
	if !d.look && d.settle() != nil {
		d.lag <- struct{}{} // the log goes on holding what the file cannot
	}
	return nil
}

// ErrClosed is answered by every call after Close.
var ErrClosed = bolterr.ErrDatabaseNotOpen

// Close brings the file up to date, removes the log and closes the file. What
// could not be committed stays in the log.
func (d *DB) Close() error {
	d.mu.Lock()
	was := d.shut
	d.shut = true // no save comes after this
	d.mu.Unlock()
	if was {
		return ErrClosed
	}
	close(d.quit)
	d.done.Wait()
	err := d.settle()
	if err != nil {
		err = fmt.Errorf("commit the log: %w", err)
	}
	d.settling <- struct{}{}
	defer func() { <-d.settling }()
	d.busy <- struct{}{}
	defer func() { <-d.busy }()
	return errors.Join(err, d.log.close(err == nil && !d.look), d.bolt.Close())
}
