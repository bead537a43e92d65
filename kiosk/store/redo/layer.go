package redo

import (
	"bytes"
	"slices"
	"sort"

	bolt "go.etcd.io/bbolt"
)

// leafSize is how many lines lie together: few enough to be copied in a
// microsecond, enough that thousands are found in two short searches.
const leafSize = 64

// layer holds lines that were saved and that the file does not have yet, by
// bucket and key, in order. A view of it costs nothing and never changes: what
// somebody may be looking at is copied before it is altered.
type layer struct {
	shelves []*shelf
	edit    uint64 // what carries another number belongs to a view
	seen    *layer // the view of it as it is; nil if there is none
}

// shelf holds a bucket's lines.
type shelf struct {
	name   string
	edit   uint64
	leaves []*leaf // none is empty
}

type leaf struct {
	edit  uint64
	slots []slot
}

// slot is a line; without a value it is deleted.
type slot struct{ key, value []byte }

func (l *layer) empty() bool {
	return !slices.ContainsFunc(l.shelves, func(s *shelf) bool { return len(s.leaves) > 0 })
}

// view returns the layer as it is now, for good.
func (l *layer) view() *layer {
	if l.seen == nil {
		l.seen = &layer{shelves: slices.Clone(l.shelves)}
		l.edit++
	}
	return l.seen
}

// shelf returns a bucket's lines; nil if there are none.
func (l *layer) shelf(bucket []byte) *shelf {
	for _, s := range l.shelves {
		if s.name == string(bucket) {
			return s
		}
	}
	return nil
}

// change returns a bucket's shelf to be altered.
func (l *layer) change(bucket []byte) *shelf {
	l.seen = nil
	for i, s := range l.shelves {
		if s.name != string(bucket) {
			continue
		}
		if s.edit != l.edit {
			s = &shelf{name: s.name, edit: l.edit, leaves: slices.Clone(s.leaves)}
			l.shelves[i] = s
		}
		return s
	}
	s := &shelf{name: string(bucket), edit: l.edit}
	l.shelves = append(l.shelves, s)
	return s
}

// set puts a line and returns what was there, if anything was.
func (l *layer) set(bucket []byte, line slot) (was slot, had bool) {
	s := l.change(bucket)
	i, j, found := s.find(line.key)
	if found {
		leaf := s.own(i)
		was, leaf.slots[j] = leaf.slots[j], line
		return was, true
	}
	switch {
	case len(s.leaves) == 0 || j == leafSize && i == len(s.leaves)-1: // keys mostly ascend
		s.leaves = append(s.leaves, &leaf{edit: l.edit, slots: append(make([]slot, 0, leafSize), line)})
		return slot{}, false
	case len(s.leaves[i].slots) == leafSize:
		s.split(i)
		i, j, _ = s.find(line.key)
	}
	leaf := s.own(i)
	leaf.slots = slices.Insert(leaf.slots, j, line)
	return slot{}, false
}

// unset removes a line, as if nothing had ever been said of it.
func (l *layer) unset(bucket, key []byte) {
	s := l.change(bucket)
	i, j, found := s.find(key)
	if !found {
		return
	}
	leaf := s.own(i)
	if leaf.slots = slices.Delete(leaf.slots, j, j+1); len(leaf.slots) == 0 {
		s.leaves = slices.Delete(s.leaves, i, i+1)
	}
}

// own returns a leaf to be altered.
func (s *shelf) own(i int) *leaf {
	l := s.leaves[i]
	if l.edit != s.edit {
		l = &leaf{edit: s.edit, slots: append(make([]slot, 0, leafSize), l.slots...)}
		s.leaves[i] = l
	}
	return l
}

func (s *shelf) split(i int) {
	left := s.own(i)
	right := &leaf{edit: s.edit, slots: append(make([]slot, 0, leafSize), left.slots[leafSize/2:]...)}
	left.slots = slices.Delete(left.slots, leafSize/2, leafSize)
	s.leaves = slices.Insert(s.leaves, i+1, right)
}

// find returns the place of a key, or the one before which it would stand; that
// is behind the last line of the last leaf if it is greater than all.
func (s *shelf) find(key []byte) (leaf, at int, found bool) {
	last := len(s.leaves) - 1
	if last < 0 {
		return 0, 0, false
	}
	n := len(s.leaves[last].slots)
	if bytes.Compare(s.leaves[last].slots[n-1].key, key) < 0 {
		return last, n, false
	}
	leaf = sort.Search(last, func(i int) bool {
		slots := s.leaves[i].slots
		return bytes.Compare(slots[len(slots)-1].key, key) >= 0
	})
	slots := s.leaves[leaf].slots
	at = sort.Search(len(slots), func(i int) bool { return bytes.Compare(slots[i].key, key) >= 0 })
	return leaf, at, bytes.Equal(slots[at].key, key)
}

// get returns a line's value, nil if it is deleted, and whether it is known.
func (l *layer) get(bucket, key []byte) (value []byte, known bool) {
	s := l.shelf(bucket)
	if s == nil {
		return nil, false
	}
	i, j, found := s.find(key)
	if !found {
		return nil, false
	}
	return s.leaves[i].slots[j].value, true
}

// each calls fn with every line.
func (l *layer) each(fn func(bucket []byte, line slot)) {
	for _, s := range l.shelves {
		for _, leaf := range s.leaves {
			for _, line := range leaf.slots {
				fn([]byte(s.name), line)
			}
		}
	}
}

// pour puts all lines into a transaction of the file.
func (l *layer) pour(tx *bolt.Tx) error {
	for _, s := range l.shelves {
		b, err := tx.CreateBucketIfNotExists([]byte(s.name))
		if err != nil {
			return err
		}
		if last, _ := b.Cursor().Last(); len(s.leaves) > 0 && bytes.Compare(last, s.leaves[0].slots[0].key) < 0 {
			b.FillPercent = 0.95 // they are all added at the end
		}
		for _, leaf := range s.leaves {
			for _, line := range leaf.slots {
				if line.value == nil {
					err = b.Delete(line.key)
				} else {
					err = b.Put(line.key, line.value)
				}
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}
