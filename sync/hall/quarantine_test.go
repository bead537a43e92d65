package hall_test

import (
	"slices"
	"testing"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// waiting returns what waits in quarantine.
func waiting(t *testing.T, h *expo, want int) []hall.Refusal {
	t.Helper()
	list, _, err := h.Quarantine(t.Context(), dana, false, 0, 100)
	if err != nil || len(list) != want || h.Stats().Quarantine != want {
		t.Fatalf("%d in quarantine, %v, stats say %d, want %d", len(list), err, h.Stats().Quarantine, want)
	}
	return list
}

// P9: what a copied disk tells differently waits for a person, and is taken in
// when the person says so: once, however often the kiosk sends it.
func TestRetry_OfACopiedDisk_P9(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	r := k.Visitor(map[record.FieldName]string{"name": "Ida Example", "company": "Quilon"})
	k.Say(r)
	copied := *k
	copied.Changes = slices.Clone(k.Changes)
	k.Say(edited(k, r, "field.company", "Quillon"))
	copied.Say(edited(&copied, r, "field.company", "Quillon Ltd"), copied.Visitor(map[record.FieldName]string{"name": "Noor Example"}))
	h.deliver(t, k)
	for range 3 { // twice the hall says that it knows another history, for kiosks that can begin a new one
		conn, _ := h.dial(t, &copied)
		if err := copied.Send(t.Context(), conn, 1, 3); err != nil {
			t.Logf("told at once: %v", err)
		}
	}
	list := waiting(t, h, 2)
	if err := h.Retry(t.Context(), dana, list[1].Place); err != nil {
		t.Fatal(err)
	}
	if n := h.Stats().Registrations; n != 2 {
		t.Errorf("%d registrations, want the copy's too", n)
	}
	if taken, left, err := h.RetryAll(t.Context(), dana); taken != 1 || left != 0 || err != nil {
		t.Errorf("all: %d taken, %d left, %v", taken, left, err)
	}
	waiting(t, h, 0)
	open(t, h, 1) // both disks have changed one company
	conn, _ := h.dial(t, &copied)
	if err := copied.Send(t.Context(), conn, 1, 3); err != nil {
		t.Fatal(err)
	}
	waiting(t, h, 0)
	if err := h.Retry(t.Context(), dana, list[0].Place); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("taken twice: %v", err)
	}
	if log, _, err := h.Decisions(t.Context(), dana, "", 10); err != nil || len(log) != 2 || log[0].Act != record.ActRetry || log[0].Refused.Node != k.Node {
		t.Errorf("decisions %+v, %v", log, err)
	}
}

// P9: what was discarded is kept with who said so and why, and may come back.
func TestDiscard_IsKept_P9(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	other := k.Visitor(map[record.FieldName]string{"name": "Ida Example"})
	other.Show = "rehearsal"
	k.Say(other)
	h.deliver(t, k)
	at := waiting(t, h, 1)[0].Place
	if err := h.Retry(t.Context(), dana, at); fault.CodeOf(err) != fault.RefusedFact {
		t.Errorf("another show's fact is judged %v", err)
	}
	booth := hall.Principal{Role: hall.RoleExhibitor}
	if err := h.Discard(t.Context(), booth, at, "mine"); fault.CodeOf(err) != fault.AuthDenied {
		t.Errorf("a booth discards: %v", err)
	}
	for range 2 {
		if err := h.Discard(t.Context(), dana, at, "of a rehearsal"); err != nil {
			t.Fatal(err)
		}
	}
	waiting(t, h, 0)
	kept, _, err := h.Quarantine(t.Context(), dana, true, 0, 10)
	if err != nil || len(kept) != 1 || kept[0].Discarded.By != "dana" || kept[0].Discarded.Why != "of a rehearsal" || len(kept[0].Payload) == 0 || h.Stats().Discarded != 1 {
		t.Errorf("kept %+v, %v, stats %d", kept, err, h.Stats().Discarded)
	}
	if err := h.Discard(t.Context(), dana, at+1, "nothing"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("nothing is discarded: %v", err)
	}
}
