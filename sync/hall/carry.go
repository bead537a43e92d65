package hall

import (
	"context"
	"fmt"

	"hallpass/sync/carry"
	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// Carried is what became of a journal that came by file.
type Carried struct {
	Node        record.NodeID
	Name        string // of the kiosk
	Changes     uint64 // in the file
	New         uint64 // that the hall had not
	Known       uint64
	Erased      uint64 // of the new ones, those whose content the kiosk has given up before the hall had it
	Quarantined uint64 // of the new ones, and of those of a second history
	Lost        uint64 // that were damaged on the kiosk and are not in the file
}

// Import takes a carried journal, or what was saved of a hall, in as if it had come over the kiosk's link;
// Run must be under way. It answers fault.AuthDenied for a kiosk that this hall
// has not paired, fault.NodeRevoked, and fault.BadSequence for a file that
// begins after what the hall has. What was taken before an error stays; the
// same file may be imported again.
func (h *Hall) Import(ctx context.Context, file *carry.File) (Carried, error) {
	if file.Head.Desk != "" {
		out, err := h.importHall(ctx, file)
		h.live.touch()
		h.log.Info("a hall's journals imported", "changes", out.Changes, "new", out.New, "quarantined", out.Quarantined, "err", err)
		return out, err
	}
	node, err := h.sender(file.Head)
	out := Carried{Node: file.Head.Node, Name: node.Name, Changes: file.Head.Changes()}
	if err != nil {
		return out, err
	}
	for _, lost := range file.Head.Lost {
		out.Lost += lost.Last + 1 - lost.First
	}
	err = file.Each(func(frame wire.Batch) error { return h.carried(ctx, file.Head.Node, frame, &out) })
	h.live.touch()
	h.log.Info("journal imported", "node", out.Node, "changes", out.Changes, "new", out.New, "quarantined", out.Quarantined, "err", err)
	return out, err
}

// sender answers the kiosk that signed the file, or why the hall does not
// believe it.
func (h *Hall) sender(head carry.Head) (Node, error) {
	node, known := h.keys.node(head.Node)
	switch {
	case head.Show != "" && head.Show != h.showID():
		return node, fault.New(fault.RefusedFact, fmt.Sprintf("The file belongs to the show %q, this hall runs %q.", head.Show, h.showID())).WithField("show")
	case known && !node.Key.Equal(head.Key):
		return node, fault.New(fault.AuthDenied, "The file is not signed by the kiosk that it names.").WithField("file")
	case !known:
		if err := head.Certified(h.public); err != nil {
			return node, err
		}
		// The hall paired it in a part of its life that a restored backup lacks.
		node = Node{ID: head.Node, Name: head.Name, Key: head.Key, Certificate: head.Certificate}
	}
	if why, revoked := h.dismissed(head.Node); revoked {
		return node, why
	}
	return node, nil
}

// carried has one batch kept. A journal that parts from what the hall has is
// told a second time, as a kiosk would: the difference goes to quarantine.
func (h *Hall) carried(ctx context.Context, node record.NodeID, frame wire.Batch, out *Carried) error {
	epoch := frame.Changes[0].Epoch
	if err := h.admitting(node); err != nil {
		return err
	}
	batch, err := batchOf(node, epoch, h.showID(), frame)
	if err != nil {
		return err
	}
	batch.Judged = true
	for _, entry := range batch.Entries {
		h.clock.Observe(entry.Change.Stamp)
	}
	kept, err := h.ingest.keep(ctx, batch)
	for range 2 { // a second history is taken when it is told for the third time
		if fault.CodeOf(err) != fault.Forked {
			break
		}
		out.New += uint64(kept.Fresh)
		out.Known -= uint64(kept.Fresh) // it is met again now
		kept, err = h.ingest.keep(ctx, batch)
	}
	if fault.CodeOf(err) == fault.BadSequence && frame.First > kept.Last+1 {
		return fault.Wrap(fault.BadSequence, fmt.Sprintf(
			"The file begins with change %d, and the hall has that kiosk's journal up to %d only. Export the whole journal, without -unsent.", frame.First, kept.Last), err)
	}
	if err != nil {
		return fmt.Errorf("keep carried changes: %w", err)
	}
	out.add(batch.Entries, kept)
	h.fleet.update(node, func(k *Kiosk) {
		if k.lives.now == epoch {
			k.AckedSeq, k.LastSeq = max(k.AckedSeq, kept.Last), max(k.LastSeq, kept.Last)
		}
	})
	return nil
}

// add counts a batch that was kept. Fresh entries are its last ones.
func (c *Carried) add(entries []Entry, kept Outcome) {
	c.New += uint64(kept.Fresh)
	c.Quarantined += uint64(kept.Quarantined)
	known := len(entries) - kept.Fresh
	if kept.Fresh == 0 {
		known -= kept.Quarantined // of a second history
	}
	c.Known += uint64(known)
	for _, entry := range entries[len(entries)-kept.Fresh:] {
		if entry.Change.Erased() {
			c.Erased++
		}
	}
}
