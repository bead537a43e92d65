package store

import (
	"context"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// Told implements hall.State.
func (s *Store) Told(ctx context.Context) (uint64, error) {
	return one(ctx, s, "told", func(tx *bolt.Tx) (uint64, error) {
		if value := tx.Bucket(bucketMeta).Get(keyTold); len(value) == 8 {
			return place(value), nil
		}
		return 0, nil
	})
}

// Erasures implements hall.State.
func (s *Store) Erasures(ctx context.Context) (list []hall.Erasure, err error) {
	err = s.view(ctx, "erasures", func(tx *bolt.Tx) error {
		return tx.Bucket(bucketErasures).ForEach(func(_, payload []byte) error {
			e, err := decodeFact[record.Erasure](payload)
			if err != nil {
				return err
			}
			done, err := receipts(tx, e.Registration)
			list = append(list, hall.Erasure{Erasure: e, Done: done})
			return err
		})
	})
	return list, err
}

// receipts lists who has said that they hold nothing more of a registration.
func receipts(tx *bolt.Tx, id record.RegistrationID) (done []record.Erased, err error) {
	prefix := compound(string(id), "")
	cursor := tx.Bucket(bucketReceipts).Cursor()
	for key, payload := cursor.Seek(prefix); hasPrefix(key, prefix); key, payload = cursor.Next() {
		r, err := decodeFact[record.Erased](payload)
		if err != nil {
			return nil, err
		}
		done = append(done, r)
	}
	return done, nil
}

func hasPrefix(key, prefix []byte) bool {
	return len(key) >= len(prefix) && string(key[:len(prefix)]) == string(prefix)
}

func decodeFact[F record.Fact](payload []byte) (fact F, err error) {
	decoded, err := wire.Decode(fact.Kind(), payload)
	if err != nil {
		return fact, fmt.Errorf("decode %s: %w", fact.Kind(), err)
	}
	return decoded.(F), nil
}

// standing lists, in the order in which a kiosk had better hear of them, the
// buckets whose facts kiosks are to know. Each gives nil for what they need not.
var standing = []struct {
	bucket []byte
	fact   func(tx *bolt.Tx, key, payload []byte) (record.Fact, error)
}{
	{bucketErasures, func(_ *bolt.Tx, _, payload []byte) (record.Fact, error) { return decodeFact[record.Erasure](payload) }},
	{bucketShow, func(_ *bolt.Tx, _, payload []byte) (record.Fact, error) { return decodeFact[record.Show](payload) }},
	{bucketBadgeKeys, func(_ *bolt.Tx, _, payload []byte) (record.Fact, error) { return decodeFact[record.Key](payload) }},
	{bucketRevoked, func(_ *bolt.Tx, _, payload []byte) (record.Fact, error) {
		return decodeFact[record.Revocation](payload)
	}},
	{bucketBadges, func(tx *bolt.Tx, key, _ []byte) (record.Fact, error) {
		b, err := readBadge(tx, key)
		if err != nil || !b.Void() {
			return nil, err
		}
		return voidOf(b, b.State.At), nil
	}},
	{bucketVisitors, func(_ *bolt.Tx, _, payload []byte) (record.Fact, error) {
		r, err := decodeFact[record.Registration](payload)
		if err != nil || !r.Awaited || !r.Erased.IsZero() {
			return nil, err
		}
		return r, nil
	}},
}

// errFull ends a page.
var errFull = errors.New("page is full")

// Standing implements hall.State. A place is the bucket's number and the last
// key read in it.
func (s *Store) Standing(ctx context.Context, after string, limit int) (facts []record.Fact, next string, err error) {
	if after == "" {
		after = "0"
	}
	err = s.view(ctx, "standing", func(tx *bolt.Tx) error {
		for i := int(after[0] - '0'); i < len(standing); i++ {
			from := ""
			if int(after[0]-'0') == i {
				from = after[1:]
			}
			cursor := tx.Bucket(standing[i].bucket).Cursor()
			for key, payload := cursor.Seek([]byte(from)); key != nil; key, payload = cursor.Next() {
				if string(key) == from {
					continue
				}
				if len(facts) == limit {
					return errFull
				}
				fact, err := standing[i].fact(tx, key, payload)
				if err != nil {
					return err
				}
				next = string(rune('0'+i)) + string(key)
				if fact != nil {
					facts = append(facts, fact)
				}
			}
		}
		next = ""
		return nil
	})
	if errors.Is(err, errFull) {
		err = nil
	}
	return facts, next, err
}
