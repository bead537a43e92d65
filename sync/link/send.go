package link

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

const (
	batchSize   = 200
	window      = 2                      // batches under way: one on the wire while one is committed
	ackWait     = 30 * time.Second       // a hall that commits for longer than this is stuck
	statusEvery = 2 * time.Second        // so that the dashboard can tell a dead kiosk within seconds
	statusLook  = 500 * time.Millisecond // how soon a change of state is told
)

// send is the writer: acknowledgements first, then changes, then the status.
func (s *session) send(ctx context.Context) error {
	look := time.NewTicker(statusLook)
	defer look.Stop()
	var told wire.Status
	for {
		if err := s.acknowledge(ctx); err != nil {
			return err
		}
		if err := s.changes(ctx); err != nil {
			return err
		}
		if err := s.tell(ctx, &told); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.Wake:
			s.refresh(ctx)
		case <-s.signal:
		case <-look.C:
			s.refresh(ctx)
		}
	}
}

// acknowledge tells the hall what the Inbox has taken.
func (s *session) acknowledge(ctx context.Context) error {
	s.mu.Lock()
	seq := s.heed
	s.heed = 0
	s.mu.Unlock()
	if seq == 0 {
		return nil
	}
	return s.conn.Send(ctx, wire.Ack{Seq: seq})
}

// changes fills the window.
func (s *session) changes(ctx context.Context) error {
	for {
		s.mu.Lock()
		sent, way := s.sent, slices.Clone(s.way)
		s.mu.Unlock()
		if len(way) > 0 && time.Since(way[0].at) > ackWait {
			return fault.New(fault.Unavailable, fmt.Sprintf("The hall has not acknowledged change %d for %s.", way[0].end, ackWait))
		}
		if len(way) >= window {
			return nil
		}
		changes, err := s.Outbox.Changes(ctx, sent, batchSize)
		if len(changes) == 0 {
			if err != nil {
				return fmt.Errorf("read journal after %d: %w", sent, err)
			}
			return nil
		}
		// What comes before a damaged entry goes out; the damage is met next time.
		if err := s.batch(ctx, sent, changes); err != nil {
			return err
		}
	}
}

// batch sends the changes, as many as fit. It is under way before it is sent,
// because the acknowledgement may come before Send returns.
func (s *session) batch(ctx context.Context, sent uint64, changes []record.Change) error {
	batch := wire.BatchOf(changes)
	if batch.First != sent+1 {
		return fmt.Errorf("read journal after %d: it goes on with %d", sent, batch.First)
	}
	end := sent + uint64(len(batch.Changes))
	s.mu.Lock()
	s.sent = end
	s.way = append(s.way, under{end: end, at: time.Now()})
	s.mu.Unlock()
	return s.conn.Send(ctx, batch)
}

// tell sends the status when it has changed, and every two seconds anyway. Told
// is the last one sent.
func (s *session) tell(ctx context.Context, told *wire.Status) error {
	now := s.now().UnixMilli()
	age := time.Duration(now-told.Now) * time.Millisecond
	if told.Now != 0 && age >= 0 && age < statusLook {
		return nil
	}
	var status wire.Status
	if s.Report != nil {
		status = s.Report()
	}
	link := s.Link.Status()
	status.LastSeq, status.AckedSeq, status.Unsent = link.LastSeq, link.AckedSeq, link.Unsent
	status.Version, status.Now = s.Version, now
	if age >= 0 && age < statusEvery && told.Now != 0 && same(status, *told) {
		return nil
	}
	*told = status
	return s.conn.Send(ctx, status)
}

// same compares all but the clock.
func same(a, b wire.Status) bool {
	return a.LastSeq == b.LastSeq && a.AckedSeq == b.AckedSeq && a.Unsent == b.Unsent &&
		a.Printer == b.Printer && slices.Equal(a.Reasons, b.Reasons) &&
		a.Version == b.Version && a.DiskFreeMB == b.DiskFreeMB && a.Aside == b.Aside && a.Tally.Equal(b.Tally)
}
