package store

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// versionForm is one value of a part of a registration, in bucket versions.
// They stand there once a part has had two; before, the registration itself has
// the only one.
type versionForm struct {
	Text  string    `json:"text,omitempty"`
	Picks []string  `json:"picks,omitempty"`
	At    stampForm `json:"at"`
	Over  stampForm `json:"over,omitzero"`
}

type stampForm struct {
	Wall    int64         `json:"wall"`
	Counter uint32        `json:"counter,omitempty"`
	Node    record.NodeID `json:"node"`
}

// topic is one part of one registration.
type topic struct {
	of   record.RegistrationID
	part record.Part
}

func (t topic) prefix() []byte { return compound(string(t.of), string(t.part), "") }

// versionKey tells two values of one stamp apart, which only a copied disk makes.
func (t topic) versionKey(v record.Version) []byte {
	sum := fnv.New64a()
	for _, text := range append([]string{v.Text}, v.Picks...) {
		_, _ = sum.Write(append([]byte(text), 0)) // never fails
	}
	return compound(string(t.of), string(t.part), string(stampKey(v.At))+string(number(sum.Sum64())))
}

// stampKey sorts by time.
func stampKey(s record.Stamp) []byte {
	key := binary.BigEndian.AppendUint32(number(uint64(s.Wall)), s.Counter)
	return append(key, s.Node...)
}

// versions follows a registration that was known before.
func (w *writer) versions(c hall.Changed[record.Registration], said record.Registration) error {
	if !c.New.Erased.IsZero() {
		if !c.Old.Erased.IsZero() {
			return nil
		}
		return w.forgetVersions(c.New.ID)
	}
	for part, v := range said.Parts() {
		stood, known := c.Old.Part(part)
		if !known || stood.Compare(v) == 0 {
			continue
		}
		if err := w.keepVersions(topic{said.ID, part}, stood, v); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) keepVersions(t topic, more ...record.Version) error {
	known, err := readVersions(w.tx, t)
	if err != nil {
		return err
	}
	before, err := readHeads(w.tx, t, known)
	if err != nil {
		return err
	}
	kept := record.Newest(append(known, more...))
	if err := w.putVersions(t, known, kept); err != nil {
		return err
	}
	after, err := readHeads(w.tx, t, kept)
	if err != nil {
		return err
	}
	return w.moveConflict(t, before, after)
}

// putVersions drops what of known is kept no more, and adds what is new.
func (w *writer) putVersions(t topic, known, kept []record.Version) error {
	b, old := w.tx.Bucket(bucketVersions), map[string]bool{}
	for _, v := range known {
		old[string(t.versionKey(v))] = true
	}
	for _, v := range kept {
		key := t.versionKey(v)
		if old[string(key)] {
			delete(old, string(key))
			continue
		}
		if err := putJSON(b, key, versionForm{v.Text, v.Picks, stampForm(v.At), stampForm(v.Over)}); err != nil {
			return err
		}
	}
	for key := range old {
		if err := b.Delete([]byte(key)); err != nil {
			return err
		}
	}
	return nil
}

// forgetVersions takes out what an erased person has ever said (P10).
func (w *writer) forgetVersions(of record.RegistrationID) error {
	b, prefix := w.tx.Bucket(bucketVersions), compound(string(of), "")
	parts, keys := map[record.Part]bool{}, [][]byte{}
	cursor := b.Cursor()
	for key, _ := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = cursor.Next() {
		if part, _, ok := cutPart(key[len(prefix):]); ok {
			parts[record.Part(part)] = true
		}
		keys = append(keys, bytes.Clone(key))
	}
	for part := range parts {
		t := topic{of, part}
		known, err := readVersions(w.tx, t)
		if err != nil {
			return err
		}
		heads, err := readHeads(w.tx, t, known)
		if err != nil {
			return err
		}
		if err := w.moveConflict(t, heads, nil); err != nil {
			return err
		}
	}
	for _, key := range keys {
		if err := b.Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// cutPart parts the first part of a composite key from the rest.
func cutPart(key []byte) (part, rest []byte, ok bool) {
	if len(key) < 2 {
		return nil, nil, false
	}
	n := int(binary.BigEndian.Uint16(key)) + 2
	if n > len(key) {
		return nil, nil, false
	}
	return key[2:n], key[n:], true
}

// moveConflict keeps the list of conflicts to what the heads say.
func (w *writer) moveConflict(t topic, before, after []record.Version) error {
	b := w.tx.Bucket(bucketConflicts)
	was, is := record.Differ(before), record.Differ(after)
	if was {
		if err := b.Delete(conflictKey(t, before)); err != nil {
			return err
		}
	}
	if is {
		if err := b.Put(conflictKey(t, after), nil); err != nil {
			return err
		}
	}
	if was != is {
		n := 1
		if was {
			n = -1
		}
		w.effects = append(w.effects, hall.Effect{Conflicts: n})
	}
	return nil
}

// conflictKey sorts by when the latest side was said.
func conflictKey(t topic, heads []record.Version) []byte {
	return append(number(uint64(heads[len(heads)-1].At.Wall)), compound(string(t.of), string(t.part))...)
}

// readVersions returns what the bucket has of a part, nothing if there was only
// ever one.
func readVersions(tx *bolt.Tx, t topic) (list []record.Version, err error) {
	prefix := t.prefix()
	cursor := tx.Bucket(bucketVersions).Cursor()
	for key, value := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, value = cursor.Next() {
		var form versionForm
		if err := json.Unmarshal(value, &form); err != nil {
			return nil, fmt.Errorf("decode version: %w", err)
		}
		list = append(list, record.Version{Text: form.Text, Picks: form.Picks, At: record.Stamp(form.At), Over: record.Stamp(form.Over)})
	}
	return list, nil
}

func readHeads(tx *bolt.Tx, t topic, versions []record.Version) ([]record.Version, error) {
	if len(versions) == 0 {
		return nil, nil
	}
	also := map[record.Stamp][]record.Stamp{}
	err := decisionsOn(tx, t.of, func(d record.Decision) {
		also[d.Wrote] = append(also[d.Wrote], d.Seen[t.part]...)
	})
	return record.Heads(versions, also), err
}

// Conflict implements hall.State.
func (s *Store) Conflict(ctx context.Context, of record.RegistrationID, part record.Part) (hall.Conflict, error) {
	return one(ctx, s, "conflict", func(tx *bolt.Tx) (hall.Conflict, error) {
		c, err := readSides(tx, topic{of, part})
		if err == nil && !c.Open() {
			err = hall.ErrNone
		}
		return c, err
	})
}

// Sides implements hall.State.
func (s *Store) Sides(ctx context.Context, of record.RegistrationID, part record.Part) (hall.Conflict, error) {
	return one(ctx, s, "sides", func(tx *bolt.Tx) (hall.Conflict, error) { return readSides(tx, topic{of, part}) })
}

// readSides fails with hall.ErrNone if there is no such registration.
func readSides(tx *bolt.Tx, t topic) (hall.Conflict, error) {
	c := hall.Conflict{Part: t.part}
	var err error
	if c.Registration, err = getFact[record.Registration](tx.Bucket(bucketVisitors), []byte(t.of)); err != nil {
		return c, err
	}
	versions, err := readVersions(tx, t)
	if err != nil {
		return c, err
	}
	if len(versions) == 0 {
		if v, ok := c.Registration.Part(t.part); ok {
			versions = []record.Version{v}
		}
	}
	heads, err := readHeads(tx, t, versions)
	if err != nil {
		return c, err
	}
	by := map[record.Stamp]string{}
	err = decisionsOn(tx, t.of, func(d record.Decision) { by[d.Wrote] = d.By })
	for _, v := range heads {
		c.Sides = append(c.Sides, hall.Side{Version: v, By: by[v.At]})
	}
	return c, err
}

// Conflicts implements hall.State.
func (s *Store) Conflicts(ctx context.Context, before string, limit int) (list []hall.Conflict, last string, err error) {
	from, err := base64.RawURLEncoding.DecodeString(before)
	if err != nil {
		return nil, "", errPlace
	}
	err = s.view(ctx, "conflicts", func(tx *bolt.Tx) error {
		return backwards(tx.Bucket(bucketConflicts), from, func(key, _ []byte) (bool, error) {
			t, ok := topicOf(key)
			if !ok {
				return false, errors.New("a line of conflicts cannot be read")
			}
			c, err := readSides(tx, t)
			if err != nil {
				return false, err
			}
			list, last = append(list, c), base64.RawURLEncoding.EncodeToString(key)
			return len(list) < limit, nil
		})
	})
	return list, last, err
}

var errPlace = fault.New(fault.Invalid, `"after" is what "next" of the page before said.`).WithField("after")

func topicOf(key []byte) (topic, bool) {
	if len(key) < 8 {
		return topic{}, false
	}
	of, part, ok := cutPart(key[8:])
	return topic{record.RegistrationID(of), record.Part(part)}, ok
}

// backwards calls f for the lines before a key, the last first, all if the key
// is empty, until f says that it has enough.
func backwards(b *bolt.Bucket, before []byte, f func(key, value []byte) (more bool, err error)) error {
	cursor := b.Cursor()
	key, value := cursor.Last()
	if len(before) > 0 {
		if key, _ = cursor.Seek(before); key == nil {
			key, value = cursor.Last()
		} else {
			key, value = cursor.Prev()
		}
	}
	for ; key != nil; key, value = cursor.Prev() {
		if more, err := f(key, value); err != nil || !more {
			return err
		}
	}
	return nil
}
