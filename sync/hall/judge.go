package hall

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/journal"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// Judge reads a change's fact and decides whether the hall of that show takes
// it; Refused holds fault.UnknownFact or fault.RefusedFact if not. It looks at
// nothing but the change, so that every hall decides alike. An erased change
// has neither fact nor fault.
func Judge(change record.Change, show record.ShowID) Entry {
	entry := Entry{Change: change, Intact: journal.Intact(change)}
	if change.Erased() {
		return entry
	}
	fact, err := wire.Decode(change.Kind, change.Payload)
	if err == nil {
		err = admit(fact, change.Node, show)
	}
	if err != nil {
		entry.Refused = err
		return entry
	}
	entry.Fact = fact
	return entry
}

// admit refuses what another show recorded and what a node may not say.
func admit(fact record.Fact, from record.NodeID, show record.ShowID) error {
	var of record.ShowID
	var ids []string
	var times []time.Time
	switch f := fact.(type) {
	case record.Registration:
		of, ids, times = f.Show, []string{string(f.ID), string(f.Category.Value)}, []time.Time{f.Created.Time()}
		if f.Awaited {
			return fault.New(fault.RefusedFact, "Only the hall awaits visitors.").WithField("awaited")
		}
	case record.Badge:
		of, ids = f.Show, []string{string(f.Registration), string(f.Category), f.ShortCode}
	case record.Lead:
		of, ids = f.Show, []string{string(f.ID), string(f.Exhibitor), string(f.Device), f.ClientID, string(f.Badge)}
		times = []time.Time{f.At, f.Created.Time()}
	case record.Passage:
		of, ids = f.Show, []string{string(f.Gate), string(f.Device)}
		times = []time.Time{f.At}
	case record.Key:
		of, ids = f.Show, []string{string(f.Node)}
		if f.Node != from || !wire.KeyProven(f) {
			return fault.New(fault.RefusedFact, "The kiosk has not proven that the key is its own.").WithField("proof")
		}
		if f.Certificate != (record.Register[string]{}) || !f.Retired.IsZero() {
			return fault.New(fault.RefusedFact, "Only the hall certifies keys.").WithField("certificate")
		}
	case record.Revocation:
		return fault.New(fault.RefusedFact, "Only the hall takes kiosks out of service.").WithField("kind")
	case record.Erased:
		of, ids = f.Show, []string{string(f.Registration)}
		if f.Node != from {
			return fault.New(fault.RefusedFact, "The receipt is another kiosk's.").WithField("node")
		}
	case record.Void, record.Erasure, record.Registered:
		return fault.New(fault.RefusedFact, "Only the hall tells this to kiosks.").WithField("kind")
	case record.Decision:
		return fault.New(fault.RefusedFact, "Only people at the hall decide for it.").WithField("kind")
	case record.Show:
		return fault.New(fault.RefusedFact, "Only the hall decides how the show is set up.").WithField("kind")
	default:
		return fault.New(fault.UnknownFact, "This hall does not know the kind of record.").WithField("kind")
	}
	switch {
	case of != show:
		return fault.New(fault.RefusedFact, fmt.Sprintf("The record belongs to the show %q.", of)).WithField("show")
	case slices.ContainsFunc(ids, func(id string) bool { return len(id) > maxID }):
		return fault.New(fault.RefusedFact, "An id is too long to be one.").WithField("id")
	case slices.ContainsFunc(times, func(t time.Time) bool { return t.Year() < 1970 || t.Year() > 9999 }):
		return fault.New(fault.RefusedFact, "The time cannot be written as a date.").WithField("at")
	}
	return nil
}

// maxID is in bytes: four ids fit a key of the store, and a listing of a
// million is still small.
const maxID = 128

// batchOf judges what a kiosk has sent. A batch that contradicts itself or its
// connection cannot be kept anywhere: fault.BadFrame or fault.BadSequence.
func batchOf(node record.NodeID, epoch record.Epoch, show record.ShowID, frame wire.Batch) (Batch, error) {
	batch := Batch{Node: node, Epoch: epoch, Entries: make([]Entry, len(frame.Changes))}
	if len(frame.Changes) == 0 {
		return batch, badBatch(fault.BadFrame, errors.New("no changes"))
	}
	for i, change := range frame.Changes {
		switch {
		case change.Node != node || change.Epoch != epoch:
			return batch, badBatch(fault.BadFrame, errors.New("a change of another journal"))
		case frame.First == 0 || change.Seq != frame.First+uint64(i):
			return batch, badBatch(fault.BadSequence, fmt.Errorf("change %d in place %d after %d", change.Seq, i, frame.First))
		}
		batch.Entries[i] = Judge(change, show)
	}
	return batch, nil
}

func badBatch(code fault.Code, cause error) error {
	return fault.Wrap(code, "The batch contradicts itself; starting again from the last change kept.", cause)
}
