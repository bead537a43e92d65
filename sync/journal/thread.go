package journal

import (
	"crypto/sha256"
	"fmt"

	"hallpass/sync/record"
)

// Thread follows the chain of a journal that is not in a bbolt file: one that
// is carried, for instance. Not for several goroutines at once.
type Thread struct {
	node  record.NodeID
	epoch record.Epoch
	seq   uint64
	chain [sha256.Size]byte
}

// NewThread begins before a journal's first entry.
func NewThread(node record.NodeID, epoch record.Epoch) *Thread {
	return &Thread{node: node, epoch: epoch, chain: start(node, epoch)}
}

// ThreadAfter begins after the entry with that number and that chain.
func ThreadAfter(node record.NodeID, epoch record.Epoch, seq uint64, chain [32]byte) *Thread {
	return &Thread{node: node, epoch: epoch, seq: seq, chain: chain}
}

// Next takes the next entry. It answers ErrFork for one of another journal or
// chain, ErrGap if the entry is not the next one and ErrDamaged if its content
// is not what its digest says; the thread then stays where it is.
func (t *Thread) Next(c record.Change) error { return t.Follow(c, Intact(c)) }

// Follow is Next for who has asked Intact already.
func (t *Thread) Follow(c record.Change, whole bool) error {
	var err error
	switch {
	case c.Node != t.node || c.Epoch != t.epoch:
		err = ErrFork
	case !sized(string(c.Kind)) || len(c.Stamp.Node) > 255:
		err = ErrDamaged
	case c.Seq != t.seq+1:
		err = ErrGap
	case c.Chain != link(t.chain, c.Digest):
		err = ErrFork
	case !whole:
		err = ErrDamaged
	}
	if err != nil {
		return fmt.Errorf("change %d: %w", c.Seq, err)
	}
	t.seq, t.chain = c.Seq, c.Chain
	return nil
}

// End returns where the thread stands: the last entry's number and its chain.
func (t *Thread) End() (seq uint64, chain [32]byte) { return t.seq, t.chain }

// Write makes the next entry of a journal that is not in a bbolt file, with a
// salt of 16 bytes that nobody can guess; nothing else may write that journal.
// It panics on another salt, a programmer's mistake.
func (t *Thread) Write(stamp record.Stamp, kind record.Kind, payload, salt []byte) record.Change {
	if len(salt) != saltSize {
		panic(errSalt)
	}
	c := record.Change{Node: t.node, Epoch: t.epoch, Seq: t.seq + 1, Stamp: stamp, Kind: kind, Payload: payload, Salt: salt}
	c.Digest = digest(c)
	c.Chain = link(t.chain, c.Digest)
	t.seq, t.chain = c.Seq, c.Chain
	return c
}
