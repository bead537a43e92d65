package redo

import (
	"encoding/binary"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// The kinds of lines.
const (
	linePut    = 1
	lineDelete = 2
)

// Tx is one save. It is read by its transaction and altered only by its own
// methods, in buckets at the root of the file that are there already. The first
// of them that fails has the save fail, so callers may leave their errors.
type Tx struct {
	*bolt.Tx

	lines  []byte
	before []change // what the save altered, oldest first
	memo   *any
	err    error
}

// change is a line as it was; nil bytes if it was not there.
type change struct {
	bucket, key, value []byte
}

// Put sets a line. The bytes stay as they are until the file is committed.
func (t *Tx) Put(bucket, key, value []byte) error {
	if value == nil {
		value = []byte{} // until the commit bbolt would answer as if the line were not there
	}
	return t.alter(bucket, key, func(b *bolt.Bucket) error {
		if err := b.Put(key, value); err != nil {
			return err
		}
		t.put(bucket, key, value)
		return nil
	})
}

// Delete removes a line, if it is there.
func (t *Tx) Delete(bucket, key []byte) error {
	return t.alter(bucket, key, func(b *bolt.Bucket) error {
		t.lines = append(t.lines, lineDelete)
		t.text(bucket)
		t.text(key)
		return b.Delete(key)
	})
}

// Add is Put for a line that is not there yet, as the caller knows for certain.
func (t *Tx) Add(bucket, key, value []byte) error {
	b := t.Bucket(bucket)
	if b == nil {
		return t.fail(fmt.Errorf("no bucket %q", bucket))
	}
	if value == nil {
		value = []byte{} // see Put
	}
	if err := b.Put(key, value); err != nil {
		return t.fail(err)
	}
	return t.Added(bucket, key, value)
}

// Added takes over a line that was put in the transaction by other means and
// was not there before.
func (t *Tx) Added(bucket, key, value []byte) error {
	if t.Bucket(bucket) == nil {
		return t.fail(fmt.Errorf("no bucket %q", bucket))
	}
	t.before = append(t.before, change{bucket: bucket, key: key})
	t.put(bucket, key, value)
	return nil
}

// Memo holds what one save leaves for the next: nil again once the transaction
// has ended, or a save in it was undone.
func (t *Tx) Memo() *any {
	if t.memo == nil { // in an Update
		t.memo = new(any)
	}
	return t.memo
}

func (t *Tx) alter(bucket, key []byte, how func(*bolt.Bucket) error) error {
	b := t.Bucket(bucket)
	if b == nil {
		return t.fail(fmt.Errorf("no bucket %q", bucket))
	}
	was := change{bucket: bucket, key: key}
	if old := b.Get(key); old != nil {
		was.value = append([]byte{}, old...)
	}
	t.before = append(t.before, was)
	return t.fail(how(b))
}

func (t *Tx) fail(err error) error {
	if t.err == nil {
		t.err = err
	}
	return err
}

// undo puts everything back as it was.
func (t *Tx) undo() (err error) {
	for i := len(t.before) - 1; i >= 0; i-- {
		was := t.before[i]
		b := t.Bucket(was.bucket)
		switch {
		case b == nil:
			err = errors.Join(err, fmt.Errorf("no bucket %q", was.bucket))
		case was.value == nil:
			err = errors.Join(err, b.Delete(was.key))
		default:
			err = errors.Join(err, b.Put(was.key, was.value))
		}
	}
	return err
}

func (t *Tx) put(bucket, key, value []byte) {
	t.lines = append(t.lines, linePut)
	t.text(bucket)
	t.text(key)
	t.text(value)
}

func (t *Tx) text(b []byte) {
	t.lines = binary.AppendUvarint(t.lines, uint64(len(b)))
	t.lines = append(t.lines, b...)
}

var errLines = errors.New("a frame's lines do not add up")

// putLines repeats the lines of one frame.
func putLines(tx *bolt.Tx, lines []byte) error {
	for len(lines) > 0 {
		kind := lines[0]
		bucket, rest, ok := cut(lines[1:])
		key, rest, fine := cut(rest)
		if !ok || !fine || kind != linePut && kind != lineDelete {
			return errLines
		}
		b, err := tx.CreateBucketIfNotExists(bucket)
		if err != nil {
			return err
		}
		if kind == lineDelete {
			err = b.Delete(key)
		} else {
			var value []byte
			if value, rest, ok = cut(rest); !ok {
				return errLines
			}
			err = b.Put(key, value)
		}
		if err != nil {
			return err
		}
		lines = rest
	}
	return nil
}

func cut(b []byte) (text, rest []byte, ok bool) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)-size) {
		return nil, nil, false
	}
	b = b[size:]
	return b[:n:n], b[n:], true
}
