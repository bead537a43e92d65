package store

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// nothingPends fails if a count is left behind.
func nothingPends(t testing.TB, s *Store) {
	t.Helper()
	s.flow.mu.Lock()
	defer s.flow.mu.Unlock()
	if s.flow.pending.places != new(pending).places {
		t.Error("something is counted as pending that is in the file")
	}
}

// apart has the things hashed so that none shares a place with those that pend:
// it would only wait, but here for ever.
func apart(s *Store, pend []string, others ...string) {
	s.flow.mu.Lock()
	defer s.flow.mu.Unlock()
	for shared := true; shared; {
		p := newPending()
		for _, about := range pend {
			*p.place(about)++
		}
		shared = *p.place(everything) > 0
		for _, about := range others {
			shared = shared || *p.place(about) > 0
		}
		for _, about := range pend {
			*p.place(about)--
		}
		s.flow.pending = p
	}
}

func scannedAt(at time.Time) string {
	key, _ := record.PassageIDOf(at, "device", "7").Bytes()
	return string(key[:])
}

// A read of one thing waits only if something acknowledged may change it; a badge
// that was replaced is never taken for good.
func TestBadge_WaitsForWhatConcernsIt(t *testing.T) {
	path, k, other := filepath.Join(t.TempDir(), "hall.db"), halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	s, gate := held(t, path)
	r, theirs := k.Visitor(nil), other.Visitor(nil)
	first, _ := k.Badge(r, 1, record.BadgeIssued)
	second, _ := k.Badge(r, 2, record.BadgeIssued)
	foreign, _ := other.Badge(theirs, 1, record.BadgeIssued)
	k.Say(r, first)
	other.Say(theirs, foreign)
	keep(t, s, k.Batch(1, 2), other.Batch(1, 2))
	s.Settle(t.Context())
	gate.close()
	when := time.Now()
	apart(s, []string{string(second.ID), string(r.ID)}, string(foreign.ID), string(theirs.ID), scanOf("device", "7"), scannedAt(when))
	k.Say(second)
	keep(t, s, k.Batch(3, 3))
	if b, err := s.Badge(t.Context(), foreign.ID); err != nil || b.Void() {
		t.Errorf("somebody else's badge is %+v, %v", b, err)
	}
	if got, err := s.Registration(t.Context(), theirs.ID); err != nil || got.ID != theirs.ID {
		t.Errorf("somebody else's registration is %+v, %v", got, err)
	}
	if _, err := s.LeadByClient(t.Context(), "device", "7"); !errors.Is(err, hall.ErrNone) {
		t.Errorf("a lead that is none: %v", err)
	}
	if _, err := s.Passage(t.Context(), record.PassageIDOf(when, "device", "7")); !errors.Is(err, hall.ErrNone) {
		t.Errorf("a passage that is none: %v", err)
	}
	read := make(chan [2]hall.Badge)
	go func() {
		older, err := s.Badge(t.Context(), first.ID)
		newer, otherErr := s.Badge(t.Context(), second.ID)
		if err := errors.Join(err, otherErr); err != nil {
			t.Error(err)
		}
		read <- [2]hall.Badge{older, newer}
	}()
	until(t, func() bool {
		s.flow.mu.Lock()
		defer s.flow.mu.Unlock()
		return len(s.flow.readers) > 0
	})
	gate.open()
	if got := <-read; !got[0].Void() || got[1].Void() {
		t.Errorf("the badges are %+v, want the older one void", got)
	}
	s.Settle(t.Context())
	nothingPends(t, s)
	sound(t, s)
}

// P1: what an earlier life has logged, and nobody has decoded yet, concerns
// everybody.
func TestRegistration_OfAnEarlierLife_P1(t *testing.T) {
	path, k := filepath.Join(t.TempDir(), "hall.db"), halltest.NewKiosk("lamps-2027")
	s, gate := held(t, path)
	keep(t, s, say(k, 1))
	s.Settle(t.Context())
	gate.close()
	r := k.Visitor(nil)
	k.Say(r)
	keep(t, s, k.Batch(2, 2))
	<-gate.shut
	again, err := OpenServing(crashed(t, path))
	if err != nil {
		t.Fatal(err)
	}
	again.Watch(func([]hall.Effect) {})
	if got, err := again.Registration(t.Context(), r.ID); err != nil || got.ID != r.ID {
		t.Errorf("the registration is %+v, %v", got, err)
	}
	nothingPends(t, again)
	sound(t, again)
	gate.open()
	sound(t, s)
}
