package hall

import (
	"context"
	"fmt"

	"hallpass/sync/carry"
	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// importHall takes in what was saved of a hall with the same key, as far as this
// one does not have it: kiosks' journals as from the kiosks, the hall's own facts
// as its own.
func (h *Hall) importHall(ctx context.Context, file *carry.File) (Carried, error) {
	head := file.Head
	out := Carried{Node: head.Node, Name: head.Name, Changes: head.Changes(), Lost: uint64(len(head.Lost))}
	switch {
	case !h.public.Equal(head.Key):
		return out, fault.New(fault.AuthDenied, "The file was saved by another hall. Put that hall's hall.key into this data folder first.").WithField("file")
	case head.Show != h.showID():
		return out, fault.New(fault.RefusedFact, fmt.Sprintf("The file belongs to the show %q, this hall runs %q.", head.Show, h.showID())).WithField("show")
	}
	err := file.Each(func(frame wire.Batch) error {
		node := frame.Changes[0].Node
		if node == head.Node || node == head.Desk {
			return h.takeOwn(ctx, frame, node == head.Node, &out)
		}
		return h.carried(ctx, node, frame, &out)
	})
	return out, err
}

// takeOwn records what a hall had recorded itself, each fact for itself.
func (h *Hall) takeOwn(ctx context.Context, frame wire.Batch, announce bool, out *Carried) error {
	before, err := h.ownFacts(ctx)
	if err != nil {
		return err
	}
	var batches []Batch
	for _, c := range frame.Changes {
		fact, err := wire.Decode(c.Kind, c.Payload)
		if err != nil || derived(fact) {
			continue // erased, or told by this hall anew
		}
		h.clock.Observe(c.Stamp)
		batches = append(batches, Batch{Own: []Own{{Fact: fact, Stamp: c.Stamp, Announce: announce, Once: true, Payload: c.Payload}}})
	}
	if len(batches) > 0 {
		if _, err := h.store.Append(ctx, batches); err != nil { // one that is refused now is refused for good
			return fmt.Errorf("take in the hall's own facts: %w", err)
		}
	}
	after, err := h.ownFacts(ctx)
	out.New += after - before
	out.Known += uint64(len(frame.Changes)) - min(after-before, uint64(len(frame.Changes)))
	return err
}

// derived reports whether a fact follows from others.
func derived(fact record.Fact) bool {
	switch fact.(type) {
	case record.Void, record.Registered:
		return true
	}
	return false
}

// ownFacts is how many facts this hall has recorded itself.
func (h *Hall) ownFacts(ctx context.Context) (n uint64, err error) {
	for _, node := range []record.NodeID{h.self.Hall, h.self.Desk} {
		last, err := h.store.Cursor(ctx, node, h.self.Epoch)
		if err != nil {
			return 0, fmt.Errorf("cursor: %w", err)
		}
		n += last
	}
	return n, nil
}
