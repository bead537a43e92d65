package store

import (
	"bytes"
	"context"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Last returns the end of the node's journal.
func (s *Store) Last(ctx context.Context) (last record.Cursor, err error) {
	err = s.view(ctx, func(tx *redo.Reader) error {
		last, err = s.person.Load().last(tx)
		return err
	})
	return last, err
}

// Changes returns at most limit changes after a sequence number, as copies. It
// answers fault.Forked if one is damaged: NewLife tells the rest anew.
func (s *Store) Changes(ctx context.Context, after uint64, limit int) (changes []record.Change, err error) {
	err = s.view(ctx, func(tx *redo.Reader) error {
		changes, err = s.person.Load().read(tx, after, limit)
		return err
	})
	return changes, untellable(err)
}

// Sent returns the mark: the hall has everything up to here.
func (s *Store) Sent(ctx context.Context) (seq uint64, err error) {
	err = s.view(ctx, func(tx *redo.Reader) error {
		seq = readNumber(tx.Bucket(meta).Get(metaAcked))
		return nil
	})
	return seq, err
}

// Acked moves the mark forward; a lower number leaves it. One beyond the
// journal's end is fault.BadSequence.
func (s *Store) Acked(ctx context.Context, seq uint64) error {
	return s.mark(ctx, seq, false)
}

// Rewind moves the mark back: the hall has lost what came after.
func (s *Store) Rewind(ctx context.Context, seq uint64) error {
	return s.mark(ctx, seq, true)
}

func (s *Store) mark(ctx context.Context, seq uint64, back bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ackKey, ackSeq := noteAck(s.now(), seq)
	// A mark that a power cut takes back is set again by the hall's welcome.
	err := s.db.Later(func(tx *redo.Tx) error {
		last, err := s.person.Load().last(tx.Reader)
		if err != nil {
			return err
		}
		if seq > last.Seq {
			return fault.New(fault.BadSequence, fmt.Sprintf("The hall acknowledges change %d of %d.", seq, last.Seq))
		}
		if !back && seq <= readNumber(tx.Bucket(meta).Get(metaAcked)) {
			return nil
		}
		if err := tx.Put(meta, metaAcked, number(seq)); err != nil {
			return err
		}
		if back {
			return unack(tx, seq)
		}
		return tx.Put(acks, ackKey, ackSeq)
	})
	return full(err)
}

// unack removes what says that the hall had more.
func unack(tx *redo.Tx, seq uint64) error {
	var beyond [][]byte
	cursor := tx.Bucket(acks).Cursor()
	for k, v := cursor.First(); k != nil; k, v = cursor.Next() {
		if readNumber(v) > seq {
			beyond = append(beyond, bytes.Clone(k))
		}
	}
	for _, k := range beyond {
		if err := tx.Delete(acks, k); err != nil {
			return err
		}
	}
	return nil
}

// Standing is what a node can say of itself without anybody's data.
type Standing struct {
	Node      record.NodeID
	Epoch     record.Epoch
	Last      uint64    // the journal's end
	Acked     uint64    // the hall has everything up to here
	AckedAt   time.Time // when it last said so; zero if it never did
	LastBadge time.Time // zero if none was issued
	Aside     int       // changes from the hall that were put aside
}

// Standing reads the node's own account of itself.
func (s *Store) Standing(ctx context.Context) (Standing, error) {
	who := s.person.Load()
	out := Standing{Node: who.node, Epoch: who.epoch}
	err := s.view(ctx, func(tx *redo.Reader) error {
		last, err := who.last(tx)
		if err != nil {
			return err
		}
		m := tx.Bucket(meta)
		out.Last, out.Acked = last.Seq, readNumber(m.Get(metaAcked))
		if at, _ := tx.Bucket(acks).Cursor().Last(); at != nil {
			out.AckedAt = time.UnixMilli(int64(readNumber(at))).UTC()
		}
		if at := readNumber(m.Get(metaLast)); at > 0 {
			out.LastBadge = time.UnixMilli(int64(at)).UTC()
		}
		out.Aside = linesIn(tx.Bucket(aside))
		return nil
	})
	return out, err
}

// quietly is update for what the hall need not hear of.
func (s *Store) quietly(ctx context.Context, fn func(*bolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return full(s.db.Update(fn))
}

func linesIn(b *redo.Bucket) (n int) {
	cursor := b.Cursor()
	for k, _ := cursor.First(); k != nil; k, _ = cursor.Next() {
		n++
	}
	return n
}
