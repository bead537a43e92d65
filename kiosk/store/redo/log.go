package redo

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"

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

// log is the file beside, a ring: frames stand one behind the other, and where
// the file may not grow they go on at its beginning, as soon as those that stood
// there are in the file. One writes at a time, who holds the DB's busy; who has
// brought the file up to date releases meanwhile.
type log struct {
	path   string
	most   int
	at     func(string)
	file   *os.File // nil until it is needed
	size   int      // bytes that are on the disk already
	buffer []byte

	mu sync.Mutex // guards everything below
	state
	lap    int    // how often it went on at the beginning
	older  span   // frames of the lap before that the file does not have
	newer  span   // such frames of this lap; the next one stands behind them
	number uint64 // of the last frame
	broken bool   // a write failed; only a commit mends it
}

// span is where frames stand.
type span struct{ from, to int }

// place is up to where the log was written at some moment.
type place struct {
	lap, to int
	number  uint64
}

// behind is how many bytes of the log the file does not have.
func (l *log) behind() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.older.to - l.older.from + l.newer.to - l.newer.from
}

func (l *log) end() place {
	l.mu.Lock()
	defer l.mu.Unlock()
	return place{l.lap, l.newer.to, l.number}
}

// write has the lines on the disk behind the last frame when it returns nil. It
// answers errNoRoom if only a commit can help.
func (l *log) write(lines []byte) error {
	if len(lines) == 0 {
		return nil
	}
	need := wal.Size(lines)
	at, ok := l.room(need)
	if !ok {
		return errNoRoom
	}
	number := l.end().number + 1
	l.buffer = magic.Append(l.buffer[:0], l.who, wal.Frame{Number: number, Body: lines})
	l.at("write")
	_, err := l.file.WriteAt(l.buffer, int64(at))
	l.at("written")
	if err == nil {
		err = wal.SyncData(l.file)
	}
	if err != nil {
		_, _ = l.file.WriteAt(make([]byte, wal.Size(nil)), int64(at)) // so that a start does not take it for saved
		err = fmt.Errorf("write %s: %w", l.path, err)
	} else {
		l.at("synced")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken = err != nil; !l.broken {
		if l.newer.from == l.newer.to {
			l.newer.from = at
		}
		l.newer.to = at + need
	}
	l.number = number // used up in either case: nobody knows what of it is on the disk
	return err
}

// room finds where so many bytes can stand: in what the log has on the disk, or
// may have, or at its beginning again.
func (l *log) room(need int) (at int, ok bool) {
	l.mu.Lock()
	usable, older, at := l.known && !l.broken, l.older, l.newer.to
	l.mu.Unlock()
	switch {
	case !usable:
		return 0, false
	case older.from < older.to:
		return at, at+need <= older.from
	case at+need <= l.most && l.reserve(at+need) == nil:
		return at, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.newer.from == l.newer.to: // released meanwhile
		return 0, need <= min(l.size, l.most)
	case need > l.newer.from:
		return 0, false
	}
	l.lap, l.older, l.newer = l.lap+1, l.newer, span{}
	return 0, true
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

// mark has the file say up to where it holds the log, in the transaction that
// makes it so.
func (l *log) mark(tx *bolt.Tx, number uint64) error {
	b, err := tx.CreateBucketIfNotExists(bucketRedo)
	if err != nil {
		return err
	}
	l.mu.Lock()
	if l.who == (wal.Identity{}) {
		rand.Read(l.who[:]) // never fails
	}
	who := l.who
	l.mu.Unlock()
	if err := b.Put(keyIdentity, who[:]); err != nil {
		return err
	}
	return b.Put(keyApplied, binary.BigEndian.AppendUint64(nil, number))
}

// release gives up what the log holds up to a place: the file has it.
func (l *log) release(to place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known, l.applied = true, to.number
	if to.number == l.number {
		l.broken = false
	}
	if to.lap == l.lap {
		l.older, l.newer.from = span{}, to.to
	} else {
		l.older.from = to.to
	}
	if l.older.from >= l.older.to && l.newer.from == l.newer.to {
		l.older, l.newer = span{}, span{}
	}
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
