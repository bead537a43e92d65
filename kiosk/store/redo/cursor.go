package redo

import "bytes"

// Cursor goes through a bucket's lines as bbolt's does, in either direction; it
// answers no key at the ends.
type Cursor struct {
	from []source // newest first: of two lines with one key the first counts
	key  []byte   // where it stands; nil at the ends
	back bool     // the sources stand at or before key, else at or behind it
}

// source is one of the places that lines come from, and the line at which it
// stands; no key at its ends.
type source struct {
	walk interface {
		First() (key, value []byte)
		Last() (key, value []byte)
		Next() (key, value []byte)
		Prev() (key, value []byte)
		Seek(to []byte) (key, value []byte)
	}
	file       bool // it knows of no deleted lines
	key, value []byte
}

// First goes to the first line.
func (c *Cursor) First() (key, value []byte) {
	for i := range c.from {
		s := &c.from[i]
		s.key, s.value = s.walk.First()
	}
	c.back = false
	return c.stand()
}

// Last goes to the last line.
func (c *Cursor) Last() (key, value []byte) {
	for i := range c.from {
		s := &c.from[i]
		s.key, s.value = s.walk.Last()
	}
	c.back = true
	return c.stand()
}

// Seek goes to the line of that key or, if there is none, to the next one.
func (c *Cursor) Seek(to []byte) (key, value []byte) {
	for i := range c.from {
		s := &c.from[i]
		s.key, s.value = s.walk.Seek(to)
	}
	c.back = false
	return c.stand()
}

// Next goes to the line after; at an end it stays there.
func (c *Cursor) Next() (key, value []byte) {
	if at := c.key; at != nil && c.back {
		c.Seek(at)
	}
	return c.step()
}

// Prev goes to the line before; at an end it stays there.
func (c *Cursor) Prev() (key, value []byte) {
	if c.key == nil || c.back {
		return c.step()
	}
	c.back = true
	for i := range c.from {
		s := &c.from[i]
		if k, _ := s.walk.Seek(c.key); k == nil {
			s.key, s.value = s.walk.Last()
		} else {
			s.key, s.value = s.walk.Prev()
		}
	}
	return c.stand()
}

// step leaves the line at which it stands.
func (c *Cursor) step() (key, value []byte) {
	if c.key == nil {
		return nil, nil
	}
	c.leave()
	return c.stand()
}

// leave moves all sources on that stand at the line.
func (c *Cursor) leave() {
	for i := range c.from {
		s := &c.from[i]
		switch {
		case s.key == nil || !bytes.Equal(s.key, c.key):
		case c.back:
			s.key, s.value = s.walk.Prev()
		default:
			s.key, s.value = s.walk.Next()
		}
	}
}

// stand goes to the nearest line of all sources that is not deleted.
func (c *Cursor) stand() (key, value []byte) {
	for {
		var near *source
		for i := range c.from {
			if s := &c.from[i]; s.key != nil && (near == nil || c.nearer(s.key, near.key)) {
				near = s
			}
		}
		if near == nil {
			c.key = nil
			return nil, nil
		}
		if c.key = near.key; near.file || near.value != nil {
			return near.key, near.value
		}
		c.leave()
	}
}

func (c *Cursor) nearer(a, b []byte) bool {
	if c.back {
		a, b = b, a
	}
	return bytes.Compare(a, b) < 0
}

// walk goes through a shelf.
type walk struct {
	shelf    *shelf
	leaf, at int
}

func (w *walk) First() (key, value []byte) {
	w.leaf, w.at = 0, 0
	return w.line()
}

func (w *walk) Last() (key, value []byte) {
	w.leaf, w.at = len(w.shelf.leaves), 0
	return w.Prev()
}

func (w *walk) Seek(to []byte) (key, value []byte) {
	w.leaf, w.at, _ = w.shelf.find(to)
	return w.line()
}

func (w *walk) Next() (key, value []byte) {
	w.at++
	return w.line()
}

func (w *walk) Prev() (key, value []byte) {
	if w.at--; w.at < 0 {
		if w.leaf--; w.leaf < 0 {
			w.leaf, w.at = 0, -1
			return nil, nil
		}
		w.at = len(w.shelf.leaves[w.leaf].slots) - 1
	}
	return w.line()
}

// line is where it stands, from behind a leaf's end the next leaf's first.
func (w *walk) line() (key, value []byte) {
	if w.leaf < len(w.shelf.leaves) && w.at == len(w.shelf.leaves[w.leaf].slots) {
		w.leaf, w.at = w.leaf+1, 0
	}
	if w.leaf >= len(w.shelf.leaves) {
		return nil, nil
	}
	s := w.shelf.leaves[w.leaf].slots[w.at]
	return s.key, s.value
}
