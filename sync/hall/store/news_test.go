package store_test

import (
	"bytes"
	"testing"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// told returns the facts of a kind in the journal that kiosks read.
func told[F record.Fact](t testing.TB, s *store.Store) (facts []F) {
	t.Helper()
	self, err := s.Self(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	changes, err := s.Changes(t.Context(), self.Hall, self.Epoch, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		var kind F
		if c.Kind != kind.Kind() || c.Erased() {
			continue
		}
		fact, err := wire.Decode(c.Kind, c.Payload)
		if err != nil {
			t.Fatal(err)
		}
		facts = append(facts, fact.(F))
	}
	return facts
}

// P5: whatever makes a badge void, and whichever fact comes first, kiosks are
// told of it once.
func TestVoids_AreToldOnce_P5(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	r := k.Visitor(nil)
	first, _ := k.Badge(r, 1, record.BadgeIssued)
	second, _ := k.Badge(r, 2, record.BadgeIssued)
	third, _ := k.Badge(r, 3, record.BadgeIssued)
	voided := first
	voided.Voided, voided.Reason = k.Tick(), record.Register[string]{Value: "lost", At: k.Tick()}
	for name, c := range map[string]struct {
		facts []record.Fact
		want  map[record.BadgeID]string
	}{
		"Voided":           {[]record.Fact{first, voided}, map[record.BadgeID]string{first.ID: "lost"}},
		"VoidedAtOnce":     {[]record.Fact{voided}, map[record.BadgeID]string{first.ID: "lost"}},
		"Reprinted":        {[]record.Fact{first, voided, second}, map[record.BadgeID]string{first.ID: "lost"}},
		"ReprintedSilent":  {[]record.Fact{first, second}, map[record.BadgeID]string{first.ID: "superseded"}},
		"OlderComesLater":  {[]record.Fact{second, first}, map[record.BadgeID]string{first.ID: "superseded"}},
		"Three":            {[]record.Fact{third, first, second}, map[record.BadgeID]string{first.ID: "superseded", second.ID: "superseded"}},
		"VoidAfterNewer":   {[]record.Fact{first, second, voided}, map[record.BadgeID]string{first.ID: "superseded"}},
		"Valid":            {[]record.Fact{first, first}, nil},
		"NewestVoidedLast": {[]record.Fact{second, first, voided, second}, map[record.BadgeID]string{first.ID: "superseded"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := fresh(t)
			from := *k
			from.NewDisk()
			add(t, s, &from, append([]record.Fact{r}, c.facts...)...)
			got := map[record.BadgeID]string{}
			for _, v := range told[record.Void](t, s) {
				if _, twice := got[v.Badge]; twice || v.Registration != r.ID || v.At.IsZero() {
					t.Errorf("told %+v, twice %v", v, twice)
				}
				got[v.Badge] = v.Reason
			}
			if len(got) != len(c.want) {
				t.Errorf("told %v, want %v", got, c.want)
			}
			for id, reason := range c.want {
				if got[id] != reason {
					t.Errorf("badge %s is told as %q, want %q", id, got[id], reason)
				}
			}
		})
	}
}

const secret = "Zhang Example" // whose trace is looked for

// traces counts the entries of all journals, and of quarantine, that hold it.
func traces(t *testing.T, s *store.Store, nodes map[record.NodeID]record.Epoch) (n int) {
	t.Helper()
	for node, epoch := range nodes {
		changes, err := s.Changes(t.Context(), node, epoch, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			if bytes.Contains(c.Payload, []byte(secret)) {
				n++
			}
		}
	}
	list, _, err := s.Quarantine(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if bytes.Contains(r.Payload, []byte(secret)) {
			n++
		}
	}
	return n
}

// P10: an erasure reaches state, every journal and quarantine, and what comes
// after it; the chains still verify, which closing the store checks.
func TestErasure_ReachesEverything_P10(t *testing.T) {
	s, k, late := fresh(t), halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	self, err := s.Self(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r, other := k.Visitor(map[record.FieldName]string{"name": secret}), k.Visitor(map[record.FieldName]string{"name": "Other"})
	add(t, s, k, r, other)
	corrected := r
	corrected.Fields = map[record.FieldName]record.Register[string]{"company": {Value: "of " + secret, At: k.Tick()}}
	add(t, s, k, corrected)
	foreign := r
	foreign.Show = "lenses-2027"
	k.Say(foreign) // refused: quarantine
	if _, err := s.Append(t.Context(), []hall.Batch{k.Batch(4, 4)}); err != nil {
		t.Fatal(err)
	}
	at := record.Stamp{Wall: time.Now().UnixMilli(), Node: self.Hall}
	own := []hall.Own{
		{Fact: record.Registered{Show: "lamps-2027", Key: make([]byte, 32), Region: "CN", Entries: []record.Digest{{Registration: r.ID}, {Registration: other.ID}}}, Stamp: at, Announce: true},
		{Fact: corrected, Stamp: at},
	}
	if _, err := s.Append(t.Context(), []hall.Batch{{Own: own}}); err != nil {
		t.Fatal(err)
	}
	nodes := map[record.NodeID]record.Epoch{k.Node: k.Epoch, late.Node: late.Epoch, self.Hall: self.Epoch, self.Desk: self.Epoch}
	if n := traces(t, s, nodes); n != 5 {
		t.Fatalf("%d traces before, want 5", n)
	}
	order := record.Erasure{Registration: r.ID, Show: "lamps-2027", At: at}
	for range 2 {
		if _, err := s.Append(t.Context(), []hall.Batch{{Own: []hall.Own{{Fact: order, Stamp: at, Announce: true}}}}); err != nil {
			t.Fatal(err)
		}
	}
	stale := r // from a kiosk that was off
	stale.Node = late.Node
	add(t, s, late, stale)
	if n := traces(t, s, nodes); n != 0 {
		t.Errorf("%d traces left", n)
	}
	kept, err := s.Registration(t.Context(), r.ID)
	if err != nil || kept.Erased != at || len(kept.Fields)+len(kept.Consents) > 0 {
		t.Errorf("kept %+v, %v", kept, err)
	}
	if kept, err := s.Registration(t.Context(), other.ID); err != nil || kept.Field("name") != "Other" {
		t.Errorf("the neighbour is %+v, %v", kept, err)
	}
	lists := told[record.Registered](t, s)
	if len(lists) != 1 || len(lists[0].Entries) != 1 || lists[0].Entries[0].Registration != other.ID {
		t.Errorf("kiosks are told of %+v, want only the neighbour", lists)
	}
}

// P10: a kiosk's receipt is kept; one for an erasure that a hall put back from a
// backup no longer knows brings it back, to every kiosk.
func TestErasure_Receipts_P10(t *testing.T) {
	s, k := fresh(t), halltest.NewKiosk("lamps-2027")
	r := k.Visitor(map[record.FieldName]string{"name": secret})
	add(t, s, k, r)
	receipt := record.Erased{Registration: r.ID, Show: "lamps-2027", Node: k.Node, At: k.Tick()}
	add(t, s, k, receipt)
	add(t, s, k, receipt)
	list, err := s.Erasures(t.Context())
	if err != nil || len(list) != 1 || list[0].Registration != r.ID || len(list[0].Done) != 1 || list[0].Done[0] != receipt {
		t.Fatalf("Erasures = %+v, %v", list, err)
	}
	if n := traces(t, s, map[record.NodeID]record.Epoch{k.Node: k.Epoch}); n != 0 {
		t.Errorf("%d traces left", n)
	}
	if orders := told[record.Erasure](t, s); len(orders) != 1 {
		t.Errorf("kiosks are told of %d erasures, want 1", len(orders))
	}
	erased := k.Visitor(nil)
	erased.Erased = k.Tick()
	add(t, s, k, erased) // by the desk's staff, say
	if orders := told[record.Erasure](t, s); len(orders) != 2 {
		t.Errorf("kiosks are told of %d erasures, want the desk's too", len(orders))
	}
}

// A pre-registration is in no list of arrivals until its visitor comes.
func TestAwaited_ArrivesWhenConfirmed(t *testing.T) {
	s, k := fresh(t), halltest.NewKiosk("lamps-2027")
	expected := k.Visitor(map[record.FieldName]string{"name": "Ada"})
	expected.Awaited, expected.Code, expected.Source = true, "EARLY1", record.SourceImport
	if _, err := s.Append(t.Context(), []hall.Batch{{Own: []hall.Own{{Fact: expected, Stamp: expected.Created, Announce: true}}}}); err != nil {
		t.Fatal(err)
	}
	if list, _, err := s.Registrations(t.Context(), 0, 10); err != nil || len(list) != 0 {
		t.Errorf("arrivals are %v, %v, want none", list, err)
	}
	if facts, next, err := s.Standing(t.Context(), "", 10); err != nil || next != "" || len(facts) != 2 {
		t.Errorf("standing is %v, %q, %v, want show and pre-registration", facts, next, err)
	}
	came := k.Visitor(map[record.FieldName]string{"name": "Ada"})
	came.ID = expected.ID
	add(t, s, k, came)
	add(t, s, k, came)
	if list, _, err := s.Registrations(t.Context(), 0, 10); err != nil || len(list) != 1 || list[0].Awaited || list[0].Code != "EARLY1" {
		t.Errorf("arrivals are %+v, %v, want one", list, err)
	}
}

// Whatever the size of a page, what stands is listed once, in one order.
func TestStanding_Pages(t *testing.T) {
	s, k := fresh(t), halltest.NewKiosk("lamps-2027")
	for n := range 7 {
		r := k.Visitor(nil)
		b, _ := k.Badge(r, 1, record.BadgeIssued)
		if n%2 == 0 {
			b.Voided = k.Tick()
		}
		add(t, s, k, r, b)
	}
	for limit := 1; limit < 8; limit++ {
		seen := 0
		for after := ""; ; {
			facts, next, err := s.Standing(t.Context(), after, limit)
			if err != nil || len(facts) > limit {
				t.Fatal(len(facts), err)
			}
			if seen += len(facts); next == "" {
				break
			}
			after = next
		}
		if seen != 5 { // the show and four voids
			t.Errorf("%d facts in pages of %d, want 5", seen, limit)
		}
	}
}
