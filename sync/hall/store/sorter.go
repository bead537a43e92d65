package store

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// sortBytes is how much of what is sorted stands in memory at a time.
const sortBytes = 16 << 20

// sorter puts lines in the order of their keys, any number of them in little
// memory: what is too much goes to a file beside the data, which has no name and
// is gone with the process. Lines of one key keep the order in which they came.
type sorter struct {
	dir   string
	most  int // bytes in memory
	lines []byte
	at    []int // where each line begins
	file  *os.File
	runs  []run
	end   int64
}

// run is where a sorted part stands in the file.
type run struct{ from, size int64 }

func newSorter(dir string) *sorter { return &sorter{dir: dir, most: sortBytes} }

func appendLine(b, key, value []byte) []byte {
	b = append(binary.AppendUvarint(b, uint64(len(key))), key...)
	return append(binary.AppendUvarint(b, uint64(len(value))), value...)
}

// add takes one line; key and value are copied.
func (s *sorter) add(key, value []byte) error {
	s.at = append(s.at, len(s.lines))
	s.lines = appendLine(s.lines, key, value)
	if len(s.lines)+8*len(s.at) < s.most {
		return nil
	}
	return s.spill()
}

func (s *sorter) line(at int) (key, value []byte) {
	b := s.lines[at:]
	n, size := binary.Uvarint(b)
	key, b = b[size:size+int(n)], b[size+int(n):]
	n, size = binary.Uvarint(b)
	return key, b[size : size+int(n)]
}

func (s *sorter) sort() {
	slices.SortFunc(s.at, func(a, b int) int {
		x, _ := s.line(a)
		y, _ := s.line(b)
		return cmp.Or(bytes.Compare(x, y), a-b)
	})
}

// spill writes what stands in memory to the file.
func (s *sorter) spill() (err error) {
	if s.file == nil {
		if s.file, err = os.CreateTemp(s.dir, ".check-*"); err != nil {
			return fmt.Errorf("sort: %w", err)
		}
		if err := os.Remove(s.file.Name()); err != nil {
			return fmt.Errorf("sort: %w", err)
		}
	}
	s.sort()
	w, size := bufio.NewWriterSize(s.file, 1<<16), int64(0)
	for _, at := range s.at {
		key, value := s.line(at)
		line := appendLine(w.AvailableBuffer(), key, value)
		size += int64(len(line))
		_, _ = w.Write(line) // Flush has its error
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	s.runs = append(s.runs, run{s.end, size})
	s.end, s.lines, s.at = s.end+size, s.lines[:0], s.at[:0]
	return nil
}

// each calls use with every key, in order, and its values, which it may keep
// until it returns.
func (s *sorter) each(use func(key []byte, values [][]byte) error) error {
	heads, err := s.heads()
	if err != nil {
		return err
	}
	var key []byte
	var values [][]byte
	for len(heads) > 0 {
		least := 0
		for i := range heads {
			if bytes.Compare(heads[i].key, heads[least].key) < 0 { // of equal ones the earlier run
				least = i
			}
		}
		h := heads[least]
		if key != nil && !bytes.Equal(key, h.key) {
			if err := use(key, values); err != nil {
				return err
			}
			values = nil
		}
		key, values = h.key, append(values, h.value)
		switch err := h.next(); {
		case errors.Is(err, io.EOF):
			heads = slices.Delete(heads, least, least+1)
		case err != nil:
			return fmt.Errorf("sort: %w", err)
		}
	}
	if key == nil {
		return nil
	}
	return use(key, values)
}

// heads stands at the first line of each run; the last is what is in memory.
func (s *sorter) heads() ([]*head, error) {
	s.sort()
	sources := make([]func() (key, value []byte, err error), 0, len(s.runs)+1)
	for _, r := range s.runs {
		in := bufio.NewReaderSize(io.NewSectionReader(s.file, r.from, r.size), 1<<16)
		sources = append(sources, func() (key, value []byte, err error) { return readLine(in) })
	}
	rest := s.at
	sources = append(sources, func() (key, value []byte, err error) {
		if len(rest) == 0 {
			return nil, nil, io.EOF
		}
		key, value = s.line(rest[0])
		rest = rest[1:]
		return key, value, nil
	})
	var heads []*head
	for _, source := range sources {
		h := &head{source: source}
		switch err := h.next(); {
		case err == nil:
			heads = append(heads, h)
		case !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("sort: %w", err)
		}
	}
	return heads, nil
}

// close lets go of memory and disk.
func (s *sorter) close() error {
	s.lines, s.at = nil, nil
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// head is a run's next line.
type head struct {
	key, value []byte
	source     func() (key, value []byte, err error)
}

func (h *head) next() (err error) {
	h.key, h.value, err = h.source()
	return err
}

// readLine answers io.EOF at the end of a run.
func readLine(in *bufio.Reader) (key, value []byte, err error) {
	if key, err = readPart(in); err != nil {
		return nil, nil, err
	}
	if value, err = readPart(in); errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return key, value, err
}

func readPart(in *bufio.Reader) ([]byte, error) {
	n, err := binary.ReadUvarint(in)
	if err != nil {
		return nil, err
	}
	part := make([]byte, n)
	_, err = io.ReadFull(in, part)
	return part, err
}
