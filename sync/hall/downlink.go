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
	changes, err := h.store.Changes(ctx, h.self.Hall, h.self.Epoch, d.sent.Seq, downBatch)
	if err != nil {
		return fmt.Errorf("read the hall's journal: %w", err)
	}
	h.fleet.told(d.link.node.ID, len(changes) == 0, h.now())
	if len(changes) == 0 {
		return nil
	}
	batch := wire.BatchOf(changes)
	d.sent.Seq = batch.Changes[len(batch.Changes)-1].Seq
	d.waiting, d.pending = d.sent.Seq, true
	d.timer = time.NewTimer(resumeWait)
	return d.link.conn.Send(ctx, batch)
}

// place starts again from 0 for a kiosk that read another life of this hall's
// disk or more than there is.
func (d *downlink) place(ctx context.Context) error {
	h := d.link.hall
	last, err := h.store.Cursor(ctx, h.self.Hall, h.self.Epoch)
	if err != nil {
		return fmt.Errorf("cursor: %w", err)
	}
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
