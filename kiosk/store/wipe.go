package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterr "go.etcd.io/bbolt/errors"

	"hallpass/badge/token"
)

// ErrRevoked is answered by Open for a folder that was wiped, or is wiped by
// this very call, because the hall took the kiosk out of service.
var ErrRevoked = errors.New("this kiosk was taken out of service by its hall, and its data were wiped; to use the machine again, give another -data and pair it anew")

const tombstone = "revoked.json" // all that is left of a wiped folder

type tombstoneForm struct {
	Statement string    `json:"statement"` // the hall's revocation, as package token writes it
	At        time.Time `json:"at"`
}

// Condemn believes a statement that says, under the signature of the hall that
// this kiosk is paired with, that the kiosk is out of service: from then on the
// folder is only good for being wiped, which the next Wipe or Open does, however
// often they are interrupted. It answers false, and does nothing, for any other
// text.
func (s *Store) Condemn(ctx context.Context, statement string) (bool, error) {
	pairing, paired, err := s.Pairing(ctx)
	if err != nil || !paired {
		return false, err
	}
	v, err := token.OpenRevocation(pairing.HallKey, statement)
	if err != nil || v.Show != string(pairing.Show) {
		return false, nil
	}
	if node, err := pairing.Node.Bytes(); err != nil || node != v.Node {
		return false, nil
	}
	data, err := json.Marshal(tombstoneForm{statement, s.now().UTC()})
	if err != nil {
		return false, err
	}
	if err := writeFile(s.dir, tombstone, append(data, '\n')); err != nil {
		return false, fmt.Errorf("condemn data folder: %w", full(err))
	}
	return true, nil
}

// condemned reports whether a folder is to be wiped.
func condemned(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, tombstone))
	return err == nil
}

// Wipe removes a condemned folder's keys and data, in this order, so that
// whatever interrupts it nothing can be signed any more; a folder that is not
// condemned is left alone. To be called when the store is closed. Keys are
// overwritten first; of what the disk itself remembers only encryption helps.
func Wipe(dir string) error {
	if !condemned(dir) {
		return nil
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("wipe: %w", err)
	}
	for _, name := range []string{keyName, badgeKeyName, fileName + ".wal", fileName} {
		err = errors.Join(err, destroy(filepath.Join(dir, name)))
	}
	for _, entry := range left { // what a crash left half-written
		if filepath.Ext(entry.Name()) == ".part" {
			err = errors.Join(err, destroy(filepath.Join(dir, entry.Name())))
		}
	}
	if err = errors.Join(err, syncDir(dir)); err != nil {
		return fmt.Errorf("wipe: %w", err)
	}
	return nil
}

// destroy overwrites the beginning of a file, which is all of a key, empties it
// and removes it.
func destroy(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteAt(make([]byte, 4096), 0)
	err = errors.Join(err, f.Sync(), f.Truncate(0), f.Sync(), f.Close())
	return errors.Join(err, os.Remove(path))
}

// refuseCondemned finishes a wipe that was begun, once nobody else has the file.
func refuseCondemned(dir string, wait time.Duration) error {
	if !condemned(dir) {
		return nil
	}
	path := filepath.Join(dir, fileName)
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		// The lock of another process that still uses the file is respected.
		if db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: wait, ReadOnly: true}); err == nil {
			if err := db.Close(); err != nil {
				return err
			}
		} else if locked := openError(path, err); errors.Is(err, bolterr.ErrTimeout) {
			return locked
		}
	}
	return errors.Join(ErrRevoked, Wipe(dir))
}
