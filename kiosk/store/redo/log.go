package redo

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/wal"
)

// Why a log is refused.
var (
	ErrForeign = wal.ErrForeign
	ErrDamaged = errors.New("it is damaged on the disk, and saves that were acknowledged stand behind the damage")

	errNoRoom = errors.New("the log has no room") // append: commit instead
)

const (
	suffix = ".wal"
	first  = 128 << 10 // bytes that a log begins with
)

var magic = wal.Magic([]byte("HPW1"))

var (
	bucketRedo  = []byte("redo")
	keyIdentity = []byte("identity")
	keyApplied  = []byte("applied")
)

// state is what the file says of its log.
type state struct {
	who     wal.Identity
	known   bool   // the file has the identity; without it no frame could be told from a stranger's
	applied uint64 // the last frame that the file holds
}

func readState(tx *bolt.Tx) (s state) {
	b := tx.Bucket(bucketRedo)
	if b == nil {
		return s
	}
	s.known = copy(s.who[:], b.Get(keyIdentity)) == len(s.who)
	if v := b.Get(keyApplied); len(v) == 8 {
		s.applied = binary.BigEndian.Uint64(v)
	}
	return s
}

// log is the file beside. Its fields are changed by who holds the DB's busy;
// those in the second part by who holds its mu as well, so that either suffices
// to read them.
type log struct {
	path   string
	most   int
	at     func(string)
	file   *os.File // nil until it is needed; replay reads it
	size   int      // bytes that are on the disk already
	buffer []byte

	state
	end    int    // of the last frame
	number uint64 // of the last frame
	broken bool   // a write failed; only a commit mends it
}

// unapplied reports whether the log holds what the file does not.
func (l *log) unapplied() bool { return l.end > 0 && l.number > l.applied }

// open reads a log that is there.
func (l *log) open(path string) error {
	l.path, l.number = path, l.applied
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	found, end, err := magic.Frames(data, l.who)
	if err == nil && len(found) > 0 {
		if last := found[len(found)-1].Number; last > l.applied {
			l.end, l.number = end, last
		}
		if found[0].Number > l.applied+1 {
			err = ErrForeign
		}
	}
	if err == nil && magic.Stray(data[end:], l.who, l.number) {
		err = fmt.Errorf("%w, at byte %d", ErrDamaged, end)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	l.size = len(data)
	l.file, err = os.OpenFile(path, os.O_RDWR, 0o600)
	return err
}

// replay puts what the file does not hold.
func (l *log) replay(tx *bolt.Tx) error {
	if !l.unapplied() {
		return nil
	}
	data := make([]byte, l.end)
	if _, err := l.file.ReadAt(data, 0); err != nil {
		return fmt.Errorf("read %s: %w", l.path, err)
	}
	found, end, err := magic.Frames(data, l.who)
	if err == nil && end != l.end {
		err = ErrDamaged
	}
	for _, f := range found {
		if err == nil && f.Number > l.applied {
			err = putLines(tx, f.Body)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", l.path, err)
	}
	return nil
}

// write has the lines on the disk behind the last frame when it returns nil. It
// answers errNoRoom if only a commit can help.
func (l *log) write(lines []byte) error {
	if len(lines) == 0 {
		return nil
	}
	if !l.known || l.broken || l.end+wal.Size(lines) > l.most || l.reserve(l.end+wal.Size(lines)) != nil {
		return errNoRoom
	}
	l.buffer = magic.Append(l.buffer[:0], l.who, wal.Frame{Number: l.number + 1, Body: lines})
	l.at("write")
	_, err := l.file.WriteAt(l.buffer, int64(l.end))
	l.at("written")
	if err == nil {
		err = wal.SyncData(l.file)
	}
	if err != nil {
		_, _ = l.file.WriteAt(make([]byte, wal.Size(nil)), int64(l.end)) // so that a start does not take it for saved
		return fmt.Errorf("write %s: %w", l.path, err)
	}
	l.at("synced")
	return nil
}

// wrote takes the lines as a part of the log, or the log as broken. The number
// is used up in either case: nobody knows what of it is on the disk.
func (l *log) wrote(lines []byte, err error) {
	switch {
	case len(lines) == 0 || errors.Is(err, errNoRoom):
		return
	case err != nil:
		l.broken = true
	default:
		l.end += wal.Size(lines)
	}
	l.number++
}

// reserve makes the log at least that long, on the disk.
func (l *log) reserve(need int) (err error) {
	if l.file == nil {
		if l.file, err = os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
			return err
		}
	}
	if need <= l.size {
		return nil
	}
	size := first
	for size < need {
		size *= 2
	}
	_, err = l.file.WriteAt(make([]byte, size-l.size), int64(l.size))
	if err == nil {
		err = l.file.Sync()
	}
	if err == nil && l.size == 0 {
		err = wal.SyncFolder(l.path)
	}
	if err != nil {
		return errors.Join(err, l.file.Truncate(int64(l.size))) // the room is the file's
	}
	l.size = size
	return nil
}

// mark has the file say what it holds, in the transaction that makes it so.
func (l *log) mark(tx *bolt.Tx) error {
	b, err := tx.CreateBucketIfNotExists(bucketRedo)
	if err != nil {
		return err
	}
	if l.who == (wal.Identity{}) {
		rand.Read(l.who[:]) // never fails
	}
	if err := b.Put(keyIdentity, append([]byte{}, l.who[:]...)); err != nil {
		return err
	}
	return b.Put(keyApplied, binary.BigEndian.AppendUint64(nil, l.number))
}

// restart begins the log anew: the file holds everything.
func (l *log) restart() {
	l.known, l.broken = true, false
	l.applied, l.end = l.number, 0
}

// scrub overwrites what was logged; for who holds busy, after a commit.
func (l *log) scrub() error {
	if l.file == nil {
		return nil
	}
	_, err := l.file.WriteAt(make([]byte, l.size), 0)
	return errors.Join(err, l.file.Sync())
}

// close closes the log and, if the file holds everything, removes it.
func (l *log) close(settled bool) error {
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	if settled {
		err = errors.Join(err, os.Remove(l.path))
	}
	return err
}
