package hall_test

import (
	"strings"
	"testing"

	"hallpass/badge/token"
	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// P5: a badge is taken back by whatever of it is at hand, once; kiosks are told, and
// who did it is kept.
func TestVoid_ByWhateverIsAtHand_P5(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	var badges []record.Badge
	var texts []string
	for range 3 {
		r := k.Visitor(nil)
		b, text := k.Badge(r, 1, record.BadgeIssued)
		k.Say(r, b)
		badges, texts = append(badges, b), append(texts, text)
	}
	h.deliver(t, k)
	names := []string{string(badges[0].ID), strings.ToLower(token.FormatShort(badges[1].ShortCode)), texts[2]}
	for i, name := range names {
		for _, fresh := range []bool{true, false} {
			got, err := h.Void(t.Context(), dana, hall.VoidOrder{Badge: name, Reason: "lost"})
			if err != nil || got.ID != badges[i].ID || got.Fresh != fresh || got.Now() != record.BadgeVoided || got.Reason.Value != "lost" {
				t.Errorf("Void(%q) = %+v, %v, want fresh %v", name, got, err, fresh)
			}
		}
		if found, err := h.Examine(t.Context(), texts[i]); err != nil || found.Refused != fault.BadgeVoided {
			t.Errorf("%q: %+v, %v", name, found, err)
		}
	}
	facts := h.read(t, k, func(facts []record.Fact) bool { return len(of[record.Void](facts)) == len(badges) })
	for i, v := range of[record.Void](facts) {
		if v.Badge != badges[i].ID || v.Reason != "lost" {
			t.Errorf("told %+v", v)
		}
	}
	made, _, err := h.Decisions(t.Context(), dana, "", 10)
	if err != nil || len(made) != len(badges) || made[0].Act != record.ActVoid || made[0].By != dana.Name || made[0].Reason != "lost" || made[0].Registration != badges[2].Registration {
		t.Errorf("decisions = %+v, %v, want one a badge", made, err)
	}
}

// A badge that a newer issue has replaced is void already, and says so without a
// reason.
func TestVoid_SupersededIsVoid(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	r := k.Visitor(nil)
	older, _ := k.Badge(r, 1, record.BadgeIssued)
	newer, _ := k.Badge(r, 2, record.BadgeIssued)
	k.Say(r, older, newer)
	h.deliver(t, k)
	if got, err := h.Void(t.Context(), dana, hall.VoidOrder{Badge: string(older.ID), Reason: "lost"}); err != nil || got.Fresh || !got.Voided.IsZero() {
		t.Errorf("the older: %+v, %v", got, err)
	}
	if got, err := h.Void(t.Context(), dana, hall.VoidOrder{Badge: newer.ShortCode, Reason: "lost"}); err != nil || !got.Fresh {
		t.Errorf("the newer: %+v, %v", got, err)
	}
}

func TestVoid_Refused(t *testing.T) { // P8, P9
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	one, two := k.Visitor(nil), k.Visitor(nil)
	a, _ := k.Badge(one, 1, record.BadgeIssued)
	b, _ := k.Badge(two, 1, record.BadgeIssued)
	_, elsewhere := k.Badge(k.Visitor(nil), 1, record.BadgeIssued)
	b.ShortCode = a.ShortCode
	k.Say(one, two, a, b)
	h.deliver(t, k)
	for name, c := range map[string]struct {
		who   hall.Principal
		order hall.VoidOrder
		code  fault.Code
	}{
		"NoReason":      {dana, hall.VoidOrder{Badge: string(a.ID)}, fault.Invalid},
		"Sentence":      {dana, hall.VoidOrder{Badge: string(a.ID), Reason: "Ida Example lost it"}, fault.Invalid},
		"Long":          {dana, hall.VoidOrder{Badge: string(a.ID), Reason: strings.Repeat("a", 33)}, fault.Invalid},
		"Booth":         {hall.Principal{Role: hall.RoleExhibitor}, hall.VoidOrder{Badge: string(a.ID), Reason: "lost"}, fault.AuthDenied},
		"Gate":          {hall.Principal{Role: hall.RoleGate}, hall.VoidOrder{Badge: string(a.ID), Reason: "lost"}, fault.AuthDenied},
		"Nothing":       {dana, hall.VoidOrder{Reason: "lost"}, fault.NotFound},
		"NoSuchBadge":   {dana, hall.VoidOrder{Badge: "7KQ4M2XPTC", Reason: "lost"}, fault.NotFound},
		"NotArrivedYet": {dana, hall.VoidOrder{Badge: elsewhere, Reason: "lost"}, fault.NotFound},
		"SharedCode":    {dana, hall.VoidOrder{Badge: a.ShortCode, Reason: "lost"}, fault.Conflict},
	} {
		if _, err := h.Void(t.Context(), c.who, c.order); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if _, err := h.Void(t.Context(), dana, hall.VoidOrder{Badge: string(b.ID), Reason: "lost"}); err != nil {
		t.Fatal(err)
	}
	if got, err := h.Void(t.Context(), dana, hall.VoidOrder{Badge: a.ShortCode, Reason: "lost"}); err != nil || got.ID != a.ID {
		t.Errorf("of two with one code the valid one is meant: %+v, %v", got, err)
	}
	made, _, err := h.Decisions(t.Context(), dana, "", 10)
	if err != nil || len(made) != 2 {
		t.Errorf("decisions = %+v, %v, want none for what was refused", made, err)
	}
}
