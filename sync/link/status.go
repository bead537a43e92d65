package link

import (
	"context"
	"time"

	"hallpass/sync/fault"
)

// Status is the link as screens show it.
type Status struct {
	Up        bool
	Since     time.Time     // of Up's last change; zero before the first attempt ended
	LastSeq   uint64        // of the kiosk's journal
	AckedSeq  uint64        // what the hall has committed
	Unsent    uint64        // the difference
	Skew      time.Duration // the hall's clock minus ours, at the last connection
	LastError fault.Code    // why the link is down; empty while it is up
}

// Status may be called at any time; it does no I/O.
func (l *Link) Status() Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.status
}

// Flush waits until the hall has committed the whole journal, for a shutdown
// that leaves nothing behind (P11). It answers fault.Unavailable if the link is
// down and ctx's error when that ends first.
func (l *Link) Flush(ctx context.Context) error {
	for {
		l.refresh(ctx)
		l.mu.Lock()
		status := l.status
		if l.moved == nil {
			l.moved = make(chan struct{})
		}
		moved := l.moved
		l.mu.Unlock()
		switch {
		case status.Unsent == 0:
			return nil
		case !status.Up:
			return fault.New(fault.Unavailable, "The hall cannot be reached; the records stay on this kiosk.")
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// refresh reads the journal's numbers; without them the old ones stand.
func (l *Link) refresh(ctx context.Context) {
	last, err := l.Outbox.Last(ctx)
	if err != nil {
		return
	}
	sent, err := l.Outbox.Sent(ctx)
	if err != nil {
		return
	}
	l.update(func(s *Status) { s.LastSeq, s.AckedSeq, s.Unsent = last.Seq, sent, last.Seq-min(sent, last.Seq) })
}

// rose notes that the hall has welcomed us.
func (l *Link) rose(skew time.Duration) {
	l.update(func(s *Status) { s.Up, s.Since, s.Skew, s.LastError = true, l.now(), skew, "" })
}

// fell notes why there is no link and reports whether there was one.
func (l *Link) fell(err error) (was bool) {
	l.update(func(s *Status) {
		was = s.Up
		if s.Up || s.Since.IsZero() {
			s.Since = l.now()
		}
		s.Up, s.LastError = false, fault.CodeOf(err)
	})
	return was
}

func (l *Link) update(change func(*Status)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.status
	change(&l.status)
	if l.status != before && l.moved != nil {
		close(l.moved)
		l.moved = nil
	}
}
