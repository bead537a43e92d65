package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

func (w *writer) badge(b record.Badge, payload []byte) error {
	bucket, key := w.tx.Bucket(bucketBadges), []byte(b.ID)
	old, err := getFact[record.Badge](bucket, key)
	if err != nil && !errors.Is(err, hall.ErrNone) {
		return err
	}
	if err != nil {
		if done, err := w.firstBadge(b, payload); done || err != nil {
			return err
		}
	}
	holders := []record.RegistrationID{b.Registration}
	if err == nil && old.Registration != b.Registration { // only a faulty node does this
		holders = append(holders, old.Registration)
	}
	before := w.live(holders)
	there := w.presence()
	days := there.days(b.ID)
	inside := there.inside(w.people(there, holders, b.ID, days), days)
	counted, _ := newestBadge(w.tx, b.Registration)
	wasVoid := old.ID != "" && (old.Now() == record.BadgeVoided || counted != b.ID)
	changed, err := join(bucket, key, b, payload, record.MergeBadges)
	if err != nil {
		return err
	}
	if err := w.indexBadge(changed); err != nil {
		return err
	}
	w.effects = append(w.effects, hall.Effect{
		Badge: &changed, Live: w.live(holders) - before,
		OnSite: minus(there.inside(w.people(there, holders, b.ID, days), days), inside),
	})
	return w.tellVoids(changed, wasVoid, counted)
}

// firstBadge is the short way of nearly all badges: the first that has arrived of
// its registration, not void and scanned nowhere yet, changes nobody else's. It
// answers false for any other.
func (w *writer) firstBadge(b record.Badge, payload []byte) (done bool, err error) {
	if b.Now() == record.BadgeVoided || w.presence().scanned(b.ID) {
		return false, nil
	}
	if other, _ := newestBadge(w.tx, b.Registration); other != "" {
		return false, nil
	}
	if err := w.tx.Bucket(bucketBadges).Put([]byte(b.ID), payload); err != nil {
		return false, err
	}
	first := hall.Changed[record.Badge]{New: b, Fresh: true}
	e := hall.Effect{Badge: &first}
	if isLive(liveMark(b)) {
		e.Live = 1
	}
	w.effects = append(w.effects, e)
	return true, w.indexBadge(first)
}

// people returns whose presence may change with a badge that was scanned: its
// holders and, while it has not arrived, the badge by itself.
func (w *writer) people(there *presence, holders []record.RegistrationID, id record.BadgeID, days []int64) (people []somebody) {
	if len(days) == 0 {
		return nil
	}
	arrived := false
	for _, holder := range holders {
		issues := there.issues(holder)
		arrived = arrived || slices.Contains(issues, id)
		people = append(people, issues)
	}
	if !arrived {
		people = append(people, somebody{id})
	}
	return people
}

func (w *writer) indexBadge(c hall.Changed[record.Badge]) error {
	byHolder, byCode := w.tx.Bucket(bucketBadgeHolder), w.lookup(lookupCodes)
	if !c.Fresh {
		if bytes.Equal(holderKey(c.Old), holderKey(c.New)) && c.Old.ShortCode == c.New.ShortCode {
			return byHolder.Put(holderKey(c.New), liveMark(c.New))
		}
		if err := byHolder.Delete(holderKey(c.Old)); err != nil {
			return err
		}
		byCode.delete(codeKey(c.Old))
	}
	byCode.put(codeKey(c.New), nil)
	return byHolder.Put(holderKey(c.New), liveMark(c.New))
}

// holderKey sorts the issues of one registration, the one that counts last.
func holderKey(b record.Badge) []byte {
	issue := binary.BigEndian.AppendUint16(nil, b.Issue)
	return compound(string(b.Registration), string(issue)+string(b.ID))
}

func codeKey(b record.Badge) []byte { return compound(b.ShortCode, string(b.ID)) }

// live counts the holders whose newest badge is printed and valid.
func (w *writer) live(holders []record.RegistrationID) (n int) {
	for _, holder := range holders {
		if _, live := newestBadge(w.tx, holder); live {
			n++
		}
	}
	return n
}

// newestBadge returns the issue that counts and whether it is printed and
// valid; "" if there is none.
func newestBadge(tx *bolt.Tx, holder record.RegistrationID) (id record.BadgeID, live bool) {
	prefix := compound(string(holder), "")
	// An issue takes two bytes and an id is ASCII, so nothing is beyond this.
	key, mark := before(tx.Bucket(bucketBadgeHolder).Cursor(), append(bytes.Clone(prefix), 0xFF, 0xFF, 0xFF))
	if !bytes.HasPrefix(key, prefix) {
		return "", false
	}
	return record.BadgeID(key[len(prefix)+2:]), isLive(mark)
}
