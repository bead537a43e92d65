package store

import (
	"bytes"
	"crypto/ed25519"
	"errors"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
	"hallpass/sync/record"
)

// checkKeys finds badge keys that the hall was never told of, that do not
// follow from kiosk.key, or that are lost while badges are signed with them.
func (s *Store) checkKeys(tx *bolt.Tx, r *Report) {
	told := map[string]bool{}
	after, err := uint64(0), error(nil)
	for err == nil && after < r.Facts {
		var changes []record.Change
		if changes, err = s.person.Load().journal.Read(tx, after, 500); len(changes) == 0 {
			break
		}
		for _, c := range changes {
			if fact, bad := decode[record.Key](c.Kind, c.Payload); c.Kind == record.KindKey && bad == nil {
				told[string(fact.Public)] = true
			}
		}
		after = changes[len(changes)-1].Seq
	}
	err = errors.Join(err, eachOwn(redo.In(tx), func(public ed25519.PublicKey, f ownKeyForm) {
		if !told[string(public)] {
			r.problem("a badge key was made that is not in the journal")
		}
		if key, err := derive(s.key, f.Salt); err != nil || !bytes.Equal(publicOf(key), public) {
			r.problem("a badge key does not follow from %s", keyName)
		}
	}))
	if current := tx.Bucket(meta).Get(metaBadgeKey); current != nil && tx.Bucket(badgeKeys).Get(current) == nil {
		r.problem("the key that signs badges is lost; the kiosk makes another when it runs")
	}
	if err != nil {
		r.problem("badge keys: %v", err)
	}
}
