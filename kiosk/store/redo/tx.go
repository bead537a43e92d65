package redo

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"
	bolterr "go.etcd.io/bbolt/errors"
)

// The kinds of lines.
const (
	linePut    = 1
	lineDelete = 2
)

// Tx is one save. It sees what was saved before, and what it has altered itself,
// and alters lines in buckets at the root of the file that are there already. The
// first alteration that fails has the save fail, so callers may leave their errors.
type Tx struct {
	*Reader

	layer *layer   // what it alters; nil: the file itself
	file  *bolt.Tx // then
	group *group   // whose lines it adds to
	memo  *any
	err   error
}

// Direct is for what alters lines as a save does, within an Update.
func Direct(tx *bolt.Tx) *Tx { return &Tx{Reader: In(tx), file: tx, memo: new(any)} }

// change is a line as a layer had it, if it had any.
type change struct {
	layer  *layer
	bucket []byte
	was    slot
	had    bool
	key    []byte
}

// Put sets a line. The bytes are the file's from now on: nobody alters them.
func (t *Tx) Put(bucket, key, value []byte) error {
	if value == nil {
		value = []byte{} // a line without a value is a line
	}
	return t.alter(bucket, slot{key, value})
}

// Delete removes a line, if it is there.
func (t *Tx) Delete(bucket, key []byte) error { return t.alter(bucket, slot{key, nil}) }

// Memo holds what one save leaves for the next: nil again once a save was undone,
// and after an Update.
func (t *Tx) Memo() *any { return t.memo }

func (t *Tx) alter(bucket []byte, line slot) error {
	err := t.refuse(bucket, line)
	switch {
	case err != nil:
	case t.layer == nil && line.value == nil:
		err = t.file.Bucket(bucket).Delete(line.key)
	case t.layer == nil:
		err = t.file.Bucket(bucket).Put(line.key, line.value)
	default:
		was, had := t.layer.set(bucket, line)
		t.group.before = append(t.group.before, change{t.layer, bucket, was, had, line.key})
		t.group.lines = appendLine(t.group.lines, bucket, line)
	}
	if t.err == nil {
		t.err = err
	}
	return err
}

// refuse answers what bbolt would when the line comes to the file.
func (t *Tx) refuse(bucket []byte, line slot) error {
	switch {
	case t.Bucket(bucket) == nil:
		return fmt.Errorf("no bucket %q", bucket)
	case line.value == nil:
	case len(line.key) == 0:
		return bolterr.ErrKeyRequired
	case len(line.key) > bolt.MaxKeySize:
		return bolterr.ErrKeyTooLarge
	case len(line.value) > bolt.MaxValueSize:
		return bolterr.ErrValueTooLarge
	}
	return nil
}

// undo puts everything back as it was, the last alteration first.
func undo(before []change) {
	for _, c := range slices.Backward(before) {
		if c.had {
			c.layer.set(c.bucket, c.was)
		} else {
			c.layer.unset(c.bucket, c.key)
		}
	}
}

func appendLine(b []byte, bucket []byte, line slot) []byte {
	if line.value == nil {
		return appendText(appendText(append(b, lineDelete), bucket), line.key)
	}
	return appendText(appendText(appendText(append(b, linePut), bucket), line.key), line.value)
}

func appendText(b, text []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

var errLines = errors.New("a frame's lines do not add up")

// take repeats the lines of one frame, whose bytes it keeps.
func (l *layer) take(lines []byte) error {
	for len(lines) > 0 {
		kind := lines[0]
		bucket, rest, ok := cut(lines[1:])
		key, rest, fine := cut(rest)
		if !ok || !fine || kind != linePut && kind != lineDelete {
			return errLines
		}
		line := slot{key: key}
		if kind == linePut {
			if line.value, rest, ok = cut(rest); !ok {
				return errLines
			}
		}
		l.set(bucket, line)
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
