package intake

import (
	"errors"
	"io/fs"
	"os"

	"hallpass/sync/wal"
)

// half is one of the two files.
type half struct {
	path string
	file *os.File // nil until it is needed
	size int      // bytes that are on the disk already
	end  int      // of the last frame
	last uint64   // its number; 0 if there is none that may be needed
}

// zeroes are written in pieces.
var zeroes [1 << 20]byte

// reserve makes the file at least that long, on the disk.
func (h *half) reserve(need int) (err error) {
	if h.file == nil {
		if h.file, err = os.OpenFile(h.path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
			return err
		}
	}
	if need <= h.size {
		return nil
	}
	size := first
	for size < need {
		size *= 2
	}
	for at := h.size; at < size && err == nil; at += len(zeroes) {
		_, err = h.file.WriteAt(zeroes[:min(len(zeroes), size-at)], int64(at))
	}
	if err == nil {
		err = h.file.Sync()
	}
	if err == nil && h.size == 0 {
		err = wal.SyncFolder(h.path)
	}
	if err != nil {
		return errors.Join(err, h.file.Truncate(int64(h.size))) // the room is the data file's
	}
	h.size = size
	return nil
}

func (h *half) close() (err error) {
	if h.file != nil {
		err = h.file.Close()
	}
	h.file = nil
	return err
}

// remove forgets the file, if there is one.
func (h *half) remove() error {
	err := h.close()
	h.size, h.end, h.last = 0, 0, 0
	if gone := os.Remove(h.path); !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}
