package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// passageAt is a scan at a gate at a minute of the first morning.
func passageAt(badge record.BadgeID, gate record.GateID, minute int, client string) record.Passage {
	at := time.Date(2027, 4, 21, 9, minute, 0, 0, time.UTC)
	return record.Passage{
		ID: record.PassageIDOf(at, "reader", client), Show: "lamps-2027", Gate: gate, Device: "reader",
		Badge: badge, Issue: 1, Direction: record.DirectionIn, At: at,
	}
}

// A gate that was offline delivers late: passages are listed by when people
// went through, each once whatever the size of the pages.
func TestPassages_AreListedByTheirTrueTime(t *testing.T) {
	s, k := fresh(t), halltest.NewKiosk("lamps-2027")
	badge := record.NewID[record.BadgeID](time.Now())
	var north, all []record.PassageID
	for _, minute := range []int{7, 3, 9, 1, 5} {
		for _, gate := range []record.GateID{"north", "north-2", "n"} {
			p := passageAt(badge, gate, minute, string(gate))
			add(t, s, k, p)
			all = append(all, p.ID)
			if gate == "north" {
				north = append(north, p.ID)
			}
		}
	}
	slices.Sort(north)
	slices.Sort(all)
	for gate, want := range map[record.GateID][]record.PassageID{"north": north, "": all, "south": nil} {
		for _, limit := range []int{1, 2, len(want), 100} {
			var got []record.PassageID
			for after := record.PassageID(""); ; after = got[len(got)-1] {
				list, err := s.Passages(t.Context(), gate, after, limit)
				if err != nil || len(list) > limit {
					t.Fatalf("gate %q: %d of at most %d, %v", gate, len(list), limit, err)
				}
				for _, p := range list {
					got = append(got, p.ID)
				}
				if len(list) == 0 {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("gate %q in pages of %d: %v, want %v", gate, limit, got, want)
			}
		}
	}
	if _, err := s.Passages(t.Context(), "", "no id", 1); !errors.Is(err, hall.ErrNone) {
		t.Errorf("after what is no passage: %v", err)
	}
}

// P3: what the hall records of a device's repeat counts once, in the journal
// too.
func TestPassage_OnceHoweverOftenTheDeviceSendsIt_P3(t *testing.T) {
	s := fresh(t)
	fresh := 0
	s.Watch(func(effects []hall.Effect) {
		for _, e := range effects {
			if e.Passage != nil && e.Passage.Fresh {
				fresh++
			}
		}
	})
	p := passageAt(record.NewID[record.BadgeID](time.Now()), "north", 1, "c1")
	late := p // judged again, after the badge was voided
	late.Reason = "badge.voided"
	self, err := s.Self(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, fact := range []record.Passage{p, p, late} {
		own := hall.Own{Fact: fact, Stamp: record.Stamp{Wall: 1, Node: self.Desk}, Once: true}
		if _, err := s.Append(t.Context(), []hall.Batch{{Own: []hall.Own{own}}}); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Passage(t.Context(), p.ID); err != nil || got != p || fresh != 1 {
		t.Errorf("kept %+v, %v, told of %d; want the first, once", got, err, fresh)
	}
	if n, err := s.Cursor(t.Context(), self.Desk, self.Epoch); err != nil || n != 1 {
		t.Errorf("%d entries in the hall's own journal, %v, want 1", n, err)
	}
	for _, id := range []record.PassageID{"", "no id", record.PassageIDOf(p.At, "reader", "c2")} {
		if _, err := s.Passage(t.Context(), id); !errors.Is(err, hall.ErrNone) {
			t.Errorf("passage %q: %v, want none", id, err)
		}
	}
}

// P4: two versions of one scan end as one, under one gate, in either order.
func TestPassage_TwoVersionsAreOne_P4(t *testing.T) {
	allowed := passageAt(record.NewID[record.BadgeID](time.Now()), "north", 1, "c1")
	refused := allowed
	refused.Gate, refused.Badge, refused.Reason = "south", "", "badge.forged"
	for _, versions := range [][]record.Fact{{allowed, refused}, {refused, allowed}} {
		s, k := fresh(t), halltest.NewKiosk("lamps-2027") // closing checks the look-ups
		add(t, s, k, versions...)
		for gate, want := range map[record.GateID]int{"north": 1, "south": 0} {
			if list, err := s.Passages(t.Context(), gate, "", 10); err != nil || len(list) != want {
				t.Errorf("gate %s: %d, %v, want %d", gate, len(list), err, want)
			}
		}
		if got, err := s.Passage(t.Context(), allowed.ID); err != nil || got != allowed {
			t.Errorf("kept %+v, %v", got, err)
		}
	}
}
