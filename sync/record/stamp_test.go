package record_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"hallpass/sync/record"
)

func TestClock_NeverGoesBack(t *testing.T) {
	now := time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC)
	clock := &record.Clock{Node: "k1", Now: func() time.Time { return now }}
	var stamps []record.Stamp
	for _, jump := range []time.Duration{0, 0, time.Second, -24 * time.Hour, 0, 48 * time.Hour, time.Millisecond} {
		now = now.Add(jump)
		stamps = append(stamps, clock.Tick())
	}
	for i, pair := range slices.Collect(pairs(stamps)) {
		if pair[0].Compare(pair[1]) >= 0 {
			t.Errorf("tick %d: %+v is not before %+v", i, pair[0], pair[1])
		}
	}
}

func pairs(list []record.Stamp) func(func([2]record.Stamp) bool) {
	return func(yield func([2]record.Stamp) bool) {
		for i := 1; i < len(list); i++ {
			if !yield([2]record.Stamp{list[i-1], list[i]}) {
				return
			}
		}
	}
}

func TestClock_Observe(t *testing.T) {
	start := time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC)
	ahead := func(node record.NodeID, d time.Duration) record.Stamp {
		return record.Stamp{Wall: start.Add(d).UnixMilli(), Counter: 7, Node: node}
	}
	tests := []struct {
		name   string
		seen   record.Stamp
		follow bool
	}{
		{"HallALittleAhead", ahead("hall", time.Minute), true},
		{"HallADayAhead", ahead("hall", 24*time.Hour), false},
		{"OwnJournalADayAhead", ahead("k1", 24*time.Hour), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			clock := &record.Clock{Node: "k1", Now: func() time.Time { return start }}
			clock.Observe(tt.seen)
			if got := clock.Tick().Compare(tt.seen) > 0; got != tt.follow {
				t.Errorf("tick after observing %+v: later = %t, want %t", tt.seen, got, tt.follow)
			}
		})
	}
}

func TestStamp_CompareIsATotalOrder(t *testing.T) {
	sorted := []record.Stamp{
		{}, {Wall: 1, Node: "a"}, {Wall: 1, Node: "b"}, {Wall: 1, Counter: 1, Node: "a"}, {Wall: 2, Node: "a"},
	}
	for i, a := range sorted {
		for j, b := range sorted {
			if got, want := a.Compare(b), sign(i-j); got != want {
				t.Errorf("%+v.Compare(%+v) = %d, want %d", a, b, got, want)
			}
		}
	}
}

func sign(n int) int { return min(1, max(-1, n)) }

func TestNewID_SortsByTimeAndRoundTrips(t *testing.T) {
	start := time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC)
	first, second := record.NewID[record.BadgeID](start), record.NewID[record.BadgeID](start.Add(time.Millisecond))
	if first >= second {
		t.Errorf("%s made before %s does not sort before it", first, second)
	}
	raw, err := first.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if got := record.BadgeIDFrom(raw); got != first {
		t.Errorf("BadgeIDFrom(Bytes(%s)) = %s", first, got)
	}
	if _, err := record.BadgeID("not an id").Bytes(); err == nil {
		t.Error("Bytes of a made-up id: no error")
	}
}

// A faulty node's counter at its end does not turn the clock back (P4).
func TestClock_CounterAtItsEnd(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_000)
	c := record.Clock{Node: "A", Now: func() time.Time { return now }}
	before := record.Stamp{Wall: now.UnixMilli(), Counter: math.MaxUint32, Node: "B"}
	c.Observe(before)
	for range 2 {
		next := c.Tick()
		if next.Compare(before) <= 0 {
			t.Errorf("%v follows %v", next, before)
		}
		before = next
	}
}
