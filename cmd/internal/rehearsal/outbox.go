package rehearsal

import (
	"context"
	"time"

	"hallpass/sync/link"
	"hallpass/sync/record"
)

// maxSpans is how many batches of one kiosk the echo repeats at most.
const maxSpans = 50

// outbox is the kiosk's own, with a gate before it and an eye on it.
type outbox struct{ *desk }

var _ link.Outbox = outbox{}

// Changes hands over what was released, and notes it as sent.
func (o outbox) Changes(ctx context.Context, after uint64, limit int) ([]record.Change, error) {
	d := o.desk
	d.mu.Lock()
	open := d.open
	d.mu.Unlock()
	if after >= open {
		return nil, nil
	}
	changes, err := d.Store.Changes(ctx, after, int(min(uint64(min(limit, d.most)), open-after)))
	if len(changes) == 0 {
		return nil, err
	}
	end := after + uint64(len(changes))
	d.mu.Lock()
	defer d.mu.Unlock()
	if end <= d.handed {
		d.tally.resent.Add(1)
		return changes, err
	}
	fresh := end - d.handed
	d.tally.sent.Add(fresh)
	if len(d.waiting) == 0 || d.waiting[len(d.waiting)-1].end < end {
		d.waiting = append(d.waiting, waiting{end, fresh, time.Now()})
	}
	d.handed = end
	if len(d.spans) < maxSpans {
		d.spans = append(d.spans, span{after, len(changes)})
	}
	return changes, err
}

// Acked notes when the hall's word came, before the kiosk keeps it.
func (o outbox) Acked(ctx context.Context, seq uint64) error {
	o.told(seq, time.Now())
	return o.Store.Acked(ctx, seq)
}

// Rewind is told by a hall that has less than it said.
func (o outbox) Rewind(ctx context.Context, seq uint64) error {
	o.tally.rewinds.Add(1)
	return o.Store.Rewind(ctx, seq)
}
