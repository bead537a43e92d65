package intake

import (
	"errors"
	"fmt"
	"sync/atomic"

	"hallpass/sync/wal"
)

// Why a log does not take a frame, or is not taken itself.
var (
	ErrFull    = errors.New("the log is full of what the data file does not hold yet") // Write
	ErrDamaged = errors.New("it is damaged on the disk, and facts that were acknowledged stand behind the damage")

	errBroken = errors.New("the log could not be written") // Write, until Mend
	errLarge  = errors.New("the log has no room for a batch of that size")
)

const (
	first = 128 << 10 // bytes that a file begins with
	most  = 32 << 20  // bytes of one of the two files, by default
)

var magic = wal.Magic([]byte("HPI1"))

// Options say how to open a log.
type Options struct {
	Most int                 // bytes of each of the two files; 32 MB if 0
	At   func(moment string) // told where a write stands, to be killed there; nil but in tests
}

// Log is an open log. Write, Mend, Scrub and Close are for one goroutine at a
// time; Applied is for any.
type Log struct {
	who     wal.Identity
	most    int
	at      func(string)
	halves  [2]half
	now     int // which of them is written
	applied atomic.Uint64
	body    []byte
	buffer  []byte
	broken  bool
}

// Write has a frame with those batches, as Encode makes them, on the disk when
// it returns nil. Its number is one more than the last one's. After an error
// nobody knows whether it is there.
func (l *Log) Write(number uint64, batches [][]byte) error {
	if l.broken {
		return errBroken
	}
	l.body = l.body[:0]
	for _, b := range batches {
		l.body = appendText(l.body, b)
	}
	l.buffer = magic.Append(l.buffer[:0], l.who, wal.Frame{Number: number, Body: l.body})
	h, err := l.room(len(l.buffer))
	if errors.Is(err, ErrFull) {
		return err
	}
	l.broken = true // unless all goes well
	if err != nil {
		return err
	}
	l.at("write")
	_, err = h.file.WriteAt(l.buffer, int64(h.end))
	l.at("written")
	if err == nil {
		err = wal.SyncData(h.file)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", h.path, err)
	}
	l.at("synced")
	h.end += len(l.buffer)
	h.last = number
	l.broken = false
	return nil
}

// room finds the file that takes so many bytes, and makes it long enough.
func (l *Log) room(need int) (*half, error) {
	h, applied := &l.halves[l.now], l.applied.Load()
	switch {
	case need > l.most:
		return nil, errLarge
	case h.last <= applied: // and what is in the other is older
		h.end = 0
	case h.end+need > l.most:
		if h = &l.halves[1-l.now]; h.last > applied {
			return nil, ErrFull
		}
		l.now, h.end = 1-l.now, 0
	}
	if h.end == 0 {
		l.at("begin")
	}
	return h, h.reserve(h.end + need)
}

// Applied says that the data file holds every frame up to that number, durably.
func (l *Log) Applied(number uint64) { l.applied.Store(number) }

// Broken reports whether a Write has failed since the last Mend.
func (l *Log) Broken() bool { return l.broken }

// Mend lets a log be used again after a failure: the data file holds everything
// up to that number, which is the last that a Write was asked for.
func (l *Log) Mend(number uint64) {
	l.Applied(number)
	l.broken = false
	for i := range l.halves {
		l.halves[i].end, l.halves[i].last = 0, 0
	}
}

// Scrub removes the files: the data file holds everything in them, and may have
// deleted what must not be found on the disk.
func (l *Log) Scrub() (err error) {
	for i := range l.halves {
		err = errors.Join(err, l.halves[i].remove())
	}
	return err
}

// Close closes the log and, if the data file holds everything, removes it.
func (l *Log) Close() error {
	applied := l.applied.Load()
	if l.halves[0].last <= applied && l.halves[1].last <= applied {
		return l.Scrub()
	}
	return errors.Join(l.halves[0].close(), l.halves[1].close())
}
