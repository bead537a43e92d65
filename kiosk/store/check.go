package store

import (
	"bytes"
	"context"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk"
	"hallpass/kiosk/store/redo"
	"hallpass/sync/record"
)

// Report is what Check found. Problems are sentences for the operator, without
// anybody's data.
type Report struct {
	OK       bool     `json:"ok"`
	Facts    uint64   `json:"facts"` // entries in the journal
	Verified bool     `json:"journal_verified"`
	Problems []string `json:"problems"`
	Mended   []string `json:"mended,omitempty"` // what was damaged before, and mended
}

// maxProblems is as much as a person reads.
const maxProblems = 20

func (r *Report) problem(format string, args ...any) {
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
	}
}

// Check reads everything: bbolt's pages, the journal's chain, and that what
// the journal says, joined, is what the other buckets hold and find.
func (s *Store) Check(ctx context.Context) (Report, error) {
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	r := Report{Problems: []string{}}
	if err := s.db.Pages(func(err error) { r.problem("data file: %v", err) }); err != nil {
		return r, full(err)
	}
	err := s.db.Snapshot(func(tx *bolt.Tx) error {
		verified, err := s.person.Load().journal.Verify(ctx, tx)
		if err != nil {
			return err
		}
		r.Facts, r.Verified = verified.Last.Seq, verified.OK()
		found, err := readMended(redo.In(tx))
		if err != nil {
			r.problem("%v", err)
		}
		for _, m := range found {
			r.Mended = append(r.Mended, m.String())
		}
		if !r.Verified {
			r.Problems = append(r.Problems, damageOf(tx, verified))
			return nil
		}
		if acked := readNumber(tx.Bucket(meta).Get(metaAcked)); acked > r.Facts {
			r.problem("the hall acknowledged change %d of %d", acked, r.Facts)
		}
		s.checkKeys(tx, &r)
		if _, whole := readTally(redo.In(tx)); !whole {
			r.problem("counts of what visitors corrected are damaged; switch learn off in the show and on again, and they begin anew")
		}
		told, err := s.told(ctx, tx, &r)
		if err != nil {
			return err
		}
		return s.compare(tx, told, &r)
	})
	r.OK = len(r.Problems) == 0
	return r, err
}

// told joins the journal's facts, as a hall does.
func (s *Store) told(ctx context.Context, tx *bolt.Tx, r *Report) (map[record.RegistrationID]*kiosk.Entry, error) {
	told, where := map[record.RegistrationID]*kiosk.Entry{}, map[string]bool{}
	entry := func(id record.RegistrationID) *kiosk.Entry {
		if told[id] == nil {
			told[id] = &kiosk.Entry{}
		}
		return told[id]
	}
	const page = 500 // changes in memory at a time
	for after := uint64(0); after < r.Facts; after += page {
		changes, err := s.person.Load().journal.Read(tx, after, page)
		if err != nil {
			return nil, err
		}
		for _, c := range changes {
			if err := join(entry, c); err != nil {
				r.problem("journal entry %d: %v", c.Seq, err)
				continue
			}
			if about, err := aboutWhom(c); err == nil && about != "" {
				where[string(placeKey(about, c.Seq))] = true
			}
		}
	}
	comparePlaces(tx, where, r)
	return told, ctx.Err()
}

func join(entry func(record.RegistrationID) *kiosk.Entry, c record.Change) error {
	switch {
	case c.Erased():
	case c.Kind == record.KindRegistration:
		fact, err := decode[record.Registration](c.Kind, c.Payload)
		if err != nil {
			return err
		}
		e := entry(fact.ID)
		if e.Registration.ID != "" {
			fact = record.MergeRegistrations(e.Registration, fact)
		}
		e.Registration = fact
	case c.Kind == record.KindBadge:
		fact, err := decode[record.Badge](c.Kind, c.Payload)
		if err != nil {
			return err
		}
		e := entry(fact.Registration)
		for i, b := range e.Badges {
			if b.ID == fact.ID {
				e.Badges[i].Badge = record.MergeBadges(b.Badge, fact)
				return nil
			}
		}
		e.Badges = append(e.Badges, kiosk.Badge{Badge: fact})
	case c.Kind == record.KindErased:
		_, err := decode[record.Erased](c.Kind, c.Payload)
		return err
	case c.Kind == record.KindKey:
		_, err := decode[record.Key](c.Kind, c.Payload)
		return err
	default:
		return fmt.Errorf("a kiosk does not write facts of the kind %q", c.Kind)
	}
	return nil
}

// compare holds the buckets against the journal and against themselves.
func (s *Store) compare(tx *bolt.Tx, told map[record.RegistrationID]*kiosk.Entry, r *Report) error {
	kept := 0
	err := tx.Bucket(registrations).ForEach(func(id, _ []byte) error {
		kept++
		e, err := load(redo.In(tx), id)
		if err != nil {
			r.problem("%v", err)
			return nil
		}
		said := told[e.Registration.ID]
		if said == nil {
			r.problem("registration %s is not in the journal", id)
			return nil
		}
		compareEntry(e, *said, s.person.Load().node, r)
		compareQueue(tx, e, r)
		return nil
	})
	if err == nil && kept != len(told) {
		r.problem("the journal has %d registrations, the data %d", len(told), kept)
	}
	if err != nil {
		return err
	}
	return compareIndexes(tx, r)
}

func compareEntry(kept, said kiosk.Entry, self record.NodeID, r *Report) {
	id := kept.Registration.ID
	a, errA := encodeEntry(kept)
	b, errB := encodeEntry(said)
	if errA != nil || errB != nil || !follows(kept, said, self) || len(a.badges) != len(b.badges) {
		r.problem("registration %s differs from the journal", id)
		return
	}
	live := 0
	for i := range a.badges {
		if !bytes.Equal(a.badges[i].Fact, b.badges[i].Fact) {
			r.problem("badge %s differs from the journal", kept.Badges[i].ID)
		}
		if kept.Badges[i].Badge.Now() != record.BadgeVoided {
			live++
		}
	}
	if live > 1 { // P6
		r.problem("registration %s has %d live badges", id, live)
	}
}

func compareQueue(tx *bolt.Tx, e kiosk.Entry, r *Report) {
	for _, b := range e.Badges {
		if queued := tx.Bucket(queue).Get([]byte(b.ID)) != nil; queued != b.Open() {
			r.problem("badge %s is %s but its place in the print queue says otherwise", b.ID, b.Now())
		}
	}
}
