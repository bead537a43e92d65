package hall_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
	"hallpass/sync/record/contact"
)

// plainly counts persons, and people on site today, in the plainest way from
// what the store holds, and compares with the live numbers (P4).
func plainly(t *rapid.T, h *hall.Hall, s *store.Store, facts []record.Fact, now time.Time) {
	visitors, _, err := s.Registrations(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	person := map[record.RegistrationID]record.RegistrationID{}
	for _, v := range visitors {
		person[v.ID] = v.ID
	}
	for range visitors { // often enough for the longest chain
		for _, a := range visitors {
			for _, b := range visitors {
				if person[b.ID] < person[a.ID] && share(a, b) {
					person[a.ID] = person[b.ID]
				}
			}
		}
	}
	names := map[record.RegistrationID]bool{}
	for _, of := range person {
		names[of] = true
	}
	stats := h.Stats()
	if stats.Persons != len(names) {
		t.Fatalf("%d persons, want %d of %d registrations", stats.Persons, len(names), len(visitors))
	}
	ids := slices.Collect(maps.Keys(person))
	got, err := s.Persons(t.Context(), ids)
	for i, id := range ids {
		if err != nil || got[i] != person[id] {
			t.Fatalf("the person of %s is %s, %v, want %s", id, got[i], err, person[id])
		}
	}
	if want := inside(facts, now); stats.OnSite != want {
		t.Fatalf("%d on site, want %d", stats.OnSite, want)
	}
}

func share(a, b record.Registration) bool {
	of := contact.Of(b.Field, "CN")
	return slices.ContainsFunc(contact.Of(a.Field, "CN"), func(c string) bool { return slices.Contains(of, c) })
}

// inside counts whose last allowed passage of the day went in.
func inside(facts []record.Fact, now time.Time) (n int) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	holder := map[record.BadgeID]string{}
	for _, f := range facts {
		if b, ok := f.(record.Badge); ok {
			holder[b.ID] = string(b.Registration)
		}
	}
	last := map[string]record.Passage{}
	for _, f := range facts {
		p, ok := f.(record.Passage)
		if !ok || !p.Allowed() || p.At.In(zone).Format(time.DateOnly) != now.In(zone).Format(time.DateOnly) {
			continue
		}
		who, known := holder[p.Badge]
		if !known {
			who = string(p.Badge)
		}
		if p.ID > last[who].ID {
			last[who] = p
		}
	}
	for _, p := range last {
		if p.Direction == record.DirectionIn {
			n++
		}
	}
	return n
}

// P4: a show that moves to another time zone dials its numbers and begins its
// days otherwise; the figures follow, and are right after a restart too.
func TestRevise_AnotherTimeZoneRegroups_P4(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	at := time.Now().Truncate(time.Millisecond)
	visitors := []record.Registration{
		k.Visitor(map[record.FieldName]string{"mobile": "138 0000 0000"}),
		k.Visitor(map[record.FieldName]string{"mobile": "+86 138 0000 0000"}),
	}
	badge, _ := k.Badge(visitors[0], 1, record.BadgeIssued)
	k.Say(visitors[0], visitors[1], badge, k.Passage(badge, "north", record.DirectionIn))
	if _, err := h.store.Append(t.Context(), []hall.Batch{k.Batch(1, 4)}); err != nil {
		t.Fatal(err)
	}
	if s := h.Stats(); s.Persons != 1 || s.OnSite != 1 {
		t.Errorf("%d persons, %d on site, want 1 and 1", s.Persons, s.OnSite)
	}
	show := h.Show()
	show.Timezone = "Europe/London" // where that is no number
	if err := h.Revise(t.Context(), show); err != nil {
		t.Fatal(err)
	}
	if s := h.Stats(); s.Persons != 2 {
		t.Errorf("in London they are %d persons, want 2", s.Persons)
	}
	f, err := h.store.Figures(t.Context(), at)
	if err != nil || f.Persons != 2 || len(f.OnSite) != 1 || f.OnSite[hall.Day(at, time.UTC)]+f.OnSite[hall.Day(at.Add(time.Hour), time.UTC)] == 0 {
		t.Errorf("figures: %+v, %v", f, err)
	}
	if report, err := h.store.Check(t.Context()); err != nil || !report.OK() {
		t.Errorf("check: %+v, %v", report, err)
	}
}
