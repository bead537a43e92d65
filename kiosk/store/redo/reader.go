package redo

import (
	"bytes"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// Reader sees all that was saved up to a moment: what the file does not have yet
// and, under it, the file. It ends with the function that it was given to.
type Reader struct {
	file    *bolt.Tx
	layers  []*layer // newest first
	buckets []*Bucket
}

// In sees what a transaction of the file sees.
func In(tx *bolt.Tx) *Reader { return &Reader{file: tx} }

// Bucket returns the bucket of that name at the root of the file; nil if there
// is none.
func (r *Reader) Bucket(name []byte) *Bucket {
	i := slices.IndexFunc(r.buckets, func(b *Bucket) bool { return string(b.name) == string(name) })
	if i < 0 {
		i = len(r.buckets)
		r.buckets = append(r.buckets, &Bucket{name: bytes.Clone(name), file: r.file.Bucket(name), of: r})
	}
	if b := r.buckets[i]; b.file != nil {
		return b
	}
	return nil
}

// Bucket is what a Reader sees of a bucket. Its bytes are nobody's to alter, and
// gone when the Reader ends.
type Bucket struct {
	name []byte
	file *bolt.Bucket // nil if there is none
	of   *Reader
}

// Get returns a line's value; nil if there is no such line.
func (b *Bucket) Get(key []byte) []byte {
	for _, l := range b.of.layers {
		if value, known := l.get(b.name, key); known {
			return value
		}
	}
	return b.file.Get(key)
}

// ForEach calls fn with every line, in order, up to its first error.
func (b *Bucket) ForEach(fn func(key, value []byte) error) error {
	c := b.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if err := fn(k, v); err != nil {
			return err
		}
	}
	return nil
}

// Cursor returns a cursor before the first line. It ends when a save alters the
// bucket.
func (b *Bucket) Cursor() *Cursor {
	c := &Cursor{from: make([]source, 0, 1+len(b.of.layers))}
	for _, l := range b.of.layers {
		if s := l.shelf(b.name); s != nil {
			c.from = append(c.from, source{walk: &walk{shelf: s}})
		}
	}
	c.from = append(c.from, source{walk: b.file.Cursor(), file: true})
	return c
}
