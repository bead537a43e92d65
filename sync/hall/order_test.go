package hall_test

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
)

// facts draws what a few kiosks say of a few people: corrections, reprints,
// voids and leads, with phone numbers and addresses that some of them share.
func facts(t *rapid.T, k *halltest.Kiosk) []record.Fact {
	var out []record.Fact
	mobiles := []string{"", "138 0000 0000", "+86 13800000000", "13900000001", "12345"}
	mails := []string{"", "ida@lamps.example", "IDA@LAMPS.EXAMPLE ", "noor@lamps.example"}
	for range rapid.IntRange(1, 5).Draw(t, "people") {
		r := k.Visitor(map[record.FieldName]string{
			"name": "Visitor", "mobile": rapid.SampledFrom(mobiles).Draw(t, "mobile"), "email": rapid.SampledFrom(mails).Draw(t, "email"),
		})
		out = append(out, r)
		for range rapid.IntRange(0, 2).Draw(t, "corrections") {
			c := r
			c.Fields = map[record.FieldName]record.Register[string]{"mobile": {Value: rapid.SampledFrom(mobiles).Draw(t, "corrected"), At: k.Tick()}}
			c.Created.Wall -= rapid.Int64Range(0, 120_000).Draw(t, "earlier")
			out = append(out, c)
		}
		for issue := range rapid.IntRange(0, 3).Draw(t, "issues") {
			b, _ := k.Badge(r, uint16(issue+1), record.BadgeReserved)
			out = append(out, b)
			state := rapid.SampledFrom([]record.BadgeState{record.BadgeIssued, record.BadgeFailed}).Draw(t, "state")
			b.State = record.Register[record.BadgeState]{Value: state, At: k.Tick()}
			out = append(out, b)
			if rapid.Bool().Draw(t, "void") {
				b.Voided = k.Tick()
				out = append(out, b)
			}
			l := record.Lead{
				ID: record.NewID[record.LeadID](time.Now()), Show: "lamps-2027", Exhibitor: "aurora", Device: "phone", Badge: b.ID,
				ClientID: fmt.Sprint("c", rapid.IntRange(0, 2).Draw(t, "client")), At: k.Tick().Time(), Created: k.Tick(),
			}
			for n := range rapid.IntRange(0, 3).Draw(t, "scans") {
				out = append(out, scan(t, b, fmt.Sprint(r.ID, issue, n)))
			}
			out = append(out, l)
			l.Rating = record.Register[uint8]{Value: 2, At: k.Tick()}
			out = append(out, l)
		}
	}
	return out
}

// scan is a passage today or yesterday, of a badge that may never arrive.
func scan(t *rapid.T, b record.Badge, client string) record.Passage {
	ago := time.Duration(rapid.IntRange(0, 30).Draw(t, "hours ago")) * time.Hour
	at := time.Now().Add(-ago).Truncate(time.Millisecond)
	return record.Passage{
		ID: record.PassageIDOf(at, "reader", client), Show: "lamps-2027", Gate: "north", Device: "reader", Badge: b.ID, Issue: b.Issue,
		Direction: rapid.SampledFrom([]record.Direction{record.DirectionIn, record.DirectionOut}).Draw(t, "way"), At: at,
		Reason: rapid.SampledFrom([]string{"", "", "badge.voided"}).Draw(t, "reason"),
	}
}

// picture is everything that must not depend on the order of arrival. Each fact
// comes from a kiosk of its own, so that any order is possible.
func picture(t *rapid.T, facts []record.Fact, group int, now time.Time) string {
	dir, err := os.MkdirTemp("", "order")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s, err := store.Open(dir + "/hall.db")
	if err != nil {
		t.Fatal(err)
	}
	show := halltest.Show()
	h, err := hall.New(t.Context(), hall.Config{Store: s, Key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), Show: &show, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	var batches []hall.Batch
	for _, fact := range facts {
		k := halltest.NewKiosk("lamps-2027")
		k.Say(fact)
		batches = append(batches, k.Batch(1, 1))
	}
	for group := range slices.Chunk(batches, group) {
		if _, err := s.Append(t.Context(), group); err != nil {
			t.Fatal(err)
		}
	}
	live := describe(t, h, s, facts)
	plainly(t, h, s, facts, now)
	again, err := hall.New(t.Context(), hall.Config{Store: s, Key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), Show: &show, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	if rebuilt := describe(t, again, s, facts); rebuilt != live {
		t.Fatalf("after a restart the state is\n%s\nbefore it was\n%s", rebuilt, live)
	}
	if report, err := s.Check(t.Context()); err != nil || !report.OK() {
		t.Fatalf("check: %+v, %v", report, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return live
}

func describe(t *rapid.T, h *hall.Hall, s *store.Store, facts []record.Fact) string {
	stats := h.Stats()
	lines := []string{fmt.Sprint(stats.Registrations, stats.Persons, stats.Badges, stats.Leads, stats.Quarantine, stats.Passages, stats.OnSite)}
	for _, m := range stats.PerMinute {
		lines = append(lines, fmt.Sprint(m.At.Unix(), m.Registrations, m.Leads))
	}
	visitors, _, err := h.Visitors(t.Context(), hall.Principal{Role: hall.RoleOrganizer}, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range visitors {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(data))
	}
	for _, fact := range facts {
		if f, ok := fact.(record.Badge); ok {
			b, err := s.Badge(t.Context(), f.ID)
			lines = append(lines, fmt.Sprint("badge ", b, b.Void(), err))
		}
	}
	leads, _, err := s.Leads(t.Context(), "aurora", 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range leads {
		lines = append(lines, fmt.Sprint("lead ", l))
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "\n")
}

// P4, P3: whatever the order, the grouping and the repeats, the state and the
// live numbers are the same, also after a restart.
func TestAppend_AnyOrderSameState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := facts(t, halltest.NewKiosk("lamps-2027"))
		now := time.Now() // the curve moves on with the clock
		want := picture(t, list, len(list), now)
		shuffled := rapid.Permutation(list).Draw(t, "order")
		again := rapid.SliceOfN(rapid.SampledFrom(list), 0, 5).Draw(t, "again")
		if got := picture(t, append(shuffled, again...), rapid.IntRange(1, len(list)).Draw(t, "group"), now); got != want {
			t.Errorf("in another order:\n%s\nwant:\n%s", got, want)
		}
	})
}
