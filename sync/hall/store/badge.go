package store

import (
	"bytes"
	"encoding/binary"
	"errors"

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
	holders := []record.RegistrationID{b.Registration}
	if err == nil && old.Registration != b.Registration { // only a faulty node does this
		holders = append(holders, old.Registration)
	}
	before, err := w.live(holders)
	if err != nil {
		return err
	}
	changed, err := join(bucket, key, b, payload, record.MergeBadges)
	if err != nil {
		return err
	}
	if err := w.indexBadge(changed); err != nil {
		return err
	}
	after, err := w.live(holders)
	if err != nil {
		return err
	}
	w.effects = append(w.effects, hall.Effect{Badge: &changed, Live: after - before})
	return nil
}

func (w *writer) indexBadge(c hall.Changed[record.Badge]) error {
	byHolder, byCode := w.tx.Bucket(bucketBadgeHolder), w.tx.Bucket(bucketBadgeCode)
	if !c.Fresh {
		if bytes.Equal(holderKey(c.Old), holderKey(c.New)) && c.Old.ShortCode == c.New.ShortCode {
			return nil
		}
		if err := errors.Join(byHolder.Delete(holderKey(c.Old)), byCode.Delete(codeKey(c.Old))); err != nil {
			return err
		}
	}
	return errors.Join(byHolder.Put(holderKey(c.New), nil), byCode.Put(codeKey(c.New), nil))
}

// holderKey sorts the issues of one registration, the one that counts last.
func holderKey(b record.Badge) []byte {
	issue := binary.BigEndian.AppendUint16(nil, b.Issue)
	return compound(string(b.Registration), string(issue)+string(b.ID))
}

func codeKey(b record.Badge) []byte { return compound(b.ShortCode, string(b.ID)) }

// live counts the holders whose newest badge is printed and valid.
func (w *writer) live(holders []record.RegistrationID) (int, error) {
	n := 0
	for _, holder := range holders {
		newest := newestBadge(w.tx, holder)
		if newest == "" {
			continue
		}
		b, err := getFact[record.Badge](w.tx.Bucket(bucketBadges), []byte(newest))
		if err != nil {
			return 0, err
		}
		if b.Now() == record.BadgeIssued {
			n++
		}
	}
	return n, nil
}

// newestBadge returns the issue that counts, "" if there is none.
func newestBadge(tx *bolt.Tx, holder record.RegistrationID) record.BadgeID {
	prefix := compound(string(holder), "")
	cursor := tx.Bucket(bucketBadgeHolder).Cursor()
	// An issue takes two bytes and an id is ASCII, so nothing is beyond this.
	key, _ := cursor.Seek(append(bytes.Clone(prefix), 0xFF, 0xFF, 0xFF))
	if key == nil {
		key, _ = cursor.Last()
	} else {
		key, _ = cursor.Prev()
	}
	if !bytes.HasPrefix(key, prefix) {
		return ""
	}
	return record.BadgeID(key[len(prefix)+2:])
}
