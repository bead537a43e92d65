package hall_test

import (
	"testing"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
)

// A delay is told to within a fifth, the least and the longest as what they are
// at most and at least.
func TestDelays_WithinAFifth(t *testing.T) {
	if got := new(hall.Delays).Within(0.5); got != 0 {
		t.Errorf("half of none took %s", got)
	}
	for took, most := range map[time.Duration]time.Duration{
		-time.Second: 63 * time.Microsecond, time.Microsecond: 63 * time.Microsecond, 70 * time.Microsecond: 84 * time.Microsecond,
		3 * time.Millisecond: 3600 * time.Microsecond, time.Second: 1200 * time.Millisecond, time.Hour: time.Minute,
	} {
		var d hall.Delays
		d.Add(took)
		if got := d.Within(1); got < min(took, 50*time.Second) || got > most {
			t.Errorf("%s is told as %s, want at most %s", took, got, most)
		}
	}
}

// Within tells shares, and All all of them, rising.
func TestDelays_Shares(t *testing.T) {
	var d hall.Delays
	for ms := range 100 {
		d.Add(time.Duration(ms+1) * time.Millisecond)
	}
	for share, want := range map[float64]time.Duration{0.5: 50 * time.Millisecond, 0.99: 99 * time.Millisecond} {
		if got := d.Within(share); got < want || got > want*12/10 {
			t.Errorf("%v took %s, want %s", share, got, want)
		}
	}
	var last uint64
	for bound, n := range d.All() {
		if n < last || n > 100 || bound > 60*time.Millisecond && n < 50 {
			t.Errorf("%d within %s after %d", n, bound, last)
		}
		last = n
	}
	if last != 100 {
		t.Errorf("%d in all, want 100", last)
	}
}

// Each stage of every batch is counted, in the order in which they come.
func TestLoad_StagesOfAnAcknowledgement(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	for range 3 {
		k.Say(k.Visitor(ida))
	}
	h.deliver(t, k)
	for i, name := range []string{"whole", "judged", "queued", "synced", "woken", "sent"} {
		if stages := h.Load().Stages; len(stages) != 6 || stages[i].Name != name {
			t.Fatalf("the stages are %v, want %s at %d", stages, name, i)
		}
		eventually(t, "the batch is counted in stage "+name, func() bool { return h.Load().Stages[i].Within(1) > 0 })
	}
}
