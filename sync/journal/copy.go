package journal

import (
	"fmt"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/record"
)

// Put writes a copy of another node's entry in the caller's writable
// transaction. It answers ErrGap if the entry is not the next one, ErrFork if
// it does not continue this history, and ErrDamaged if its content is not what
// its digest says. An entry that is there already is left as it is (P3), also
// when one of the two is erased.
func (j *Journal) Put(tx *bolt.Tx, c record.Change) error {
	if c.Node != j.node || c.Epoch != j.epoch {
		return fmt.Errorf("put change %d: %w", c.Seq, ErrFork)
	}
	if !sized(string(c.Kind)) || len(c.Stamp.Node) > 255 {
		return fmt.Errorf("put change %d: %w", c.Seq, ErrDamaged)
	}
	bucket, err := j.create(tx)
	if err != nil {
		return err
	}
	if err := j.put(bucket, c); err != nil {
		return fmt.Errorf("put change %d: %w", c.Seq, err)
	}
	return nil
}

func (j *Journal) put(bucket *bolt.Bucket, c record.Change) error {
	seq, chain, err := j.end(bucket)
	switch {
	case err != nil:
		return err
	case c.Seq == 0 || c.Seq > seq+1:
		return ErrGap
	case c.Seq <= seq:
		return j.repeat(bucket, c)
	case c.Chain != link(chain, c.Digest):
		return ErrFork
	case !intact(c):
		return ErrDamaged
	}
	return bucket.Put(key(c.Seq), encode(c))
}

func (j *Journal) repeat(bucket *bolt.Bucket, c record.Change) error {
	have, err := j.decode(c.Seq, bucket.Get(key(c.Seq)))
	if err != nil {
		return err
	}
	if have.Chain != c.Chain {
		return ErrFork
	}
	return nil
}
