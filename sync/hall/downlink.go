package hall

import (
	"context"
	"fmt"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// downlink sends the hall's journal to one kiosk, one batch under way at a time.
type downlink struct {
	link    *link
	sent    record.Cursor // how far sent or, at first, how far the kiosk has read
	waiting uint64        // the end of the batch under way, 0 if none is
	timer   *time.Timer
	pending bool // there may be more to send
	placed  bool // sent is a place in this life's journal
}

// next sends what the kiosk has not got, unless a batch is under way.
func (d *downlink) next(ctx context.Context) error {
	if d.waiting != 0 || !d.pending {
		return nil
	}
	d.pending = false
	h := d.link.hall
	if err := d.place(ctx); err != nil {
		return err
	}
	words, err := h.said.after(d.sent.Seq, func() (utterance, error) { return h.read(ctx, d.sent.Seq) })
	if err != nil {
		return fmt.Errorf("read the hall's journal: %w", err)
	}
	h.fleet.told(d.link.node.ID, words.last == 0, h.now())
	if words.last == 0 {
		return nil
	}
	d.sent.Seq = words.last
	d.waiting, d.pending = d.sent.Seq, true
	d.timer = time.NewTimer(resumeWait)
	return d.link.conn.Send(ctx, words.frame)
}

// read takes the next batch out of the hall's journal.
func (h *Hall) read(ctx context.Context, after uint64) (utterance, error) {
	changes, err := h.store.Changes(ctx, h.self.Hall, h.self.Epoch, after, downBatch)
	if err != nil || len(changes) == 0 {
		return utterance{}, err
	}
	batch := wire.BatchOf(changes)
	frame, err := wire.Prepare(batch)
	return utterance{frame, batch.Changes[len(batch.Changes)-1].Seq}, err
}

// place starts again from 0 for a kiosk that read another life of this hall's
// disk or more than there is.
func (d *downlink) place(ctx context.Context) error {
	if d.placed {
		return nil
	}
	h := d.link.hall
	last, err := h.store.Cursor(ctx, h.self.Hall, h.self.Epoch)
	if err != nil {
		return fmt.Errorf("cursor: %w", err)
	}
	d.placed = true
	if d.sent.Epoch == h.self.Epoch && d.sent.Seq <= last {
		return nil
	}
	if d.sent.Seq != 0 {
		d.link.log.Warn("kiosk has read what this hall never wrote, sending from 0", "epoch", d.sent.Epoch, "seq", d.sent.Seq)
	}
	d.sent = record.Cursor{Epoch: h.self.Epoch}
	return nil
}

// ack takes the kiosk's word on the batch under way and goes on.
func (d *downlink) ack(ctx context.Context, seq uint64) error {
	if d.waiting == 0 || seq > d.waiting {
		return fault.New(fault.BadSequence, "The kiosk acknowledges what it was not told.")
	}
	if seq < d.waiting {
		return nil
	}
	d.waiting = 0
	d.timer.Stop()
	return d.next(ctx)
}

// late fires when the batch under way has waited too long; nil, which never
// fires, if there is none.
func (d *downlink) late() <-chan time.Time {
	if d.waiting == 0 {
		return nil
	}
	return d.timer.C
}
