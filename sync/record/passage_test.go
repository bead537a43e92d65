package record_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hallpass/sync/record"
)

var opening = time.Date(2027, 4, 21, 9, 0, 0, 7_000_000, time.UTC)

func goodPassage() record.Passage {
	return record.Passage{
		ID: record.PassageIDOf(opening, "reader", "1"), Show: "lumen-2027", Gate: "north", Device: "reader",
		Badge: "01JD0000000000000000000000", Issue: 1, Direction: record.DirectionIn, At: opening,
	}
}

// P9: each limit at its last good value and its first bad one.
func TestPassage_Limits(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*record.Passage)
		field  string
	}{
		{"Allowed", func(*record.Passage) {}, ""},
		{"NoID", func(p *record.Passage) { p.ID = "" }, "id"},
		{"IDInSmallLetters", func(p *record.Passage) { p.ID = record.PassageID(strings.ToLower(string(p.ID))) }, "id"},
		{"NoShow", func(p *record.Passage) { p.Show = "" }, "show"},
		{"NoGate", func(p *record.Passage) { p.Gate = "" }, "gate"},
		{"NoDirection", func(p *record.Passage) { p.Direction = "" }, "direction"},
		{"Sideways", func(p *record.Passage) { p.Direction = "both" }, "direction"},
		{"NobodyAllowed", func(p *record.Passage) { p.Badge = "" }, "badge"},
		{"NobodyRefused", func(p *record.Passage) { p.Badge, p.Reason = "", "badge.forged" }, ""},
		{"NoBadgesID", func(p *record.Passage) { p.Badge = "VIP" }, "badge"},
		{"TypedByCode", func(p *record.Passage) { p.Issue = 0 }, ""},
		{"AnotherTime", func(p *record.Passage) { p.At = p.At.Add(time.Millisecond) }, "at"},
		{"FinerThanItsID", func(p *record.Passage) { p.At = p.At.Add(time.Microsecond) }, "at"},
		{"NoTime", func(p *record.Passage) { p.At = time.Time{} }, "at"},
		{"LongestReason", func(p *record.Passage) { p.Reason = strings.Repeat("r", 64) }, ""},
		{"ReasonTooLong", func(p *record.Passage) { p.Reason = strings.Repeat("r", 65) }, "reason"},
		{"ReasonNoText", func(p *record.Passage) { p.Reason = "\xff" }, "reason"},
	} {
		p := goodPassage()
		c.change(&p)
		judge(t, c.name, p, c.field)
	}
}

// P3: a device that sends a scan again names the same passage; no other device
// and no other scan does.
func TestPassageIDOf_IsTheSameForARepeat_P3(t *testing.T) {
	id := record.PassageIDOf(opening, "reader", "17")
	if again := record.PassageIDOf(opening.In(time.FixedZone("CST", 8*3600)), "reader", "17"); again != id {
		t.Errorf("sent again it is %s, not %s", again, id)
	}
	for name, other := range map[string]record.PassageID{
		"AnotherScan":   record.PassageIDOf(opening, "reader", "18"),
		"AnotherDevice": record.PassageIDOf(opening, "reader2", "17"),
		"MovedBorder":   record.PassageIDOf(opening, "reader1", "7"),
		"AnotherTime":   record.PassageIDOf(opening.Add(time.Millisecond), "reader", "17"),
	} {
		if other == id {
			t.Errorf("%s has the same id", name)
		}
	}
}

// Keys of passages sort by the true time, and bytes sort as text does.
func TestPassageIDOf_SortsByTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ms := rapid.Int64Range(0, 1<<47)
		first, second := ms.Draw(t, "first"), ms.Draw(t, "second")
		a := record.PassageIDOf(time.UnixMilli(first), "d", rapid.String().Draw(t, "a"))
		b := record.PassageIDOf(time.UnixMilli(second), "d", rapid.String().Draw(t, "b"))
		if first < second && a >= b || first > second && a <= b {
			t.Fatalf("%d → %s, %d → %s", first, a, second, b)
		}
		bytes, err := a.Bytes()
		if err != nil || record.PassageIDFrom(bytes) != a {
			t.Fatalf("%s → %x, %v", a, bytes, err)
		}
	})
}

// What two halls decided at once about one scan ends the same on both: someone
// who was let through once is inside.
func TestMergePassages_AllowedCounts_P4(t *testing.T) {
	allowed, refused := goodPassage(), goodPassage()
	refused.Reason = "badge.voided"
	if a, b := record.MergePassages(allowed, refused), record.MergePassages(refused, allowed); a != allowed || b != allowed {
		t.Errorf("merged %+v and %+v, want the allowed one", a, b)
	}
}
