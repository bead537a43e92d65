package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
	"hallpass/sync/record/contact"
)

// locale is where the show is, as far as numbers depend on it.
type locale struct {
	name   string         // IANA
	region string         // of numbers without a country code
	zone   *time.Location // when its days begin
}

func localeFrom(show record.Show) locale {
	zone, err := time.LoadLocation(show.Timezone)
	if err != nil {
		zone = time.UTC // a zone that only a later program knows
	}
	return locale{show.Timezone, contact.Region(show.Timezone), zone}
}

func localeOf(tx *bolt.Tx) (locale, error) {
	show, err := getFact[record.Show](tx.Bucket(bucketShow), keyCurrent)
	return localeFrom(show), ignoreNone(err)
}

func makeContactKey(tx *bolt.Tx) error {
	meta := tx.Bucket(bucketMeta)
	if meta.Get(keyContacts) != nil {
		return nil
	}
	key := make([]byte, 32)
	rand.Read(key) // never fails
	return meta.Put(keyContacts, key)
}

// markLive writes beside each badge of a holder whether it is printed and valid.
func markLive(tx *bolt.Tx) error {
	byHolder := tx.Bucket(bucketBadgeHolder)
	return tx.Bucket(bucketBadges).ForEach(func(key, _ []byte) error {
		b, err := getFact[record.Badge](tx.Bucket(bucketBadges), key)
		if err != nil {
			return err
		}
		return byHolder.Put(holderKey(b), liveMark(b))
	})
}

// reckon writes the figures and what they rest on anew: for a file that never
// had them. It takes a minute for a large show.
func reckon(tx *bolt.Tx) error {
	where, err := localeOf(tx)
	if err != nil {
		return err
	}
	if _, _, err := regroup(tx, where); err != nil {
		return err
	}
	for _, name := range [][]byte{bucketFigures, bucketDays, bucketMinutes} {
		if err := empty(tx, name); err != nil {
			return err
		}
	}
	all, err := recount(context.Background(), tx)
	if err != nil {
		return err
	}
	return addFigures(tx, all)
}

// recount adds up the whole state.
func recount(ctx context.Context, tx *bolt.Tx) (hall.Figures, error) {
	self, err := getJSON[selfForm](tx.Bucket(bucketMeta), keySelf)
	if err != nil {
		return hall.Figures{}, err
	}
	var all hall.Figures
	r := replay{ctx: ctx, observe: func(effects []hall.Effect) {
		all.Count(effects)
		for _, e := range effects {
			if e.Lead == nil {
				continue
			}
			for _, at := range []record.Stamp{e.Lead.New.Rating.At, e.Lead.New.Notes.At} {
				if at.Node == self.Desk { // a file of format 2 does not say what the hall wrote last
					all.Add(hall.Figures{Latest: at})
				}
			}
		}
	}}
	return all, r.all(tx)
}

// regroup joins all registrations to persons anew and counts these.
func regroup(tx *bolt.Tx, where locale) (count int, held *holders, err error) {
	for _, name := range [][]byte{bucketContacts, bucketPersons, bucketMembers} {
		if err := empty(tx, name); err != nil {
			return 0, nil, err
		}
	}
	held = newHolders()
	people, visitors := personsOf(tx, where, held), tx.Bucket(bucketVisitors)
	err = visitors.ForEach(func(key, _ []byte) error {
		r, err := getFact[record.Registration](visitors, key)
		if err != nil {
			return err
		}
		n, err := people.change(hall.Changed[record.Registration]{New: r, Fresh: true})
		count += n
		return err
	})
	return count, held, err
}

// regroupAll is for a file whose contacts stand by their hashes.
func regroupAll(tx *bolt.Tx) error {
	where, err := localeOf(tx)
	if err != nil {
		return err
	}
	_, _, err = regroup(tx, where)
	return err
}

func empty(tx *bolt.Tx, name []byte) error {
	if err := tx.DeleteBucket(name); err != nil {
		return err
	}
	_, err := tx.CreateBucket(name)
	return err
}

// moved takes in that the show is elsewhere: its numbers are dialled otherwise,
// and its days begin at other times.
func (w *writer) moved(e *hall.Effect) error {
	before, err := readFigures(w.tx, 0)
	if err != nil {
		return err
	}
	// What this transaction has changed so far is not in the figures yet.
	before.Count(w.effects)
	count, held, err := regroup(w.tx, w.where)
	if err != nil {
		return err
	}
	w.holders = held
	days, err := w.presence().everyone()
	if err != nil {
		return err
	}
	e.Persons, e.OnSite = count-before.Persons, minus(days, before.OnSite)
	return nil
}

// liveMark is what badges_by_holder says of a badge.
func liveMark(b record.Badge) []byte {
	if b.Now() == record.BadgeIssued {
		return []byte{1}
	}
	return []byte{0}
}

func isLive(mark []byte) bool { return bytes.Equal(mark, []byte{1}) }
