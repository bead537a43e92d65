package store

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterr "go.etcd.io/bbolt/errors"

	"hallpass/kiosk"
	"hallpass/kiosk/store/redo"
	"hallpass/sync/fault"
	"hallpass/sync/journal"
	"hallpass/sync/record"
)

var _ kiosk.Store = (*Store)(nil)

// Options say how to open a data folder.
type Options struct {
	Show record.Show      // in force until the hall sends its own
	Now  func() time.Time // time.Now if nil
	Wait time.Duration    // for another process to let go of the file; 2 s if 0

	At func(moment string) // told where a save stands, to be killed there; nil but in tests
}

// Store is an open data folder. It belongs to one process at a time and to any
// number of goroutines in it.
type Store struct {
	db     *redo.DB
	look   bool // the folder is left as it is
	dir    string
	key    ed25519.PrivateKey
	clock  *record.Clock
	now    func() time.Time
	bell   chan struct{} // rung after each commit that the hall should hear of
	show   atomic.Pointer[record.Show]
	person atomic.Pointer[identity]
	signer atomic.Pointer[signer]

	copied  bool        // Open has found that the folder is a copy
	damage  string      // what Open has found wrong with the journal's end
	unclean atomic.Bool // the file still has bytes of what was forgotten
}

// identity is who writes the journal; it changes only when the kiosk is paired.
type identity struct {
	node    record.NodeID
	epoch   record.Epoch
	journal *journal.Journal
}

// Open opens the data folder, and makes it if it is not there.
func Open(dir string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wait == 0 {
		o.Wait = 2 * time.Second // a kiosk that is restarted meets its own last breath
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	if err := refuseCondemned(dir, o.Wait); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, fileName)
	s := &Store{dir: dir, now: o.Now, clock: &record.Clock{Now: o.Now}, bell: make(chan struct{}, 1)}
	err := guarded(path, func() (err error) {
		if s.db, err = redo.Open(path, redo.Options{Wait: o.Wait, At: o.At, Accept: s.accept}); err != nil {
			return openError(path, err)
		}
		return s.load(o.Show)
	})
	if err != nil {
		if s.db != nil {
			err = errors.Join(err, s.db.Close())
		}
		return nil, err
	}
	return s, nil
}

const fileName = "kiosk.db"

func openError(path string, err error) error {
	switch {
	case errors.Is(err, bolterr.ErrTimeout):
		return fmt.Errorf("data file locked by another kiosk; stop it or set -data: %s", path)
	case errors.Is(err, redo.ErrForeign), errors.Is(err, redo.ErrDamaged):
		return fmt.Errorf("%w; put back kiosk.db and kiosk.db.wal from one backup, or move kiosk.db.wal away to go on without what it holds", err)
	case errors.Is(err, bolterr.ErrInvalid), errors.Is(err, bolterr.ErrVersionMismatch), errors.Is(err, bolterr.ErrChecksum):
		return fmt.Errorf("%s is damaged or no kiosk's data file; put back a backup or set -data: %w", path, err)
	}
	return fmt.Errorf("open data file: %w", full(err))
}

// accept refuses a file that this program does not read, and one without its
// key, before anything is done to it.
func (s *Store) accept(tx *bolt.Tx) error {
	version, err := s.readable(tx)
	if err == nil {
		s.key, err = loadKey(s.dir, version == 0)
	}
	return err
}

// load brings the file up to this program's version and reads who it is.
func (s *Store) load(show record.Show) error {
	if err := s.bring(); err != nil {
		return fmt.Errorf("prepare data file: %w", full(err))
	}
	if err := syncDir(s.dir); err != nil {
		return fmt.Errorf("prepare data folder: %w", err)
	}
	if err := s.db.Snapshot(func(tx *bolt.Tx) error { return s.settle(tx, show) }); err != nil {
		return err
	}
	if err := s.arrive(); err != nil {
		return err
	}
	report, err := s.prove()
	if err != nil {
		return fmt.Errorf("verify the journal's end: %w", err)
	}
	if err := s.mend(report); err != nil {
		return err
	}
	return s.allow()
}

// settle reads who writes here, under which key, for which show.
func (s *Store) settle(tx *bolt.Tx, show record.Show) error {
	if !bytes.Equal(tx.Bucket(meta).Get(metaPublic), publicOf(s.key)) {
		return fmt.Errorf("%s is not the key of this data file; put back the right one from the backup", keyName)
	}
	return errors.Join(s.become(tx), s.loadShow(tx, show), s.loadSigner(redo.In(tx)))
}

func identityOf(tx *bolt.Tx) (*identity, error) {
	m := tx.Bucket(meta)
	who := &identity{node: record.NodeID(m.Get(metaNode)), epoch: record.Epoch(m.Get(metaEpoch))}
	if who.node == "" || who.epoch == "" {
		return nil, errors.New("data file has no node; put back a backup or set -data")
	}
	who.journal = journal.New(who.node, who.epoch, string(logBucket))
	return who, nil
}

// become reads the node's identity, and where its clock stood.
func (s *Store) become(tx *bolt.Tx) error {
	who, err := identityOf(tx)
	if err != nil {
		return err
	}
	s.person.Store(who)
	s.clock.Node = who.node
	last, err := who.journal.Last(tx)
	if err != nil || last.Seq == 0 {
		return unreadable(err)
	}
	changes, err := who.journal.Read(tx, last.Seq-1, 1)
	if err != nil {
		return unreadable(err)
	}
	s.observe(changes[0].Stamp)
	return nil
}

// observe has the clock go on behind a stamp of ours, also of what was said under
// the id before pairing.
func (s *Store) observe(at record.Stamp) {
	at.Node = s.clock.Node
	s.clock.Observe(at)
}

// unreadable is what to say of a journal whose end cannot be read: a damaged
// entry is mended, or looked at.
func unreadable(err error) error {
	if err == nil || errors.Is(err, journal.ErrDamaged) {
		return nil
	}
	return fmt.Errorf("read journal: %w", err)
}

// Close closes the file; nothing may use the store any more.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil && !errors.Is(err, redo.ErrClosed) {
		return fmt.Errorf("close data file: %w", full(err))
	}
	return nil
}

// Clock gives the node's stamps.
func (s *Store) Clock() *record.Clock { return s.clock }

// Key is the node's private key: its identity, and at first what signs badges
// too, see SignBadge.
func (s *Store) Key() ed25519.PrivateKey { return s.key }

// Wake rings after commits that the hall has not heard of; for one listener.
func (s *Store) Wake() <-chan struct{} { return s.bell }

func (s *Store) ring() {
	select {
	case s.bell <- struct{}{}:
	default:
	}
}

// full turns the ways in which a disk says "full" into a fault. (bbolt hides
// the errno only where it makes its file longer, which reserves no room.)
func full(err error) error {
	for _, no := range []error{syscall.ENOSPC, syscall.EDQUOT} {
		if errors.Is(err, no) {
			return fault.Wrap(fault.StorageFull, "This kiosk's disk is full, nothing was saved. Please ask at the desk.", err)
		}
	}
	return err
}

func syncDir(dir string) (err error) {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Sync()
}
