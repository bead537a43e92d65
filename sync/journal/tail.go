package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/record"
)

// Tail is where a journal goes on, a copy of another node's or one's own, within
// one writable transaction: many entries cost one look at the last. Nothing else may write
// to the journal while a Tail is in use, and it ends with its transaction.
type Tail struct {
	journal *Journal
	bucket  *bolt.Bucket
	seq     uint64
	chain   [sha256.Size]byte
}

// Tail finds the end; ErrDamaged if the last entry cannot be read.
func (j *Journal) Tail(tx *bolt.Tx) (*Tail, error) {
	bucket, err := j.create(tx)
	if err != nil {
		return nil, err
	}
	t := &Tail{journal: j, bucket: bucket}
	t.seq, t.chain, err = j.end(bucket)
	if err != nil {
		return nil, fmt.Errorf("end of journal: %w", err)
	}
	return t, nil
}

// Seq is the number of the last entry; 0 if there is none, and for nil.
func (t *Tail) Seq() uint64 {
	if t == nil {
		return 0
	}
	return t.seq
}

// Put writes an entry as Journal.Put does. Whole says that the caller has asked
// Intact already, where it keeps no transaction waiting.
func (t *Tail) Put(c record.Change, whole bool) error {
	if err := t.put(c, whole); err != nil {
		return fmt.Errorf("put change %d: %w", c.Seq, err)
	}
	return nil
}

func (t *Tail) put(c record.Change, whole bool) error {
	switch {
	case c.Node != t.journal.node || c.Epoch != t.journal.epoch:
		return ErrFork
	case !sized(string(c.Kind)) || len(c.Stamp.Node) > 255:
		return ErrDamaged
	case c.Seq == 0 || c.Seq > t.seq+1:
		return ErrGap
	case c.Seq <= t.seq:
		return t.repeat(c)
	case c.Chain != link(t.chain, c.Digest):
		return ErrFork
	case !whole && !Intact(c):
		return ErrDamaged
	}
	if err := t.bucket.Put(key(c.Seq), encode(c)); err != nil {
		return err
	}
	t.seq, t.chain = c.Seq, c.Chain
	return nil
}

// Append writes the next entry as Journal.Append does, and returns its value in
// the file as well.
func (t *Tail) Append(stamp record.Stamp, kind record.Kind, payload []byte) (c record.Change, value []byte, err error) {
	if !sized(string(kind)) || len(stamp.Node) > 255 {
		return c, nil, errTooLong
	}
	c = record.Change{
		Node: t.journal.node, Epoch: t.journal.epoch, Seq: t.seq + 1, Stamp: stamp, Kind: kind,
		Payload: append([]byte{}, payload...), Salt: make([]byte, saltSize),
	}
	if _, err = io.ReadFull(t.journal.random(), c.Salt); err == nil {
		c.Digest = digest(c)
		c.Chain = link(t.chain, c.Digest)
		value = encode(c)
		err = t.bucket.Put(key(c.Seq), value)
	}
	if err != nil {
		return record.Change{}, nil, fmt.Errorf("append change %d: %w", c.Seq, err)
	}
	t.seq, t.chain = c.Seq, c.Chain
	return c, value, nil
}

// repeat compares with the entry that is there already.
func (t *Tail) repeat(c record.Change) error {
	value := t.bucket.Get(key(c.Seq))
	if value == nil {
		return fmt.Errorf("%w: it is missing", ErrDamaged)
	}
	have, err := t.journal.decode(c.Seq, value)
	if err != nil {
		return err
	}
	if have.Chain != c.Chain {
		return ErrFork
	}
	return nil
}

// Intact reports whether the content is what the digest says; of an erased
// change nothing is left to compare.
func Intact(c record.Change) bool {
	if c.Erased() {
		return len(c.Payload) == 0
	}
	return len(c.Salt) == saltSize && digest(c) == c.Digest
}

// digest of a change of the usual size takes no memory but the stack's.
func digest(c record.Change) [sha256.Size]byte {
	b := append(make([]byte, 0, 2048), c.Salt...)
	b = appendText(b, string(c.Node))
	b = appendText(b, string(c.Epoch))
	b = binary.BigEndian.AppendUint64(b, c.Seq)
	b = appendWhen(b, c)
	return sha256.Sum256(append(b, c.Payload...))
}
