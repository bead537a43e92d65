package hall_test

import (
	"testing"
	"time"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// Two kiosks that run from one disk take turns, each in an epoch of its own: the
// operator is told until only one is left. A disk that was put back to an earlier
// image once, and one that is replaced again and again, are one kiosk's.
func TestServe_TwoKiosksFromOneDiskAreTold(t *testing.T) {
	for _, c := range []struct {
		name   string
		epochs string // one letter a call
		want   string // whether the operator is told then
	}{
		{"One", "aaaa", "...."},
		{"NewDisks", "abcdefghijklmnopqrstuvwxyz", ".........................."},
		{"PutBackOnce", "abac", "...."},
		{"PutBackToTheSameImage", "abacc", "....."},
		{"Two", "ababab", "...ttt"},
		{"TwoOfThree", "abcbc", "....t"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := halltest.NewKiosk("lamps-2027")
			h := start(t, k)
			for i, letter := range c.epochs {
				k.Epoch = record.Epoch("epoch-" + string(letter))
				h.dial(t, k)
				if got := kioskOf(h.Hall, k).Twin; got != (c.want[i] == 't') {
					t.Errorf("after %s two are told of: %v", c.epochs[:i+1], got)
				}
			}
		})
	}
}

// When one of the two has gone the operator is not troubled any longer.
func TestServe_TwoKiosksFromOneDiskAreForgotten(t *testing.T) {
	clock := &clock{at: time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC)}
	k := halltest.NewKiosk("lamps-2027")
	h := startAt(t, clock.Now, k)
	for _, epoch := range []record.Epoch{"a", "b", "a", "b"} {
		k.Epoch = epoch
		h.dial(t, k)
	}
	if !kioskOf(h.Hall, k).Twin {
		t.Error("two are not told of")
	}
	clock.add(11 * time.Minute)
	if kioskOf(h.Hall, k).Twin {
		t.Error("two are told of when one is left")
	}
}
