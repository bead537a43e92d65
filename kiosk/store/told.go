package store

import (
	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// keepTold joins what the hall says of a registration with what this kiosk has
// of it: a correction, or one side of a conflict that a person chose. It is the
// hall's fact and gets no line in our journal. Of people who are not here nothing
// is kept.
func keepTold(tx *bolt.Tx, said record.Registration) error {
	b, id := tx.Bucket(registrations), []byte(said.ID)
	payload := b.Get(id)
	if payload == nil {
		return nil
	}
	kept, err := decode[record.Registration](record.KindRegistration, payload)
	if err != nil {
		return err
	}
	joined, err := wire.Encode(record.MergeRegistrations(kept, said))
	if err != nil {
		return err
	}
	return b.Put(id, joined)
}

// follows reports whether an entry is what the journal says or, in some parts,
// what somebody else has said later.
func follows(kept, said kiosk.Entry, self record.NodeID) bool {
	merged, err := wire.Encode(record.MergeRegistrations(kept.Registration, said.Registration))
	payload, errKept := wire.Encode(kept.Registration)
	if err != nil || errKept != nil || string(merged) != string(payload) {
		return false
	}
	for part, v := range kept.Registration.Parts() {
		if w, ok := said.Registration.Part(part); v.At.Node == self && (!ok || v.Compare(w) != 0) {
			return false
		}
	}
	return true
}
