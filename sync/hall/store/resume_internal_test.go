package store

import (
	"path/filepath"
	"testing"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
)

// killedFile is what a power cut leaves of a hall whose file lacks the last 3 of
// 5 visitors that a kiosk was told are kept.
func killedFile(t *testing.T) (path string, k *halltest.Kiosk) {
	t.Helper()
	path, k = filepath.Join(t.TempDir(), "hall.db"), halltest.NewKiosk("lamps-2027")
	s, gate := held(t, path)
	keep(t, s, say(k, 2))
	s.Settle(t.Context())
	gate.close()
	keep(t, s, say(halltest.NewKiosk("lamps-2027"), 1))
	<-gate.shut
	keep(t, s, say(k, 2), say(k, 1))
	lost := crashed(t, path)
	gate.open()
	sound(t, s)
	return lost, k
}

// P1, P3: a hall that was killed knows at once how far each kiosk was read, and
// reads answer what the file holds; with the first Watch the rest comes, is told
// of, and every read waits for it. What is said again counts once.
func TestOpenServing_RestComesBehind_P1(t *testing.T) {
	path, k := killedFile(t)
	s, err := OpenServing(path)
	if err != nil {
		t.Fatal(err)
	}
	if last, err := s.Cursor(t.Context(), k.Node, k.Epoch); err != nil || last != 5 {
		t.Errorf("before anybody watches the cursor is %d, %v, want 5", last, err)
	}
	if got := registered(t, s); got != 2 {
		t.Errorf("before anybody watches %d visitors are seen, want the 2 of the file", got)
	}
	if waiting := s.Flow().Waiting; waiting != 4 {
		t.Errorf("%d changes wait, want 4", waiting)
	}
	told := 0
	s.Watch(func(effects []hall.Effect) {
		for _, e := range effects {
			if e.Registration != nil && hall.Arrives(*e.Registration) {
				told++
			}
		}
	})
	keep(t, s, say(k, 1), k.Batch(1, 5))
	if got := registered(t, s); got != 7 {
		t.Errorf("%d visitors are seen, want 7", got)
	}
	if told != 5 {
		t.Errorf("the observer was told of %d arrivals, want 5", told)
	}
	if waiting := s.Flow().Waiting; waiting != 0 {
		t.Errorf("%d changes wait, want none", waiting)
	}
	sound(t, s)
}

// P1: a hall that ends before it serves, by an error or a kill, loses nothing.
func TestOpenServing_EndsBeforeItServes_P1(t *testing.T) {
	for _, killed := range []bool{true, false} {
		path, k := killedFile(t)
		s, err := OpenServing(path)
		if err != nil {
			t.Fatal(err)
		}
		again := path
		if killed {
			again = crashed(t, path)
		}
		s.mustClose(t)
		after, err := Open(again)
		if err != nil {
			t.Fatal(err)
		}
		if got := registered(t, after); got != 6 {
			t.Errorf("%d visitors are seen, want 6", got)
		}
		if last, err := after.Cursor(t.Context(), k.Node, k.Epoch); err != nil || last != 5 {
			t.Errorf("the cursor is %d, %v, want 5", last, err)
		}
		sound(t, after)
	}
}

// What the hall itself has said is read without waiting for what kiosks have.
func TestShow_DoesNotWait(t *testing.T) {
	s, gate := held(t, filepath.Join(t.TempDir(), "hall.db"))
	gate.close()
	keep(t, s, say(halltest.NewKiosk("lamps-2027"), 1))
	if show, err := s.Show(t.Context()); err != nil || show.ID != "lamps-2027" {
		t.Errorf("the show is %q, %v", show.ID, err)
	}
	if waiting := s.Flow().Waiting; waiting != 1 {
		t.Errorf("%d changes wait, want 1", waiting)
	}
	gate.open()
	sound(t, s)
}
