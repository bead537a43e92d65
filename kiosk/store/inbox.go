package store

import (
	"context"
	"encoding/json"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// Read returns how far the hall's journal was applied.
func (s *Store) Read(ctx context.Context) (at record.Cursor, err error) {
	err = s.view(ctx, func(tx *bolt.Tx) error {
		at = readCursor(tx)
		return nil
	})
	return at, err
}

// Apply takes consecutive changes of the hall's journal in one transaction;
// what was applied before may come again and changes nothing (P3). A new epoch
// of the hall, and a hall that was restored, start again from 1. It answers
// fault.BadSequence if something is missing before a change.
func (s *Store) Apply(ctx context.Context, epoch record.Epoch, changes []record.Change) error {
	var show *record.Show
	err := s.quietly(ctx, func(tx *bolt.Tx) error {
		at := readCursor(tx)
		if at.Epoch != epoch {
			at = record.Cursor{Epoch: epoch}
		}
		for i, c := range changes {
			if c.Seq == 0 || c.Seq > at.Seq+1 || i > 0 && c.Seq != at.Seq+1 {
				return fault.New(fault.BadSequence, fmt.Sprintf("The hall's change %d does not follow %d.", c.Seq, at.Seq))
			}
			now, err := s.apply(tx, epoch, c)
			if err != nil {
				return err
			}
			if now != nil {
				show = now
			}
			at.Seq = c.Seq
		}
		return tx.Bucket(meta).Put(metaRead, append(number(at.Seq), epoch...))
	})
	if err != nil {
		return fmt.Errorf("apply the hall's changes: %w", err)
	}
	if show != nil {
		s.show.Store(show)
	}
	for _, c := range changes {
		s.clock.Observe(c.Stamp)
	}
	return nil
}

// apply takes one change and returns the show if it changed. What this program
// cannot use is put aside and does not hold up the rest.
func (s *Store) apply(tx *bolt.Tx, epoch record.Epoch, c record.Change) (*record.Show, error) {
	if c.Erased() {
		return nil, nil
	}
	if c.Kind == record.KindShow {
		if show, err := decode[record.Show](c.Kind, c.Payload); err == nil && s.expects(tx, show.ID) {
			return keepShow(tx, show)
		}
	}
	value, err := json.Marshal(asideForm{epoch, c.Seq, c.Kind, c.Payload})
	if err != nil {
		return nil, err
	}
	return nil, tx.Bucket(aside).Put(append(number(c.Seq), epoch...), value)
}

type asideForm struct {
	Epoch   record.Epoch `json:"epoch"`
	Seq     uint64       `json:"seq"`
	Kind    record.Kind  `json:"kind"`
	Payload []byte       `json:"payload"`
}

// keepShow keeps the later of the hall's shows and returns it.
func keepShow(tx *bolt.Tx, show record.Show) (*record.Show, error) {
	if old := tx.Bucket(meta).Get(metaShow); old != nil {
		kept, err := decode[record.Show](record.KindShow, old)
		if err == nil && kept.ID == show.ID {
			show = record.MergeShows(kept, show)
		}
	}
	payload, err := wire.Encode(show)
	if err != nil {
		return nil, err
	}
	if err := permit(tx, show); err != nil {
		return nil, err
	}
	return &show, tx.Bucket(meta).Put(metaShow, payload)
}

// loadShow takes the hall's show, or else the one given at the start.
func (s *Store) loadShow(tx *bolt.Tx, given record.Show) error {
	if payload := tx.Bucket(meta).Get(metaShow); payload != nil {
		show, err := decode[record.Show](record.KindShow, payload)
		if err != nil {
			return fmt.Errorf("read the hall's show: %w", err)
		}
		given = show
	}
	s.show.Store(&given)
	return nil
}

// Show returns the show in force; callers do not alter it.
func (s *Store) Show() record.Show { return *s.show.Load() }

func readCursor(tx *bolt.Tx) record.Cursor {
	value := tx.Bucket(meta).Get(metaRead)
	if len(value) < 8 {
		return record.Cursor{}
	}
	return record.Cursor{Seq: readNumber(value), Epoch: record.Epoch(value[8:])}
}
