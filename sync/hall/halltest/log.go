package halltest

import (
	"fmt"
	"testing"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// Batch judges the kiosk's changes from first to last.
func (k *Kiosk) Batch(first, last int) hall.Batch {
	b := hall.Batch{Node: k.Node, Epoch: k.Epoch}
	for _, c := range k.Changes[first-1 : last] {
		b.Entries = append(b.Entries, hall.Judge(c, k.show))
	}
	return b
}

// TestLog is what every hall.Log must satisfy; open returns an empty one.
func TestLog(t *testing.T, open func(testing.TB) hall.Log) {
	for name, test := range map[string]func(*testing.T, hall.Log){
		"P3_OnceHoweverOften": logOnce, "GapIsTheBatchsOwnFault": logGap, "NewDiskStartsAgain": logNewDisk,
		"TwoHistoriesAreKept": logFork, "EffectsInCommitOrder": logEffects, "PayloadAsItCame": logVerbatim,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func visitors(n int) *Kiosk {
	k := NewKiosk("lamps-2027")
	for i := range n {
		k.Say(k.Visitor(map[record.FieldName]string{"name": fmt.Sprint("Visitor ", i)}))
	}
	return k
}

func appendAll(t *testing.T, log hall.Log, batches ...hall.Batch) []hall.Outcome {
	t.Helper()
	outcomes, err := log.Append(t.Context(), batches)
	if err != nil || len(outcomes) != len(batches) {
		t.Fatalf("append: %d outcomes of %d, %v", len(outcomes), len(batches), err)
	}
	return outcomes
}

func kept(t *testing.T, log hall.Log, k *Kiosk, want uint64) {
	t.Helper()
	if got, err := log.Cursor(t.Context(), k.Node, k.Epoch); err != nil || got != want {
		t.Fatalf("cursor = %d, %v, want %d", got, err, want)
	}
}

// count adds up what the log says has arrived.
func count(log hall.Log) (registrations, quarantined *int) {
	registrations, quarantined = new(int), new(int)
	log.Watch(func(effects []hall.Effect) {
		for _, e := range effects {
			*quarantined += e.Quarantined
			if e.Registration != nil && e.Registration.Fresh {
				*registrations++
			}
		}
	})
	return registrations, quarantined
}

func logOnce(t *testing.T, log hall.Log) {
	k := visitors(4)
	fresh, _ := count(log)
	appendAll(t, log, k.Batch(1, 3), k.Batch(1, 3), k.Batch(2, 4))
	appendAll(t, log, k.Batch(1, 4))
	kept(t, log, k, 4)
	log.Settle(t.Context())
	if *fresh != 4 {
		t.Errorf("%d registrations arrived, want 4", *fresh)
	}
}

func logGap(t *testing.T, log hall.Log) {
	k, other := visitors(5), visitors(2)
	outcomes := appendAll(t, log, k.Batch(1, 2), k.Batch(4, 5), other.Batch(1, 2))
	if fault.CodeOf(outcomes[1].Err) != fault.BadSequence || outcomes[1].Last != 2 {
		t.Errorf("a gap gives %+v, want wire.sequence after 2", outcomes[1])
	}
	if outcomes[0].Err != nil || outcomes[2].Err != nil {
		t.Errorf("the neighbours' outcomes are %v and %v", outcomes[0].Err, outcomes[2].Err)
	}
	kept(t, log, k, 2)
	kept(t, log, other, 2)
}

func logNewDisk(t *testing.T, log hall.Log) {
	k := visitors(3)
	appendAll(t, log, k.Batch(1, 3))
	old := *k
	k.NewDisk()
	k.Say(k.Visitor(map[record.FieldName]string{"name": "After"}))
	appendAll(t, log, k.Batch(1, 1))
	kept(t, log, k, 1)
	kept(t, log, &old, 3)
}

// A copied disk repeats numbers: the first history stays, and the other is told
// to begin a new life. From a kiosk that does not, it is kept in quarantine, and
// nothing is passed over.
func logFork(t *testing.T, log hall.Log) {
	k := visitors(2)
	appendAll(t, log, k.Batch(1, 2))
	first := *k
	first.Changes = k.Changes[:2:2]
	second := first
	first.Say(first.Visitor(map[record.FieldName]string{"name": "One"}))
	second.Say(second.Visitor(map[record.FieldName]string{"name": "Two"}))
	second.Say(second.Visitor(map[record.FieldName]string{"name": "Three"}))
	appendAll(t, log, first.Batch(3, 3))
	_, quarantined := count(log)
	for _, last := range []uint64{3, 0} { // where the hall says to go on from
		if got := appendAll(t, log, second.Batch(3, 4))[0]; fault.CodeOf(got.Err) != fault.Forked {
			t.Fatalf("the second history gives %+v, want wire.history", got)
		}
		kept(t, log, &second, last)
	}
	for range 2 {
		if got := appendAll(t, log, second.Batch(1, 4))[0]; got.Err != nil {
			t.Fatalf("sent again: %v", got.Err)
		}
	}
	log.Settle(t.Context())
	if *quarantined != 2 {
		t.Errorf("%d in quarantine, want the second history's 2", *quarantined)
	}
}

func logEffects(t *testing.T, log hall.Log) {
	k := visitors(3)
	var names []string
	log.Watch(func(effects []hall.Effect) {
		for _, e := range effects {
			names = append(names, e.Registration.New.Field("name"))
		}
	})
	appendAll(t, log, k.Batch(1, 1), k.Batch(2, 2))
	appendAll(t, log, k.Batch(3, 3))
	log.Settle(t.Context())
	if got, want := fmt.Sprint(names), "[Visitor 0 Visitor 1 Visitor 2]"; got != want {
		t.Errorf("effects = %s, want %s", got, want)
	}
}

func logVerbatim(t *testing.T, log hall.Log) {
	k := visitors(1)
	k.SayBytes("moon.phase", []byte("from a later program"))
	k.SayBytes(record.KindBadge, []byte{0xFF})
	_, quarantined := count(log)
	appendAll(t, log, k.Batch(1, 3))
	got, err := log.Changes(t.Context(), k.Node, k.Epoch, 1, 10)
	if err != nil || len(got) != 2 {
		t.Fatalf("changes = %d, %v, want 2", len(got), err)
	}
	if string(got[0].Payload) != "from a later program" || got[0].Chain != k.Changes[1].Chain {
		t.Error("the unknown fact is not kept as it came")
	}
	log.Settle(t.Context())
	if *quarantined != 2 {
		t.Errorf("%d in quarantine, want 2", *quarantined)
	}
	kept(t, log, k, 3)
}
