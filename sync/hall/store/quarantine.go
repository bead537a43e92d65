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
}

// refuse puts a change in quarantine once, with its payload as it came. The
// digest tells two histories of one number apart.
func (w *writer) refuse(c record.Change, why error) error {
	keys := w.tx.Bucket(bucketRefusedKeys)
	key := refusedKey(c)
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
	}
	if f.Field != "" {
		form.Reason += " (" + f.Field + ")"
	}
	if err := putJSON(refused, number(n), form); err != nil {
		return err
	}
	w.effects = append(w.effects, hall.Effect{Quarantined: 1})
	return keys.Put(key, number(n))
}

func refusedKey(c record.Change) []byte {
	return compound(string(c.Node), string(c.Epoch), string(number(c.Seq))+string(c.Digest[:]))
}

// Quarantine implements hall.State.
func (s *Store) Quarantine(_ context.Context, after uint64, limit int) (list []hall.Refusal, last uint64, err error) {
	last = after
	err = s.view("quarantine", func(tx *bolt.Tx) error {
		cursor := tx.Bucket(bucketRefused).Cursor()
		for key, value := cursor.Seek(number(after + 1)); key != nil && len(list) < limit; key, value = cursor.Next() {
			var form refusalForm
			if err := json.Unmarshal(value, &form); err != nil {
				return fmt.Errorf("decode refusal: %w", err)
			}
			list, last = append(list, hall.Refusal(form)), place(key)
		}
		return nil
	})
	return list, last, err
}
