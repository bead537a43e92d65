package redo

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterr "go.etcd.io/bbolt/errors"
)

// Options say how to open a file.
type Options struct {
	Wait time.Duration       // for another process to let go of the file; 0 for ever
	Idle time.Duration       // how long the file may lag behind its log; 1 s if 0
	Most int                 // bytes of log until the file is committed; 1 MB if 0
	At   func(moment string) // told where a save stands, to be killed there; nil but in tests

	// Accept may refuse a file before its log is looked at; nil for all.
	Accept func(*bolt.Tx) error
}

const (
	idle = time.Second // a power cut then costs a start of milliseconds
	most = 1 << 20     // some 400 registrations: a commit of them takes 5 ms
)

// DB is an open file. Any number of goroutines may use it.
type DB struct {
	path string
	log  *log
	look bool // it is left as it is
	idle time.Duration
	at   func(string)

	file sync.RWMutex // guards which file bolt is; held by reads that do without mu
	bolt *bolt.DB     // changed under file and mu, so that either suffices

	asking sync.Mutex // guards asked; taken last
	asked  []*request // saves that nobody runs yet

	turn chan struct{} // who runs the saves that were asked for holds this; taken before mu

	// Who writes to log or file holds this; taken before mu, never after it.
	busy chan struct{}

	mu     sync.Mutex // guards everything below, and the use of tx
	tx     *bolt.Tx   // with what was saved since the last commit; nil if nothing was
	memo   any        // of the saves in tx
	moved  bool       // the file was last committed elsewhere
	fresh  bool       // tx holds something that the file does not
	next   *group     // saves in tx that are not in the log yet
	flight *group     // saves that are being written to the log; nil if none are

	lag  chan struct{} // the file begins to lag behind; holds one
	shut atomic.Bool
	quit chan struct{} // closed when shut
	done sync.WaitGroup
}

// group is saves that become durable together.
type group struct {
	lines []byte
	must  bool          // somebody waits for it, or told others
	asked []*request    // to be answered with it
	done  chan struct{} // closed when err is set
	err   error
}

func newGroup() *group { return &group{done: make(chan struct{})} }

func (g *group) finish(err error) {
	g.err = err
	close(g.done)
	for _, r := range g.asked {
		r.finish(err)
	}
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
		bolt: db, idle: o.Idle, at: o.At, busy: make(chan struct{}, 1), turn: make(chan struct{}, 1), next: newGroup(),
		lag: make(chan struct{}, 1), quit: make(chan struct{}),
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

// recover reads the log. What it holds beyond the file is in tx afterwards, and
// in the file too unless the disk is full.
func (d *DB) recover(path string, accept func(*bolt.Tx) error) error {
	d.busy <- struct{}{}
	defer func() { <-d.busy }()
	d.mu.Lock()
	defer d.mu.Unlock()
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
	if err := d.log.open(path + suffix); err != nil {
		return err
	}
	if !d.log.unapplied() {
		return nil
	}
	d.at("replay")
	if err := d.begin(); err != nil {
		return err
	}
	if d.look {
		return nil
	}
	if err := d.commit(); err != nil { // on a full disk the log goes on holding what the file cannot
		return d.begin()
	}
	return nil
}

// ErrClosed is answered by every call after Close.
var ErrClosed = bolterr.ErrDatabaseNotOpen

// Close brings the file up to date, removes the log and closes the file. What
// could not be committed stays in the log.
func (d *DB) Close() error {
	if !d.shut.CompareAndSwap(false, true) {
		return ErrClosed
	}
	close(d.quit)
	d.done.Wait()
	d.busy <- struct{}{}
	defer func() { <-d.busy }()
	d.mu.Lock()
	defer d.mu.Unlock()
	err := d.commit()
	if d.tx != nil {
		err = errors.Join(err, d.tx.Rollback())
		d.tx = nil
	}
	if err != nil {
		err = fmt.Errorf("commit the log: %w", err)
	}
	return errors.Join(err, d.log.close(err == nil && !d.look), d.bolt.Close())
}
