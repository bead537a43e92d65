package store_test

import (
	"testing"
	"time"

	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// A kiosk whose clock was a day ahead works alone, is paired, and has its clock
// set right: what it says from then on still counts as later, here and at the
// hall (P4).
func TestPair_ClockSetBackAfterwards(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	options := store.Options{Show: sampleShow("lumen-2027"), Now: func() time.Time { return now.Add(24 * time.Hour) }}
	s, err := store.Open(dir, options)
	if err != nil {
		t.Fatal(err)
	}
	e := add(t, s, "")
	if err := s.Pair(t.Context(), store.Pairing{Node: "01JNODEGIVENBYTHEHALL00000", Show: "lumen-2027"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	options.Now = func() time.Time { return now }
	if s, err = store.Open(dir, options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, s) })
	_, err = s.Change(t.Context(), e.Registration.ID, func(e *kiosk.Entry) error {
		e.Badges[0].State = record.Register[record.BadgeState]{Value: record.BadgeIssued, At: s.Clock().Tick()}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	merged := e.Badges[0].Badge
	changes, err := s.Changes(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		if c.Kind == record.KindBadge {
			merged = record.MergeBadges(merged, decodeBadge(t, c))
		}
	}
	if got := merged.Now(); got != record.BadgeIssued {
		t.Errorf("the hall has the badge as %q, want issued", got)
	}
}

func decodeBadge(t *testing.T, c record.Change) record.Badge {
	t.Helper()
	fact, err := wire.Decode(c.Kind, c.Payload)
	if err != nil {
		t.Fatal(err)
	}
	return fact.(record.Badge)
}
