package rehearsal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// step is how many changes are compared at once.
const step = 512

// account reads the hall's journals back and compares them with what was sent.
func (r *run) account(ctx context.Context, out *Result) (err error) {
	r.Log.Info("counting what the hall has kept")
	kept, err := r.Hall.Journals(ctx)
	if err != nil {
		return fmt.Errorf("read the hall's journals: %w", err)
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	for _, d := range r.desks {
		if err := r.compare(ctx, kept, d, out); err != nil {
			return fmt.Errorf("compare the journal of %s: %w", d.name, err)
		}
	}
	if err := r.countScans(ctx, kept, out); err != nil {
		return fmt.Errorf("count scans: %w", err)
	}
	if err := r.countVisitors(ctx, kept, out); err != nil {
		return fmt.Errorf("count registrations: %w", err)
	}
	out.More.Problems = r.problems
	return nil
}

// compare puts a kiosk's own journal beside the hall's copy.
func (r *run) compare(ctx context.Context, kept Journals, d *desk, out *Result) error {
	last, err := d.Last(ctx)
	if err != nil {
		return err
	}
	end, err := kept.Cursor(ctx, d.link.Node, last.Epoch)
	if err != nil {
		return err
	}
	if end > last.Seq {
		r.problem("the hall has %d changes of %s more than it made", end-last.Seq, d.name)
		out.Duplicates += end - last.Seq
	}
	var same uint64
	both := min(end, last.Seq)
	for after := uint64(0); after < both; after += step {
		n := int(min(step, both-after))
		own, err := d.Store.Changes(ctx, after, n)
		if err != nil {
			return err
		}
		copied, err := kept.Changes(ctx, d.link.Node, last.Epoch, after, n)
		if err != nil {
			return err
		}
		for i := range min(len(own), len(copied)) {
			if own[i].Chain == copied[i].Chain && (own[i].Erased() || bytes.Equal(own[i].Payload, copied[i].Payload)) {
				same++
				continue
			}
			r.problem("change %d of %s is another one at the hall", own[i].Seq, d.name)
		}
	}
	out.Stored += same
	out.Lost += d.acked - min(d.acked, same)
	return nil
}

// countScans finds every lead and passage in the journal of what the hall
// recorded itself.
func (r *run) countScans(ctx context.Context, kept Journals, out *Result) error {
	self, err := kept.Self(ctx)
	if err != nil {
		return err
	}
	for after := uint64(0); ; {
		changes, err := kept.Changes(ctx, self.Desk, self.Epoch, after, step)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			break
		}
		for _, c := range changes {
			if err := r.findScan(c); err != nil {
				return err
			}
		}
		after = changes[len(changes)-1].Seq
	}
	for _, s := range slices.Concat(r.booths, r.gates) {
		for _, scan := range s.scans {
			switch {
			case scan.stored > 0:
				out.Stored++
				out.Duplicates += uint64(scan.stored - 1)
			case scan.acked:
				out.Lost++
			}
		}
	}
	return nil
}

func (r *run) findScan(c record.Change) error {
	if c.Erased() {
		return nil
	}
	fact, err := wire.Decode(c.Kind, c.Payload)
	if err != nil {
		return fmt.Errorf("change %d: %w", c.Seq, err)
	}
	switch f := fact.(type) {
	case record.Lead:
		foundLead(r.booths, f)
	case record.Passage:
		foundPassage(r.gates, f)
	}
	return nil
}

// countVisitors compares the hall's list with what the kiosks have made: every
// visitor once.
func (r *run) countVisitors(ctx context.Context, kept Journals, out *Result) error {
	seen := map[record.RegistrationID]bool{}
	for after := uint64(0); ; {
		list, next, err := kept.Registrations(ctx, after, step)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			break
		}
		for _, v := range list {
			if seen[v.ID] {
				out.Duplicates++
			}
			seen[v.ID] = true
			if v.Source != record.SourceRehearsal {
				r.problem("the hall has a registration that is not this rehearsal's")
			}
		}
		after = next
	}
	if made := out.More.Visitors; out.Acked == out.Sent && uint64(len(seen)) != made {
		r.problem("the hall lists %d registrations, the kiosks made %d", len(seen), made)
	}
	return nil
}
