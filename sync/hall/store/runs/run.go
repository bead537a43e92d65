package runs

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"sort"
)

// ErrDamaged is answered by Parse.
var ErrDamaged = errors.New("a run of lines is damaged")

// Line is a key, at most 65,535 bytes, and what it says; Gone if it says nothing
// any more.
type Line struct {
	Key, Value []byte
	Gone       bool
}

// Run is lines in the order of their keys, as they are written; nil has none.
// Lines are parts of it, not copies.
type Run []byte

const (
	width = 4 // of count, places and sum
	most  = 1<<16 - 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Parse takes what Of or Merge made.
func Parse(data []byte) (Run, error) {
	r := Run(data)
	if len(data) < 2*width || uint64(r.count()) > uint64(len(data)-2*width)/(width+3) {
		return nil, ErrDamaged
	}
	return r, nil
}

// Of makes a run of lines that are in the order of their keys, each key once.
func Of(lines []Line) Run {
	size := 0
	for _, l := range lines {
		size += len(l.Key) + len(l.Value)
	}
	w := newWriter(len(lines), size)
	for _, l := range lines {
		w.add(l)
	}
	return w.run()
}

// Len is the number of lines.
func (r Run) Len() int {
	if len(r) == 0 {
		return 0
	}
	return r.count()
}

func (r Run) count() int { return int(binary.BigEndian.Uint32(r)) }

// Line returns one of the lines, from 0 on; an empty one if it is damaged.
func (r Run) Line(i int) Line {
	key, rest := r.cut(i)
	if len(rest) == 0 {
		return Line{}
	}
	return Line{Key: key, Value: rest[1:], Gone: rest[0] == 0}
}

// cut returns a line's key and all behind it.
func (r Run) cut(i int) (key, rest []byte) {
	n := r.count()
	lines := r[width*(1+n) : len(r)-width]
	from, to := int(binary.BigEndian.Uint32(r[width*(1+i):])), len(lines)
	if i+1 < n {
		to = int(binary.BigEndian.Uint32(r[width*(2+i):]))
	}
	if from+2 > to || to > len(lines) {
		return nil, nil
	}
	size := int(binary.BigEndian.Uint16(lines[from:]))
	if from+2+size > to {
		return nil, nil
	}
	return lines[from+2 : from+2+size], lines[from+2+size : to]
}

// seek returns the first line whose key is not before this one.
func (r Run) seek(key []byte) int {
	return sort.Search(r.Len(), func(i int) bool {
		have, _ := r.cut(i)
		return bytes.Compare(have, key) >= 0
	})
}

// Sound reports whether the run is what was written.
func (r Run) Sound() bool {
	end := len(r) - width
	return end >= width && crc32.Checksum(r[:end], castagnoli) == binary.BigEndian.Uint32(r[end:])
}

// writer makes a run.
type writer struct {
	places []byte
	lines  []byte
	n      int
}

func newWriter(lines, size int) *writer {
	return &writer{places: make([]byte, width, width*(1+lines)), lines: make([]byte, 0, size+3*lines)}
}

func (w *writer) add(l Line) {
	if len(l.Key) > most {
		panic("runs: a key of more than 65,535 bytes") // bbolt has none
	}
	w.n++
	w.places = binary.BigEndian.AppendUint32(w.places, uint32(len(w.lines)))
	w.lines = append(binary.BigEndian.AppendUint16(w.lines, uint16(len(l.Key))), l.Key...)
	state := byte(1)
	if l.Gone {
		state = 0
	}
	w.lines = append(append(w.lines, state), l.Value...)
}

func (w *writer) run() Run {
	binary.BigEndian.PutUint32(w.places, uint32(w.n))
	r := append(make([]byte, 0, len(w.places)+len(w.lines)+width), w.places...)
	r = append(r, w.lines...)
	return binary.BigEndian.AppendUint32(r, crc32.Checksum(r, castagnoli))
}
