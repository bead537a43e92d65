package store

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// decision keeps what a person has decided, and settles what it is about.
func (w *writer) decision(d record.Decision, payload []byte) error {
	before := map[record.Part][]record.Version{}
	for part := range d.Seen {
		heads, err := w.heads(topic{d.Registration, part})
		if err != nil {
			return err
		}
		before[part] = heads
	}
	if _, err := join(w.tx.Bucket(bucketDecisions), stampKey(d.At), d, payload, record.MergeDecisions); err != nil {
		return err
	}
	if d.Registration != "" {
		if err := w.tx.Bucket(bucketDecidedOn).Put(compound(string(d.Registration), string(stampKey(d.At))), nil); err != nil {
			return err
		}
	}
	for part := range d.Seen {
		t := topic{d.Registration, part}
		after, err := w.heads(t)
		if err != nil {
			return err
		}
		if err := w.moveConflict(t, before[part], after); err != nil {
			return err
		}
	}
	return w.settle(d)
}

func (w *writer) heads(t topic) ([]record.Version, error) {
	known, err := readVersions(w.tx, t)
	if err != nil {
		return nil, err
	}
	return readHeads(w.tx, t, known)
}

// decisionsOn calls f with what was decided about a registration, in order.
func decisionsOn(tx *bolt.Tx, of record.RegistrationID, f func(record.Decision)) error {
	prefix, decisions := compound(string(of), ""), tx.Bucket(bucketDecisions)
	cursor := tx.Bucket(bucketDecidedOn).Cursor()
	for key, _ := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = cursor.Next() {
		d, err := getFact[record.Decision](decisions, key[len(prefix):])
		if err != nil {
			return fmt.Errorf("decision: %w", err)
		}
		f(d)
	}
	return nil
}

// Decisions implements hall.State.
func (s *Store) Decisions(ctx context.Context, before string, limit int) (list []record.Decision, last string, err error) {
	from, err := base64.RawURLEncoding.DecodeString(before)
	if err != nil {
		return nil, "", errPlace
	}
	err = s.view(ctx, "decisions", func(tx *bolt.Tx) error {
		return backwards(tx.Bucket(bucketDecisions), from, func(key, value []byte) (bool, error) {
			fact, err := wire.Decode(record.KindDecision, value)
			if err != nil {
				return false, err
			}
			d, ok := fact.(record.Decision)
			if !ok {
				return false, errors.New("no decision where one must be")
			}
			list, last = append(list, d), base64.RawURLEncoding.EncodeToString(key)
			return len(list) < limit, nil
		})
	})
	return list, last, err
}

// settle takes out of quarantine what was taken in after all, and marks what was
// discarded; nothing is deleted (P9): what was taken in stands in a journal.
func (w *writer) settle(d record.Decision) error {
	if d.Act != record.ActRetry && d.Act != record.ActDiscard {
		return nil
	}
	keys, refused := w.tx.Bucket(bucketRefusedKeys), w.tx.Bucket(bucketRefused)
	key := refusedKey(d.Refused)
	at := bytes.Clone(keys.Get(key))
	if at == nil || place(at) == 0 {
		return nil
	}
	form, err := getJSON[refusalForm](refused, at)
	if err != nil {
		return err
	}
	effect := hall.Effect{Quarantined: -1, Node: form.Node, Bytes: -len(form.Payload)}
	if form.Discarded != nil {
		effect = hall.Effect{Discarded: -1}
	}
	if d.Act == record.ActRetry {
		w.effects = append(w.effects, effect)
		return errors.Join(refused.Delete(at), keys.Put(key, number(0)))
	}
	if form.Discarded == nil {
		effect.Discarded = 1
		w.effects = append(w.effects, effect)
	}
	form.Discarded = &discardForm{By: d.By, At: d.At.Time(), Why: d.Reason}
	return putJSON(refused, at, form)
}
