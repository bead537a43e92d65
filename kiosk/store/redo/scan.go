package redo

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"hallpass/sync/wal"
)

// found is a frame and where it stands.
type found struct {
	wal.Frame
	span
}

// open reads a log that is there, and returns the bodies of the frames that the
// file does not have, in order.
func (l *log) open(path string) (bodies [][]byte, err error) {
	l.path, l.number = path, l.applied
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	frames, err := l.beyond(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, f := range frames {
		if f.from < l.newer.from {
			l.lap, l.older, l.newer = l.lap+1, l.newer, span{}
		} else if l.newer == (span{}) {
			l.newer = f.span
		}
		l.newer.to, l.number = f.to, f.Number
		bodies = append(bodies, f.Body)
	}
	l.size = len(data)
	l.file, err = os.OpenFile(path, os.O_RDWR, 0o600)
	return bodies, err
}

// beyond finds the frames that the file does not have, wherever in the log they
// stand. One that is missing before others was damaged on the disk, or belongs
// to a time that this file does not know.
func (l *log) beyond(data []byte) ([]found, error) {
	all, err := l.whole(data)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Compare(a.Number, b.Number) })
	if all[0].Number != l.applied+1 {
		if begun, _, _ := magic.Frames(data, l.who); len(begun) > 0 && begun[0].Number > l.applied {
			return nil, ErrForeign
		}
		return nil, fmt.Errorf("%w, before frame %d", ErrDamaged, all[0].Number)
	}
	for i, f := range all[1:] {
		if before := all[i]; f.Number != before.Number+1 {
			return nil, fmt.Errorf("%w, behind byte %d", ErrDamaged, before.to)
		}
	}
	return all, nil
}

// whole finds all whole frames beyond those that the file has.
func (l *log) whole(data []byte) (all []found, err error) {
	const align = 8 // every frame begins at a multiple of it
	for at := 0; at < len(data); {
		frames, size, err := magic.Frames(data[at:], l.who)
		if err != nil && at == 0 {
			return nil, err
		}
		for _, f := range frames {
			to := min(at+wal.Size(f.Body), len(data))
			if f.Number > l.applied {
				all = append(all, found{f, span{at, to}})
			}
			at = to
		}
		if size == 0 {
			at += align
		}
		next := bytes.Index(data[min(at, len(data)):], magic[:])
		if next < 0 {
			break
		}
		at += (next + align - 1) / align * align
	}
	return all, nil
}
