package store

import (
	"bytes"
	"errors"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk"
	"hallpass/kiosk/store/redo"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// addNews makes what the hall's news are kept in. Those that it told before this
// program could use them lie aside.
func (s *Store) addNews(tx *bolt.Tx) error {
	for _, name := range news() {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	return nil
}

func news() [][]byte {
	return [][]byte{voids, erasures, expected, expectedCodes, digests, digestKeys}
}

// applyNews takes what the hall tells every kiosk of people and badges; usable is
// false for other kinds, made tells of a new entry in our own journal.
func (s *Store) applyNews(tx *bolt.Tx, pairing Pairing, fact record.Fact) (usable, made bool, err error) {
	switch f := fact.(type) {
	case record.Void:
		if f.Show != pairing.Show {
			return false, false, nil
		}
		made, err = s.applyVoid(tx, f)
	case record.Erasure:
		if f.Show != pairing.Show {
			return false, false, nil
		}
		made, err = s.applyErasure(tx, pairing, f)
	case record.Registered:
		if f.Show != pairing.Show {
			return false, false, nil
		}
		err = applyRegistered(tx, f)
	default:
		return false, false, nil
	}
	return true, made, err
}

// applyVoid notes that a badge is worth nothing; one of our own is taken back.
func (s *Store) applyVoid(tx *bolt.Tx, v record.Void) (made bool, err error) {
	if _, err := keepJoined(tx.Bucket(voids), []byte(v.Badge), v, record.MergeVoids); err != nil {
		return false, err
	}
	if tx.Bucket(registrations).Get([]byte(v.Registration)) == nil {
		return false, nil
	}
	return s.alter(tx, v.Registration, func(e *kiosk.Entry) {
		for i, b := range e.Badges {
			if b.ID == v.Badge && b.Voided.IsZero() {
				e.Badges[i] = voided(b, v.At, v.Reason)
			}
		}
	})
}

func voided(b kiosk.Badge, at record.Stamp, reason string) kiosk.Badge {
	b.Voided = at
	b.Reason = b.Reason.Join(record.Register[string]{Value: reason, At: at})
	b.Steps = append(b.Steps[:len(b.Steps):len(b.Steps)], kiosk.Step{At: at.Time(), State: record.BadgeVoided, Printer: b.Printer, Reason: reason})
	return b
}

// alter changes an entry of our own within a transaction of the inbox.
func (s *Store) alter(tx *bolt.Tx, id record.RegistrationID, how func(*kiosk.Entry)) (made bool, err error) {
	before, err := load(redo.In(tx), []byte(id))
	if err != nil {
		return false, err
	}
	after := kiosk.Entry{Registration: before.Registration, Badges: append([]kiosk.Badge{}, before.Badges...)}
	how(&after)
	last, err := s.person.Load().journal.Last(tx)
	if err != nil {
		return false, err
	}
	if err := s.keep(redo.Direct(tx), before, after); err != nil {
		return false, err
	}
	now, err := s.person.Load().journal.Last(tx)
	return now.Seq > last.Seq, err
}

// applyErasure takes a registration's data out of everything here, once, and
// writes the receipt (P10).
func (s *Store) applyErasure(tx *bolt.Tx, pairing Pairing, e record.Erasure) (made bool, err error) {
	if tx.Bucket(erasures).Get([]byte(e.Registration)) != nil {
		return false, nil
	}
	order, err := wire.Encode(e)
	if err != nil {
		return false, err
	}
	err = errors.Join(
		tx.Bucket(erasures).Put([]byte(e.Registration), order),
		dropExpected(tx, e.Registration),
		dropDigests(tx, e.Registration),
	)
	if err != nil {
		return false, err
	}
	if tx.Bucket(registrations).Get([]byte(e.Registration)) != nil {
		if err := s.eraseOwn(tx, e); err != nil {
			return false, err
		}
	}
	at := s.clock.Tick()
	receipt, err := wire.Encode(record.Erased{Registration: e.Registration, Show: e.Show, Node: pairing.Node, At: at})
	if err != nil {
		return false, err
	}
	_, err = s.person.Load().journal.Append(tx, at, record.KindErased, receipt)
	return err == nil, err
}

// eraseOwn takes the content out of the journal's entries, and leaves a version
// of the registration that says so and nothing else.
func (s *Store) eraseOwn(tx *bolt.Tx, e record.Erasure) error {
	log, id := s.person.Load().journal, []byte(e.Registration)
	var spoken [][]byte
	cursor := tx.Bucket(places).Cursor()
	for key, _ := cursor.Seek(id); bytes.HasPrefix(key, id) && len(key) == len(id)+8; key, _ = cursor.Next() {
		spoken = append(spoken, bytes.Clone(key))
	}
	for _, key := range spoken {
		seq := readNumber(key[len(id):])
		found, err := log.Read(tx, seq-1, 1)
		if err != nil {
			return err
		}
		if len(found) == 0 || found[0].Kind != record.KindRegistration {
			continue // a badge's facts hold nobody's data
		}
		if err := errors.Join(log.Erase(tx, seq), tx.Bucket(places).Delete(key)); err != nil {
			return err
		}
	}
	_, err := s.alter(tx, e.Registration, func(entry *kiosk.Entry) {
		r := entry.Registration
		r.Erased = e.At
		entry.Registration = record.MergeRegistrations(r, r) // takes the data out
		for i, b := range entry.Badges {
			if b.Open() && b.Voided.IsZero() { // nobody's name can be printed any more
				entry.Badges[i] = voided(b, e.At, "erased")
			}
		}
	})
	return err
}

// applyRegistered adds to what people are recognized by. Who has come is expected
// no more.
func applyRegistered(tx *bolt.Tx, r record.Registered) error {
	if err := tx.Bucket(digestKeys).Put(r.Key, []byte(r.Region)); err != nil {
		return err
	}
	for _, e := range r.Entries {
		if tx.Bucket(erasures).Get([]byte(e.Registration)) != nil {
			continue
		}
		if err := tx.Bucket(digests).Put(append(e.Hash[:], e.Registration...), nil); err != nil {
			return err
		}
		if err := tx.Bucket(expected).Delete([]byte(e.Registration)); err != nil {
			return err
		}
	}
	return nil
}

// dropDigests reads all of them: half a million take some hundredths of a second.
func dropDigests(tx *bolt.Tx, id record.RegistrationID) error {
	var gone [][]byte
	cursor := tx.Bucket(digests).Cursor()
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		if string(key[16:]) == string(id) {
			gone = append(gone, bytes.Clone(key))
		}
	}
	for _, key := range gone {
		if err := tx.Bucket(digests).Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// applyExpected keeps a pre-registration, apart from our own registrations, until
// its visitor has come.
func applyExpected(tx *bolt.Tx, r record.Registration) error {
	id := []byte(r.ID)
	if tx.Bucket(erasures).Get(id) != nil || tx.Bucket(registrations).Get(id) != nil {
		return nil
	}
	if !r.Erased.IsZero() {
		return dropExpected(tx, r.ID)
	}
	kept, err := keepJoined(tx.Bucket(expected), id, r, record.MergeRegistrations)
	if err != nil || kept.Code == "" {
		return err
	}
	return tx.Bucket(expectedCodes).Put(codeKey(kept.Code, r.ID), nil)
}

func codeKey(code string, id record.RegistrationID) []byte {
	return append([]byte(code+"\x00"), id...)
}

// dropExpected forgets a pre-registration and its code.
func dropExpected(tx *bolt.Tx, id record.RegistrationID) error {
	payload := tx.Bucket(expected).Get([]byte(id))
	if payload == nil {
		return nil
	}
	r, err := decode[record.Registration](record.KindRegistration, payload)
	if err != nil {
		return err
	}
	return errors.Join(tx.Bucket(expected).Delete([]byte(id)), tx.Bucket(expectedCodes).Delete(codeKey(r.Code, id)))
}
