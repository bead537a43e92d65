package store_test

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// pages walks a listing with a limit and returns what it saw and the last place.
func pages[T any](t *testing.T, limit int, list func(after uint64, limit int) ([]T, uint64, error)) (all []T, last uint64) {
	t.Helper()
	for {
		got, next, err := list(last, limit)
		if err != nil || len(got) > limit {
			t.Fatalf("%d of at most %d, %v", len(got), limit, err)
		}
		if len(got) == 0 {
			if next != last {
				t.Errorf("an empty page moves the cursor from %d to %d", last, next)
			}
			return all, last
		}
		if next <= last {
			t.Fatalf("the cursor goes from %d to %d", last, next)
		}
		all, last = append(all, got...), next
	}
}

// A reader that pages sees everything once, whatever the size of its pages, and
// later what came after its cursor.
func TestLists_AnyPageSizeSeesEverythingOnce(t *testing.T) {
	s, k := fresh(t), halltest.NewKiosk("lamps-2027")
	const visitors = 7
	for range visitors {
		add(t, s, k, k.Visitor(nil), lead(k, "aurora", string(record.NewID[record.LeadID](k.Tick().Time()))))
		k.SayBytes("moon.phase", []byte("full"))
		if _, err := s.Append(t.Context(), []hall.Batch{k.Batch(len(k.Changes), len(k.Changes))}); err != nil {
			t.Fatal(err)
		}
	}
	registrations := func(after uint64, limit int) ([]record.Registration, uint64, error) {
		return s.Registrations(t.Context(), after, limit)
	}
	leads := func(after uint64, limit int) ([]record.Lead, uint64, error) {
		return s.Leads(t.Context(), "aurora", after, limit)
	}
	quarantine := func(after uint64, limit int) ([]hall.Refusal, uint64, error) {
		return s.Quarantine(t.Context(), after, limit)
	}
	for _, limit := range []int{1, 2, visitors - 1, visitors, visitors + 1, 1000} {
		r, end := pages(t, limit, registrations)
		l, _ := pages(t, limit, leads)
		q, _ := pages(t, limit, quarantine)
		if len(r) != visitors || len(l) != visitors || len(q) != visitors {
			t.Errorf("pages of %d: %d registrations, %d leads, %d refusals, want %d each", limit, len(r), len(l), len(q), visitors)
		}
		if got, next, err := registrations(math.MaxInt64, limit); len(got) != 0 || next != math.MaxInt64 || err != nil {
			t.Errorf("far beyond the end: %d, %d, %v", len(got), next, err)
		}
		if got, next, err := registrations(end-1, limit); len(got) != 1 || next != end || err != nil {
			t.Errorf("before the last: %d, %d, %v", len(got), next, err)
		}
	}
	_, end := pages(t, 3, registrations)
	late := k.Visitor(nil)
	add(t, s, k, late)
	if got, _, err := registrations(end, 3); err != nil || len(got) != 1 || got[0].ID != late.ID {
		t.Errorf("after the old end: %d, %v, want the one that came since", len(got), err)
	}
	if got, next, err := registrations(0, 0); len(got) != 0 || next != 0 || err != nil {
		t.Errorf("pages of nothing: %d, %d, %v", len(got), next, err)
	}
}

// P7: exhibitors whose ids begin alike do not see each other's leads, and a
// correction does not list a visitor twice.
func TestLeads_OfIDsThatBeginAlike(t *testing.T) {
	s, k := fresh(t), halltest.NewKiosk("lamps-2027")
	for _, exhibitor := range []record.ExhibitorID{"a", "au", "aurora", "aurora-2", "b", "\x00"} {
		l := lead(k, exhibitor, "c "+string(exhibitor))
		add(t, s, k, l)
		l.Notes = record.Register[string]{Value: "call back", At: k.Tick()}
		add(t, s, k, l)
	}
	for _, exhibitor := range []record.ExhibitorID{"a", "au", "aurora", "aurora-2", "b"} {
		list, _, err := s.Leads(t.Context(), exhibitor, 0, 10)
		if err != nil || len(list) != 1 || list[0].Exhibitor != exhibitor || list[0].Notes.Value != "call back" {
			t.Errorf("%s: %+v, %v, want its one lead", exhibitor, list, err)
		}
	}
	if list, _, err := s.Leads(t.Context(), "nobody", 0, 10); err != nil || len(list) != 0 {
		t.Errorf("an exhibitor without leads: %+v, %v", list, err)
	}
}

// A lead that a faulty node gives to another exhibitor is the other's, and its
// old place shows nothing.
func TestLeads_ChangedHands(t *testing.T) {
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		s, k := fresh(t), halltest.NewKiosk("lamps-2027")
		l := lead(k, "borealis", "c1")
		other := l
		other.Exhibitor = "aurora" // of two origins the lesser counts
		versions := []record.Lead{l, other}
		for _, i := range order {
			add(t, s, k, versions[i])
		}
		for exhibitor, want := range map[record.ExhibitorID]int{"aurora": 1, "borealis": 0} {
			if list, _, err := s.Leads(t.Context(), exhibitor, 0, 10); err != nil || len(list) != want {
				t.Errorf("order %v: %s has %d, %v, want %d", order, exhibitor, len(list), err, want)
			}
		}
	}
}

// Two badges may have one short code; the desk gets both. Codes that begin
// alike are others.
func TestBadgesByCode_Collision(t *testing.T) {
	s, k := fresh(t), halltest.NewKiosk("lamps-2027")
	var ids []record.BadgeID
	for _, code := range []string{"7KQ4M2XPTC", "7KQ4M2XPTC", "7KQ4M2XPT", "7KQ4M2XPTCA"} {
		b, _ := k.Badge(k.Visitor(nil), 1, record.BadgeIssued)
		b.ShortCode = code
		add(t, s, k, b)
		ids = append(ids, b.ID)
	}
	list, err := s.BadgesByCode(t.Context(), "7KQ4M2XPTC")
	if err != nil || len(list) != 2 {
		t.Fatalf("%d badges, %v, want 2", len(list), err)
	}
	got := []record.BadgeID{list[0].ID, list[1].ID}
	slices.Sort(got)
	want := slices.Clone(ids[:2])
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("badges %v, want %v", got, want)
	}
	for _, code := range []string{"", "7", "7KQ4M2XPT\x00", "7kq4m2xptc"} {
		if list, err := s.BadgesByCode(t.Context(), code); err != nil || len(list) != 0 {
			t.Errorf("code %q: %d badges, %v, want none", code, len(list), err)
		}
	}
}

// A faulty node's badge that changes its holder is found under one of them only,
// and both orders agree.
func TestBadge_ChangedHolder(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	r, other := k.Visitor(nil), k.Visitor(nil)
	if r.ID > other.ID { // ids of one millisecond come in any order; the least holder counts
		r, other = other, r
	}
	b, _ := k.Badge(r, 1, record.BadgeIssued)
	moved := b
	moved.Registration, moved.ShortCode = other.ID, "AAAAAAAAAA"
	for _, versions := range [][]record.Fact{{b, moved}, {moved, b}} {
		s, teller := fresh(t), halltest.NewKiosk("lamps-2027")
		var told totals
		s.Watch(told.add)
		add(t, s, teller, versions...)
		got, err := s.Badge(t.Context(), b.ID)
		if err != nil || got.Registration != r.ID || got.Superseded || told.live != 1 {
			t.Errorf("badge of %s, superseded %v, %d live, %v; want the first holder's", got.Registration, got.Superseded, told.live, err)
		}
		if list, err := s.BadgesByCode(t.Context(), "AAAAAAAAAA"); err != nil || len(list) != 0 {
			t.Errorf("under the other code: %d, %v", len(list), err)
		}
	}
}

// P9: what was refused is listed as it came, once however often it
// came, in order, with the reason.
func TestQuarantine_KeepsWhatCameAndSaysWhy(t *testing.T) {
	s, k := fresh(t), halltest.NewKiosk("lamps-2027")
	foreign := k.Visitor(map[record.FieldName]string{"name": "Ida Example"})
	foreign.Show = "tools-2027"
	show := halltest.Show()
	show.Revised = k.Tick()
	endless := k.Visitor(nil)
	endless.ID = record.RegistrationID(bytes.Repeat([]byte("R"), 129))
	k.Say(foreign, show, endless)
	k.SayBytes("moon.phase", []byte("full"))
	k.SayBytes(record.KindLead, []byte{0xFF})
	for range 2 {
		if got, err := s.Append(t.Context(), []hall.Batch{k.Batch(1, 5)}); err != nil || got[0].Last != 5 || got[0].Err != nil {
			t.Fatal(got, err)
		}
	}
	list, last, err := s.Quarantine(t.Context(), 0, 100)
	if err != nil || len(list) != 5 || last != 5 {
		t.Fatalf("%d refusals to %d, %v, want 5", len(list), last, err)
	}
	for i, want := range []struct {
		kind record.Kind
		code fault.Code
		says string
	}{
		{record.KindRegistration, fault.RefusedFact, `The record belongs to the show "tools-2027". (show)`},
		{record.KindShow, fault.RefusedFact, "Only the hall decides how the show is set up. (kind)"},
		{record.KindRegistration, fault.RefusedFact, "An id is too long to be one. (id)"},
		{"moon.phase", fault.UnknownFact, ""},
		{record.KindLead, "", ""},
	} {
		got := list[i]
		if got.Kind != want.kind || got.Seq != uint64(i+1) || got.Node != k.Node || got.Epoch != k.Epoch || got.Reason == "" || got.At.IsZero() ||
			want.code != "" && got.Code != string(want.code) || want.says != "" && got.Reason != want.says || !bytes.Equal(got.Payload, k.Changes[i].Payload) {
			t.Errorf("refusal %d = %+v, want %+v", i+1, got, want)
		}
	}
}
