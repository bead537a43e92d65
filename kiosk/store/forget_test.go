package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// aging opens a store whose clock the test moves, checked when the test ends.
func aging(t *testing.T, dir string, now *time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(dir, store.Options{Show: sampleShow("lumen-2027"), Wait: time.Second, Now: func() time.Time { return *now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, s) })
	return s
}

func settled(t *testing.T, s *store.Store, e kiosk.Entry, state record.BadgeState) {
	t.Helper()
	_, err := s.Change(t.Context(), e.Registration.ID, func(e *kiosk.Entry) error {
		e.Badges[0].State = record.Register[record.BadgeState]{Value: state, At: s.Clock().Tick()}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func acked(t *testing.T, s *store.Store, seq uint64) {
	t.Helper()
	if err := s.Acked(t.Context(), seq); err != nil {
		t.Fatal(err)
	}
}

func forgets(t *testing.T, s *store.Store, after time.Duration, want int) {
	t.Helper()
	if gone, err := s.Forget(t.Context(), after); err != nil || gone != want {
		t.Errorf("Forget = %d, %v, want %d", gone, err, want)
	}
}

// holds reports whether any file of the folder has the text.
func holds(t *testing.T, dir, text string) bool {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(text)) {
			return true
		}
	}
	return false
}

// P10: a day after the hall has a registration nothing personal of it is left
// on the kiosk's disk; before that, and while its badge needs the printer, all
// of it is. The journal still verifies, the screen says where to ask, and a
// repeat is still no second visitor (P3).
func TestForget_ADayAfterTheHallHasIt_P10(t *testing.T) {
	const day = 24 * time.Hour
	dir, now := t.TempDir(), time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC)
	s := aging(t, dir, &now)
	done, waiting := add(t, s, "done"), add(t, s, "waiting")
	settled(t, s, done, record.BadgeIssued)
	forgets(t, s, day, 0) // the hall has nothing
	acked(t, s, 2)
	now = now.Add(day + time.Hour)
	forgets(t, s, day, 0) // the hall does not know yet that it was issued
	acked(t, s, 5)
	now = now.Add(day - time.Minute)
	forgets(t, s, day, 0)
	if !holds(t, dir, "林晓") {
		t.Fatal("the name is not looked for as it is written")
	}
	now = now.Add(3 * time.Minute)
	forgets(t, s, day, 1)
	forgets(t, s, day, 0)
	if _, err := s.Find(t.Context(), done.Registration.ID); fault.CodeOf(err) != fault.Forgotten {
		t.Errorf("Find = %v, want forgotten", err)
	}
	if found, err := s.ByShortCode(t.Context(), done.Badges[0].ShortCode); fault.CodeOf(err) != fault.Forgotten || len(found) != 0 {
		t.Errorf("ByShortCode = %d, %v, want forgotten", len(found), err)
	}
	if _, _, err := s.Add(t.Context(), "done", entry(t, s), record.Tally{}); fault.CodeOf(err) != fault.Forgotten {
		t.Errorf("a repeat = %v, want forgotten", err)
	}
	if kept, err := s.Find(t.Context(), waiting.Registration.ID); err != nil || kept.Registration.Field("name") == "" {
		t.Errorf("whose badge waits for the printer: %v", err)
	}
	report, err := s.Check(t.Context())
	if err != nil || !report.OK || report.Facts != 5 {
		t.Errorf("check = %+v, %v", report, err)
	}
	settled(t, s, waiting, record.BadgeIssued)
	acked(t, s, 6)
	now = now.Add(day + 2*time.Minute)
	forgets(t, s, day, 1)
	if holds(t, dir, "林晓") {
		t.Error("a name is left on the disk")
	}
	add(t, s, "tomorrow")
	shut(t, s)
	s = aging(t, dir, &now)
	if got := last(t, s); got != 8 {
		t.Errorf("the journal ends at %d, want 8", got)
	}
}

// P6: however short the time is set, whoever is still at the desk gets another
// badge; and a kiosk without a hall forgets nobody (P2).
func TestForget_NotWhoIsStillThere(t *testing.T) {
	now := time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC)
	s := aging(t, t.TempDir(), &now)
	e := add(t, s, "")
	settled(t, s, e, record.BadgeFailed)
	now = now.Add(1000 * time.Hour)
	forgets(t, s, 0, 0)
	acked(t, s, 3)
	now = now.Add(store.Soonest - time.Second)
	forgets(t, s, 0, 0)
	settled(t, s, e, record.BadgeReserved) // printed again
	now = now.Add(24 * time.Hour)
	forgets(t, s, 0, 0)
}

// A hall that was put back from a backup has less again: what it lacks stays
// until it has had it for the whole time.
func TestForget_AfterARestoredHall(t *testing.T) {
	now := time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC)
	s := aging(t, t.TempDir(), &now)
	for range 2 {
		settled(t, s, add(t, s, ""), record.BadgeIssued)
	}
	acked(t, s, 6)
	now = now.Add(25 * time.Hour)
	if err := s.Rewind(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	forgets(t, s, 24*time.Hour, 0)
	acked(t, s, 6)
	forgets(t, s, 24*time.Hour, 0)
	now = now.Add(25 * time.Hour)
	forgets(t, s, 24*time.Hour, 2)
}

// A clock that jumps a day either way never has anything forgotten that the
// hall lacks, nor kept for ever.
func TestForget_ClockJumps(t *testing.T) {
	const day = 24 * time.Hour
	for name, jump := range map[string]time.Duration{"Forward": day, "Back": -day} {
		t.Run(name, func(t *testing.T) {
			now := time.Date(2027, 4, 21, 9, 0, 0, 0, time.UTC)
			s := aging(t, t.TempDir(), &now)
			settled(t, s, add(t, s, ""), record.BadgeIssued)
			acked(t, s, 3)
			now = now.Add(jump)
			unsent := add(t, s, "")
			settled(t, s, unsent, record.BadgeIssued)
			now = now.Add(5 * time.Minute)
			if _, err := s.Forget(t.Context(), day); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Find(t.Context(), unsent.Registration.ID); err != nil {
				t.Errorf("what the hall lacks: %v", err)
			}
			now = now.Add(-jump)
			acked(t, s, 6)
			now = now.Add(day + 2*ackedGrain)
			if _, err := s.Forget(t.Context(), day); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Find(t.Context(), unsent.Registration.ID); fault.CodeOf(err) != fault.Forgotten {
				t.Errorf("a day after the hall has it: %v", err)
			}
		})
	}
}

const ackedGrain = time.Minute
