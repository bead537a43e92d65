package store

import (
	"bytes"
	"errors"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// lead merges a lead. A device's client id is one meeting: of several leads
// with one, which only two halls or a faulty node make, the least id counts, in
// whatever order they arrive (P4).
func (w *writer) lead(l record.Lead, payload []byte) error {
	bucket, key := w.tx.Bucket(bucketLeads), []byte(l.ID)
	old, err := getFact[record.Lead](bucket, key)
	if err != nil && !errors.Is(err, hall.ErrNone) {
		return err
	}
	meetings := [][]byte{clientPrefix(l)}
	if err == nil && !bytes.Equal(clientPrefix(old), meetings[0]) {
		meetings = append(meetings, clientPrefix(old))
	}
	before, err := w.meetings(meetings)
	if err != nil {
		return err
	}
	changed, err := join(bucket, key, l, payload, record.MergeLeads)
	if err != nil {
		return err
	}
	if err := w.indexLead(changed); err != nil {
		return err
	}
	after, err := w.meetings(meetings)
	if err != nil {
		return err
	}
	w.tellMeetings(before, after)
	return nil
}

// meetings returns the lead that counts for each prefix, nil for none.
func (w *writer) meetings(prefixes [][]byte) ([]*record.Lead, error) {
	out := make([]*record.Lead, len(prefixes))
	for i, prefix := range prefixes {
		lead, err := leadThatCounts(w.tx, prefix)
		if errors.Is(err, hall.ErrNone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out[i] = &lead
	}
	return out, nil
}

func (w *writer) tellMeetings(before, after []*record.Lead) {
	for i := range before {
		var c hall.Changed[record.Lead]
		switch old, now := before[i], after[i]; {
		case old == nil && now == nil:
			continue
		case old == nil:
			c = hall.Changed[record.Lead]{New: *now, Fresh: true}
		case now == nil:
			c = hall.Changed[record.Lead]{Old: *old, Gone: true}
		default:
			c = hall.Changed[record.Lead]{Old: *old, New: *now}
		}
		w.effects = append(w.effects, hall.Effect{Lead: &c})
	}
}

func (w *writer) indexLead(c hall.Changed[record.Lead]) error {
	byClient := w.tx.Bucket(bucketLeadClient)
	if !c.Fresh {
		if !bytes.Equal(clientKey(c.Old), clientKey(c.New)) {
			if err := errors.Join(byClient.Delete(clientKey(c.Old)), byClient.Put(clientKey(c.New), nil)); err != nil {
				return err
			}
		}
		if c.Old.Exhibitor == c.New.Exhibitor {
			return nil
		}
	} else if err := byClient.Put(clientKey(c.New), nil); err != nil {
		return err
	}
	// A lead that changed hands keeps its old place as well; Leads looks at the
	// lead itself before it shows one.
	arrivals := w.tx.Bucket(bucketLeadLog)
	n, err := next(arrivals)
	if err != nil {
		return err
	}
	return arrivals.Put(compound(string(c.New.Exhibitor), string(number(n))), []byte(c.New.ID))
}

func clientPrefix(l record.Lead) []byte { return compound(string(l.Device), l.ClientID, "") }

func clientKey(l record.Lead) []byte {
	return compound(string(l.Device), l.ClientID, string(l.ID))
}

// leadThatCounts fails with hall.ErrNone if there is none.
func leadThatCounts(tx *bolt.Tx, prefix []byte) (record.Lead, error) {
	key, _ := tx.Bucket(bucketLeadClient).Cursor().Seek(prefix)
	if !bytes.HasPrefix(key, prefix) {
		return record.Lead{}, hall.ErrNone
	}
	return getFact[record.Lead](tx.Bucket(bucketLeads), key[len(prefix):])
}

func (w *writer) firstLead(device record.DeviceID, client string) (record.Lead, error) {
	return leadThatCounts(w.tx, compound(string(device), client, ""))
}
