package link_test

import (
	"testing"
)

func TestRun_SendsTheJournalAndWhatIsAddedLater(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	k.add(450)
	k.run(h.url())
	eventually(t, "450 changes at the hall", func() bool { return h.count("kiosk-1") == 450 })
	k.add(1)
	eventually(t, "the added change acknowledged", func() bool { return k.Status().AckedSeq == 451 })
	status := k.Status()
	if !status.Up || status.LastSeq != 451 || status.Unsent != 0 || status.LastError != "" {
		t.Errorf("Status = %+v, want up and nothing unsent", status)
	}
	h.see(func() {
		if h.repeats != 0 {
			t.Errorf("%d changes came again, want none", h.repeats)
		}
	})
}
