package store

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// figuresForm is the one line of the numbers; days and minutes have lines of
// their own.
type figuresForm struct {
	Registrations int           `json:"registrations"`
	Persons       int           `json:"persons"`
	Badges        int           `json:"badges"`
	Leads         int           `json:"leads"`
	Passages      int           `json:"passages"`
	Quarantine    int           `json:"quarantine"`
	Discarded     int           `json:"discarded"`
	Conflicts     int           `json:"conflicts"`
	Wall          int64         `json:"wall"` // of the last stamp that the hall wrote under
	Counter       uint32        `json:"counter"`
	Node          record.NodeID `json:"node"`
}

type trafficForm struct {
	Registrations int `json:"registrations,omitempty"`
	Leads         int `json:"leads,omitempty"`
	In            int `json:"in,omitempty"`
	Out           int `json:"out,omitempty"`
}

func formOf(f hall.Figures) figuresForm {
	return figuresForm{
		Registrations: f.Registrations, Persons: f.Persons, Badges: f.Badges, Leads: f.Leads, Passages: f.Passages,
		Quarantine: f.Quarantine, Discarded: f.Discarded, Conflicts: f.Conflicts, Wall: f.Latest.Wall, Counter: f.Latest.Counter, Node: f.Latest.Node,
	}
}

func (f figuresForm) figures() hall.Figures {
	return hall.Figures{
		Registrations: f.Registrations, Persons: f.Persons, Badges: f.Badges, Leads: f.Leads, Passages: f.Passages,
		Quarantine: f.Quarantine, Discarded: f.Discarded, Conflicts: f.Conflicts, Latest: record.Stamp{Wall: f.Wall, Counter: f.Counter, Node: f.Node},
	}
}

// Figures implements hall.State.
func (s *Store) Figures(ctx context.Context, since time.Time) (hall.Figures, error) {
	return one(ctx, s, "figures", func(tx *bolt.Tx) (hall.Figures, error) { return readFigures(tx, since.Unix()/60) })
}

func readFigures(tx *bolt.Tx, since int64) (hall.Figures, error) {
	form, err := getJSON[figuresForm](tx.Bucket(bucketFigures), keyCurrent)
	if err := ignoreNone(err); err != nil {
		return hall.Figures{}, err
	}
	f := form.figures()
	f.OnSite, f.Minutes = map[int64]int{}, map[int64]hall.Traffic{}
	err = tx.Bucket(bucketDays).ForEach(func(key, value []byte) error {
		f.OnSite[int64(place(key))] = int(int64(place(value)))
		return nil
	})
	cursor := tx.Bucket(bucketMinutes).Cursor()
	for key, value := cursor.Seek(number(uint64(max(0, since)))); key != nil; key, value = cursor.Next() {
		var form trafficForm
		if err := json.Unmarshal(value, &form); err != nil {
			return f, fmt.Errorf("decode minute: %w", err)
		}
		f.Minutes[int64(place(key))] = hall.Traffic(form)
	}
	return f, err
}

// count moves the figures on by what the transaction has changed.
func (w *writer) count() error {
	by := hall.Figures{Latest: w.latest}
	by.Count(w.effects)
	return addFigures(w.tx, by)
}

func addFigures(tx *bolt.Tx, by hall.Figures) error {
	b := tx.Bucket(bucketFigures)
	form, err := getJSON[figuresForm](b, keyCurrent)
	if err = ignoreNone(err); err != nil {
		return err
	}
	before := form.figures()
	after, line := before, by
	line.OnSite, line.Minutes = nil, nil // they have lines of their own
	after.Add(line)
	if formOf(after) != formOf(before) {
		err = putJSON(b, keyCurrent, formOf(after))
	}
	for day, n := range by.OnSite {
		err = errors.Join(err, addDay(tx.Bucket(bucketDays), number(uint64(day)), n))
	}
	for minute, t := range by.Minutes {
		err = errors.Join(err, addMinute(tx.Bucket(bucketMinutes), number(uint64(minute)), t))
	}
	return err
}

// addDay and addMinute leave no line that says nothing: the same facts end in
// the same file (P4).
func addDay(b *bolt.Bucket, key []byte, n int) error {
	if value := b.Get(key); len(value) == 8 {
		n += int(int64(binary.BigEndian.Uint64(value)))
	}
	if n == 0 {
		return b.Delete(key)
	}
	return b.Put(key, number(uint64(n)))
}

func addMinute(b *bolt.Bucket, key []byte, by hall.Traffic) error {
	had, err := getJSON[trafficForm](b, key)
	if err := ignoreNone(err); err != nil {
		return err
	}
	sum := hall.Figures{Minutes: map[int64]hall.Traffic{0: hall.Traffic(had)}}
	sum.Add(hall.Figures{Minutes: map[int64]hall.Traffic{0: by}})
	if len(sum.Minutes) == 0 {
		return b.Delete(key)
	}
	return putJSON(b, key, trafficForm(sum.Minutes[0]))
}
