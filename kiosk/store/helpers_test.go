package store_test

import (
	"context"
	"testing"
	"time"

	"hallpass/badge/token"
	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/record"
)

func sampleShow(id record.ShowID) record.Show {
	return record.Show{
		ID: id, Name: record.Text{"en": "Lumen"}, Languages: []string{"en"}, Timezone: "Asia/Shanghai",
		FirstDay: time.Date(2027, 4, 21, 0, 0, 0, 0, time.UTC), Days: 3,
		Categories: []record.Category{{ID: "trade", Name: record.Text{"en": "Trade"}, Colour: "#123456", Self: true}},
	}
}

// open opens a store and checks it when the test ends.
func open(tb testing.TB, dir string) *store.Store {
	tb.Helper()
	s, err := store.Open(dir, store.Options{Show: sampleShow("lumen-2027"), Wait: 50 * time.Millisecond})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { shut(tb, s) })
	return s
}

// shut checks and closes; a store that is closed already is left alone.
func shut(tb testing.TB, s *store.Store) {
	tb.Helper()
	report, err := s.Check(context.Background())
	if err == nil && !report.OK {
		tb.Errorf("check = %+v", report)
	}
	if err := s.Close(); err != nil {
		tb.Error(err)
	}
}

// entry makes a registration with one reserved badge.
func entry(tb testing.TB, s *store.Store) kiosk.Entry {
	tb.Helper()
	at := s.Clock().Tick()
	id := record.NewID[record.RegistrationID](at.Time())
	badge := record.NewID[record.BadgeID](at.Time())
	raw, err := badge.Bytes()
	if err != nil {
		tb.Fatal(err)
	}
	return kiosk.Entry{
		Registration: record.Registration{
			ID: id, Show: "lumen-2027", Node: at.Node, Created: at, Source: record.SourceTyped,
			Category: record.Register[record.CategoryID]{Value: "trade", At: at},
			Fields:   map[record.FieldName]record.Register[string]{"name": {Value: "林晓", At: at}},
		},
		Badges: []kiosk.Badge{{Token: "TOKEN " + string(badge), Badge: record.Badge{
			ID: badge, Registration: id, Show: "lumen-2027", Node: at.Node, Issue: 1, Category: "trade",
			ShortCode: token.ShortCode(raw), State: record.Register[record.BadgeState]{Value: record.BadgeReserved, At: at},
		}}},
	}
}

func add(tb testing.TB, s *store.Store, key string) kiosk.Entry {
	tb.Helper()
	e, fresh, err := s.Add(tb.Context(), key, entry(tb, s), record.Tally{})
	if err != nil || !fresh {
		tb.Fatalf("Add = fresh %v, %v", fresh, err)
	}
	return e
}

func last(tb testing.TB, s *store.Store) uint64 {
	tb.Helper()
	at, err := s.Last(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return at.Seq
}
