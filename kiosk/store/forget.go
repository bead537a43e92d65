package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// Soonest is the least time that a registration stays here after the hall has
// it: whoever stands at the desk with a spoiled badge gets another.
const Soonest = 15 * time.Minute

const (
	ackGrain  = time.Minute // how exactly it is known when the hall had what
	atOnce    = 100         // registrations in one transaction, so that nobody waits long
	forgetMax = 20          // such transactions in one call
)

// noteAck returns the line of acks for what the hall has now. It stands at the
// end of the minute, so that nothing goes too early.
func noteAck(now time.Time, seq uint64) (key, value []byte) {
	return millis(now.Truncate(ackGrain).Add(ackGrain)), number(seq)
}

// Forget takes out what the hall has had for that long, at least Soonest, and
// reports how many registrations it was: their personal data here and in the
// journal, whose hashes stay. A registration goes as a whole, when the hall has
// all that was ever said of it and no badge of it needs a printer. What is left
// is its id and its badges' short codes, so that the desk can say where it is;
// idempotency keys stay, so that a repeat is not a second visitor.
//
// A kiosk without a hall forgets nothing. A clock that is set forward by a day
// has people forgotten a day early here; the hall has them.
func (s *Store) Forget(ctx context.Context, after time.Duration) (gone int, err error) {
	now := s.now()
	before := now.Add(-max(after, Soonest))
	for range forgetMax {
		var some []record.RegistrationID
		err := s.view(ctx, func(tx *redo.Reader) (err error) {
			some, err = due(tx, before)
			return err
		})
		if err == nil && len(some) > 0 {
			err = s.quietly(ctx, func(tx *bolt.Tx) (err error) {
				if some, err = due(redo.In(tx), before); err != nil { // somebody may have come back meanwhile
					return err
				}
				return s.forgetAll(tx, some, now)
			})
		}
		if err != nil {
			return gone, fmt.Errorf("forget what the hall has: %w", err)
		}
		if gone += len(some); len(some) < atOnce {
			break
		}
	}
	if gone > 0 {
		s.unclean.Store(true)
	}
	return gone, s.clean()
}

// clean clears the disk of what was forgotten, as soon as nobody reads for long.
func (s *Store) clean() error {
	if !s.unclean.Load() {
		return nil
	}
	err := s.db.Compact()
	if errors.Is(err, redo.ErrBusy) {
		return nil // next time
	}
	if err != nil {
		return fmt.Errorf("clear the disk of what was forgotten: %w", full(err))
	}
	s.unclean.Store(false)
	return nil
}

// due returns the first registrations that the hall had whole before that time.
func due(tx *redo.Reader, before time.Time) (due []record.RegistrationID, err error) {
	until := ackedBefore(tx, before)
	if until == 0 {
		return nil, nil
	}
	cursor := tx.Bucket(registrations).Cursor()
	for id, _ := cursor.First(); id != nil && len(due) < atOnce; id, _ = cursor.Next() {
		ready, err := forgettable(tx, id, until)
		if err != nil {
			return nil, err
		}
		if ready {
			due = append(due, record.RegistrationID(id))
		}
	}
	return due, nil
}

// ackedBefore is what the hall had at that time, by the clock of then. Clocks go
// back, so an older line may say more.
func ackedBefore(tx *redo.Reader, at time.Time) (seq uint64) {
	end := millis(at)
	cursor := tx.Bucket(acks).Cursor()
	for k, v := cursor.First(); k != nil && bytes.Compare(k, end) <= 0; k, v = cursor.Next() {
		seq = max(seq, readNumber(v))
	}
	return min(seq, readNumber(tx.Bucket(meta).Get(metaAcked))) // a restored hall has less again
}

// forgettable reports whether the hall has all about a registration and nobody
// waits for its badge.
func forgettable(tx *redo.Reader, id []byte, until uint64) (bool, error) {
	seqs := placesOf(tx, id)
	if len(seqs) == 0 || slices.Max(seqs) > until {
		return false, nil
	}
	open := false
	err := eachBadge(tx, id, func(_, value []byte) error {
		b, err := decodeBadge(value)
		open = open || b.Open()
		return err
	})
	return !open, err
}

func (s *Store) forgetAll(tx *bolt.Tx, ids []record.RegistrationID, at time.Time) error {
	for _, id := range ids {
		if err := s.forget(tx, []byte(id), at); err != nil {
			return err
		}
	}
	return s.dropAcks(tx, at)
}

// forget takes one registration out, in whatever state it is: the entries of the
// journal lose their contents, the lines of the badges go, and so does the
// registration. Of nobody it does nothing.
func (s *Store) forget(tx *bolt.Tx, id []byte, at time.Time) error {
	for _, seq := range placesOf(redo.In(tx), id) {
		if err := s.person.Load().journal.Erase(tx, seq); err != nil {
			return err
		}
		if err := tx.Bucket(places).Delete(placeKey(record.RegistrationID(id), seq)); err != nil {
			return err
		}
	}
	var lines [][]byte
	err := eachBadge(redo.In(tx), id, func(key, _ []byte) error {
		lines = append(lines, bytes.Clone(key))
		return nil
	})
	if err != nil {
		return err
	}
	for _, key := range lines {
		if err := tx.Bucket(badges).Delete(key); err != nil {
			return err
		}
	}
	if tx.Bucket(registrations).Get(id) == nil {
		return nil
	}
	if err := tx.Bucket(registrations).Delete(id); err != nil {
		return err
	}
	return tx.Bucket(forgotten).Put(id, millis(at))
}

// dropAcks removes lines that say nothing any more: a later one of that age says
// as much. The last stays.
func (s *Store) dropAcks(tx *bolt.Tx, at time.Time) error {
	var old [][]byte
	const most = 31 * 24 * time.Hour // longer than anybody keeps a visitor on a kiosk
	cursor := tx.Bucket(acks).Cursor()
	for k, _ := cursor.First(); k != nil && bytes.Compare(k, millis(at.Add(-most))) < 0; k, _ = cursor.Next() {
		old = append(old, bytes.Clone(k))
	}
	for _, k := range old[:max(0, len(old)-1)] {
		if err := tx.Bucket(acks).Delete(k); err != nil {
			return err
		}
	}
	return nil
}

func eachBadge(tx *redo.Reader, id []byte, use func(key, value []byte) error) error {
	cursor := tx.Bucket(badges).Cursor()
	for k, v := cursor.Seek(id); bytes.HasPrefix(k, id) && len(k) == len(id)+2; k, v = cursor.Next() {
		if err := use(k, v); err != nil {
			return err
		}
	}
	return nil
}

// placesOf returns the numbers of the journal entries that speak of a
// registration.
func placesOf(tx *redo.Reader, id []byte) (seqs []uint64) {
	cursor := tx.Bucket(places).Cursor()
	for k, _ := cursor.Seek(id); bytes.HasPrefix(k, id) && len(k) == len(id)+8; k, _ = cursor.Next() {
		seqs = append(seqs, readNumber(k[len(id):]))
	}
	return seqs
}

// absent is why there is no registration of that id here.
func absent(tx *redo.Reader, id []byte) error {
	if b := tx.Bucket(forgotten); b != nil && b.Get(id) != nil {
		return fault.New(fault.Forgotten, "The hall has this registration; kiosks keep nobody's data for long. Please ask at the information desk.")
	}
	return fault.New(fault.NotFound, "There is no such registration.")
}
