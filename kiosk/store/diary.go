package store

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"hallpass/kiosk/store/redo"
	"hallpass/sync/journal"
	"hallpass/sync/record"
)

// last is the journal's end; number 0 if it has no entry.
func (who *identity) last(tx *redo.Reader) (record.Cursor, error) {
	at := record.Cursor{Epoch: who.epoch}
	b := tx.Bucket(logBucket)
	if b == nil {
		return at, nil
	}
	k, _ := b.Cursor().Last()
	if k != nil && len(k) != 8 {
		return at, fmt.Errorf("last change: %w: a key of %d bytes", journal.ErrDamaged, len(k))
	}
	at.Seq = readNumber(k)
	return at, nil
}

// read returns copies of at most limit entries after a number, in order.
func (who *identity) read(tx *redo.Reader, after uint64, limit int) (changes []record.Change, err error) {
	b := tx.Bucket(logBucket)
	if b == nil || limit <= 0 || after == ^uint64(0) {
		return nil, nil
	}
	cursor, seq := b.Cursor(), after+1
	for k, v := cursor.Seek(number(seq)); k != nil && len(changes) < limit; k, v = cursor.Next() {
		if len(k) != 8 || binary.BigEndian.Uint64(k) != seq {
			return changes, fmt.Errorf("read change %d: %w: it is missing", seq, journal.ErrDamaged)
		}
		c, err := journal.ParseEntry(who.node, who.epoch, seq, v)
		if err != nil {
			return changes, fmt.Errorf("read change %d: %w", seq, err)
		}
		changes = append(changes, c)
		seq++
	}
	return changes, nil
}

// thread is where the journal goes on.
func (who *identity) thread(tx *redo.Reader) (*journal.Thread, error) {
	last, err := who.last(tx)
	if err != nil {
		return nil, err
	}
	_, chain := journal.NewThread(who.node, who.epoch).End()
	if last.Seq > 0 {
		end, err := who.read(tx, last.Seq-1, 1)
		if err != nil {
			return nil, err
		}
		chain = end[0].Chain
	}
	return journal.ThreadAfter(who.node, who.epoch, last.Seq, chain), nil
}

// say appends a fact to the journal and notes the place.
func (s *Store) say(tx *redo.Tx, about record.RegistrationID, kind record.Kind, payload []byte) error {
	thread, err := s.thread(tx)
	if err != nil {
		return err
	}
	salt := make([]byte, 16)
	rand.Read(salt) // never fails
	c := thread.Write(s.clock.Tick(), kind, payload, salt)
	line := journal.AppendEntry(make([]byte, 0, 256+len(payload)), c)
	if err := tx.Put(logBucket, number(c.Seq), line); err != nil {
		return err
	}
	return tx.Put(places, placeKey(about, c.Seq), nil)
}

// thread is where the journal goes on; saves look for it once.
func (s *Store) thread(tx *redo.Tx) (*journal.Thread, error) {
	type end struct {
		of     *identity
		thread *journal.Thread
	}
	who := s.person.Load()
	if known, ok := (*tx.Memo()).(end); ok && known.of == who {
		return known.thread, nil
	}
	thread, err := who.thread(tx.Reader)
	if err == nil {
		*tx.Memo() = end{who, thread}
	}
	return thread, err
}
