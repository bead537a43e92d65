package journal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/record"
)

// The errors by the moment at which they are met.
var (
	ErrGap     = errors.New("entry does not follow the last one")          // Put: something is missing before it
	ErrFork    = errors.New("entry belongs to another history")            // Put: another node, epoch or chain
	ErrDamaged = errors.New("entry is damaged")                            // Put, Append, Read, Erase
	ErrNoEntry = errors.New("the journal has no entry with that number")   // Erase
	errTooLong = errors.New("node, epoch and kind take 1 to 255 bytes")    // Append: a programmer's mistake
	errNoPath  = errors.New("the journal's bucket path has an empty name") // New
	errSalt    = errors.New("a salt has 16 bytes")                         // Thread.Write
)

// Journal is one node's log in one life of its disk. It holds no state but its
// name: any number of goroutines may use it, each in a transaction of its own.
type Journal struct {
	Rand io.Reader // for salts; crypto/rand if nil

	node  record.NodeID
	epoch record.Epoch
	path  [][]byte
}

// New returns the journal of node in epoch, kept in the bucket that path names
// from the root of the file down. The bucket holds nothing else; Append and Put
// create it. New panics on an empty path or id.
func New(node record.NodeID, epoch record.Epoch, path ...string) *Journal {
	j := &Journal{node: node, epoch: epoch}
	if len(path) == 0 {
		panic(errNoPath)
	}
	for _, name := range path {
		if name == "" {
			panic(errNoPath)
		}
		j.path = append(j.path, []byte(name))
	}
	if !sized(string(node)) || !sized(string(epoch)) {
		panic(errTooLong)
	}
	return j
}

func sized(id string) bool { return len(id) >= 1 && len(id) <= 255 }

// Append writes the next entry in the caller's writable transaction and returns
// it. The payload is kept byte for byte.
func (j *Journal) Append(tx *bolt.Tx, stamp record.Stamp, kind record.Kind, payload []byte) (record.Change, error) {
	t, err := j.Tail(tx)
	if err != nil {
		return record.Change{}, err
	}
	c, _, err := t.Append(stamp, kind, payload)
	return c, err
}

// Read returns copies of at most limit entries after the given number, in
// order; none if there are none.
func (j *Journal) Read(tx *bolt.Tx, after uint64, limit int) ([]record.Change, error) {
	bucket := j.bucket(tx)
	if bucket == nil || limit <= 0 || after == ^uint64(0) {
		return nil, nil
	}
	var changes []record.Change
	cursor := bucket.Cursor()
	seq := after + 1
	for k, v := cursor.Seek(key(seq)); k != nil && len(changes) < limit; k, v = cursor.Next() {
		if binary.BigEndian.Uint64(k) != seq {
			return changes, fmt.Errorf("read change %d: %w: it is missing", seq, ErrDamaged)
		}
		c, err := j.decode(seq, v)
		if err != nil {
			return changes, fmt.Errorf("read change %d: %w", seq, err)
		}
		changes = append(changes, c)
		seq++
	}
	return changes, nil
}

// Last returns the epoch and the number of the last entry, 0 if there is none.
func (j *Journal) Last(tx *bolt.Tx) (record.Cursor, error) {
	last := record.Cursor{Epoch: j.epoch}
	bucket := j.bucket(tx)
	if bucket == nil {
		return last, nil
	}
	k, _ := bucket.Cursor().Last()
	switch len(k) {
	case 0:
	case 8:
		last.Seq = binary.BigEndian.Uint64(k)
	default:
		return last, fmt.Errorf("last change: %w: a key of %d bytes", ErrDamaged, len(k))
	}
	return last, nil
}

// End returns the number and chain of the last entry, 0 and the chain before the
// first if there is none. It fails with ErrDamaged if the entry cannot be read.
func (j *Journal) End(tx *bolt.Tx) (seq uint64, chain [32]byte, err error) {
	bucket := j.bucket(tx)
	if bucket == nil {
		return 0, start(j.node, j.epoch), nil
	}
	if seq, chain, err = j.end(bucket); err != nil {
		return seq, chain, fmt.Errorf("end of journal: %w", err)
	}
	return seq, chain, nil
}

// Erase takes payload and salt out of an entry, in the caller's writable
// transaction; a second time changes nothing. It answers ErrNoEntry if there is
// no such entry.
func (j *Journal) Erase(tx *bolt.Tx, seq uint64) error {
	bucket := j.bucket(tx)
	if bucket == nil {
		return fmt.Errorf("erase change %d: %w", seq, ErrNoEntry)
	}
	value := bucket.Get(key(seq))
	if value == nil {
		return fmt.Errorf("erase change %d: %w", seq, ErrNoEntry)
	}
	c, err := j.decode(seq, value)
	if err != nil {
		return fmt.Errorf("erase change %d: %w", seq, err)
	}
	c.Payload, c.Salt = nil, nil
	if err := bucket.Put(key(seq), encode(c)); err != nil {
		return fmt.Errorf("erase change %d: %w", seq, err)
	}
	return nil
}

// end returns the number and chain of the last entry, 0 and chain_0 if none.
func (j *Journal) end(bucket *bolt.Bucket) (uint64, [sha256.Size]byte, error) {
	k, v := bucket.Cursor().Last()
	if k == nil {
		return 0, start(j.node, j.epoch), nil
	}
	if len(k) != 8 {
		return 0, [sha256.Size]byte{}, fmt.Errorf("last change: %w: a key of %d bytes", ErrDamaged, len(k))
	}
	c, err := j.decode(binary.BigEndian.Uint64(k), v)
	return c.Seq, c.Chain, err
}

func (j *Journal) create(tx *bolt.Tx) (*bolt.Bucket, error) {
	bucket, err := tx.CreateBucketIfNotExists(j.path[0])
	for _, name := range j.path[1:] {
		if err == nil {
			bucket, err = bucket.CreateBucketIfNotExists(name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	bucket.FillPercent = 0.95 // entries are only ever added at the end
	return bucket, nil
}

// bucket returns nil if nothing was ever written.
func (j *Journal) bucket(tx *bolt.Tx) *bolt.Bucket {
	bucket := tx.Bucket(j.path[0])
	for _, name := range j.path[1:] {
		if bucket == nil {
			return nil
		}
		bucket = bucket.Bucket(name)
	}
	return bucket
}

func (j *Journal) random() io.Reader {
	if j.Rand == nil {
		return rand.Reader
	}
	return j.Rand
}
