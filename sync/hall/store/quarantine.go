package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/record"
)

type refusalForm struct {
	Node    record.NodeID `json:"node"`
	Epoch   record.Epoch  `json:"epoch"`
	Seq     uint64        `json:"seq"`
	Kind    record.Kind   `json:"kind"`
	Code    string        `json:"code"`
	Reason  string        `json:"reason"`
	At      time.Time     `json:"at"`
	Payload []byte        `json:"payload"`

	Stamp     stampForm    `json:"stamp,omitzero"`
	Digest    []byte       `json:"digest,omitempty"`
	Discarded *discardForm `json:"discarded,omitempty"`
}

// discardForm says who decided that it does not count.
type discardForm struct {
	By  string    `json:"by"`
	At  time.Time `json:"at"`
	Why string    `json:"why"`
}

// refuse puts a change in quarantine once, with its payload as it came. The
// digest tells two histories of one number apart.
func (w *writer) refuse(c record.Change, why error) error {
	keys := w.tx.Bucket(bucketRefusedKeys)
	key := refusedKey(refusedOf(c))
	if keys.Get(key) != nil {
		return nil
	}
	refused := w.tx.Bucket(bucketRefused)
	n, err := next(refused)
	if err != nil {
		return err
	}
	f := fault.From(why)
	form := refusalForm{
		Node: c.Node, Epoch: c.Epoch, Seq: c.Seq, Kind: c.Kind,
		Code: string(f.Code), Reason: f.Message, At: time.Now().UTC(), Payload: c.Payload,
		Stamp: stampForm(c.Stamp), Digest: c.Digest[:],
	}
	if f.Field != "" {
		form.Reason += " (" + f.Field + ")"
	}
	if err := putJSON(refused, number(n), form); err != nil {
		return err
	}
	w.effects = append(w.effects, hall.Effect{Quarantined: 1, Node: c.Node, Bytes: len(c.Payload)})
	return keys.Put(key, number(n))
}

func refusedOf(c record.Change) record.Refused {
	return record.Refused{Node: c.Node, Epoch: c.Epoch, Seq: c.Seq, Digest: c.Digest}
}

func refusedKey(r record.Refused) []byte {
	return compound(string(r.Node), string(r.Epoch), string(number(r.Seq))+string(r.Digest[:]))
}

// quarantined reports whether a change waits for a person, or was discarded.
func quarantined(tx *bolt.Tx, c record.Change) bool {
	at := tx.Bucket(bucketRefusedKeys).Get(refusedKey(refusedOf(c)))
	return at != nil && place(at) != 0
}

// Quarantine implements hall.State.
func (s *Store) Quarantine(ctx context.Context, after uint64, limit int) ([]hall.Refusal, uint64, error) {
	return s.refusals(ctx, "quarantine", false, after, limit)
}

// Discarded implements hall.State.
func (s *Store) Discarded(ctx context.Context, after uint64, limit int) ([]hall.Refusal, uint64, error) {
	return s.refusals(ctx, "discarded", true, after, limit)
}

func (s *Store) refusals(ctx context.Context, doing string, discarded bool, after uint64, limit int) (list []hall.Refusal, last uint64, err error) {
	last = after
	err = s.view(ctx, doing, func(tx *bolt.Tx) error {
		cursor := tx.Bucket(bucketRefused).Cursor()
		for key, value := cursor.Seek(number(after + 1)); key != nil && len(list) < limit; key, value = cursor.Next() {
			r, err := refusalOf(key, value)
			if err != nil {
				return err
			}
			if discarded == (r.Discarded != nil) {
				list, last = append(list, r), r.Place
			}
		}
		return nil
	})
	return list, last, err
}

// Refusal implements hall.State.
func (s *Store) Refusal(ctx context.Context, at uint64) (hall.Refusal, error) {
	return one(ctx, s, "refusal", func(tx *bolt.Tx) (hall.Refusal, error) {
		value := tx.Bucket(bucketRefused).Get(number(at))
		if value == nil {
			return hall.Refusal{}, hall.ErrNone
		}
		return refusalOf(number(at), value)
	})
}

func refusalOf(key, value []byte) (hall.Refusal, error) {
	var form refusalForm
	if err := json.Unmarshal(value, &form); err != nil {
		return hall.Refusal{}, fmt.Errorf("decode refusal: %w", err)
	}
	r := hall.Refusal{
		Place: place(key), Kind: form.Kind, Code: form.Code, Reason: form.Reason, At: form.At, Payload: form.Payload,
		Refused: record.Refused{Node: form.Node, Epoch: form.Epoch, Seq: form.Seq}, Stamp: record.Stamp(form.Stamp),
	}
	copy(r.Refused.Digest[:], form.Digest)
	if d := form.Discarded; d != nil {
		r.Discarded = &hall.Discard{By: d.By, At: d.At, Why: d.Why}
	}
	return r, nil
}
