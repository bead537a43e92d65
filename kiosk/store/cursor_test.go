package store_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// P11: the mark of what the hall has, at its edges and over a restart.
func TestOutbox_Edges(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if sent, err := s.Sent(t.Context()); sent != 0 || err != nil {
		t.Errorf("nothing done, nothing sent: %d, %v", sent, err)
	}
	for name, move := range map[string]func(context.Context, uint64) error{"Acked": s.Acked, "Rewind": s.Rewind} {
		if err := move(t.Context(), 0); err != nil {
			t.Errorf("%s 0 of 0: %v", name, err)
		}
		if err := move(t.Context(), 1); fault.CodeOf(err) != fault.BadSequence {
			t.Errorf("%s 1 of 0: %v, want wire.sequence", name, err)
		}
	}
	for range 3 {
		add(t, s, "")
	}
	if err := s.Acked(t.Context(), math.MaxUint64); fault.CodeOf(err) != fault.BadSequence {
		t.Errorf("an impossible number: %v", err)
	}
	for _, step := range []struct {
		back     bool
		to, want uint64
	}{{false, 6, 6}, {false, 6, 6}, {false, 5, 6}, {true, 6, 6}, {true, 2, 2}, {true, 4, 4}, {true, 0, 0}, {false, 3, 3}} {
		move := s.Acked
		if step.back {
			move = s.Rewind
		}
		if err := move(t.Context(), step.to); err != nil {
			t.Errorf("%+v: %v", step, err)
		}
		if sent, err := s.Sent(t.Context()); err != nil || sent != step.want {
			t.Errorf("%+v: sent %d, %v", step, sent, err)
		}
	}
	shut(t, s)
	s = open(t, dir)
	if sent, err := s.Sent(t.Context()); err != nil || sent != 3 {
		t.Errorf("after a restart: sent %d, %v, want 3", sent, err)
	}
}

func TestOutbox_ChangesInPieces(t *testing.T) {
	s := open(t, t.TempDir())
	for range 3 {
		add(t, s, "")
	}
	for _, c := range []struct {
		after       uint64
		limit, want int
	}{{0, 6, 6}, {0, 100, 6}, {0, 1, 1}, {5, 10, 1}, {6, 10, 0}, {100, 10, 0}, {math.MaxUint64, 10, 0}, {0, 0, 0}, {0, -1, 0}} {
		changes, err := s.Changes(t.Context(), c.after, c.limit)
		if err != nil || len(changes) != c.want {
			t.Errorf("after %d, at most %d: %d, %v, want %d", c.after, c.limit, len(changes), err, c.want)
		}
		for i, change := range changes {
			if change.Seq != c.after+uint64(i)+1 || len(change.Salt) != 16 {
				t.Errorf("after %d: change %d in place %d", c.after, change.Seq, i)
			}
		}
	}
}

// The bell rings for what the hall should hear of, and for nothing else.
func TestWake_IsQuietForWhatTheHallKnows(t *testing.T) {
	s := open(t, t.TempDir())
	add(t, s, "")
	add(t, s, "")
	rang := func() bool {
		select {
		case <-s.Wake():
			return true
		default:
			return false
		}
	}
	if !rang() || rang() {
		t.Error("two registrations are one ring, until somebody listens")
	}
	err := errors.Join(s.Acked(t.Context(), 4), s.Rewind(t.Context(), 0),
		s.Apply(t.Context(), "E1", []record.Change{change(t, 1, shown("lumen-2027", 5, "#111111"))}))
	if err != nil || rang() {
		t.Errorf("it rings for the hall's own news, %v", err)
	}
}

// P3: a batch that is empty, repeated, skipped, not the show's or from another
// life of the hall leaves the kiosk where it was or exactly one further.
func TestInbox_Edges(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	one := change(t, 1, shown("lumen-2027", 5, "#111111"))
	zero := one
	zero.Seq = 0
	older := change(t, 2, shown("lumen-2027", 1, "#000000"))
	for _, step := range []struct {
		name    string
		epoch   record.Epoch
		changes []record.Change
		want    record.Cursor
		code    fault.Code
	}{
		{"NothingYet", "E1", nil, record.Cursor{Epoch: "E1"}, ""},
		{"NumberZero", "E1", []record.Change{zero}, record.Cursor{Epoch: "E1"}, fault.BadSequence},
		{"Skipped", "E1", []record.Change{older}, record.Cursor{Epoch: "E1"}, fault.BadSequence},
		{"First", "E1", []record.Change{one}, record.Cursor{Epoch: "E1", Seq: 1}, ""},
		{"TwiceInOne", "E1", []record.Change{one, one}, record.Cursor{Epoch: "E1", Seq: 1}, fault.BadSequence},
		{"OlderRevisionComesLate", "E1", []record.Change{older}, record.Cursor{Epoch: "E1", Seq: 2}, ""},
		{"NewLifeSkipsItsFirst", "E2", []record.Change{older}, record.Cursor{Epoch: "E1", Seq: 2}, fault.BadSequence},
		{"NewLife", "E2", []record.Change{one}, record.Cursor{Epoch: "E2", Seq: 1}, ""},
	} {
		if err := s.Apply(t.Context(), step.epoch, step.changes); fault.CodeOf(err) != step.code {
			t.Errorf("%s = %v, want %q", step.name, err, step.code)
		}
		if at, err := s.Read(t.Context()); err != nil || at != step.want {
			t.Errorf("%s: read = %+v, %v, want %+v", step.name, at, err, step.want)
		}
	}
	if got := s.Show().Accent; got != "#111111" {
		t.Errorf("accent %q, want the latest revision's", got)
	}
	shut(t, s)
	s = open(t, dir)
	if at, err := s.Read(t.Context()); err != nil || at != (record.Cursor{Epoch: "E2", Seq: 1}) || s.Show().Accent != "#111111" {
		t.Errorf("after a restart %+v, %v, accent %q", at, err, s.Show().Accent)
	}
}

// P9: what a kiosk cannot use is kept once per life of the hall, over restarts.
func TestInbox_AsideIsKeptOnce(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	strange := change(t, 1, shown("lumen-2027", 5, "#111111"))
	strange.Kind = "moon.phase"
	for i, epoch := range []record.Epoch{"E1", "E1", "E2"} {
		if err := s.Apply(t.Context(), epoch, []record.Change{strange}); err != nil {
			t.Fatal(err)
		}
		shut(t, s)
		s = open(t, dir)
		want := []int{1, 1, 2}[i]
		if standing, err := s.Standing(t.Context()); err != nil || standing.Aside != want {
			t.Errorf("delivery %d: %d put aside, %v, want %d", i+1, standing.Aside, err, want)
		}
	}
	if s.Show().Accent != "" {
		t.Error("the strange change is in force")
	}
}

// The clock follows the hall's, and never more than five minutes ahead.
func TestInbox_ClockFollowsTheHall(t *testing.T) {
	s := open(t, t.TempDir())
	now := s.Clock().Tick()
	ahead := change(t, 1, shown("lumen-2027", 5, "#111111"))
	ahead.Stamp = record.Stamp{Wall: now.Wall + 60_000, Node: "HALL"}
	far := change(t, 2, shown("lumen-2027", 6, "#222222"))
	far.Stamp = record.Stamp{Wall: now.Wall + 24*3600_000, Node: "HALL"}
	if err := s.Apply(t.Context(), "E1", []record.Change{ahead, far}); err != nil {
		t.Fatal(err)
	}
	if got := s.Clock().Tick(); got.Compare(ahead.Stamp) <= 0 || got.Compare(far.Stamp) >= 0 {
		t.Errorf("tick %+v, want after %+v and before %+v", got, ahead.Stamp, far.Stamp)
	}
}

func TestStore_EndedContextChangesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Add(ctx, "key-1", entry(t, s), record.Tally{}); !errors.Is(err, context.Canceled) || last(t, s) != 0 {
		t.Errorf("Add = %v, journal %d", err, last(t, s))
	}
	if err := s.Apply(ctx, "E1", []record.Change{change(t, 1, shown("lumen-2027", 5, "#111111"))}); !errors.Is(err, context.Canceled) || s.Show().Accent != "" {
		t.Errorf("Apply = %v, accent %q", err, s.Show().Accent)
	}
}
