package runs

import "bytes"

// Tree is the oldest source: lines in the order of their keys, nil behind the
// last. A bbolt cursor is one.
type Tree interface {
	Seek(key []byte) (k, v []byte)
	Next() (k, v []byte)
}

// Cursor reads several sources as one, in the order of the keys: of lines with
// one key the newest counts, and none if that is gone. Not for several
// goroutines, and not beyond a change of the sources.
type Cursor struct {
	heads []head // newest first
	key   []byte // of the line where it stands
}

// head is the next line of one source.
type head struct {
	line  Line
	run   Run
	lines []Line // in memory, instead of a run
	at    int
	tree  Tree // instead of both
}

// NewCursor reads lines in memory, which are the newest and in the order of
// their keys, runs, oldest first, and a tree, if there is one.
func NewCursor(fresh []Line, runs []Run, tree Tree) *Cursor {
	heads := make([]head, 0, len(runs)+2)
	heads = append(heads, head{lines: fresh})
	for i := len(runs) - 1; i >= 0; i-- {
		heads = append(heads, head{run: runs[i]})
	}
	if tree != nil {
		heads = append(heads, head{tree: tree})
	}
	return &Cursor{heads: heads}
}

// Seek goes to the first line whose key is not before this one; nil if there is
// none.
func (c *Cursor) Seek(key []byte) (k, v []byte) {
	for i := range c.heads {
		c.heads[i].seek(key)
	}
	l := c.line(false)
	return l.Key, l.Value
}

// Next goes on to the next line.
func (c *Cursor) Next() (k, v []byte) {
	c.pass()
	l := c.line(false)
	return l.Key, l.Value
}

// line goes to the next line, one that is gone only if it is asked for.
func (c *Cursor) line(gone bool) Line {
	for {
		newest := c.least()
		if newest == nil {
			c.key = nil
			return Line{}
		}
		c.key = newest.line.Key
		if !newest.line.Gone || gone {
			return newest.line
		}
		c.pass()
	}
}

// least is the newest of the sources with the least key, nil at the end of all.
func (c *Cursor) least() (newest *head) {
	for i := range c.heads {
		h := &c.heads[i]
		if h.line.Key != nil && (newest == nil || bytes.Compare(h.line.Key, newest.line.Key) < 0) {
			newest = h
		}
	}
	return newest
}

// pass goes beyond the line where the cursor stands, in every source.
func (c *Cursor) pass() {
	for i := range c.heads {
		if h := &c.heads[i]; c.key != nil && h.line.Key != nil && bytes.Equal(h.line.Key, c.key) {
			h.next()
		}
	}
}

func (h *head) seek(key []byte) {
	switch {
	case h.tree != nil:
		h.line.Key, h.line.Value = h.tree.Seek(key)
		return
	case h.run != nil:
		h.at = h.run.seek(key)
	default:
		h.at = Find(h.lines, key)
	}
	h.read()
}

func (h *head) next() {
	if h.tree != nil {
		h.line.Key, h.line.Value = h.tree.Next()
		return
	}
	h.at++
	h.read()
}

// read takes the line at the place; a damaged one ends the run.
func (h *head) read() {
	h.line = Line{}
	switch {
	case h.at < h.run.Len():
		h.line = h.run.Line(h.at)
	case h.at < len(h.lines):
		h.line = h.lines[h.at]
	}
}

// Find returns the place of the first line whose key is not before this one.
func Find(lines []Line, key []byte) int {
	low, high := 0, len(lines)
	for low < high {
		if middle := (low + high) / 2; bytes.Compare(lines[middle].Key, key) < 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// Merge makes one run of several, oldest first. What is gone stays so, for
// older sources.
func Merge(runs []Run, group Group) Run {
	c, lines, size := NewCursor(nil, runs, nil), 0, 0
	for _, r := range runs {
		lines, size = lines+r.Len(), size+len(r)
	}
	for i := range c.heads {
		c.heads[i].read()
	}
	w := newWriter(lines, size, group)
	for l := c.line(true); l.Key != nil; l = c.line(true) {
		w.add(l)
		c.pass()
	}
	return w.run()
}
