package record_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hallpass/sync/record"
)

// writer is one node that has the registration: what stands there is the later
// of all that it has heard of.
type writer struct {
	clock *record.Clock
	has   record.Registration
}

// story lets a few nodes with clocks that jump by a day change the name of one
// registration, and pass on some of what they know to each other. It returns
// all versions, and which of them a writer had seen when writing a later one.
func story(t *rapid.T) (versions []record.Version, seen map[record.Stamp]bool, nodes []*writer) {
	now, day := time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC), 24*time.Hour
	origin := record.Stamp{Wall: now.UnixMilli(), Node: "k0"}
	first := record.Version{Text: "Ida", At: origin}
	r := record.Registration{ID: "R1", Show: "lumen", Node: "k0", Created: origin}.Set("field.name", first)
	for i := range rapid.IntRange(1, 4).Draw(t, "nodes") {
		off := rapid.SampledFrom([]time.Duration{0, 0, day, -day, 3 * time.Second}).Draw(t, "off")
		clock := &record.Clock{Node: record.NodeID(fmt.Sprint("k", i)), Now: func() time.Time { return now.Add(off) }}
		nodes = append(nodes, &writer{clock: clock, has: r})
	}
	versions, seen = []record.Version{first}, map[record.Stamp]bool{}
	for i := range rapid.IntRange(0, 12).Draw(t, "steps") {
		now = now.Add(rapid.SampledFrom([]time.Duration{0, time.Second, -time.Second}).Draw(t, "passes"))
		n := rapid.SampledFrom(nodes).Draw(t, "node")
		if rapid.Bool().Draw(t, "hears") {
			n.has = record.MergeRegistrations(n.has, rapid.SampledFrom(nodes).Draw(t, "from").has)
			n.clock.Observe(n.has.Latest())
			continue
		}
		stood, _ := n.has.Part("field.name")
		seen[stood.At] = true
		v := record.Version{Text: fmt.Sprint("name ", i), At: n.clock.After(n.has.Latest())}
		n.has = record.Rewrite(n.has, n.has.Set("field.name", v))
		v, _ = n.has.Part("field.name")
		versions = append(versions, v)
	}
	return versions, seen, nodes
}

// P4: what is in conflict is exactly what was written without having seen each
// other, whatever the clocks say, and in whatever order it becomes known.
func TestHeads_AreWhatNobodyHasSeen_P4(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		versions, seen, nodes := story(t)
		var want []record.Version
		for _, v := range record.Newest(versions) {
			if !seen[v.At] {
				want = append(want, v)
			}
		}
		known := append(slices.Clone(versions), rapid.SliceOf(rapid.SampledFrom(versions)).Draw(t, "again")...)
		rand.Shuffle(len(known), func(i, j int) { known[i], known[j] = known[j], known[i] })
		got := record.Heads(known, nil)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("heads %+v\nwant %+v\nof %+v", got, want, versions)
		}
		all := nodes[0].has
		for _, n := range nodes {
			all = record.MergeRegistrations(all, n.has)
		}
		if stands, _ := all.Part("field.name"); !reflect.DeepEqual(stands, got[len(got)-1]) {
			t.Fatalf("%+v stands, the last head is %+v", stands, got[len(got)-1])
		}
	})
}

// An ordinary later edit is no conflict, however many there are and however
// wrong the clocks.
func TestHeads_OneAfterTheOtherIsNoConflict(t *testing.T) {
	now := time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC)
	r := record.Registration{ID: "R1", Created: record.Stamp{Wall: now.UnixMilli(), Node: "k0"}}
	var versions []record.Version
	for i := range 10 {
		clock := &record.Clock{Node: record.NodeID(fmt.Sprint("k", i)), Now: func() time.Time { return now.AddDate(0, 0, i%3-1) }}
		r = record.Rewrite(r, r.Set("answer.why", record.Version{Picks: []string{fmt.Sprint(i)}, At: clock.After(r.Latest())}))
		v, _ := r.Part("answer.why")
		versions = append(versions, v)
		if heads := record.Heads(versions, nil); len(heads) != 1 || heads[0].Picks[0] != fmt.Sprint(i) {
			t.Fatalf("after edit %d the heads are %+v", i, heads)
		}
	}
}

// A program from before Over is taken to have seen what was there: it gives no
// conflicts, and none of the others' is lost.
func TestHeads_OfAProgramThatDoesNotSay(t *testing.T) {
	at := func(wall int64) record.Stamp { return record.Stamp{Wall: wall, Node: "k"} }
	a, b := record.Version{Text: "a", At: at(1)}, record.Version{Text: "b", At: at(2)}
	left, right := record.Version{Text: "l", At: at(3), Over: at(2)}, record.Version{Text: "r", At: at(4), Over: at(2)}
	for _, c := range []struct {
		name     string
		versions []record.Version
		heads    int
		differ   bool
	}{
		{"FirstFormAlone", []record.Version{a}, 1, false},
		{"OldProgram", []record.Version{b, a}, 1, false},
		{"TwoThatDoSay", []record.Version{right, a, left, b}, 2, true},
		{"TheSameTwice", []record.Version{a, b, left, {Text: "l", At: at(4), Over: at(2)}}, 2, false},
		{"OldProgramAfterThem", []record.Version{a, b, left, right, {Text: "o", At: at(5)}}, 1, false},
		{"OneStampTwice", []record.Version{a, {Text: "b", At: at(2), Over: at(1)}, {Text: "c", At: at(2), Over: at(1)}}, 2, true},
		{"TwoReplaceEachOther", []record.Version{{Text: "x", At: at(1), Over: at(2)}, {Text: "y", At: at(2), Over: at(1)}}, 1, false},
	} {
		heads := record.Heads(c.versions, nil)
		if len(heads) != c.heads || record.Differ(heads) != c.differ {
			t.Errorf("%s: heads %+v, differ %v", c.name, heads, record.Differ(heads))
		}
	}
	settled := record.Version{Text: "l", At: at(6), Over: at(4)}
	if heads := record.Heads([]record.Version{a, b, left, right, settled}, map[record.Stamp][]record.Stamp{at(6): {at(3), at(4)}}); len(heads) != 1 {
		t.Errorf("after the choice: %+v", heads)
	}
}

// A faulty node's many versions cost no more than MostVersions, and which of
// them count does not depend on their order.
func TestNewest_IsBounded(t *testing.T) {
	var versions []record.Version
	for i := range 3 * record.MostVersions {
		versions = append(versions, record.Version{Text: fmt.Sprint(i), At: record.Stamp{Wall: int64(i + 1), Node: "k"}, Over: record.Stamp{Wall: 1, Node: "z"}})
	}
	want := record.Newest(versions)
	rand.Shuffle(len(versions), func(i, j int) { versions[i], versions[j] = versions[j], versions[i] })
	step := record.Newest(append(record.Newest(versions[:100]), versions[100:]...))
	if got := record.Newest(versions); len(got) != record.MostVersions || !reflect.DeepEqual(got, want) || !reflect.DeepEqual(step, want) {
		t.Errorf("%d versions count, the oldest %v", len(got), got[0])
	}
}

// What a form repeats unchanged is no write: another's correction of it stays.
func TestRewrite_KeepsWhatWasNotChanged(t *testing.T) {
	at := func(wall int64) record.Stamp { return record.Stamp{Wall: wall, Node: "k"} }
	old := record.Registration{ID: "R1", Created: at(1)}.Set(record.PartCategory, record.Version{Text: "trade", At: at(1)}).
		Set("field.name", record.Version{Text: "Ida", At: at(1)}).Set("field.company", record.Version{Text: "Quillon", At: at(2), Over: at(1)}).
		Set("answer.why", record.Version{Picks: []string{"a"}, At: at(1)})
	form := record.Registration{ID: "R1", Created: at(1)}.Set(record.PartCategory, record.Version{Text: "media", At: at(9)}).
		Set("field.name", record.Version{Text: "Ida", At: at(9)}).Set("field.email", record.Version{Text: "ida@lamps.example", At: at(9)}).
		Set("answer.why", record.Version{Picks: []string{"a", "b"}, At: at(9)})
	got := record.Rewrite(old, form)
	for p, want := range map[record.Part]record.Version{
		record.PartCategory: {Text: "media", At: at(9), Over: at(1)},
		"field.name":        {Text: "Ida", At: at(1)},
		"field.company":     {Text: "Quillon", At: at(2), Over: at(1)},
		"field.email":       {Text: "ida@lamps.example", At: at(9), Over: at(1)},
		"answer.why":        {Picks: []string{"a", "b"}, At: at(9), Over: at(1)},
	} {
		if v, ok := got.Part(p); !ok || !reflect.DeepEqual(v, want) {
			t.Errorf("%s = %+v, want %+v", p, v, want)
		}
	}
	if len(form.Fields) != 2 || len(old.Fields) != 2 {
		t.Error("Rewrite wrote into its arguments")
	}
}

// P4: what replaces a stamp from tomorrow comes after it, differs each time, and
// does not take the clock along.
func TestClock_AfterAStampFromTomorrow_P4(t *testing.T) {
	now := time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC)
	clock := &record.Clock{Node: "hall", Now: func() time.Time { return now }}
	tomorrow := record.Stamp{Wall: now.AddDate(0, 0, 1).UnixMilli(), Counter: 3, Node: "k1"}
	a, b := clock.After(tomorrow), clock.After(tomorrow)
	if a.Compare(tomorrow) <= 0 || b.Compare(a) <= 0 || a.Node != "hall" {
		t.Errorf("after %+v come %+v and %+v", tomorrow, a, b)
	}
	if got := clock.Tick(); got.Wall != now.UnixMilli() {
		t.Errorf("the clock was taken along to %+v", got)
	}
	if got := clock.After(record.Stamp{Wall: 5, Node: "k1"}); got.Wall != now.UnixMilli() {
		t.Errorf("after an old stamp comes %+v, want now", got)
	}
}

func TestDecision_Limits(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*record.Decision)
		field  string
	}{
		{"Good", func(*record.Decision) {}, ""},
		{"NoTime", func(d *record.Decision) { d.At = record.Stamp{} }, "at"},
		{"NoShow", func(d *record.Decision) { d.Show = "" }, "show"},
		{"Nobodys", func(d *record.Decision) { d.By = "" }, "by"},
		{"AboutNothing", func(d *record.Decision) { d.Registration = "" }, "registration"},
		{"DiscardOfNothing", func(d *record.Decision) { d.Act = record.ActDiscard }, "registration"},
		{"DiscardWithoutReason", func(d *record.Decision) {
			d.Act, d.Refused = record.ActDiscard, record.Refused{Node: "k1", Seq: 1}
		}, "reason"},
		{"RetryNeedsNoReason", func(d *record.Decision) { d.Act, d.Refused = record.ActRetry, record.Refused{Node: "k1", Seq: 1} }, ""},
		{"TooManySeen", func(d *record.Decision) {
			d.Seen = map[record.Part][]record.Stamp{"category": make([]record.Stamp, record.MostVersions+1)}
		}, "seen"},
	} {
		d := record.Decision{At: record.Stamp{Wall: 1, Node: "hall"}, Show: "lumen", By: "dana", Act: record.ActChoose, Registration: "R1"}
		c.change(&d)
		judge(t, c.name, d, c.field)
	}
}
