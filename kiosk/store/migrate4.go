package store

import (
	"encoding/binary"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/record"
)

// fourth makes version 4, whose steps are one version because no program was
// released between them.
func (s *Store) fourth(tx *bolt.Tx) error {
	for _, step := range []func(*bolt.Tx) error{addRetention, s.addNews} {
		if err := step(tx); err != nil {
			return err
		}
	}
	return nil
}

// addRetention makes what forgetting needs: where in the journal each
// registration is spoken of. When the hall had what is not known of the past;
// its day begins with the next acknowledgement.
func addRetention(tx *bolt.Tx) error {
	for _, name := range [][]byte{places, acks, forgotten} {
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	who, err := identityOf(tx)
	if err != nil {
		return err
	}
	const page = 500 // changes in memory at a time
	for after := uint64(0); ; after += page {
		changes, err := who.journal.Read(tx, after, page)
		if err != nil {
			return err
		}
		for _, c := range changes {
			if err := notePlace(tx, c); err != nil {
				return err
			}
		}
		if len(changes) < page {
			return nil
		}
	}
}

// notePlace notes of whom an entry of the journal speaks.
func notePlace(tx *bolt.Tx, c record.Change) error {
	about, err := aboutWhom(c)
	if err != nil || about == "" {
		return err
	}
	return tx.Bucket(places).Put(placeKey(about, c.Seq), nil)
}

// aboutWhom is the registration that an entry speaks of, none if it speaks of
// nobody or is erased.
func aboutWhom(c record.Change) (record.RegistrationID, error) {
	switch {
	case c.Erased():
	case c.Kind == record.KindRegistration:
		fact, err := decode[record.Registration](c.Kind, c.Payload)
		return fact.ID, err
	case c.Kind == record.KindBadge:
		fact, err := decode[record.Badge](c.Kind, c.Payload)
		return fact.Registration, err
	}
	return "", nil
}

func placeKey(about record.RegistrationID, seq uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte(about), seq)
}
