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

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
)

var dana = hall.Principal{Name: "dana", Role: hall.RoleOrganizer}

// edited is a registration after a change made by whoever saw it as it was.
func edited(k *halltest.Kiosk, r record.Registration, part record.Part, text string) record.Registration {
	v := record.Version{Text: text, At: k.After(r.Latest())}
	if _, ok := part.Answer(); ok {
		v = record.Version{Picks: []string{text}, At: v.At}
	}
	return record.Rewrite(r, r.Set(part, v))
}

// quarrel draws what a few kiosks and the hall's desk say of two people, having
// heard of each other or not, and what was decided in between.
func quarrel(t *rapid.T) []hall.Own {
	nodes := make([]*halltest.Kiosk, rapid.IntRange(1, 3).Draw(t, "kiosks"))
	for i := range nodes {
		nodes[i] = halltest.NewKiosk("lamps-2027")
	}
	var out []hall.Own
	say := func(f record.Fact) { out = append(out, hall.Own{Fact: f, Stamp: nodes[0].Tick()}) }
	for range 2 {
		r := nodes[0].Visitor(map[record.FieldName]string{"name": "Ida", "company": "Quillon"})
		say(r)
		has := make([]record.Registration, len(nodes))
		for i := range has {
			has[i] = r
		}
		for range rapid.IntRange(0, 6).Draw(t, "changes") {
			i := rapid.IntRange(0, len(nodes)-1).Draw(t, "kiosk")
			part := rapid.SampledFrom([]record.Part{record.PartCategory, "field.name", "answer.why"}).Draw(t, "part")
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0:
				has[i] = record.MergeRegistrations(has[i], has[rapid.IntRange(0, len(nodes)-1).Draw(t, "from")])
			case 1:
				seen := map[record.Part][]record.Stamp{}
				for _, other := range has {
					if v, ok := other.Part(part); ok {
						seen[part] = record.SortStamps(append(seen[part], v.At))
					}
				}
				has[i] = edited(nodes[i], has[i], part, "decided")
				v, _ := has[i].Part(part)
				say(has[i])
				say(record.Decision{At: nodes[i].Tick(), Show: "lamps-2027", By: "dana", Act: record.ActChoose, Registration: r.ID, Wrote: v.At, Seen: seen})
			case 2:
				if rapid.IntRange(0, 3).Draw(t, "erase") == 0 {
					gone := r
					gone.Erased = nodes[i].Tick()
					say(gone)
				}
			default:
				has[i] = edited(nodes[i], has[i], part, rapid.SampledFrom([]string{"trade", "media"}).Draw(t, "value"))
				say(has[i])
			}
		}
	}
	return out
}

// conflictsAfter keeps the facts, a few in a transaction, and describes the
// conflicts before and after a restart.
func conflictsAfter(t *rapid.T, facts []hall.Own, group int) string {
	dir, err := os.MkdirTemp("", "conflicts")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var said [2]string
	for i := range said {
		s, err := store.Open(dir + "/hall.db")
		if err != nil {
			t.Fatal(err)
		}
		show := halltest.Show()
		h, err := hall.New(t.Context(), hall.Config{Store: s, Key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), Show: &show})
		if err != nil {
			t.Fatal(err)
		}
		for part := range slices.Chunk(facts, group) {
			if i == 0 {
				if _, err := s.Append(t.Context(), []hall.Batch{{Own: part}}); err != nil {
					t.Fatal(err)
				}
			}
		}
		list, _, err := h.Conflicts(t.Context(), dana, "", 100)
		if err != nil || len(list) != h.Stats().Conflicts {
			t.Fatalf("%d conflicts, %v; the dashboard says %d", len(list), err, h.Stats().Conflicts)
		}
		said[i] = fmt.Sprint(len(list))
		for _, c := range list {
			c.Registration = record.Registration{ID: c.Registration.ID}
			data, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			said[i] += "\n" + string(data)
		}
		report, err := s.Check(t.Context())
		if err != nil || !report.OK() {
			t.Fatalf("check: %+v, %v", report, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if said[0] != said[1] {
		t.Fatalf("after a restart the conflicts are\n%s\nbefore they were\n%s", said[1], said[0])
	}
	return said[0]
}

// P4: the conflicts are the same in whatever order the facts come, however often,
// and after a restart.
func TestConflicts_AnyOrderTheSame_P4(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := quarrel(t)
		want := conflictsAfter(t, facts, len(facts))
		shuffled := append(rapid.Permutation(facts).Draw(t, "order"), rapid.SliceOfN(rapid.SampledFrom(facts), 0, 4).Draw(t, "again")...)
		if got := conflictsAfter(t, shuffled, rapid.IntRange(1, len(facts)).Draw(t, "group")); got != want {
			t.Errorf("in another order:\n%s\nwant:\n%s", got, want)
		}
	})
}

// disputed is a hall where two kiosks have given one visitor two companies.
func disputed(t *testing.T) (h *expo, first, second *halltest.Kiosk, r record.Registration) {
	t.Helper()
	first, second = halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	h = start(t, first, second)
	r = first.Visitor(map[record.FieldName]string{"name": "Ida Example", "company": "Quilon"})
	earlier := edited(first, r, "field.company", "Quillon")
	first.Say(r, earlier)
	for second.Tick().Compare(earlier.Latest()) < 0 { // until the clock has moved on
	}
	second.Say(edited(second, r, "field.company", "Quillon Ltd"))
	h.deliver(t, first)
	h.deliver(t, second)
	return h, first, second, r
}

func open(t *testing.T, h *expo, want int) []hall.Conflict {
	t.Helper()
	list, _, err := h.Conflicts(t.Context(), dana, "", 100)
	if err != nil || len(list) != want || h.Stats().Conflicts != want {
		t.Fatalf("%d conflicts, %v, stats say %d, want %d", len(list), err, h.Stats().Conflicts, want)
	}
	return list
}

// Both sides are kept with who said them; the one chosen becomes the hall's word,
// goes to the kiosks, and who chose is on record.
func TestChoose_TheOtherSide(t *testing.T) {
	h, first, second, r := disputed(t)
	c := open(t, h, 1)[0]
	if len(c.Sides) != 2 || c.Sides[0].Text != "Quillon" || c.Sides[0].At.Node != first.Node || c.Sides[1].Text != "Quillon Ltd" || c.Sides[1].At.Node != second.Node {
		t.Fatalf("sides %+v", c.Sides)
	}
	choice := hall.Choice{Registration: r.ID, Part: c.Part, Side: c.Sides[0].At, Seen: []record.Stamp{c.Sides[0].At, c.Sides[1].At}}
	booth := hall.Principal{Role: hall.RoleExhibitor, Exhibitor: "aurora"}
	if _, err := h.Choose(t.Context(), booth, choice); fault.CodeOf(err) != fault.AuthDenied {
		t.Errorf("a booth chooses: %v", err)
	}
	half := choice
	half.Seen = half.Seen[:1]
	if _, err := h.Choose(t.Context(), dana, half); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("chosen without having been shown both: %v", err)
	}
	got, err := h.Choose(t.Context(), dana, choice)
	if err != nil || got.Field("company") != "Quillon" {
		t.Fatalf("after the choice: %q, %v", got.Field("company"), err)
	}
	open(t, h, 0)
	if _, err := h.Choose(t.Context(), dana, choice); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("chosen twice: %v", err)
	}
	log, _, err := h.Decisions(t.Context(), dana, "", 10)
	if err != nil || len(log) != 1 || log[0].By != "dana" || log[0].Act != record.ActChoose || log[0].Registration != r.ID {
		t.Errorf("decisions %+v, %v", log, err)
	}
	announced(t, h, r.ID, "Quillon")
	// Whoever had not heard of the choice disagrees with it; whoever had does not.
	heard := record.MergeRegistrations(r, got.Registration)
	second.Say(edited(second, heard, "field.company", "Quillon Inc"))
	h.deliver(t, second)
	open(t, h, 0)
	first.Say(edited(first, r, "field.company", "Quilon & Co"))
	h.deliver(t, first)
	if c := open(t, h, 1)[0]; c.Sides[0].Text != "Quillon Inc" {
		t.Errorf("sides %+v", c.Sides)
	}
}

// announced fails unless the last registration in the journal that kiosks read
// says only that.
func announced(t *testing.T, h *expo, id record.RegistrationID, company string) {
	t.Helper()
	self, err := h.store.Self(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	changes, err := h.store.Changes(t.Context(), self.Hall, self.Epoch, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range slices.Backward(changes) {
		if c.Kind == record.KindRegistration {
			r, ok := hall.Judge(record.Change{Kind: c.Kind, Payload: c.Payload, Salt: c.Salt}, "lamps-2027").Fact.(record.Registration)
			if !ok || r.ID != id || r.Field("company") != company || len(r.Fields) != 1 || r.Consents != nil {
				t.Errorf("announced: %+v", r)
			}
			return
		}
	}
	t.Error("the kiosks hear nothing of it")
}

func TestCorrect_AtTheHall(t *testing.T) {
	h, first, _, r := disputed(t)
	for name, c := range map[string]struct {
		correction hall.Correction
		code       fault.Code
		field      string
	}{
		"Nothing":         {hall.Correction{}, fault.Invalid, ""},
		"UnknownField":    {hall.Correction{Fields: map[record.FieldName]string{"shoe_size": "44"}}, fault.Invalid, "shoe_size"},
		"RequiredEmptied": {hall.Correction{Fields: map[record.FieldName]string{"name": " \x00 "}}, fault.Invalid, "name"},
		"TooLong":         {hall.Correction{Fields: map[record.FieldName]string{"company": strings.Repeat("x", 1001)}}, fault.Invalid, ""},
		"UnknownCategory": {hall.Correction{Category: "pope"}, fault.Invalid, "category"},
		"UnknownQuestion": {hall.Correction{Answers: map[record.QuestionID]record.Answer{"why": {Text: "so"}}}, fault.Invalid, "why"},
	} {
		_, err := h.Correct(t.Context(), dana, r.ID, c.correction)
		if f := fault.From(err); f.Code != c.code || f.Field != c.field {
			t.Errorf("%s: %v (field %q)", name, err, f.Field)
		}
	}
	if _, err := h.Correct(t.Context(), dana, "nobody", hall.Correction{Category: "media"}); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("nobody: %v", err)
	}
	got, err := h.Correct(t.Context(), dana, r.ID, hall.Correction{Category: "media", Fields: map[record.FieldName]string{"company": " Quillon  GmbH\n", "name": "Ida Example"}})
	if err != nil || got.Field("company") != "Quillon GmbH" || got.Category.Value != "media" || got.Fields["name"].At != r.Fields["name"].At {
		t.Fatalf("corrected: %+v, %v", got.Fields, err)
	}
	open(t, h, 0) // whoever corrects what is in dispute settles it
	announcements := h.Stats().At
	if again, err := h.Correct(t.Context(), dana, r.ID, hall.Correction{Category: "media"}); err != nil || again.Category != got.Category {
		t.Errorf("said again after %s: %+v, %v", announcements, again.Category, err)
	}
	first.Say(edited(first, r, record.PartCategory, "trade2"))
	h.deliver(t, first)
	if c := open(t, h, 1)[0]; c.Part != record.PartCategory || c.Sides[0].By != "dana" {
		t.Errorf("a kiosk that had not heard of it: %+v", c)
	}
	gone := r
	gone.Erased = first.Tick()
	first.Say(gone)
	h.deliver(t, first)
	open(t, h, 0)
	if _, err := h.Correct(t.Context(), dana, r.ID, hall.Correction{Category: "media"}); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("an erased person is corrected: %v", err)
	}
}

// A kiosk whose clock is a day ahead does not win over the hall's desk, and its
// word makes the hall's clock no liar.
func TestCorrect_OverAClockFromTomorrow(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	r := k.Visitor(map[record.FieldName]string{"name": "Ida", "company": "Quilon"})
	ahead := r.Fields["company"]
	ahead.At.Wall += 24 * time.Hour.Milliseconds()
	r.Fields["company"] = ahead
	k.Say(r)
	h.deliver(t, k)
	for _, company := range []string{"Quillon", "Quillon Ltd"} {
		got, err := h.Correct(t.Context(), dana, r.ID, hall.Correction{Fields: map[record.FieldName]string{"company": company}})
		if err != nil || got.Field("company") != company {
			t.Fatalf("the hall's word %q loses: %q, %v", company, got.Field("company"), err)
		}
	}
	open(t, h, 0)
	log, _, err := h.Decisions(t.Context(), dana, "", 10)
	if err != nil || len(log) != 2 || time.Until(log[0].At.Time()) > time.Hour {
		t.Errorf("decided %+v, %v", log, err)
	}
}
