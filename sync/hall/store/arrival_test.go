package store_test

import (
	"errors"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"testing"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
)

// totals are the numbers that a dashboard adds up from effects.
type totals struct{ registrations, badges, live, leads, quarantined int }

func (n *totals) add(effects []hall.Effect) {
	for _, e := range effects {
		n.live += e.Live
		n.quarantined += e.Quarantined
		if e.Registration != nil && e.Registration.Fresh {
			n.registrations++
		}
		if e.Badge != nil && e.Badge.Fresh {
			n.badges++
		}
		if e.Lead != nil && e.Lead.Fresh {
			n.leads++
		}
		if e.Lead != nil && e.Lead.Gone {
			n.leads--
		}
	}
}

// picture is everything that a hall can be asked about one visitor.
type picture struct {
	Visitor    record.Registration
	Badges     [2]hall.Badge
	ByCode     [2]int
	Lead, Met  record.Lead
	Visitors   int
	Leads      int
	Quarantine int
}

// meeting is one visitor's story; each chapter is told by another kiosk, so
// that any may arrive first.
type meeting struct {
	visitor  record.RegistrationID
	badges   [2]record.Badge
	lead     record.Lead
	chapters []*halltest.Kiosk
}

func tell() meeting {
	k := halltest.NewKiosk("lamps-2027")
	visitor := k.Visitor(map[record.FieldName]string{"name": "Ida Example", "company": "Quillon"})
	first, _ := k.Badge(visitor, 1, record.BadgeIssued)
	second, _ := k.Badge(visitor, 2, record.BadgeIssued)
	voided := first
	voided.Voided, voided.Reason = k.Tick(), record.Register[string]{Value: "lost", At: k.Tick()}
	met := lead(k, "aurora", "c1")
	met.Badge = first.ID
	rated := met
	rated.Rating = record.Register[uint8]{Value: 3, At: k.Tick()}
	corrected := k.Visitor(map[record.FieldName]string{"company": "Quillon Instruments"})
	corrected.ID, corrected.Created = visitor.ID, visitor.Created
	m := meeting{visitor: visitor.ID, badges: [2]record.Badge{first, second}, lead: met}
	for _, fact := range []record.Fact{visitor, first, second, voided, met, rated, corrected} {
		teller := halltest.NewKiosk("lamps-2027")
		teller.Say(fact)
		m.chapters = append(m.chapters, teller)
	}
	foreign := halltest.NewKiosk("tools-2027")
	foreign.Say(foreign.Visitor(nil))
	m.chapters = append(m.chapters, foreign)
	return m
}

func (m meeting) look(t *testing.T, s *store.Store) (p picture) {
	t.Helper()
	var errs [8]error
	p.Visitor, errs[0] = s.Registration(t.Context(), m.visitor)
	for i, b := range m.badges {
		var list []hall.Badge
		p.Badges[i], errs[1+i] = s.Badge(t.Context(), b.ID)
		list, errs[3] = s.BadgesByCode(t.Context(), b.ShortCode)
		p.ByCode[i] = len(list)
	}
	p.Lead, errs[4] = s.Lead(t.Context(), m.lead.ID)
	p.Met, errs[5] = s.LeadByClient(t.Context(), m.lead.Device, m.lead.ClientID)
	visitors, _, err := s.Registrations(t.Context(), 0, 10)
	leads, _, otherErr := s.Leads(t.Context(), "aurora", 0, 10)
	refused, _, lastErr := s.Quarantine(t.Context(), 0, 10)
	p.Visitors, p.Leads, p.Quarantine = len(visitors), len(leads), len(refused)
	errs[6], errs[7] = errors.Join(err, otherErr), lastErr
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	return p
}

// judged is a chapter as the hall of lamps-2027 judges it.
func judged(k *halltest.Kiosk) hall.Batch {
	b := hall.Batch{Node: k.Node, Epoch: k.Epoch}
	for _, c := range k.Changes {
		b.Entries = append(b.Entries, hall.Judge(c, "lamps-2027"))
	}
	return b
}

// P4: badge before registration, lead before both, a void before its badge, a
// correction first: every order ends in one state, one set of numbers, and the
// same again after a restart (P1) and after a second delivery (P3).
func TestArrival_AnyOrderIsOneState(t *testing.T) {
	m := tell()
	var want picture
	var wantTotals totals
	const orders = 20
	for n := range orders {
		order := make([]int, len(m.chapters))
		for i := range order {
			order[i] = (i + n) % len(order) // each chapter comes first once
		}
		if n >= len(order) {
			order = rand.Perm(len(order))
		}
		path := filepath.Join(t.TempDir(), "hall.db")
		s, err := store.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		announce(t, s)
		var told totals
		s.Watch(told.add)
		for range 2 {
			for _, i := range order {
				if got, err := s.Append(t.Context(), []hall.Batch{judged(m.chapters[i])}); err != nil || got[0].Err != nil {
					t.Fatal(got, err)
				}
			}
		}
		got := m.look(t, s)
		if n == 0 {
			want, wantTotals = got, told
		}
		if !reflect.DeepEqual(got, want) || told != wantTotals {
			t.Fatalf("order %v gives\n%+v %+v\nnot\n%+v %+v", order, got, told, want, wantTotals)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(t, path)
		var replayed totals
		if err := s.Replay(t.Context(), replayed.add); err != nil || replayed != told {
			t.Fatalf("order %v: after a restart %+v, %v, before it %+v", order, replayed, err, told)
		}
		if again := m.look(t, s); !reflect.DeepEqual(again, got) {
			t.Fatalf("order %v: after a restart\n%+v\nnot\n%+v", order, again, got)
		}
	}
	if want.Visitor.Field("company") != "Quillon Instruments" || want.Visitor.Field("name") != "Ida Example" ||
		!want.Badges[0].Void() || want.Badges[1].Void() || want.Lead.Rating.Value != 3 {
		t.Errorf("the story ends as %+v", want)
	}
	if wantTotals != (totals{registrations: 1, badges: 2, live: 1, leads: 1, quarantined: 1}) {
		t.Errorf("the numbers are %+v", wantTotals)
	}
}

// P6: whichever of two issues arrives when, and voided when, one person never
// counts twice and the void of the newest leaves nobody.
func TestArrival_VoidOfTheNewestLeavesNoLiveBadge(t *testing.T) {
	for name, order := range map[string][]int{"VoidLast": {0, 1, 2}, "VoidFirst": {2, 0, 1}, "VoidBetween": {1, 2, 0}} {
		s, k := fresh(t), halltest.NewKiosk("lamps-2027")
		var told totals
		s.Watch(told.add)
		r := k.Visitor(nil)
		older, _ := k.Badge(r, 1, record.BadgeIssued)
		newer, _ := k.Badge(r, 2, record.BadgeIssued)
		voided := newer
		voided.Voided = k.Tick()
		versions := []record.Badge{older, newer, voided}
		for _, i := range order {
			add(t, s, k, versions[i])
		}
		if told.live != 0 || told.badges != 2 {
			t.Errorf("%s: %+v, want no live badge of two", name, told)
		}
	}
}

// P10: an entry whose content was taken out before it came here is kept in the
// chain, says nothing, and holds nobody up.
func TestArrival_ErasedEntryKeepsItsPlace(t *testing.T) {
	s, k := fresh(t), halltest.NewKiosk("lamps-2027")
	hidden, shown := k.Visitor(map[record.FieldName]string{"name": "Ida Example"}), k.Visitor(nil)
	k.Say(hidden, shown)
	whole := *k
	whole.Changes = append([]record.Change(nil), k.Changes...)
	k.Changes[0].Salt, k.Changes[0].Payload = nil, nil
	var told totals
	s.Watch(told.add)
	for _, from := range []*halltest.Kiosk{k, &whole} { // the whole one comes too late
		if got, err := s.Append(t.Context(), []hall.Batch{from.Batch(1, 2)}); err != nil || got[0].Err != nil || got[0].Last != 2 {
			t.Fatal(got, err)
		}
	}
	if told != (totals{registrations: 1}) {
		t.Errorf("told of %+v, want one registration", told)
	}
	if _, err := s.Registration(t.Context(), hidden.ID); !errors.Is(err, hall.ErrNone) {
		t.Errorf("the erased visitor: %v, want none", err)
	}
	changes, err := s.Changes(t.Context(), k.Node, k.Epoch, 0, 10)
	if err != nil || len(changes) != 2 || !changes[0].Erased() || changes[1].Erased() {
		t.Errorf("the journal reads %+v, %v", changes, err)
	}
}

// P10: an erasure that arrives before, between or after what it erases wins.
func TestArrival_ErasureWinsInAnyOrder(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	r := k.Visitor(map[record.FieldName]string{"name": "Ida Example"})
	erased := r
	erased.Fields, erased.Consents, erased.Erased = nil, nil, k.Tick()
	late := k.Visitor(map[record.FieldName]string{"name": "Ida Example", "mobile": "x"})
	late.ID, late.Created = r.ID, r.Created
	versions := []record.Fact{r, erased, late}
	for _, order := range [][]int{{0, 1, 2}, {1, 0, 2}, {2, 0, 1}, {1, 2, 0}} {
		s, teller := fresh(t), halltest.NewKiosk("lamps-2027")
		for _, i := range order {
			add(t, s, teller, versions[i])
		}
		got, err := s.Registration(t.Context(), r.ID)
		if err != nil || got.Erased.IsZero() || got.Fields != nil || got.Consents != nil {
			t.Errorf("order %v: %d fields, %v, want none", order, len(got.Fields), err)
		}
	}
}
