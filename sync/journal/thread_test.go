package journal_test

import (
	"errors"
	"testing"

	"hallpass/sync/journal"
	"hallpass/sync/record"
)

// A thread and a file in bbolt agree on every byte, whichever of them wrote.
func TestThread_FollowsAndWritesWhatTheFileHas(t *testing.T) {
	db := open(t)
	j := journal.New(kiosk, life, "journal")
	changes := fill(t, db, j, 5)
	follow, write := journal.NewThread(kiosk, life), journal.NewThread(kiosk, life)
	for _, c := range changes {
		if err := follow.Next(c); err != nil {
			t.Fatal(err)
		}
		if got := write.Write(c.Stamp, c.Kind, c.Payload, c.Salt); got.Chain != c.Chain || got.Seq != c.Seq {
			t.Errorf("entry %d written by the thread has another chain", c.Seq)
		}
	}
	if seq, chain := follow.End(); seq != 5 || chain != changes[4].Chain {
		t.Errorf("the thread ends at %d", seq)
	}
	later := journal.ThreadAfter(kiosk, life, 3, changes[2].Chain)
	if err := later.Next(changes[3]); err != nil {
		t.Errorf("from the middle: %v", err)
	}
}

func TestThread_Refuses(t *testing.T) {
	db := open(t)
	changes := fill(t, db, journal.New(kiosk, life, "journal"), 3)
	foreign, content, chain := changes[0], changes[0], changes[0]
	foreign.Node = "01OTHER"
	content.Payload = []byte("other")
	chain.Chain[0] ^= 1
	for name, c := range map[string]struct {
		change record.Change
		want   error
	}{
		"Gap": {changes[1], journal.ErrGap}, "Foreign": {foreign, journal.ErrFork},
		"Content": {content, journal.ErrDamaged}, "Chain": {chain, journal.ErrFork},
	} {
		thread := journal.NewThread(kiosk, life)
		if err := thread.Next(c.change); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if err := thread.Next(changes[0]); err != nil {
			t.Errorf("%s: the thread has moved: %v", name, err)
		}
	}
}
