package record

import (
	"cmp"
	"sync"
	"time"
)

// Stamp is one reading of a hybrid logical clock. The zero Stamp is before all
// others and means "never".
type Stamp struct {
	Wall    int64 // milliseconds since 1970-01-01 UTC
	Counter uint32
	Node    NodeID
}

// Compare returns −1, 0 or +1 as s is before, the same as or after t.
func (s Stamp) Compare(t Stamp) int {
	return cmp.Or(
		cmp.Compare(s.Wall, t.Wall),
		cmp.Compare(s.Counter, t.Counter),
		cmp.Compare(s.Node, t.Node),
	)
}

// IsZero reports whether s is "never".
func (s Stamp) IsZero() bool { return s == Stamp{} }

// Time returns the wall part.
func (s Stamp) Time() time.Time { return time.UnixMilli(s.Wall).UTC() }

// maxLead is how far another node's clock may pull ours forward. Kiosks keep
// time by NTP or by hand; a clock that is a day ahead must not make every later
// fact of the show carry tomorrow's date.
const maxLead = 5 * time.Minute

// Clock gives a node's stamps; safe for use by many goroutines.
type Clock struct {
	Node NodeID
	Now  func() time.Time // time.Now if nil

	mu   sync.Mutex
	last Stamp // the latest stamp given or observed; guarded by mu
	over Stamp // the latest given by After beyond last; guarded by mu
}

// Tick returns a stamp after every stamp given or observed before, also when
// the wall clock stands still or goes back.
func (c *Clock) Tick() Stamp {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tick()
}

// After is Tick for what replaces something of stamp s, so that it wins over it
// everywhere: it is later than s also where s is of a clock so far ahead that
// this one does not follow it.
func (c *Clock) After(s Stamp) Stamp {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := c.tick()
	if next.Compare(s) > 0 {
		return next
	}
	next = follow(later(s, c.over))
	next.Node = c.Node
	c.over = next
	return next
}

func (c *Clock) tick() Stamp {
	next := Stamp{Wall: c.wall(), Node: c.Node}
	if next.Wall <= c.last.Wall {
		next = follow(c.last)
		next.Node = c.Node
	}
	c.last = next
	return next
}

// follow is the next reading after s.
func follow(s Stamp) Stamp {
	s.Counter++
	if s.Counter == 0 { // the counter has come round: only a faulty node's does
		s.Wall++
	}
	return s
}

// Observe makes later ticks follow s. Stamps of other nodes more than five
// minutes ahead of this node's clock are not followed; the node's own are.
func (c *Clock) Observe(s Stamp) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.Node != c.Node && s.Wall > c.wall()+maxLead.Milliseconds() {
		return
	}
	if s.Wall > c.last.Wall || s.Wall == c.last.Wall && s.Counter > c.last.Counter {
		c.last = s
	}
}

func (c *Clock) wall() int64 {
	if c.Now == nil {
		return time.Now().UnixMilli()
	}
	return c.Now().UnixMilli()
}
