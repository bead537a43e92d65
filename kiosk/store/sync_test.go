package store_test

import (
	"testing"

	"hallpass/kiosk/store"
	"hallpass/sync/fault"
	"hallpass/sync/link"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

var (
	_ link.Outbox = (*store.Store)(nil)
	_ link.Inbox  = (*store.Store)(nil)
)

func TestOutbox_MarkNeverPassesTheEnd(t *testing.T) { // P11
	s := open(t, t.TempDir())
	add(t, s, "")
	for _, step := range []struct {
		name string
		move func(uint64) error
		to   uint64
		want uint64
		code fault.Code
	}{
		{"Forward", func(n uint64) error { return s.Acked(t.Context(), n) }, 2, 2, ""},
		{"LowerIsLeft", func(n uint64) error { return s.Acked(t.Context(), n) }, 1, 2, ""},
		{"BeyondTheEnd", func(n uint64) error { return s.Acked(t.Context(), n) }, 3, 2, fault.BadSequence},
		{"Rewound", func(n uint64) error { return s.Rewind(t.Context(), n) }, 1, 1, ""},
	} {
		if err := step.move(step.to); fault.CodeOf(err) != step.code {
			t.Errorf("%s = %v, want %q", step.name, err, step.code)
		}
		if got, err := s.Sent(t.Context()); err != nil || got != step.want {
			t.Errorf("%s: sent = %d, %v, want %d", step.name, got, err, step.want)
		}
	}
	changes, err := s.Changes(t.Context(), 1, 10)
	if err != nil || len(changes) != 1 || changes[0].Seq != 2 || changes[0].Kind != record.KindBadge {
		t.Errorf("changes after 1 = %+v, %v", changes, err)
	}
}

func TestWake_RingsAfterCommit(t *testing.T) {
	s := open(t, t.TempDir())
	add(t, s, "")
	select {
	case <-s.Wake():
	default:
		t.Error("no ring")
	}
}

// change makes one of the hall's changes.
func change(t *testing.T, seq uint64, fact record.Fact) record.Change {
	t.Helper()
	payload, err := wire.Encode(fact)
	if err != nil {
		t.Fatal(err)
	}
	return record.Change{Node: "HALL", Seq: seq, Stamp: record.Stamp{Wall: int64(seq), Node: "HALL"}, Kind: fact.Kind(), Payload: payload, Salt: []byte{1}}
}

func shown(id record.ShowID, revised int64, accent string) record.Show {
	s := sampleShow(id)
	s.Accent, s.Revised = accent, record.Stamp{Wall: revised, Node: "HALL"}
	return s
}

func TestInbox_ShowIsInForceAtOnceAndAfterRestart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if got := s.Show().Accent; got != "" {
		t.Errorf("before: accent %q, want the show given at the start", got)
	}
	if err := s.Apply(t.Context(), "E1", []record.Change{change(t, 1, shown("lumen-2027", 5, "#111111"))}); err != nil {
		t.Fatal(err)
	}
	if got := s.Show().Accent; got != "#111111" {
		t.Errorf("accent = %q, want the hall's", got)
	}
	shut(t, s)
	s = open(t, dir)
	at, err := s.Read(t.Context())
	if got := s.Show().Accent; got != "#111111" || err != nil || at != (record.Cursor{Epoch: "E1", Seq: 1}) {
		t.Errorf("after a restart: accent %q, read %+v, %v", got, at, err)
	}
}

func TestInbox_AnyOrderOfRepeats(t *testing.T) { // P3, P4
	s := open(t, t.TempDir())
	one, two := change(t, 1, shown("lumen-2027", 5, "#111111")), change(t, 2, shown("lumen-2027", 9, "#222222"))
	for _, step := range []struct {
		name    string
		epoch   record.Epoch
		changes []record.Change
		want    record.Cursor
		code    fault.Code
	}{
		{"Both", "E1", []record.Change{one, two}, record.Cursor{Epoch: "E1", Seq: 2}, ""},
		{"Repeat", "E1", []record.Change{one, two}, record.Cursor{Epoch: "E1", Seq: 2}, ""},
		{"Gap", "E1", []record.Change{change(t, 4, shown("lumen-2027", 10, "#333333"))}, record.Cursor{Epoch: "E1", Seq: 2}, fault.BadSequence},
		{"GapInside", "E1", []record.Change{two, change(t, 4, shown("lumen-2027", 10, "#333333"))}, record.Cursor{Epoch: "E1", Seq: 2}, fault.BadSequence},
		{"NewEpochFromTheMiddle", "E2", []record.Change{two}, record.Cursor{Epoch: "E1", Seq: 2}, fault.BadSequence},
		{"RestoredHallSameEpoch", "E1", []record.Change{one}, record.Cursor{Epoch: "E1", Seq: 1}, ""},
		{"NewEpoch", "E2", []record.Change{one}, record.Cursor{Epoch: "E2", Seq: 1}, ""},
	} {
		if err := s.Apply(t.Context(), step.epoch, step.changes); fault.CodeOf(err) != step.code {
			t.Errorf("%s = %v, want %q", step.name, err, step.code)
		}
		if at, err := s.Read(t.Context()); err != nil || at != step.want {
			t.Errorf("%s: read = %+v, %v, want %+v", step.name, at, err, step.want)
		}
		if got := s.Show().Accent; got != "#222222" {
			t.Errorf("%s: accent = %q, want the latest revision's", step.name, got)
		}
	}
}

// P9: what this program cannot use is put aside and does not hold up the rest.
func TestInbox_PutsAside(t *testing.T) {
	s := open(t, t.TempDir())
	later := change(t, 1, shown("lumen-2027", 5, "#111111"))
	later.Kind = "moon"
	broken := change(t, 2, shown("lumen-2027", 6, "#111111"))
	broken.Payload = []byte{0xff}
	lead := change(t, 3, record.Lead{ID: "l", Show: "lumen-2027", Exhibitor: "x", Badge: "b", At: sampleShow("x").FirstDay})
	erased := change(t, 4, shown("lumen-2027", 7, "#111111"))
	erased.Salt, erased.Payload = nil, nil
	good := change(t, 5, shown("lumen-2027", 8, "#888888"))
	for range 2 {
		if err := s.Apply(t.Context(), "E1", []record.Change{later, broken, lead, erased, good}); err != nil {
			t.Fatal(err)
		}
	}
	standing, err := s.Standing(t.Context())
	if err != nil || standing.Aside != 3 || s.Show().Accent != "#888888" {
		t.Errorf("standing = %+v, %v, accent %q", standing, err, s.Show().Accent)
	}
}

func TestPair_TellsTheHallWhatWasDoneAlone(t *testing.T) { // P2
	dir := t.TempDir()
	s := open(t, dir)
	e := add(t, s, "")
	if _, ok, err := s.Pairing(t.Context()); ok || err != nil {
		t.Fatalf("paired before: %v, %v", ok, err)
	}
	before, err := s.Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	pairing := store.Pairing{URL: "https://hall.example:8443", Node: "01JNODEGIVENBYTHEHALL00000", Hall: "HALL", Show: "lumen-2027"}
	if err := s.Pair(t.Context(), pairing); err != nil {
		t.Fatal(err)
	}
	after, err := s.Standing(t.Context())
	if err != nil || after.Node != pairing.Node || after.Epoch == before.Epoch || after.Last != before.Last || after.Acked != 0 {
		t.Errorf("standing = %+v, %v, before %+v", after, err, before)
	}
	if got := s.Clock().Tick().Node; got != pairing.Node {
		t.Errorf("stamps of %q, want %q", got, pairing.Node)
	}
	if kept, err := s.Find(t.Context(), e.Registration.ID); err != nil || kept.Registration.Field("name") != "林晓" {
		t.Errorf("kept = %v, %v", kept.Registration.ID, err)
	}
	if err := s.Pair(t.Context(), pairing); err == nil {
		t.Error("paired twice")
	}
	if err := s.Apply(t.Context(), "E1", []record.Change{change(t, 1, shown("other-2027", 9, "#999999"))}); err != nil || s.Show().ID != "lumen-2027" {
		t.Errorf("another show is in force: %s, %v", s.Show().ID, err)
	}
	shut(t, s)
	s = open(t, dir)
	if kept, ok, err := s.Pairing(t.Context()); !ok || err != nil || kept.URL != pairing.URL {
		t.Errorf("after a restart: %+v, %v, %v", kept, ok, err)
	}
}
