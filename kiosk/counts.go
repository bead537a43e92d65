package kiosk

import (
	"sync/atomic"

	"hallpass/sync/record"
)

// Counts are the desk's numbers since it was opened.
type Counts struct {
	Registered   uint64
	Issued       uint64 // badges that the printer confirmed
	Failed       uint64 // badges that it did not print
	Lost         uint64 // jobs that it forgot
	Moved        uint64 // badges that went to another printer on their way
	Unknown      uint64 // badges that a person has to say of whether they came out
	CardsRead    uint64
	CardsRefused uint64
	Dropped      uint64 // watchers that were too slow
}

type counters struct {
	registered, issued, failed, lost, moved, unknown, cardsRead, cardsRefused, dropped atomic.Uint64
}

// Counts returns the numbers; for metrics and tests.
func (d *Desk) Counts() Counts {
	c := &d.count
	return Counts{
		Registered: c.registered.Load(), Issued: c.issued.Load(), Failed: c.failed.Load(), Lost: c.lost.Load(), Moved: c.moved.Load(), Unknown: c.unknown.Load(),
		CardsRead: c.cardsRead.Load(), CardsRefused: c.cardsRefused.Load(), Dropped: c.dropped.Load(),
	}
}

func (c *counters) settled(state record.BadgeState) {
	switch state {
	case record.BadgeIssued:
		c.issued.Add(1)
	case record.BadgeFailed:
		c.failed.Add(1)
	case record.BadgeUnknown:
		c.unknown.Add(1)
	}
}
