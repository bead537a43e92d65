package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
	"hallpass/sync/carry"
	"hallpass/sync/journal"
	"hallpass/sync/record"
)

// salvage writes what can be saved of a journal that is damaged, or may be: the
// entries before the damage as they are; then, in an epoch made for the file,
// what can be read after it and the registrations and badges as this kiosk has
// them. The hall counts each fact once, however often it is told (P3).
func (s *Store) salvage(ctx context.Context, w io.Writer, o ExportOrder) (head carry.Head, err error) {
	head = s.signature(o)
	err = s.db.Snapshot(func(tx *bolt.Tx) error {
		if err := s.vouch(redo.In(tx), &head); err != nil {
			return err
		}
		whole := s.whole(ctx, tx)
		head.Parts = []carry.Part{whole.part}
		if whole.sound {
			return carry.Write(w, head, s.key, func(_ carry.Part, after uint64, limit int) ([]record.Change, error) {
				return s.person.Load().journal.Read(tx, after, limit)
			})
		}
		retold, err := carry.Retell(head.Node, s.rest(ctx, tx, whole.part.Last, &head.Lost))
		if err != nil {
			return err
		}
		defer retold.Close()
		head.Parts = append(head.Parts, retold.Part)
		return carry.Write(w, head, s.key, func(part carry.Part, after uint64, limit int) ([]record.Change, error) {
			if part.Epoch == retold.Part.Epoch {
				return retold.Changes(limit)
			}
			return s.person.Load().journal.Read(tx, after, int(min(uint64(limit), part.Last-after)))
		})
	})
	return head, err
}

// wholeness is how far a journal is in order.
type wholeness struct {
	part  carry.Part
	sound bool // to its end
}

var errBroken = errors.New("the journal does not go on from here")

// whole follows the journal while it is in order, or until a page of the file
// cannot be read.
func (s *Store) whole(ctx context.Context, tx *bolt.Tx) (out wholeness) {
	who := s.person.Load()
	thread := journal.NewThread(who.node, who.epoch)
	_, before := thread.End()
	err := s.careful(func() error {
		err := who.journal.Rescue(ctx, tx, 0, func(c record.Change) error {
			if thread.Next(c) != nil {
				return errBroken
			}
			return nil
		})
		if err != nil {
			return err
		}
		last, err := who.journal.Last(tx)
		if seq, _ := thread.End(); err == nil && last.Seq != seq {
			err = errBroken
		}
		return err
	})
	seq, end := thread.End()
	return wholeness{part: carry.Part{Epoch: who.epoch, First: 1, Last: seq, Before: before, End: end}, sound: err == nil}
}

func (s *Store) careful(fn func() error) error { return guarded(filepath.Join(s.dir, fileName), fn) }

// rest is what is told anew, and notes in lost which entries are in no file. A
// section of the data that cannot be read ends where it cannot.
func (s *Store) rest(ctx context.Context, tx *bolt.Tx, after uint64, lost *[]carry.Lost) iter.Seq2[carry.Told, error] {
	return func(yield func(carry.Told, error) bool) {
		more := true
		tell := func(t carry.Told) error {
			if more = yield(t, nil); !more {
				return errBroken
			}
			return nil
		}
		*lost = nil
		for _, section := range []func() error{
			func() error { return s.readableAfter(ctx, tx, after, lost, tell) },
			func() error { return eachKept(tx, registrations, tell) },
			func() error { return eachKept(tx, badges, tell) },
		} {
			if err := s.careful(section); ctx.Err() != nil && more {
				yield(carry.Told{}, errors.Join(ctx.Err(), err))
				return
			}
			if !more {
				return
			}
		}
	}
}

// readableAfter tells the entries after a number that can be read.
func (s *Store) readableAfter(ctx context.Context, tx *bolt.Tx, after uint64, lost *[]carry.Lost, tell func(carry.Told) error) error {
	next := after + 1
	gap := func(until uint64) {
		if until > next {
			*lost = append(*lost, carry.Lost{First: next, Last: until - 1, Why: "damaged on the kiosk's disk"})
		}
	}
	log := s.person.Load().journal
	err := log.Rescue(ctx, tx, after, func(c record.Change) error {
		gap(c.Seq)
		if next = c.Seq + 1; c.Erased() {
			return nil
		}
		return tell(carry.Told{Stamp: c.Stamp, Kind: c.Kind, Payload: c.Payload})
	})
	if last, lastErr := log.Last(tx); lastErr == nil && err == nil {
		gap(last.Seq + 1)
	}
	return err
}

// eachKept tells the facts of a bucket, past those that cannot be read.
func eachKept(tx *bolt.Tx, bucket []byte, tell func(carry.Told) error) error {
	b := tx.Bucket(bucket)
	if b == nil {
		return fmt.Errorf("%s are lost", bucket)
	}
	return b.ForEach(func(_, value []byte) error {
		told, ok := keptFact(bucket, value)
		if !ok {
			return nil
		}
		return tell(told)
	})
}

func keptFact(bucket, value []byte) (t carry.Told, ok bool) {
	if string(bucket) == string(badges) {
		b, err := decodeBadge(value)
		if err != nil {
			return t, false
		}
		form, err := formOf(b)
		return carry.Told{Stamp: b.State.At, Kind: record.KindBadge, Payload: form.Fact}, err == nil
	}
	r, err := decode[record.Registration](record.KindRegistration, value)
	return carry.Told{Stamp: r.Created, Kind: record.KindRegistration, Payload: append([]byte{}, value...)}, err == nil
}
