package store

import (
	"bytes"
	"context"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk"
	"hallpass/sync/journal"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// ending is how many entries of the journal's end Open verifies, with what the
// data say of them: some 30 ms, however long the journal is. The rest is verified
// while the kiosk runs (VerifyJournal).
const ending = 1000

// Damage is what Open has found wrong with the end of the journal, and what is
// to be done, in a sentence for the operator; empty if nothing is. The desk works
// all the same.
func (s *Store) Damage() string { return s.damage }

// prove verifies the journal's end.
func (s *Store) prove() (report journal.Report, err error) {
	s.damage = ""
	err = s.db.Snapshot(func(tx *bolt.Tx) error {
		report, err = s.proveEnd(tx)
		return err
	})
	return report, err
}

func (s *Store) proveEnd(tx *bolt.Tx) (journal.Report, error) {
	log := s.person.Load().journal
	report, err := log.VerifyLast(context.Background(), tx, ending)
	if err != nil {
		return report, err
	}
	if !report.OK() {
		s.damage = damageOf(tx, report)
		return report, nil
	}
	for after := report.From - 1; after < report.Last.Seq; {
		changes, err := log.Read(tx, after, 200)
		if err != nil || len(changes) == 0 {
			return report, err
		}
		for _, c := range changes {
			if why := unlike(tx, c); why != "" && s.damage == "" {
				s.damage = fmt.Sprintf(`%s; "kiosk check" reads everything, and "kiosk check -save FILE" writes it to a file for the hall`, why)
			}
		}
		after = changes[len(changes)-1].Seq
	}
	return report, nil
}

// damageOf says where a journal is damaged and what can be saved.
func damageOf(tx *bolt.Tx, r journal.Report) string {
	return fmt.Sprintf("journal entry %d: %s; %s", r.Damaged, r.Damage, cure(tx, r.Last.Seq))
}

// cure is what to do about a journal that cannot be told to its end.
func cure(tx *bolt.Tx, last uint64) string {
	const anew = "then pair this kiosk anew in an empty folder"
	acked := readNumber(tx.Bucket(meta).Get(metaAcked))
	if acked >= last {
		return fmt.Sprintf("the hall has all %d entries: %s", last, anew)
	}
	return fmt.Sprintf(`of %d entries the hall has %d: "kiosk check -save FILE" writes what is whole, and the registrations and badges as they stand here, to a file that "hall journal import FILE" takes; %s`, last, acked, anew)
}

// unlike says what the data lack of an entry; empty if nothing.
func unlike(tx *bolt.Tx, c record.Change) string {
	if c.Erased() {
		return ""
	}
	fact, err := wire.Decode(c.Kind, c.Payload)
	if err != nil {
		return fmt.Sprintf("journal entry %d cannot be read: %v", c.Seq, err)
	}
	kept, about := []byte(nil), record.RegistrationID("")
	switch f := fact.(type) {
	case record.Registration:
		about, kept = f.ID, joined(tx.Bucket(registrations).Get([]byte(f.ID)), f, record.MergeRegistrations)
	case record.Badge:
		form := keptBadge(tx, f)
		about, kept = f.Registration, joined(form, f, record.MergeBadges)
	default:
		return ""
	}
	if kept == nil || tx.Bucket(places).Get(placeKey(about, c.Seq)) == nil {
		return fmt.Sprintf("the data do not hold what journal entry %d says of registration %s", c.Seq, about)
	}
	return ""
}

func keptBadge(tx *bolt.Tx, f record.Badge) []byte {
	value := tx.Bucket(badges).Get(badgeKey(kiosk.Badge{Badge: f}))
	if value == nil {
		return nil
	}
	told, _ := keptFact(badges, value)
	return told.Payload
}

// joined is what is kept if it holds the fact already, else nil.
func joined[F record.Fact](kept []byte, fact F, merge func(a, b F) F) []byte {
	if kept == nil {
		return nil
	}
	have, err := decode[F](fact.Kind(), kept)
	if err != nil {
		return nil
	}
	is, err := wire.Encode(have)
	with, otherErr := wire.Encode(merge(have, fact))
	if err != nil || otherErr != nil || !bytes.Equal(is, with) {
		return nil
	}
	return kept
}
