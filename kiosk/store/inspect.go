package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
	"hallpass/sync/record"
)

// Inspect checks the data folder of a kiosk that does not run, as Check does,
// and writes nothing: it neither makes nor migrates. An error says why there is
// nothing to check, or that the file is too damaged to be read.
func Inspect(ctx context.Context, dir string) (r Report, err error) {
	err = Look(dir, func(s *Store) error {
		r, err = s.Check(ctx)
		return err
	})
	return r, err
}

// Look opens the data folder of a kiosk that does not run for reading, and
// writes nothing: it neither makes nor migrates. Only what reads may be asked of
// the store. An error is fn's, or says why there is nothing to read.
func Look(dir string, fn func(*Store) error) error {
	path := filepath.Join(dir, fileName)
	if condemned(dir) {
		return ErrRevoked
	}
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return errors.Join(errNoKiosk, err)
	}
	return guarded(path, func() (err error) {
		s := &Store{dir: dir, now: time.Now, clock: &record.Clock{}, look: true, bell: make(chan struct{}, 1)}
		if s.db, err = redo.Look(path, redo.Options{Wait: 2 * time.Second, Accept: s.standing}); err != nil {
			return openError(path, err)
		}
		defer func() { err = errors.Join(err, s.db.Close()) }()
		if s.key, err = loadKey(dir, false); err != nil {
			return err
		}
		if err := s.db.Snapshot(func(tx *bolt.Tx) error { return s.settle(tx, record.Show{}) }); err != nil {
			return err
		}
		return fn(s)
	})
}

var errNoKiosk = errors.New("no kiosk's data here; set -data")

// standing refuses a file that this program would first have to change.
func (s *Store) standing(tx *bolt.Tx) error {
	version, err := s.readable(tx)
	switch {
	case err != nil:
		return err
	case version == 0:
		return errNoKiosk
	case version < len(migrations):
		return fmt.Errorf("data file has version %d of %d; start the kiosk once, which brings it up to date", version, len(migrations))
	}
	return whole(tx)
}

// readable returns the file's version. It refuses a newer one, and a file that
// was cut short: reading beyond its end would end the process.
func (s *Store) readable(tx *bolt.Tx) (int, error) {
	info, err := os.Stat(filepath.Join(s.dir, fileName))
	if err != nil {
		return 0, err
	}
	if info.Size() < tx.Size() {
		return 0, damaged(filepath.Join(s.dir, fileName), fmt.Sprintf("%d of %d bytes are left", info.Size(), tx.Size()))
	}
	version, err := versionOf(tx)
	if err == nil && version > len(migrations) {
		err = fmt.Errorf("data file has version %d, this program reads up to %d; install the newer program or set -data", version, len(migrations))
	}
	return version, err
}

// guarded runs fn. What bbolt does with a damaged file, panic or read beyond
// the end of its memory, becomes an error.
func guarded(path string, fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = damaged(path, p)
		}
	}()
	return fn()
}

func damaged(path string, why any) error {
	return fmt.Errorf("%s is damaged; put back a backup or set -data: %v", path, why)
}
