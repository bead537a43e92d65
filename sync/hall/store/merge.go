package store

import (
	"errors"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// join merges a fact with what is kept under key and keeps the result. The
// payload of a fresh fact is kept as it came, and of a merged one what a later
// program may have added to either.
func join[F record.Fact](b *bolt.Bucket, key []byte, fact F, payload []byte, merge func(a, b F) F) (hall.Changed[F], error) {
	old, err := getFact[F](b, key)
	if errors.Is(err, hall.ErrNone) {
		return hall.Changed[F]{New: fact, Fresh: true}, b.Put(key, payload)
	}
	if err != nil {
		return hall.Changed[F]{}, err
	}
	merged := merge(old, fact)
	data, err := wire.Encode(merged)
	if err != nil {
		return hall.Changed[F]{}, err
	}
	data = wire.Graft(fact.Kind(), data, b.Get(key), payload)
	return hall.Changed[F]{Old: old, New: merged}, b.Put(key, data)
}

// registration merges a version of a registration. What was erased stays so,
// however it comes back, and a pre-registration arrives when it is confirmed.
func (w *writer) registration(r record.Registration, payload []byte) error {
	erased, known, err := w.erasureOf(r.ID)
	if err != nil {
		return err
	}
	if known {
		r.Erased = erased.At
	}
	if !r.Erased.IsZero() {
		r = record.MergeRegistrations(r, r) // takes its data out
		if payload, err = wire.Encode(r); err != nil {
			return err
		}
	}
	changed, err := join(w.tx.Bucket(bucketVisitors), []byte(r.ID), r, payload, record.MergeRegistrations)
	if err != nil {
		return err
	}
	if hall.Arrives(changed) {
		arrivals := w.tx.Bucket(bucketVisitorLog)
		n, err := next(arrivals)
		if err != nil {
			return err
		}
		if err := arrivals.Put(number(n), []byte(r.ID)); err != nil {
			return err
		}
	}
	people, err := w.persons()
	if err != nil {
		return err
	}
	change, err := people.change(changed)
	if err != nil {
		return err
	}
	w.effects = append(w.effects, hall.Effect{Registration: &changed, Persons: change})
	if !changed.Fresh {
		if err := w.versions(changed, r); err != nil {
			return err
		}
	}
	if known || changed.New.Erased.IsZero() {
		return nil
	}
	order := record.Erasure{Registration: r.ID, Show: r.Show, At: changed.New.Erased} // a kiosk says so
	if payload, err = wire.Encode(order); err != nil {
		return err
	}
	return w.erase(order, payload, true)
}

// persons are those of this transaction; who has which contact is loaded when
// the file is first written to.
func (w *writer) persons() (*persons, error) {
	if w.holders == nil {
		var err error
		if w.holders, err = loadHolders(w.tx); err != nil {
			return nil, err
		}
	}
	if w.crowd == nil {
		w.crowd = personsOf(w.tx, w.where, w.holders)
	}
	return w.crowd, nil
}

// registered notes how far kiosks have been told who has registered.
func (w *writer) registered(r record.Registered) error {
	if r.UpTo == 0 {
		return nil
	}
	return w.tx.Bucket(bucketMeta).Put(keyTold, number(r.UpTo))
}

func (w *writer) key(k record.Key, payload []byte) error {
	changed, err := join(w.tx.Bucket(bucketBadgeKeys), k.Public, k, payload, record.MergeKeys)
	if err != nil {
		return err
	}
	w.effects = append(w.effects, hall.Effect{Key: &changed})
	return nil
}

func (w *writer) revocation(r record.Revocation, payload []byte) error {
	changed, err := join(w.tx.Bucket(bucketRevoked), []byte(r.Node), r, payload, record.MergeRevocations)
	if err != nil {
		return err
	}
	w.effects = append(w.effects, hall.Effect{Revocation: &changed})
	return nil
}

func (w *writer) show(s record.Show, payload []byte) error {
	changed, err := join(w.tx.Bucket(bucketShow), keyCurrent, s, payload, record.MergeShows)
	if err != nil {
		return err
	}
	e := hall.Effect{Show: &changed.New}
	if here := localeFrom(changed.New); here.name != w.where.name {
		w.where, w.crowd = here, nil
		if err := w.moved(&e); err != nil {
			return err
		}
	}
	w.effects = append(w.effects, e)
	return nil
}
