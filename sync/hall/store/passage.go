package store

import (
	"bytes"
	"context"
	"slices"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// Ids of passages and badges stand in keys as their 16 bytes: there are a
// million passages.

func (w *writer) passage(p record.Passage, payload []byte) error {
	id, err := p.ID.Bytes()
	if err != nil {
		return err
	}
	there := w.presence()
	people, days, err := w.scanned(there, p)
	if err != nil {
		return err
	}
	before := there.inside(people, days)
	changed, err := join(w.tx.Bucket(bucketPassages), id[:], p, payload, record.MergePassages)
	if err != nil {
		return err
	}
	if err := w.indexPassage(changed); err != nil {
		return err
	}
	w.effects = append(w.effects, hall.Effect{Passage: &changed, OnSite: minus(there.inside(people, days), before)})
	return nil
}

// scanned returns whose presence a version of a passage may change: the one it
// is of and, where a faulty node tells another, the one it was of.
func (w *writer) scanned(there *presence, p record.Passage) (people []somebody, days []int64, err error) {
	id, _ := p.ID.Bytes()
	versions := []record.Passage{p}
	old, err := getFact[record.Passage](w.tx.Bucket(bucketPassages), id[:])
	switch {
	case err == nil && old.Badge != p.Badge:
		versions = append(versions, old)
	case ignoreNone(err) != nil:
		return nil, nil, err
	}
	for _, version := range versions {
		if version.Badge == "" {
			continue
		}
		one, err := there.holder(version.Badge)
		if err != nil {
			return nil, nil, err
		}
		if !slices.ContainsFunc(people, func(other somebody) bool { return slices.Equal(one, other) }) {
			people = append(people, one)
		}
	}
	return people, []int64{hall.Day(p.At, there.zone)}, nil // the id fixes the time
}

func (w *writer) indexPassage(c hall.Changed[record.Passage]) error {
	byGate, byBadge := w.tx.Bucket(bucketPassageGate), w.lookup(lookupWays)
	if !c.Fresh && c.Old == c.New {
		return nil
	}
	if !c.Fresh { // only a faulty node or two halls that judged at once come here
		if err := byGate.Delete(gateKey(c.Old)); err != nil {
			return err
		}
		byBadge.delete(wayKey(c.Old))
	}
	if err := byGate.Put(gateKey(c.New), nil); err != nil || c.New.Badge == "" {
		return err
	}
	byBadge.put(wayKey(c.New), []byte{wayOf(c.New)})
	return nil
}

// gateKey sorts one gate's passages by their true time.
func gateKey(p record.Passage) []byte {
	id, _ := p.ID.Bytes() // Validate has seen it
	return compound(string(p.Gate), string(id[:]))
}

// wayKey sorts one badge's passages by their true time.
func wayKey(p record.Passage) []byte {
	badge, _ := p.Badge.Bytes()
	id, _ := p.ID.Bytes()
	return append(badge[:], id[:]...)
}

// What a line of passages_by_badge says, so that nobody need look further.
const (
	wayRefused = iota
	wayIn
	wayOut
)

func wayOf(p record.Passage) byte {
	switch {
	case !p.Allowed():
		return wayRefused
	case p.Direction == record.DirectionIn:
		return wayIn
	}
	return wayOut
}

// Passage implements hall.State.
func (s *Store) Passage(ctx context.Context, id record.PassageID) (record.Passage, error) {
	key, err := id.Bytes()
	if err != nil {
		return record.Passage{}, hall.ErrNone
	}
	return one(ctx, s, "passage", func(tx *bolt.Tx) (record.Passage, error) {
		return getFact[record.Passage](tx.Bucket(bucketPassages), key[:])
	})
}

// Passages implements hall.State.
func (s *Store) Passages(ctx context.Context, gate record.GateID, after record.PassageID, limit int) (list []record.Passage, err error) {
	start, err := after.Bytes()
	if after != "" && err != nil {
		return nil, hall.ErrNone
	}
	err = s.view(ctx, "passages", func(tx *bolt.Tx) error {
		index, prefix := tx.Bucket(bucketPassages), []byte{}
		if gate != "" {
			index, prefix = tx.Bucket(bucketPassageGate), compound(string(gate), "")
		}
		last := append(bytes.Clone(prefix), start[:]...)
		cursor := index.Cursor()
		for key, _ := cursor.Seek(last); key != nil && bytes.HasPrefix(key, prefix) && len(list) < limit; key, _ = cursor.Next() {
			if after != "" && bytes.Equal(key, last) {
				continue
			}
			p, err := getFact[record.Passage](tx.Bucket(bucketPassages), key[len(prefix):])
			if err != nil {
				return err
			}
			list = append(list, p)
		}
		return nil
	})
	return list, err
}
