package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// Self implements hall.State.
func (s *Store) Self(context.Context) (hall.Self, error) { return s.self, nil }

// one reads a single thing in a transaction of its own.
func one[T any](ctx context.Context, s *Store, doing string, get func(tx *bolt.Tx) (T, error)) (T, error) {
	hall.Await(ctx, s.settle)
	return look(s, doing, get)
}

// look is one for what no kiosk's fact ever changes: who may do what. It waits
// for nothing.
func look[T any](s *Store, doing string, get func(tx *bolt.Tx) (T, error)) (out T, err error) {
	err = s.peek(doing, func(tx *bolt.Tx) error {
		out, err = get(tx)
		return err
	})
	return out, err
}

// Show implements hall.State.
func (s *Store) Show(context.Context) (record.Show, error) {
	return look(s, "show", func(tx *bolt.Tx) (record.Show, error) {
		return getFact[record.Show](tx.Bucket(bucketShow), keyCurrent)
	})
}

// Registration implements hall.State.
func (s *Store) Registration(ctx context.Context, id record.RegistrationID) (record.Registration, error) {
	s.mind(ctx, string(id))
	return look(s, "registration", func(tx *bolt.Tx) (record.Registration, error) {
		return getFact[record.Registration](tx.Bucket(bucketVisitors), []byte(id))
	})
}

func readBadge(tx *bolt.Tx, id []byte) (hall.Badge, error) {
	b, err := getFact[record.Badge](tx.Bucket(bucketBadges), id)
	if err != nil {
		return hall.Badge{}, err
	}
	newest, _ := newestBadge(tx, b.Registration)
	return hall.Badge{Badge: b, Superseded: newest != b.ID}, nil
}

// BadgesByCode implements hall.State.
func (s *Store) BadgesByCode(ctx context.Context, code string) ([]hall.Badge, error) {
	return one(ctx, s, "badges", func(tx *bolt.Tx) (list []hall.Badge, err error) {
		prefix := compound(code, "")
		cursor := recentOf(tx, lookupCodes).cursor()
		for key, _ := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = cursor.Next() {
			b, err := readBadge(tx, key[len(prefix):])
			if err != nil {
				return nil, err
			}
			list = append(list, b)
		}
		return list, nil
	})
}

// Lead implements hall.State.
func (s *Store) Lead(ctx context.Context, id record.LeadID) (record.Lead, error) {
	s.mind(ctx, string(id))
	return look(s, "lead", func(tx *bolt.Tx) (record.Lead, error) {
		return getFact[record.Lead](tx.Bucket(bucketLeads), []byte(id))
	})
}

// LeadByClient implements hall.State.
func (s *Store) LeadByClient(ctx context.Context, device record.DeviceID, client string) (record.Lead, error) {
	s.mind(ctx, scanOf(device, client))
	return look(s, "lead", func(tx *bolt.Tx) (record.Lead, error) {
		return firstLead(recentOf(tx, lookupClients), device, client)
	})
}

// Registrations implements hall.State.
func (s *Store) Registrations(ctx context.Context, after uint64, limit int) (list []record.Registration, last uint64, err error) {
	last = after
	err = s.view(ctx, "registrations", func(tx *bolt.Tx) error {
		visitors := tx.Bucket(bucketVisitors)
		cursor := tx.Bucket(bucketVisitorLog).Cursor()
		for key, id := cursor.Seek(number(after + 1)); key != nil && len(list) < limit; key, id = cursor.Next() {
			r, err := getFact[record.Registration](visitors, id)
			if err != nil {
				return err
			}
			list, last = append(list, r), place(key)
		}
		return nil
	})
	return list, last, err
}

// Leads implements hall.State.
func (s *Store) Leads(ctx context.Context, exhibitor record.ExhibitorID, after uint64, limit int) (list []record.Lead, last uint64, err error) {
	last = after
	err = s.view(ctx, "leads", func(tx *bolt.Tx) error {
		prefix := compound(string(exhibitor), "")
		cursor, clients := recentOf(tx, lookupArrivals).cursor(), recentOf(tx, lookupClients)
		start := append(bytes.Clone(prefix), number(after+1)...)
		for key, id := cursor.Seek(start); bytes.HasPrefix(key, prefix) && len(list) < limit; key, id = cursor.Next() {
			last = place(key)
			l, err := getFact[record.Lead](tx.Bucket(bucketLeads), id)
			if err != nil {
				return err
			}
			if l.Exhibitor == exhibitor && leadThatCounts(clients, clientPrefix(l)) == l.ID {
				list = append(list, l)
			}
		}
		return nil
	})
	return list, last, err
}

// replayChunk bounds the effects in memory at once.
const replayChunk = 1024

// Replay implements hall.State.
func (s *Store) Replay(ctx context.Context, observe func([]hall.Effect)) error {
	r := replay{ctx: ctx, observe: observe}
	return s.view(ctx, "replay", func(tx *bolt.Tx) error {
		return r.all(tx)
	})
}

// Keys implements hall.State.
func (s *Store) Keys(ctx context.Context, observe func([]hall.Effect)) error {
	r := replay{ctx: ctx, observe: observe}
	return s.view(ctx, "replay keys", func(tx *bolt.Tx) error { return errors.Join(r.keys(tx), r.flush()) })
}

type replay struct {
	ctx     context.Context
	observe func([]hall.Effect)
	pending []hall.Effect
}

func (r *replay) all(tx *bolt.Tx) error {
	for _, part := range []func(*bolt.Tx) error{r.keys, r.registrations, r.badges, r.leads, r.passages, r.presence, r.refusals} {
		if err := part(tx); err != nil {
			return err
		}
	}
	return r.flush()
}

func (r *replay) tell(e hall.Effect) error {
	if r.pending = append(r.pending, e); len(r.pending) < replayChunk {
		return nil
	}
	return r.flush()
}

func (r *replay) flush() error {
	if len(r.pending) > 0 {
		r.observe(r.pending)
	}
	r.pending = nil
	return r.ctx.Err()
}

func (r *replay) registrations(tx *bolt.Tx) error {
	visitors, people := tx.Bucket(bucketVisitors), persons{tx: tx}
	return visitors.ForEach(func(key, _ []byte) error {
		v, err := getFact[record.Registration](visitors, key)
		if err != nil {
			return fmt.Errorf("registration %s: %w", key, err)
		}
		e := hall.Effect{Registration: &hall.Changed[record.Registration]{New: v, Fresh: true}}
		if !v.Awaited && people.person(v.ID) == v.ID {
			e.Persons = 1 // told with the registration that names the person
		}
		return r.tell(e)
	})
}

func (r *replay) badges(tx *bolt.Tx) error {
	badges := tx.Bucket(bucketBadges)
	return badges.ForEach(func(key, _ []byte) error {
		b, err := getFact[record.Badge](badges, key)
		if err != nil {
			return fmt.Errorf("badge %s: %w", key, err)
		}
		e := hall.Effect{Badge: &hall.Changed[record.Badge]{New: b, Fresh: true}}
		if newest, _ := newestBadge(tx, b.Registration); newest == b.ID && b.Now() == record.BadgeIssued {
			e.Live = 1
		}
		return r.tell(e)
	})
}

func (r *replay) leads(tx *bolt.Tx) error {
	leads, clients := tx.Bucket(bucketLeads), recentOf(tx, lookupClients)
	return leads.ForEach(func(key, _ []byte) error {
		l, err := getFact[record.Lead](leads, key)
		if err != nil {
			return fmt.Errorf("lead %s: %w", key, err)
		}
		if leadThatCounts(clients, clientPrefix(l)) != l.ID {
			return nil
		}
		return r.tell(hall.Effect{Lead: &hall.Changed[record.Lead]{New: l, Fresh: true}})
	})
}

// keys tells of kiosks' keys, and of kiosks that are out of service.
func (r *replay) keys(tx *bolt.Tx) error {
	badgeKeys, revoked := tx.Bucket(bucketBadgeKeys), tx.Bucket(bucketRevoked)
	err := badgeKeys.ForEach(func(key, _ []byte) error {
		k, err := getFact[record.Key](badgeKeys, key)
		if err != nil {
			return fmt.Errorf("badge key %x: %w", key, err)
		}
		return r.tell(hall.Effect{Key: &hall.Changed[record.Key]{New: k, Fresh: true}})
	})
	if err != nil {
		return err
	}
	return revoked.ForEach(func(key, _ []byte) error {
		v, err := getFact[record.Revocation](revoked, key)
		if err != nil {
			return fmt.Errorf("revocation of %s: %w", key, err)
		}
		return r.tell(hall.Effect{Revocation: &hall.Changed[record.Revocation]{New: v, Fresh: true}})
	})
}

func (r *replay) passages(tx *bolt.Tx) error {
	passages := tx.Bucket(bucketPassages)
	return passages.ForEach(func(key, _ []byte) error {
		p, err := getFact[record.Passage](passages, key)
		if err != nil {
			return fmt.Errorf("passage %x: %w", key, err)
		}
		return r.tell(hall.Effect{Passage: &hall.Changed[record.Passage]{New: p, Fresh: true}})
	})
}

func (r *replay) presence(tx *bolt.Tx) error {
	where, err := localeOf(tx)
	if err != nil {
		return err
	}
	days, err := presenceOf(tx, where).everyone()
	if err != nil || len(days) == 0 {
		return err
	}
	return r.tell(hall.Effect{OnSite: days})
}

func (r *replay) refusals(tx *bolt.Tx) error {
	err := tx.Bucket(bucketRefused).ForEach(func(key, value []byte) error {
		refusal, err := refusalOf(key, value)
		if err != nil {
			return err
		}
		if refusal.Discarded != nil {
			return r.tell(hall.Effect{Discarded: 1})
		}
		return r.tell(hall.Effect{Quarantined: 1})
	})
	if err != nil {
		return err
	}
	return tx.Bucket(bucketConflicts).ForEach(func(_, _ []byte) error {
		return r.tell(hall.Effect{Conflicts: 1})
	})
}
