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

// Group tells how much of a key is asked for as a whole: May answers for it
// without a look at the lines. Nil for keys of which nobody asks so.
type Group func(key []byte) int

// Run is lines in the order of their keys, as they are written; nil has none.
// Lines are parts of it, not copies.
type Run []byte

const (
	width  = 4 // of counts, places and sum
	header = 2 * width
	most   = 1<<16 - 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Parse takes what Of or Merge made.
func Parse(data []byte) (Run, error) {
	r := Run(data)
	if len(data) < header+width {
		return nil, ErrDamaged
	}
	if n := uint64(r.count()); n*(width+3)+uint64(r.marks()) > uint64(len(data)-header-width) {
		return nil, ErrDamaged
	}
	return r, nil
}

// Of makes a run of lines that are in the order of their keys, each key once.
func Of(lines []Line, group Group) Run {
	size := 0
	for _, l := range lines {
		size += len(l.Key) + len(l.Value)
	}
	w := newWriter(len(lines), size, group)
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
func (r Run) marks() int { return int(binary.BigEndian.Uint32(r[width:])) }

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
	lines := r[header+width*n : len(r)-width-r.marks()]
	from, to := int(binary.BigEndian.Uint32(r[header+width*i:])), len(lines)
	if i+1 < n {
		to = int(binary.BigEndian.Uint32(r[header+width*(1+i):]))
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

// May reports whether there may be a line, gone or not, whose key has this group;
// of a hundred groups that have none it says so of three. True for a run that was
// made without groups.
func (r Run) May(group []byte) bool {
	if r.Len() == 0 {
		return false
	}
	end := len(r) - width
	return marked(r[end-r.marks():end], group)
}

// Has reports whether there is a line, gone or not, whose key begins so.
func (r Run) Has(prefix []byte) bool {
	at := r.seek(prefix)
	if at >= r.Len() {
		return false
	}
	key, _ := r.cut(at)
	return bytes.HasPrefix(key, prefix)
}

// Sound reports whether the run is what was written.
func (r Run) Sound() bool {
	end := len(r) - width
	return end >= header && crc32.Checksum(r[:end], castagnoli) == binary.BigEndian.Uint32(r[end:])
}

// writer makes a run.
type writer struct {
	group  Group
	places []byte // behind the header
	lines  []byte
	marks  []byte
	n      int
}

func newWriter(lines, size int, group Group) *writer {
	w := &writer{group: group, places: make([]byte, header, header+width*lines), lines: make([]byte, 0, size+3*lines)}
	if group != nil {
		w.marks = make([]byte, lines) // eight for each line, three of which it sets
	}
	return w
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
	if w.group != nil {
		mark(w.marks, l.Key[:w.group(l.Key)])
	}
}

func (w *writer) run() Run {
	binary.BigEndian.PutUint32(w.places, uint32(w.n))
	binary.BigEndian.PutUint32(w.places[width:], uint32(len(w.marks)))
	r := append(make([]byte, 0, len(w.places)+len(w.lines)+len(w.marks)+width), w.places...)
	r = append(append(r, w.lines...), w.marks...)
	return binary.BigEndian.AppendUint32(r, crc32.Checksum(r, castagnoli))
}

// probes are the marks of a group, as in a Bloom filter: places that follow from
// one sum (A. Kirsch, M. Mitzenmacher, "Less hashing, same performance", 2006).
const probes = 3

func mark(marks, group []byte) {
	at, step := sums(group)
	for range probes {
		bit := at % uint32(8*len(marks))
		marks[bit/8] |= 1 << (bit % 8)
		at += step
	}
}

func marked(marks, group []byte) bool {
	if len(marks) == 0 {
		return true
	}
	at, step := sums(group)
	for range probes {
		bit := at % uint32(8*len(marks))
		if marks[bit/8]&(1<<(bit%8)) == 0 {
			return false
		}
		at += step
	}
	return true
}

func sums(group []byte) (at, step uint32) {
	sum := uint64(crc32.Checksum(group, castagnoli)) * 0x9E3779B97F4A7C15 // spreads neighbours
	return uint32(sum >> 32), uint32(sum) | 1
}
