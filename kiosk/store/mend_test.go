package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallpass/kiosk/store"
	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// heard is what a hall has after it was told a whole journal: all facts merged.
func heard(t *testing.T, s *store.Store) map[string][]byte {
	t.Helper()
	changes, err := s.Changes(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string]record.Fact{}
	for _, c := range changes {
		fact, err := wire.Decode(c.Kind, c.Payload)
		if err != nil {
			t.Fatal(err)
		}
		switch f := fact.(type) {
		case record.Registration:
			if old, ok := facts[string(f.ID)].(record.Registration); ok {
				fact = record.MergeRegistrations(old, f)
			}
			facts[string(f.ID)] = fact
		case record.Badge:
			if old, ok := facts[string(f.ID)].(record.Badge); ok {
				fact = record.MergeBadges(old, f)
			}
			facts[string(f.ID)] = fact
		}
	}
	out := map[string][]byte{}
	for id, fact := range facts {
		if out[id], err = wire.Encode(fact); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// P1, P9, P11: whichever entry that the hall has not got is damaged or missing, a
// start tells everything anew: what is whole, and in place of the entry what the
// data have. It says what was lost, and the kiosk goes on.
func TestOpen_MendsWhatTheHallHasNotGot(t *testing.T) {
	sound := t.TempDir()
	s := open(t, sound)
	want := wants(t, fill(t, s, 4))
	n, life := last(t, s), epochOf(t, s)
	shut(t, s)
	for name, how := range map[string]func([]byte) []byte{"Flipped": flipped, "Gone": gone} {
		for seq := uint64(1); seq <= n; seq++ {
			if name == "Gone" && seq == n {
				continue // then the journal is shorter, and nobody can know
			}
			dir := copyFolder(t, sound)
			alter(t, dir, entryOf(seq, how))
			s := open(t, dir)
			what := fmt.Sprint(name, " ", seq)
			if epochOf(t, s) == life || s.Damage() != "" {
				t.Errorf("%s: the journal goes on as it is: %s", what, s.Damage())
			}
			mended(t, s, life, seq)
			sameFacts(t, what, heard(t, s), want)
			add(t, s, "")
			shut(t, s)
			s = open(t, dir)
			mended(t, s, life, seq)
			shut(t, s)
		}
	}
}

func epochOf(t *testing.T, s *store.Store) record.Epoch {
	t.Helper()
	at, err := s.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return at.Epoch
}

// mended looks for one note of one lost entry, and a journal that is in order.
func mended(t *testing.T, s *store.Store, life record.Epoch, seq uint64) {
	t.Helper()
	found, err := s.Mended(t.Context())
	if err != nil || len(found) != 1 || found[0].Epoch != life || found[0].First != seq || found[0].Lost != 1 {
		t.Errorf("mended = %+v, %v, want entry %d", found, err, seq)
	}
	report, err := s.Check(t.Context())
	if err != nil || !report.OK || !report.Verified || len(report.Mended) != 1 || !strings.Contains(report.Mended[0], fmt.Sprintf("1 journal entries from number %d on were damaged", seq)) {
		t.Errorf("check = %+v, %v", report, err)
	}
}

// What the hall has is not told anew for an entry that it got whole; if nothing can
// be written behind the end, all is.
func TestOpen_LeavesWhatTheHallHas(t *testing.T) {
	sound := t.TempDir()
	s := open(t, sound)
	want := wants(t, fill(t, s, 4))
	n, life := last(t, s), epochOf(t, s)
	if err := s.Acked(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	for seq := uint64(1); seq <= n; seq++ {
		dir := copyFolder(t, sound)
		alter(t, dir, entryOf(seq, flipped))
		s, err := store.Open(dir, store.Options{Wait: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		if seq == n {
			mended(t, s, life, seq)
			sameFacts(t, "at the end", heard(t, s), want)
		} else if epochOf(t, s) != life || !strings.Contains(s.Damage(), "the hall has all") {
			t.Errorf("entry %d: a new life, or %q", seq, s.Damage())
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// An entry that is found damaged while the kiosk runs has the link begin a new
// life; saves go on in it.
func TestChanges_DamagedAsksForANewLife(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	kept := fill(t, s, 600) // more than a start reads
	life := epochOf(t, s)
	shut(t, s)
	alter(t, dir, entryOf(7, flipped))
	s = open(t, dir)
	if s.Damage() != "" || epochOf(t, s) != life {
		t.Fatalf("a start has found it: %q", s.Damage())
	}
	if before, err := s.Changes(t.Context(), 0, 100); len(before) != 6 || fault.CodeOf(err) != fault.Forked {
		t.Errorf("%d changes, %v, want those before the damage, and why there are no more", len(before), err)
	}
	if _, err := s.Changes(t.Context(), 7, 10); err != nil {
		t.Errorf("behind the damage: %v", err)
	}
	if err := s.NewLife(context.Background()); err != nil {
		t.Fatal(err)
	}
	add(t, s, "")
	mended(t, s, life, 7)
	facts := spokenOf(t, s)
	for _, e := range kept {
		if !facts[string(e.Registration.ID)] || !facts[string(e.Current().ID)] {
			t.Fatalf("the hall is not told of %s", e.Registration.ID)
		}
	}
}

// spokenOf is of whom and of which badges the journal speaks.
func spokenOf(t *testing.T, s *store.Store) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for after := uint64(0); ; {
		changes, err := s.Changes(t.Context(), after, 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(changes) == 0 {
			return out
		}
		for _, c := range changes {
			fact, err := wire.Decode(c.Kind, c.Payload)
			if err != nil {
				t.Fatal(err)
			}
			switch f := fact.(type) {
			case record.Registration:
				out[string(f.ID)] = true
			case record.Badge:
				out[string(f.ID)] = true
			}
		}
		after = changes[len(changes)-1].Seq
	}
}
