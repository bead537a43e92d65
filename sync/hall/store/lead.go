package store

import (
	"bytes"
	"errors"

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
	if err != nil && w.unmet(meetings[0]) { // as nearly always
		first := hall.Changed[record.Lead]{New: l, Fresh: true}
		w.effects = append(w.effects, hall.Effect{Lead: &first})
		return errors.Join(bucket.Put(key, payload), w.indexLead(first))
	}
	if err == nil && !bytes.Equal(clientPrefix(old), meetings[0]) {
		meetings = append(meetings, clientPrefix(old))
	}
	before := w.meetings(meetings)
	changed, err := join(bucket, key, l, payload, record.MergeLeads)
	if err != nil {
		return err
	}
	if err := w.indexLead(changed); err != nil {
		return err
	}
	return w.tellMeetings(changed, before, w.meetings(meetings))
}

// unmet reports that no lead has that prefix yet; known has looked already where
// the fact is the hall's own.
func (w *writer) unmet(prefix []byte) bool {
	return bytes.Equal(w.none, prefix) || leadThatCounts(w.lookup(lookupClients), prefix) == ""
}

// meetings names the lead that counts for each prefix, "" for none.
func (w *writer) meetings(prefixes [][]byte) []record.LeadID {
	out := make([]record.LeadID, len(prefixes))
	for i, prefix := range prefixes {
		out[i] = leadThatCounts(w.lookup(lookupClients), prefix)
	}
	return out
}

func (w *writer) tellMeetings(changed hall.Changed[record.Lead], before, after []record.LeadID) error {
	version := func(id record.LeadID, of record.Lead) (record.Lead, error) {
		if id == changed.New.ID {
			return of, nil
		}
		return getFact[record.Lead](w.tx.Bucket(bucketLeads), []byte(id))
	}
	for i := range before {
		c := hall.Changed[record.Lead]{Fresh: before[i] == "", Gone: after[i] == ""}
		if c.Fresh && c.Gone {
			continue
		}
		var err, otherErr error
		if !c.Fresh {
			c.Old, err = version(before[i], changed.Old)
		}
		if !c.Gone {
			c.New, otherErr = version(after[i], changed.New)
		}
		if err := errors.Join(err, otherErr); err != nil {
			return err
		}
		w.effects = append(w.effects, hall.Effect{Lead: &c})
	}
	return nil
}

func (w *writer) indexLead(c hall.Changed[record.Lead]) error {
	w.none = nil
	byClient := w.lookup(lookupClients)
	if c.Fresh || !bytes.Equal(clientKey(c.Old), clientKey(c.New)) {
		if !c.Fresh {
			byClient.delete(clientKey(c.Old))
		}
		byClient.put(clientKey(c.New), nil)
	}
	if !c.Fresh && c.Old.Exhibitor == c.New.Exhibitor {
		return nil
	}
	// A lead that changed hands keeps its old place as well; Leads looks at the
	// lead itself before it shows one.
	n, err := next(w.tx.Bucket(bucketLeadLog))
	if err != nil {
		return err
	}
	w.lookup(lookupArrivals).put(compound(string(c.New.Exhibitor), string(number(n))), []byte(c.New.ID))
	return nil
}

func clientPrefix(l record.Lead) []byte { return compound(string(l.Device), l.ClientID, "") }

func clientKey(l record.Lead) []byte {
	return compound(string(l.Device), l.ClientID, string(l.ID))
}

// clientOf is how much of a line of leads_by_client names the meeting.
func clientOf(key []byte) int {
	_, rest, _ := cutPart(key)
	_, rest, _ = cutPart(rest)
	return len(key) - len(rest)
}

// leadThatCounts names it; "" if there is none.
func leadThatCounts(clients *recent, prefix []byte) record.LeadID {
	key, _ := clients.first(prefix)
	if key == nil {
		return ""
	}
	return record.LeadID(key[len(prefix):])
}

// firstLead fails with hall.ErrNone if there is none.
func firstLead(clients *recent, device record.DeviceID, client string) (record.Lead, error) {
	id := leadThatCounts(clients, compound(string(device), client, ""))
	if id == "" {
		return record.Lead{}, hall.ErrNone
	}
	return getFact[record.Lead](clients.tx.Bucket(bucketLeads), []byte(id))
}
