package hall_test

import (
	"errors"
	"testing"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
)

// P9: a kiosk whose facts are refused without end fills no disk: at the bound
// nothing more of it is taken, good or bad, and nothing of it is dropped either.
// Its neighbours notice nothing, the operator is told, also after a restart, and
// when a person has decided it is heard again.
func TestServe_QuarantineIsBounded(t *testing.T) {
	k, neighbour := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	h := start(t, k, neighbour)
	taken := pour(t, h, k)
	if taken < 10_000 || taken > 10_400 { // and what was under way
		t.Errorf("%d were taken, want those up to the bound", taken)
	}
	if got := kioskOf(h.Hall, k); !got.Refused || got.Quarantined != taken {
		t.Errorf("the operator sees %+v", got)
	}
	for range 3 { // it calls again and again
		conn, welcome := h.dial(t, k)
		if welcome.Read.Seq != uint64(taken) {
			t.Errorf("resume after %d, want %d: nothing is passed over", welcome.Read.Seq, taken)
		}
		wantBye(t, "at the bound", k.Send(t.Context(), conn, taken+1, taken+200), fault.TooMany)
	}
	neighbour.Say(neighbour.Visitor(ida))
	h.deliver(t, neighbour)
	if _, err := h.bring(t, k.Carry(t, 1, len(k.Changes), nil)); fault.CodeOf(err) != fault.TooMany {
		t.Errorf("by file: %v, want it to wait too", err)
	}
	h.restart(t, func(again *hall.Hall) {
		if got := kioskOf(again, k); !got.Refused || got.Quarantined != taken {
			t.Errorf("after a restart the operator sees %+v", got)
		}
	})
	list, _, err := h.Quarantine(t.Context(), dana, false, 0, taken-9_990)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if err := h.Discard(t.Context(), dana, r.Place, "rubbish"); err != nil {
			t.Fatal(err)
		}
	}
	conn, _ := h.dial(t, k)
	if err := k.Send(t.Context(), conn, taken+1, taken+200); err != nil {
		t.Errorf("when there is room again: %v", err)
	}
	if s := h.Stats(); s.Registrations != 1 || s.Discarded != len(list) || s.Quarantine != taken+200-len(list) {
		t.Errorf("in the end %d registrations, %d discarded, %d in quarantine", s.Registrations, s.Discarded, s.Quarantine)
	}
}

// pour sends refused facts until the hall takes no more; the last one was not
// taken.
func pour(t *testing.T, h *expo, k *halltest.Kiosk) (taken int) {
	t.Helper()
	conn, _ := h.dial(t, k)
	for range 60 {
		for range 200 {
			k.SayBytes("moon.phase", []byte("full"))
		}
		err := k.Send(t.Context(), conn, len(k.Changes)-199, len(k.Changes))
		if refused := (halltest.Refused{}); errors.As(err, &refused) {
			wantBye(t, "at the bound", err, fault.TooMany)
			return taken
		}
		if err != nil {
			t.Fatal(err)
		}
		taken += 200
	}
	t.Fatal("12,000 refused facts were taken")
	return 0
}

func kioskOf(h *hall.Hall, k *halltest.Kiosk) hall.Kiosk {
	for _, got := range h.Stats().Kiosks {
		if got.Node == k.Node {
			return got
		}
	}
	return hall.Kiosk{}
}
