package store_test

import (
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// word is what the hall says of one part of a registration, later than the kiosk.
func word(e kiosk.Entry, part record.Part, text string) record.Registration {
	r := e.Registration
	at := r.Latest()
	at.Wall, at.Node = at.Wall+1, "HALL"
	one := record.Registration{ID: r.ID, Show: r.Show, Node: r.Node, Created: r.Created, Source: r.Source}
	return one.Set(part, record.Version{Text: text, At: at, Over: r.Latest()})
}

// P4: what was chosen or corrected at the hall stands at the kiosk that has the
// registration, is in no journal of its own, and what is corrected here later
// replaces it. Of people who are not here nothing is kept, and nothing put aside.
func TestInbox_AWordOfTheHallOnARegistration_P4(t *testing.T) {
	s := open(t, t.TempDir())
	pairing := store.Pairing{URL: "https://hall.example:8443", Node: "01JNODEGIVENBYTHEHALL00000", Hall: "HALL", Show: "lumen-2027"}
	if err := s.Pair(t.Context(), pairing); err != nil {
		t.Fatal(err)
	}
	e := add(t, s, "")
	stranger := e
	stranger.Registration.ID = "01STRANGER"
	foreign := word(e, "field.name", "nobody")
	foreign.Show = "another"
	changes := []record.Change{
		change(t, 1, word(e, "field.name", "林晓燕")), change(t, 2, word(stranger, "field.name", "nobody")), change(t, 3, foreign),
	}
	end := last(t, s)
	for range 2 { // P3: told twice is told once
		if err := s.Apply(t.Context(), "E1", changes); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := s.Find(t.Context(), e.Registration.ID)
	if err != nil || kept.Registration.Field("name") != "林晓燕" || kept.Registration.Category != e.Registration.Category || len(kept.Badges) != 1 {
		t.Fatalf("kept %+v, %v", kept.Registration, err)
	}
	standing, err := s.Standing(t.Context())
	if err != nil || standing.Last != end || standing.Aside != 1 {
		t.Errorf("standing %+v, %v, want no entry of ours and the other show's aside", standing, err)
	}
	if _, err := s.Find(t.Context(), "01STRANGER"); err == nil {
		t.Error("a stranger is kept")
	}
	if report, err := s.Check(t.Context()); err != nil || !report.OK {
		t.Errorf("check %+v, %v", report, err)
	}
	later := s.Clock().After(kept.Registration.Latest())
	_, err = s.Change(t.Context(), e.Registration.ID, func(e *kiosk.Entry) error {
		e.Registration = record.Rewrite(e.Registration, e.Registration.Set("field.name", record.Version{Text: "林小燕", At: later}))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Find(t.Context(), e.Registration.ID)
	if v, _ := again.Registration.Part("field.name"); err != nil || v.Text != "林小燕" || v.Over.Node != "HALL" {
		t.Errorf("corrected after it: %+v, %v", v, err)
	}
	if report, err := s.Check(t.Context()); err != nil || !report.OK {
		t.Errorf("check %+v, %v", report, err)
	}
}

// What stands under the kiosk's own stamp must be what its journal says, also
// where the hall has had its word.
func TestCheck_FindsAnOwnWordThatIsInNoJournal(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	e := add(t, s, "")
	shut(t, s)
	db, err := bolt.Open(filepath.Join(dir, "kiosk.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	forged := e.Registration.Set("field.name", record.Version{Text: "龍", At: e.Registration.Created}) // greater: a merge keeps it
	payload, err := wire.Encode(forged)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte("registrations")).Put([]byte(forged.ID), payload) })
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	report := reopened(t, dir)
	if report.OK || !strings.Contains(strings.Join(report.Problems, "\n"), "differs from the journal") {
		t.Errorf("check %+v", report)
	}
}
