package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk"
	"hallpass/kiosk/store/redo"
	"hallpass/sync/fault"
	"hallpass/sync/journal"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// Mended is a new life that a journal with damaged entries has begun.
type Mended struct {
	At     time.Time    `json:"at"`
	Epoch  record.Epoch `json:"epoch"`  // in which the entries were
	First  uint64       `json:"first"`  // the first of them
	Lost   uint64       `json:"lost"`   // how many could not be read
	Retold int          `json:"retold"` // facts that were told as the data have them
}

// String is a sentence for the staff.
func (m Mended) String() string {
	return fmt.Sprintf("%d journal entries from number %d on were damaged on the disk and lost; on %s everything else was told to the hall anew, with %d registrations and badges as they stand here",
		m.Lost, m.First, m.At.Format(time.RFC3339), m.Retold)
}

// Mended returns the lives that were begun because entries of the journal were
// damaged, oldest first.
func (s *Store) Mended(ctx context.Context) (found []Mended, err error) {
	err = s.view(ctx, func(tx *redo.Reader) error {
		found, err = readMended(tx)
		return err
	})
	return found, err
}

func readMended(tx *redo.Reader) (found []Mended, err error) {
	value := tx.Bucket(meta).Get(metaMended)
	if value == nil {
		return nil, nil
	}
	if err := json.Unmarshal(value, &found); err != nil {
		return nil, fmt.Errorf("read what was mended: %w", err)
	}
	return found, nil
}

// untellable has package link call NewLife for an entry that the hall has not got
// and that cannot be read: all that can be is told anew then.
func untellable(err error) error {
	if !errors.Is(err, journal.ErrDamaged) {
		return err
	}
	return fault.Wrap(fault.Forked, "The journal is damaged; what is whole is told anew.", err)
}

// mend begins a new life if the hall cannot be told everything otherwise, or if
// nothing can be written behind the journal's end.
func (s *Store) mend(report journal.Report) error {
	due := false
	err := s.db.View(func(tx *redo.Reader) error {
		due = report.Damaged > readNumber(tx.Bucket(meta).Get(metaAcked)) || report.Damaged == report.Last.Seq
		return nil
	})
	if err != nil || !due || report.OK() {
		return err
	}
	if err := s.db.Update(s.beginLife); err != nil {
		return fmt.Errorf("begin a new life of a damaged journal: %w", full(err))
	}
	_, again := s.prove()
	return errors.Join(s.db.Snapshot(s.become), again)
}

// rescued are the entries of a journal that can be read, and which cannot.
type rescued struct {
	changes     []record.Change
	last        uint64
	lost, first uint64 // how many are lost, and the first of them
}

func rescue(tx *bolt.Tx, who *identity) (r rescued, err error) {
	end, err := who.journal.Last(tx)
	if err != nil {
		return r, err
	}
	gap := func(until uint64) {
		if n := until - r.last - 1; n > 0 {
			if r.lost == 0 {
				r.first = r.last + 1
			}
			r.lost += n
		}
	}
	err = who.journal.Rescue(context.Background(), tx, 0, func(c record.Change) error {
		gap(c.Seq)
		r.changes, r.last = append(r.changes, c), c.Seq
		return nil
	})
	gap(end.Seq + 1)
	return r, err
}

// retell tells, in a new life, what the data hold and the rescued entries do not
// say, and notes what was lost. Lines that cannot be read a check tells of.
func (s *Store) retell(tx *bolt.Tx, fresh *journal.Journal, was record.Epoch, r rescued) error {
	told := saidBy(r.changes)
	note := Mended{At: s.now().UTC(), Epoch: was, First: r.first, Lost: r.lost}
	tell := func(kind record.Kind, payload []byte) error {
		note.Retold++
		c, err := fresh.Append(tx, s.clock.Tick(), kind, payload)
		if err != nil {
			return err
		}
		return notePlace(tx, c)
	}
	err := tx.Bucket(registrations).ForEach(func(id, _ []byte) error {
		e, err := load(redo.In(tx), id)
		if err != nil {
			return nil
		}
		return retellEntry(e, told[e.Registration.ID], tell)
	})
	if err != nil {
		return err
	}
	before, err := readMended(redo.In(tx))
	if err != nil {
		before = nil // a damaged note of damage
	}
	value, err := json.Marshal(append(before, note))
	if err != nil {
		return err
	}
	return tx.Bucket(meta).Put(metaMended, value)
}

// saidBy joins what entries say, as a hall does, past what it would put aside.
func saidBy(changes []record.Change) map[record.RegistrationID]*kiosk.Entry {
	said := map[record.RegistrationID]*kiosk.Entry{}
	entry := func(id record.RegistrationID) *kiosk.Entry {
		if said[id] == nil {
			said[id] = &kiosk.Entry{}
		}
		return said[id]
	}
	for _, c := range changes {
		_ = join(entry, c) // a check tells of it
	}
	return said
}

// retellEntry tells what is kept of a registration and was not said.
func retellEntry(kept kiosk.Entry, said *kiosk.Entry, tell func(record.Kind, []byte) error) error {
	have, err := encodeEntry(kept)
	if err != nil {
		return err
	}
	if said == nil {
		said = &kiosk.Entry{}
	}
	if said.Registration.ID == "" || !holds(said.Registration, kept.Registration, record.MergeRegistrations) {
		if err := tell(record.KindRegistration, have.registration); err != nil {
			return err
		}
	}
	for i, b := range kept.Badges {
		known := false
		for _, other := range said.Badges {
			known = known || other.ID == b.ID && holds(other.Badge, b.Badge, record.MergeBadges)
		}
		if known {
			continue
		}
		if err := tell(record.KindBadge, have.badges[i].Fact); err != nil {
			return err
		}
	}
	return nil
}

// holds reports whether what was said holds all that is kept.
func holds[F record.Fact](said, kept F, merge func(a, b F) F) bool {
	is, err := wire.Encode(said)
	with, errWith := wire.Encode(merge(said, kept))
	return err == nil && errWith == nil && bytes.Equal(is, with)
}
