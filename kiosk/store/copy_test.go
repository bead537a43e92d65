package store_test

import (
	"os"
	"sync"
	"testing"

	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/record"
)

// P3, P11: a folder that was copied while its kiosk ran begins a new life and
// tells everything anew, so the hall loses nothing of either; the original goes
// on in its own. What visitors were told stays with both.
func TestOpen_CopiedFolder(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	newHall().pair(t, s)
	kept := fill(t, s, 6)
	if err := s.Acked(t.Context(), last(t, s)); err != nil {
		t.Fatal(err)
	}
	was, err := s.Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	c := open(t, copied)
	is, err := c.Standing(t.Context())
	if err != nil || !c.Copied() || is.Epoch == was.Epoch || is.Node != was.Node || is.Acked != 0 || is.Last != was.Last {
		t.Errorf("the copy: %v, %+v, %v; was %+v", c.Copied(), is, err, was)
	}
	same(t, c, kept)
	same(t, s, kept)
	a, b := add(t, s, ""), add(t, c, "")
	hall := merged(t, s, c)
	for _, e := range append(kept, a, b) {
		if hall[e.Registration.ID] == "" {
			t.Errorf("the hall does not get %s", e.Registration.ID)
		}
	}
	shut(t, c)
	c = open(t, copied)
	again, err := c.Standing(t.Context())
	if err != nil || c.Copied() || again.Epoch != is.Epoch {
		t.Errorf("opened again: copied %v, %+v, %v", c.Copied(), again, err)
	}
	if s.Copied() {
		t.Error("the original is taken for a copy")
	}
}

// What two kiosks of one name say on the hall's word, in one life each.
func TestNewLife(t *testing.T) {
	s := open(t, t.TempDir())
	newHall().pair(t, s)
	kept := fill(t, s, 3)
	before, err := s.Standing(t.Context())
	if err != nil || s.Acked(t.Context(), before.Last) != nil {
		t.Fatal(err)
	}
	for range 2 {
		var desk sync.WaitGroup // people go on registering
		desk.Go(func() {
			for range 20 {
				if _, _, err := s.Add(t.Context(), "", entry(t, s), record.Tally{}); err != nil {
					t.Error(err)
				}
			}
		})
		if err := s.NewLife(t.Context()); err != nil {
			t.Fatal(err)
		}
		desk.Wait()
		before.Last += 40
		after, err := s.Standing(t.Context())
		if err != nil || after.Epoch == before.Epoch || after.Acked != 0 || after.Last != before.Last {
			t.Errorf("a new life: %+v, %v; before %+v", after, err, before)
		}
		same(t, s, kept)
		before = after
	}
	fill(t, s, 0)
	e := add(t, s, "")
	if _, err := s.Change(t.Context(), e.Registration.ID, func(e *kiosk.Entry) error {
		e.Badges[0].Voided = s.Clock().Tick()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// merged is what a hall has that hears all of them.
func merged(t *testing.T, kiosks ...*store.Store) map[record.RegistrationID]string {
	t.Helper()
	out := map[record.RegistrationID]string{}
	for _, s := range kiosks {
		changes, err := s.Changes(t.Context(), 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			if c.Kind == record.KindBadge {
				out[decodeBadge(t, c).Registration] = string(c.Epoch)
			}
		}
	}
	return out
}
