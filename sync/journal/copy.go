package journal

import (
	bolt "go.etcd.io/bbolt"

	"hallpass/sync/record"
)

// Put writes a copy of another node's entry in the caller's writable
// transaction. It answers ErrGap if the entry is not the next one, ErrFork if
// it does not continue this history, and ErrDamaged if its content is not what
// its digest says. An entry that is there already is left as it is (P3), also
// when one of the two is erased.
func (j *Journal) Put(tx *bolt.Tx, c record.Change) error {
	t, err := j.Tail(tx)
	if err != nil {
		return err
	}
	return t.Put(c, false)
}
