package store

import (
	"bytes"
	"context"
	"errors"
	"slices"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/hall/store/runs"
	"hallpass/sync/record"
)

// Ids of passages and badges stand in keys as their 16 bytes: there are a
// million passages.

func (w *writer) passage(p record.Passage, payload []byte) error {
	id, err := p.ID.Bytes()
	if err != nil {
		return err
	}
	old, err := getFact[record.Passage](w.tx.Bucket(bucketPassages), id[:])
	if errors.Is(err, hall.ErrNone) {
		return w.firstPassage(p, id, payload)
	}
	if err != nil {
		return err
	}
	there := w.presence()
	people, days, err := w.scanned(there, p, old)
	if err != nil {
		return err
	}
	before := there.inside(people, days)
	changed, err := join(w.tx.Bucket(bucketPassages), id[:], p, payload, record.MergePassages)
	if err != nil {
		return err
	}
	w.indexPassage(changed)
	w.effects = append(w.effects, hall.Effect{Passage: &changed, OnSite: minus(there.inside(people, days), before)})
	return nil
}

// firstPassage is the short way of a passage that nobody has told of: somebody
// comes or goes with it, unless a later one of the day is known.
func (w *writer) firstPassage(p record.Passage, id [16]byte, payload []byte) error {
	there, e := w.presence(), hall.Effect{Passage: &hall.Changed[record.Passage]{New: p, Fresh: true}}
	if p.Badge != "" && p.Allowed() {
		one, err := there.holder(p.Badge)
		if err != nil {
			return err
		}
		day := hall.Day(p.At, there.zone) // the id fixes the time
		if newest, way := there.last(one, day); bytes.Compare(id[:], newest) > 0 && (way == wayIn) != (wayOf(p) == wayIn) {
			e.OnSite = map[int64]int{day: 1}
			if way == wayIn {
				e.OnSite[day] = -1
			}
		}
	}
	if err := w.tx.Bucket(bucketPassages).Put(id[:], payload); err != nil {
		return err
	}
	w.effects = append(w.effects, e)
	w.indexPassage(*e.Passage)
	return nil
}

// scanned returns whose presence a version of a passage may change: the one it
// is of and, where a faulty node tells another, the one it was of.
func (w *writer) scanned(there *presence, p, old record.Passage) (people []somebody, days []int64, err error) {
	versions := []record.Passage{p}
	if old.Badge != p.Badge {
		versions = append(versions, old)
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

func (w *writer) indexPassage(c hall.Changed[record.Passage]) {
	byGate, byBadge := w.lookup(lookupGates), w.lookup(lookupWays)
	if !c.Fresh && c.Old == c.New {
		return
	}
	if !c.Fresh { // only a faulty node or two halls that judged at once come here
		byGate.delete(gateKey(c.Old))
		byBadge.delete(wayKey(c.Old))
	}
	byGate.put(gateKey(c.New), nil)
	if c.New.Badge != "" {
		byBadge.put(wayKey(c.New), []byte{wayOf(c.New)})
	}
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

// badgeOf is how much of that names the badge.
func badgeOf(key []byte) int { return min(len(key), 16) }

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
	s.mind(ctx, string(key[:]))
	return look(s, "passage", func(tx *bolt.Tx) (record.Passage, error) {
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
		var cursor runs.Tree = tx.Bucket(bucketPassages).Cursor()
		prefix := []byte{}
		if gate != "" {
			cursor, prefix = recentOf(tx, lookupGates).cursor(), compound(string(gate), "")
		}
		last := append(bytes.Clone(prefix), start[:]...)
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
