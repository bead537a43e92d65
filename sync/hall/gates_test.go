package hall_test

import (
	"testing"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// reader pairs a reader of a gate.
func (e *expo) reader(t testing.TB, gate string) hall.Principal {
	t.Helper()
	in, err := e.InviteGate(t.Context(), gate)
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := e.PairDevice(t.Context(), hall.Caller{Address: "192.0.2.8"}, in.Code, "reader")
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.ByKey(t.Context(), key)
	if err != nil || p.Role != hall.RoleGate {
		t.Fatalf("the reader is %+v, %v", p, err)
	}
	return p
}

// P5: what proves itself is let through, what does not or is void is refused;
// either is recorded.
func TestAdmit_VerdictsAreRecorded(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	r, again := k.Visitor(ida), k.Visitor(ida)
	good, token := k.Badge(r, 1, record.BadgeIssued)
	old, replaced := k.Badge(again, 1, record.BadgeIssued)
	newer, _ := k.Badge(again, 2, record.BadgeIssued)
	k.Say(r, good, again, old, newer)
	h.deliver(t, k)
	_, stranger := halltest.NewKiosk("lamps-2027").Badge(r, 1, record.BadgeIssued)
	_, early := k.Badge(k.Visitor(ida), 1, record.BadgeIssued) // the hall has not heard of it yet
	north := h.reader(t, "North gate")
	for _, c := range []struct {
		name  string
		scan  hall.Crossing
		code  fault.Code
		badge record.BadgeID
	}{
		{"Genuine", hall.Crossing{Token: token}, "", good.ID},
		{"ShortCode", hall.Crossing{Code: good.ShortCode}, "", good.ID},
		{"BeforeTheKioskHasTold", hall.Crossing{Token: early}, "", "any"},
		{"Replaced", hall.Crossing{Token: replaced}, fault.BadgeVoided, old.ID},
		{"ReplacedByShortCode", hall.Crossing{Code: old.ShortCode}, fault.BadgeVoided, ""},
		{"Forged", hall.Crossing{Token: "HP1NONSENSE"}, fault.BadgeForged, ""},
		{"OfAStranger", hall.Crossing{Token: stranger}, fault.BadgeForeign, ""},
		{"UnknownShortCode", hall.Crossing{Code: "7KQ4M2XPTC"}, fault.BadgeUnknown, ""},
	} {
		c.scan.Direction = record.DirectionIn
		got, fresh, err := h.Admit(t.Context(), north, c.scan)
		if err != nil || !fresh || got.Allowed() != (c.code == "") || got.Refused.Code != c.code || (c.code != "") != (got.Refused.Message != "") {
			t.Errorf("%s: %+v, fresh %v, %v, want %q", c.name, got, fresh, err, c.code)
		}
		kept, err := h.store.Passage(t.Context(), got.ID)
		if err != nil || kept != got.Passage || kept.Gate != "north" || kept.Reason != string(c.code) || c.badge != "any" && kept.Badge != c.badge {
			t.Errorf("%s: kept as %+v, %v, want badge %q", c.name, kept, err, c.badge)
		}
	}
	if got := h.Stats().Passages; got != 8 {
		t.Errorf("passages = %d, want 8", got)
	}
}

// P3: a reader that sends a scan again gets the verdict that it had, whatever
// has happened to the badge since.
func TestAdmit_OnceHoweverOften(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	r := k.Visitor(ida)
	b, token := k.Badge(r, 1, record.BadgeIssued)
	k.Say(r, b)
	h.deliver(t, k)
	north := h.reader(t, "north")
	scan := hall.Crossing{Token: token, Direction: record.DirectionIn, At: time.Now().Add(-time.Minute), ClientID: "p1"}
	first, fresh, err := h.Admit(t.Context(), north, scan)
	if err != nil || !fresh || !first.Allowed() || first.Category != "trade" || first.Name["en"] != "Trade visitor" || first.ShortCode != b.ShortCode {
		t.Fatalf("admit: %+v, fresh %v, %v", first, fresh, err)
	}
	b.Voided = k.Tick()
	k.Say(b)
	h.deliver(t, k)
	second, fresh, err := h.Admit(t.Context(), north, scan)
	if err != nil || fresh || second.Passage != first.Passage {
		t.Errorf("again: %+v, fresh %v, %v, want the first", second, fresh, err)
	}
	scan.ClientID = "p2"
	if third, fresh, err := h.Admit(t.Context(), north, scan); err != nil || !fresh || third.Refused.Code != fault.BadgeVoided {
		t.Errorf("another scan: %+v, fresh %v, %v, want %s", third, fresh, err, fault.BadgeVoided)
	}
	if got := h.Stats().Passages; got != 2 {
		t.Errorf("passages = %d, want 2", got)
	}
}

func TestAdmit_RefusesWhatIsNoScan(t *testing.T) {
	h := start(t)
	north, exit := h.reader(t, "north"), h.reader(t, "exit")
	in, now := record.DirectionIn, time.Now()
	for field, scan := range map[string]hall.Crossing{
		"token": {Direction: in}, "direction": {Token: "x"}, "at": {Token: "x", Direction: in, ClientID: "c"},
		"client_id": {Token: "x", Direction: in, At: now, ClientID: string(make([]byte, 65))},
	} {
		_, _, err := h.Admit(t.Context(), north, scan)
		if f := fault.From(err); f.Code != fault.Invalid || f.Field != field {
			t.Errorf("%s: %v with field %q", field, err, f.Field)
		}
	}
	_, _, err := h.Admit(t.Context(), north, hall.Crossing{Token: "x", Direction: in, At: now.Add(48 * time.Hour)})
	wantCode(t, "from the future", err, fault.Invalid)
	_, _, err = h.Admit(t.Context(), exit, hall.Crossing{Token: "x", Direction: in})
	wantCode(t, "in through the exit", err, fault.Invalid)
	_, _, err = h.Admit(t.Context(), h.device(t, "aurora"), hall.Crossing{Token: "x", Direction: in})
	wantCode(t, "a booth's phone", err, fault.AuthDenied)
	_, _, err = h.TakeLead(t.Context(), north, hall.Scan{Token: "x"})
	wantCode(t, "a lead by a gate", err, fault.AuthDenied)
	_, err = h.InviteGate(t.Context(), "moon")
	wantCode(t, "a gate that is not", err, fault.NotFound)
	if got := h.Stats().Passages; got != 0 {
		t.Errorf("passages = %d, want none", got)
	}
}
