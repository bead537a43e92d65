package link

import (
	"context"
	"fmt"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// receive is the reader. It never waits for the writer, so that two full
// directions cannot block each other.
func (s *session) receive(ctx context.Context) error {
	for {
		frame, err := s.conn.Receive(ctx)
		if err != nil {
			return err
		}
		switch f := frame.(type) {
		case wire.Ack:
			err = s.acked(ctx, f.Seq)
		case wire.Batch:
			err = s.apply(ctx, f)
		case wire.Bye:
			err = farewell(f)
		default:
			err = misplaced(frame)
		}
		if err != nil {
			return err
		}
	}
}

// acked notes what the hall has committed.
func (s *session) acked(ctx context.Context, seq uint64) error {
	s.mu.Lock()
	sent := s.sent
	s.mu.Unlock()
	if seq > sent {
		return fault.New(fault.BadSequence, fmt.Sprintf("The hall acknowledges %d, but only %d was sent.", seq, sent))
	}
	if err := s.Outbox.Acked(ctx, seq); err != nil {
		return fmt.Errorf("mark what the hall has: %w", err)
	}
	s.refresh(ctx)
	s.mu.Lock()
	for len(s.way) > 0 && s.way[0].end <= seq {
		s.way = s.way[1:]
	}
	s.mu.Unlock()
	s.nudge()
	return nil
}

// apply hands a batch over and has it acknowledged. What was applied before is
// only acknowledged again.
func (s *session) apply(ctx context.Context, batch wire.Batch) error {
	changes := batch.Changes
	if batch.First > s.read+1 {
		return fault.New(fault.BadSequence, fmt.Sprintf("The hall sends %d, but %d comes next.", batch.First, s.read+1))
	}
	for _, c := range changes {
		if c.Node != s.hall.Node || c.Epoch != s.hall.Epoch {
			return fault.New(fault.BadSequence, fmt.Sprintf("Change %d is of another journal than the hall's.", c.Seq))
		}
	}
	end := changes[len(changes)-1].Seq
	if fresh := after(changes, s.read); len(fresh) > 0 {
		if err := s.Inbox.Apply(ctx, s.hall.Epoch, fresh); err != nil {
			return fmt.Errorf("apply changes %d to %d: %w", fresh[0].Seq, end, err)
		}
		s.read = end
	}
	s.mu.Lock()
	s.heed = end
	s.mu.Unlock()
	s.nudge()
	return nil
}

// after returns the changes beyond seq.
func after(changes []record.Change, seq uint64) []record.Change {
	for i, c := range changes {
		if c.Seq > seq {
			return changes[i:]
		}
	}
	return nil
}

// nudge wakes the writer; a nudge that waits already is enough.
func (s *session) nudge() {
	select {
	case s.signal <- struct{}{}:
	default:
	}
}
