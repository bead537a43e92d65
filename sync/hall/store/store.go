package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/store/intake"
	"hallpass/sync/record"
)

// openWait is how long another process may take to let go of the file: a hall
// that is being restarted, not one that runs.
const openWait = 2 * time.Second

// mapped is how much address space the file is given at once: bbolt moves to a
// larger one only when no transaction reads, so a check of a minute would hold
// up every commit and, behind it, every reader. It takes no memory and no disk.
// 16 GiB, some twenty times the largest show; 1 GiB where an int has 32 bits.
const mapped = 1 << (30 + 4*(math.MaxInt>>62))

// ErrLocked is answered by Open for a file that another process holds.
var ErrLocked = errors.New("data file locked by another hall; stop it or set -data")

// Store is an open data file; safe for use by many goroutines.
type Store struct {
	path string
	self hall.Self

	opening sync.RWMutex // guards db
	db      *bolt.DB     // of the file now, see Compact

	compacting sync.Mutex   // held by the one Compact under way
	committing sync.RWMutex // held for writing while a compacted file takes the place of the older
	reached    func(string) // called at the labelled moments of Compact; nil but in tests

	flow      *flow
	log       *intake.Log
	logging   sync.Mutex     // held while a frame is written; guards log but for Applied
	hurry     atomic.Int64   // transactions of others that wait for the applier's
	running   sync.WaitGroup // logger and applier
	stop      struct{ log, apply chan struct{} }
	closing   sync.Once
	beginning sync.Once // see OpenServing

	writing sync.Mutex            // held from a transaction's start until its effects are told
	observe []func([]hall.Effect) // guarded by writing
	where   locale                // of the show; guarded by writing
	effects int                   // of the last transaction: the next one may have as many; guarded by writing
	keeping keeping               // of runs; the usual one but in tests
	holders *holders              // of contacts, as the file has them; nil until loaded; guarded by writing
}

var _ hall.Store = (*Store)(nil)

// Open opens the file, makes it if there is none, and migrates an older one in
// a transaction (P12).
func Open(path string) (*Store, error) { return open(path, format, migrations, nil) }

func open(path string, format uint64, steps map[uint64][]step, reached func(string)) (*Store, error) {
	s, err := prepare(path, format, steps, reached)
	if err != nil {
		return nil, err
	}
	s.begin()
	if err := s.catchUp(); err != nil {
		return nil, errors.Join(err, s.log.Close(), s.db.Close())
	}
	s.run()
	return s, nil
}

// prepare opens a file and its log, and changes nothing but the format; reached
// is told the labelled moments of a write to the log and of its replay, nil but
// in tests.
func prepare(path string, format uint64, steps map[uint64][]step, reached func(string)) (*Store, error) {
	db, err := openFile(path, false)
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, ErrLocked
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrChecksum):
		return nil, fmt.Errorf("%s is not a hall's data file, or it is damaged; restore a backup or set -data: %w", path, err)
	case err != nil:
		return nil, fmt.Errorf("open data file: %w", err)
	}
	s := &Store{path: path, db: db}
	var log logState
	err = db.Update(func(tx *bolt.Tx) (err error) {
		if err := migrate(tx, format, steps); err != nil {
			return err
		}
		if err := s.identify(tx); err != nil {
			return err
		}
		if log, err = readLogState(tx); err != nil {
			return err
		}
		s.where, _ = localeOf(tx) // a show that cannot be read is for the hall, and for Check, to say
		return nil
	})
	if err == nil { // what a process left that was killed while it compacted
		err = ignoreMissing(os.Remove(path + compactName))
	}
	if err == nil {
		err = s.resume(log, reached)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// openFile opens a file and holds it against other processes. A copy is begun
// anew and is not safe from a power cut until it is synced.
func openFile(path string, copying bool) (*bolt.DB, error) {
	if copying {
		if err := ignoreMissing(os.Remove(path)); err != nil {
			return nil, err
		}
	}
	for {
		var opened *os.File
		db, err := bolt.Open(path, 0o600, &bolt.Options{
			Timeout: openWait, FreelistType: bolt.FreelistMapType, InitialMmapSize: mapped, NoSync: copying,
			OpenFile: func(name string, flag int, mode os.FileMode) (f *os.File, err error) {
				opened, err = os.OpenFile(name, flag, mode)
				return opened, err
			},
		})
		if err != nil {
			return nil, err
		}
		mine, err := opened.Stat()
		there, otherErr := os.Stat(path)
		switch err := errors.Join(err, otherErr); {
		case err != nil:
			return nil, errors.Join(err, db.Close())
		case os.SameFile(mine, there):
			return db, nil
		}
		// While we waited for it, another process has put a compacted file in
		// its place.
		if err := db.Close(); err != nil {
			return nil, err
		}
	}
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// Close brings the file up to date and waits for transactions under way. What
// the file cannot take, on a full disk, stays in the log for the next Open.
func (s *Store) Close() error {
	err := errClosed
	s.closing.Do(func() {
		if err = s.halt(); err == nil {
			_ = s.tidy() // on a full disk lines stay where they are
		}
	})
	s.committing.Lock()
	defer s.committing.Unlock()
	if err := errors.Join(err, s.file().Close()); err != nil {
		return fmt.Errorf("close data file: %w", err)
	}
	return nil
}

func (s *Store) file() *bolt.DB {
	s.opening.RLock()
	defer s.opening.RUnlock()
	return s.db
}

type selfForm struct {
	Hall  record.NodeID `json:"hall"`
	Desk  record.NodeID `json:"desk"`
	Epoch record.Epoch  `json:"epoch"`
}

// identify reads who the hall is or, in a new file, makes it up.
func (s *Store) identify(tx *bolt.Tx) error {
	meta := tx.Bucket(bucketMeta)
	if data := meta.Get(keySelf); data != nil {
		var form selfForm
		if err := json.Unmarshal(data, &form); err != nil {
			return fmt.Errorf("read identity: %w", err)
		}
		s.self = hall.Self(form)
		return nil
	}
	now := time.Now()
	s.self = hall.Self{Hall: record.NewID[record.NodeID](now), Desk: record.NewID[record.NodeID](now), Epoch: record.NewID[record.Epoch](now)}
	return putJSON(meta, keySelf, selfForm(s.self))
}

// view reads what was acknowledged before, or before the first read with a
// context of hall.Together; peek what the file has. They, update and commit give
// every error one wrapping and a full disk its name.
func (s *Store) view(ctx context.Context, doing string, f func(*bolt.Tx) error) error {
	hall.Await(ctx, s.settle)
	return s.peek(doing, f)
}

func (s *Store) peek(doing string, f func(*bolt.Tx) error) error {
	for {
		db := s.file()
		err := db.View(f)
		if errors.Is(err, berrors.ErrDatabaseNotOpen) && db != s.file() {
			continue // a compacted file took its place in between
		}
		return wrap(doing, err)
	}
}

func (s *Store) update(doing string, f func(*bolt.Tx) error) error {
	s.hurry.Add(1)
	defer s.hurry.Add(-1)
	return s.commit(doing, f)
}

func (s *Store) commit(doing string, f func(*bolt.Tx) error) error {
	s.committing.RLock()
	defer s.committing.RUnlock()
	return wrap(doing, s.file().Update(f))
}

func wrap(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, hall.ErrNone), errors.Is(err, hall.ErrUsed):
		return err
	case errors.Is(err, syscall.ENOSPC):
		return fault.Wrap(fault.StorageFull, "The hall's disk is full. Make room on it.", fmt.Errorf("%s: %w", doing, err))
	}
	return fmt.Errorf("%s: %w", doing, err)
}
