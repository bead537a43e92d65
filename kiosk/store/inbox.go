package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// Read returns how far the hall's journal was applied.
func (s *Store) Read(ctx context.Context) (at record.Cursor, err error) {
	err = s.view(ctx, func(tx *redo.Reader) error {
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
	keys, made := false, false
	err := s.quietly(ctx, func(tx *bolt.Tx) error {
		at := readCursor(redo.In(tx))
		if at.Epoch != epoch {
			at = record.Cursor{Epoch: epoch}
		}
		for i, c := range changes {
			if c.Seq == 0 || c.Seq > at.Seq+1 || i > 0 && c.Seq != at.Seq+1 {
				return fault.New(fault.BadSequence, fmt.Sprintf("The hall's change %d does not follow %d.", c.Seq, at.Seq))
			}
			did, err := s.apply(tx, epoch, c)
			if err != nil {
				return err
			}
			if did.show != nil {
				show = did.show
			}
			keys, made = keys || did.keys, made || did.made
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
	if keys {
		if err := s.view(ctx, s.loadSigner); err != nil {
			return fmt.Errorf("apply the hall's changes: %w", err)
		}
	}
	if made {
		s.ring()
	}
	for _, c := range changes {
		s.clock.Observe(c.Stamp)
	}
	return nil
}

// applied is what one of the hall's changes has altered.
type applied struct {
	show *record.Show
	keys bool // something about keys
	made bool // there is a new entry in our own journal
}

// apply takes one change. What this program cannot use is put aside and does not
// hold up the rest.
func (s *Store) apply(tx *bolt.Tx, epoch record.Epoch, c record.Change) (applied, error) {
	if c.Erased() {
		return applied{}, nil
	}
	if did, usable, err := s.use(tx, c.Kind, c.Payload); usable || err != nil {
		return did, err
	}
	value, err := json.Marshal(asideForm{epoch, c.Seq, c.Kind, c.Payload})
	if err != nil {
		return applied{}, err
	}
	return applied{}, tx.Bucket(aside).Put(append(number(c.Seq), epoch...), value)
}

// use does what a fact of the hall's says, and reports false if this program
// can make nothing of it.
func (s *Store) use(tx *bolt.Tx, kind record.Kind, payload []byte) (did applied, usable bool, err error) {
	fact, err := wire.Decode(kind, payload)
	if err != nil {
		return did, false, nil // for whoever looks aside
	}
	pairing, paired, err := readPairing(redo.In(tx))
	if err != nil {
		return did, false, err
	}
	switch f := fact.(type) {
	case record.Show:
		if paired && f.ID != pairing.Show {
			return did, false, nil
		}
		did.show, err = keepShow(tx, f)
	case record.Registration:
		if !paired || f.Show != pairing.Show {
			return did, false, nil
		}
		if f.Awaited {
			err = applyExpected(tx, f)
		} else {
			err = keepTold(tx, f)
		}
	case record.Key:
		if !paired || f.Show != pairing.Show {
			return did, false, nil
		}
		did.keys = true
		did.made, err = s.applyKey(tx, pairing, f)
	case record.Revocation:
		if !paired || f.Show != pairing.Show {
			return did, false, nil
		}
		did.keys = true
		_, err = keepJoined(tx.Bucket(revocations), []byte(f.Node), f, record.MergeRevocations)
	default:
		if !paired {
			return did, false, nil
		}
		usable, did.made, err = s.applyNews(tx, pairing, fact)
		return did, usable, err
	}
	return did, true, err
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

// Show returns the show in force; callers do not alter it. Of its categories
// visitors choose only those whose badges this kiosk may print.
func (s *Store) Show() record.Show {
	show, allowed := *s.show.Load(), s.signer.Load().certificate.Categories
	if len(allowed) == 0 {
		return show
	}
	show.Categories = slices.Clone(show.Categories)
	for i, c := range show.Categories {
		show.Categories[i].Self = c.Self && slices.Contains(allowed, string(c.ID))
	}
	return show
}

func readCursor(tx *redo.Reader) record.Cursor {
	value := tx.Bucket(meta).Get(metaRead)
	if len(value) < 8 {
		return record.Cursor{}
	}
	return record.Cursor{Seq: readNumber(value), Epoch: record.Epoch(value[8:])}
}
