package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// erase keeps an erasure, once, and takes the registration's data out of state,
// journals and quarantine (P10). With tell every kiosk hears of it: an erasure
// that a kiosk brought, or gave a receipt for that this hall, put back from a
// backup, no longer knows.
func (w *writer) erase(e record.Erasure, payload []byte, tell bool) error {
	erasures, key := w.tx.Bucket(bucketErasures), []byte(e.Registration)
	if erasures.Get(key) != nil {
		return nil
	}
	if err := erasures.Put(key, payload); err != nil {
		return err
	}
	if tell {
		if err := w.tell(e, e.At); err != nil {
			return err
		}
	}
	if err := w.blank(e); err != nil {
		return err
	}
	if err := w.eraseEntries(e.Registration); err != nil {
		return err
	}
	return w.eraseRefusals(e.Registration)
}

// blank takes the data out of a registration that is kept, whatever the fact
// that brought it says.
func (w *writer) blank(e record.Erasure) error {
	visitors, key := w.tx.Bucket(bucketVisitors), []byte(e.Registration)
	old, err := getFact[record.Registration](visitors, key)
	if err != nil {
		return ignoreNone(err) // it may come later, see registration
	}
	blank := old
	blank.Erased = e.At
	return w.registration(blank, nil)
}

// erasureOf returns the erasure of a registration, and false if there is none.
func (w *writer) erasureOf(id record.RegistrationID) (record.Erasure, bool, error) {
	e, err := getFact[record.Erasure](w.tx.Bucket(bucketErasures), []byte(id))
	if errors.Is(err, hall.ErrNone) {
		return e, false, nil
	}
	return e, err == nil, err
}

// forget takes the content out of an entry that came after its registration was
// erased.
func (w *writer) forget(id record.RegistrationID, c record.Change) error {
	if w.tx.Bucket(bucketErasures).Get([]byte(id)) == nil {
		return nil
	}
	return journalOf(c.Node, c.Epoch).Erase(w.tx, c.Seq)
}

// receipt keeps a kiosk's word that it holds nothing more of a registration.
func (w *writer) receipt(r record.Erased, payload []byte) error {
	erasure := record.Erasure{Registration: r.Registration, Show: r.Show, At: r.At}
	order, err := wire.Encode(erasure)
	if err != nil {
		return err
	}
	if err := w.erase(erasure, order, true); err != nil {
		return err
	}
	key := compound(string(r.Registration), string(r.Node))
	_, err = join(w.tx.Bucket(bucketReceipts), key, r, payload, record.MergeErased)
	return err
}

// entryAt names one entry of one journal.
type entryAt struct {
	node  record.NodeID
	epoch record.Epoch
	seq   uint64
	kind  record.Kind
}

// mentions is where registrations are spoken of, as far as the journals were
// read: what came since is to be read in the transaction itself.
type mentions struct {
	ids   []record.RegistrationID
	found map[record.RegistrationID][]entryAt
	ends  map[string]uint64 // by node and epoch
}

// mentions reads all journals, of the largest show in seconds, which is why it
// is no part of the transaction that erases: commits go on meanwhile.
func (s *Store) mentions(ctx context.Context, batches []hall.Batch) (m mentions, err error) {
	asked := erasing(batches)
	if len(asked) == 0 {
		return m, nil
	}
	err = s.view(ctx, "look for what is erased", func(tx *bolt.Tx) error {
		for _, id := range asked {
			if tx.Bucket(bucketErasures).Get([]byte(id)) == nil {
				m.ids = append(m.ids, id)
			}
		}
		return m.read(ctx, tx)
	})
	return m, err
}

// erasing lists whom the facts have erased.
func erasing(batches []hall.Batch) (ids []record.RegistrationID) {
	look := func(fact record.Fact) {
		switch f := fact.(type) {
		case record.Erasure:
			ids = append(ids, f.Registration)
		case record.Erased:
			ids = append(ids, f.Registration)
		case record.Registration:
			if !f.Erased.IsZero() {
				ids = append(ids, f.ID)
			}
		}
	}
	for _, b := range batches {
		for _, own := range b.Own {
			look(own.Fact)
		}
		for _, entry := range b.Entries {
			look(entry.Fact)
		}
	}
	return ids
}

// read looks through what was added to the journals since the last time.
func (m *mentions) read(ctx context.Context, tx *bolt.Tx) error {
	if len(m.ids) == 0 {
		return nil
	}
	if m.ends == nil {
		m.ends, m.found = map[string]uint64{}, map[record.RegistrationID][]entryAt{}
	}
	nodes := tx.Bucket(bucketJournals)
	return nodes.ForEachBucket(func(node []byte) error {
		return nodes.Bucket(node).ForEachBucket(func(epoch []byte) error {
			return m.journal(ctx, tx, record.NodeID(node), record.Epoch(epoch))
		})
	})
}

func (m *mentions) journal(ctx context.Context, tx *bolt.Tx, node record.NodeID, epoch record.Epoch) error {
	const page = 512 // changes in memory at a time
	j, name := journalOf(node, epoch), string(compound(string(node), string(epoch)))
	for {
		changes, err := j.Read(tx, m.ends[name], page)
		for _, c := range changes {
			m.change(c)
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return fmt.Errorf("journal of node %s, epoch %s: %w", node, epoch, err)
		}
		if len(changes) == 0 {
			return nil
		}
		m.ends[name] = changes[len(changes)-1].Seq
	}
}

// change notes an entry that speaks of somebody; an id is nowhere by chance.
func (m *mentions) change(c record.Change) {
	if c.Kind != record.KindRegistration && c.Kind != record.KindRegistered {
		return
	}
	for _, id := range m.ids {
		if speaksOf(c.Payload, id) {
			m.found[id] = append(m.found[id], entryAt{c.Node, c.Epoch, c.Seq, c.Kind})
		}
	}
}

// speaksOf looks for an id as text and as the bytes of a packed list.
func speaksOf(payload []byte, id record.RegistrationID) bool {
	if bytes.Contains(payload, []byte(id)) {
		return true
	}
	raw, err := id.Bytes()
	return err == nil && bytes.Contains(payload, raw[:])
}

// eraseEntries takes a registration out of every journal.
func (w *writer) eraseEntries(id record.RegistrationID) error {
	if !slices.Contains(w.mentions.ids, id) {
		w.mentions = mentions{ids: []record.RegistrationID{id}} // nobody has looked before
	}
	if err := w.mentions.read(context.Background(), w.tx); err != nil {
		return err
	}
	for _, at := range w.mentions.found[id] {
		if at.kind == record.KindRegistered {
			if err := w.retellWithout(at, id); err != nil {
				return err
			}
		}
		if err := journalOf(at.node, at.epoch).Erase(w.tx, at.seq); err != nil {
			return err
		}
	}
	return nil
}

// retellWithout says of a list again what it says of others.
func (w *writer) retellWithout(at entryAt, id record.RegistrationID) error {
	found, err := journalOf(at.node, at.epoch).Read(w.tx, at.seq-1, 1)
	if err != nil || len(found) == 0 || found[0].Erased() || at.node != w.self.Hall || at.epoch != w.self.Epoch {
		return err
	}
	fact, err := wire.Decode(at.kind, found[0].Payload)
	list, ok := fact.(record.Registered)
	if err != nil || !ok {
		return err
	}
	var rest []record.Digest
	for _, e := range list.Entries {
		if e.Registration != id {
			rest = append(rest, e)
		}
	}
	if list.Entries = rest; len(rest) == 0 {
		return nil
	}
	return w.tell(list, found[0].Stamp)
}

// eraseRefusals takes a registration's data out of quarantine; the line and its
// reason stay.
func (w *writer) eraseRefusals(id record.RegistrationID) error {
	refused, blank := w.tx.Bucket(bucketRefused), map[string]refusalForm{}
	err := refused.ForEach(func(place, value []byte) error {
		var form refusalForm
		if err := json.Unmarshal(value, &form); err != nil {
			return fmt.Errorf("decode refusal: %w", err)
		}
		if bytes.Contains(form.Payload, []byte(id)) {
			form.Payload = nil
			blank[string(place)] = form
		}
		return nil
	})
	for place, form := range blank {
		err = errors.Join(err, putJSON(refused, []byte(place), form))
	}
	return err
}
