package record_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hallpass/sync/record"
)

// Ids of one millisecond are as different as any, share only their time, and
// sort before those of the next.
func TestNewID_OfOneMillisecond(t *testing.T) {
	at := time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC)
	next := record.NewID[record.LeadID](at.Add(time.Millisecond))
	seen := map[record.LeadID]bool{}
	for i := range 2000 {
		id := record.NewID[record.LeadID](at.Add(time.Duration(i%1000) * time.Microsecond)) // within it
		if len(id) != 26 || id[:10] != next[:9]+id[9:10] || id >= next || seen[id] {
			t.Fatalf("id %s, seen %v; the next millisecond's is %s", id, seen[id], next)
		}
		seen[id] = true
	}
}

func TestBadgeID_AnyBytesRoundTrip(t *testing.T) {
	for _, b := range [][16]byte{{}, {0xFF, 15: 0xFF}, {1, 2, 3, 15: 9},
		{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}} {
		id := record.BadgeIDFrom(b)
		if got, err := id.Bytes(); err != nil || got != b || len(id) != 26 {
			t.Errorf("BadgeIDFrom(%x) = %s, whose bytes are %x, %v", b, id, got, err)
		}
	}
}

// A badge has one id: what reads as the same bytes but is written otherwise
// would be looked for in vain.
func TestBadgeID_OneSpelling(t *testing.T) {
	id := record.BadgeIDFrom([16]byte{1, 2, 0xAB, 0xCD, 15: 0xEF})
	for _, other := range []string{strings.ToLower(string(id)), string(id) + " ", "{" + string(id) + "}", string(id[:25]) + "-", ""} {
		if b, err := record.BadgeID(other).Bytes(); err == nil {
			t.Errorf("Bytes(%q) = %x, no error", other, b)
		}
	}
}

// P4: two values with one stamp, which only a faulty node makes, join to one,
// whichever comes first.
func TestJoin_Ties(t *testing.T) {
	at, later := record.Stamp{Wall: 5, Node: "k1"}, record.Stamp{Wall: 5, Counter: 1, Node: "k1"}
	text := func(v string, at record.Stamp) record.Register[string] {
		return record.Register[string]{Value: v, At: at}
	}
	for _, c := range []struct {
		name       string
		a, b, want record.Register[string]
	}{
		{"Greater", text("a", at), text("b", at), text("b", at)},
		{"EmptyLoses", text("", at), text("a", at), text("a", at)},
		{"CounterDecides", text("z", at), text("a", later), text("a", later)},
		{"NodeDecides", text("z", at), text("a", record.Stamp{Wall: 5, Node: "k2"}), text("a", record.Stamp{Wall: 5, Node: "k2"})},
		{"NeverWritten", text("", record.Stamp{}), text("a", at), text("a", at)},
	} {
		if got, back := c.a.Join(c.b), c.b.Join(c.a); got != c.want || back != c.want {
			t.Errorf("%s: %+v and %+v, want %+v", c.name, got, back, c.want)
		}
	}
	long, short := record.Answer{Picks: []string{"a", "b"}, At: at}, record.Answer{Picks: []string{"a"}, Text: "z", At: at}
	for _, got := range []record.Answer{long.Join(short), short.Join(long)} {
		if !slices.Equal(got.Picks, long.Picks) || got.Text != "" {
			t.Errorf("answers join to %+v", got)
		}
	}
	newer := record.Consent{Version: 2, Given: true, At: at}
	for _, old := range []record.Consent{{Version: 1, Given: true, At: at}, {Version: 1, At: at}} {
		if newer.Join(old) != newer || old.Join(newer) != newer {
			t.Errorf("consents join to %+v and %+v, want the newer text's", newer.Join(old), old.Join(newer))
		}
	}
}

// A merge never writes into what it was given: two goroutines may share it.
func TestMergeRegistrations_LeavesItsArgumentsAlone(t *testing.T) {
	at, later := record.Stamp{Wall: 1, Node: "k1"}, record.Stamp{Wall: 2, Node: "k1"}
	a, b := goodRegistration(), goodRegistration()
	a.Fields = map[record.FieldName]record.Register[string]{"name": {Value: "Ida", At: at}}
	b.Fields = map[record.FieldName]record.Register[string]{"name": {Value: "Ada", At: later}, "title": {Value: "x", At: at}}
	merged := record.MergeRegistrations(a, b)
	merged.Fields["company"] = record.Register[string]{Value: "Quillon", At: later}
	if len(a.Fields) != 1 || a.Field("name") != "Ida" || len(b.Fields) != 2 || merged.Field("name") != "Ada" || merged.Field("title") != "x" {
		t.Errorf("a %v, b %v, merged %v", a.Fields, b.Fields, merged.Fields)
	}
	merged.Erased = later
	if again := record.MergeRegistrations(a, merged); again.Fields != nil || len(a.Fields) != 1 {
		t.Errorf("erased: %v, a %v", again.Fields, a.Fields)
	}
}

// P4: stamps of one clock never repeat, whoever asks.
func TestClock_ManyAtOnce(t *testing.T) {
	now := time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC)
	clock := &record.Clock{Node: "k1", Now: func() time.Time { return now }}
	const callers, each = 8, 200
	stamps := make(chan record.Stamp, callers*each)
	var g sync.WaitGroup
	for range callers {
		g.Go(func() {
			for range each {
				stamps <- clock.Tick()
				clock.Observe(record.Stamp{Wall: now.UnixMilli() + 1, Counter: 3, Node: "k2"})
			}
		})
	}
	g.Wait()
	close(stamps)
	seen := map[record.Stamp]bool{}
	for s := range stamps {
		if seen[s] || s.Node != "k1" || s.IsZero() {
			t.Fatalf("stamp %+v twice or not of k1", s)
		}
		seen[s] = true
	}
}

func TestStamp_TimeIsInUTC(t *testing.T) {
	at := time.Date(2027, 4, 21, 9, 0, 0, 123_000_000, time.FixedZone("CST", 8*3600))
	if got := (record.Stamp{Wall: at.UnixMilli()}).Time(); !got.Equal(at) || got.Location() != time.UTC {
		t.Errorf("Time() = %s, want %s in UTC", got, at)
	}
	if !(record.Stamp{}).IsZero() || (record.Stamp{Counter: 1}).IsZero() {
		t.Error("only the zero stamp is never")
	}
}
