package hall_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hallpass/badge/token"
	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

var ida = map[record.FieldName]string{"name": "Ida Example", "company": "Fog Lamps", "mobile": "13800000000", "email": "ida@lamps.example", "wechat": ""}

func wantCode(t *testing.T, what string, err error, want fault.Code) {
	t.Helper()
	if got := fault.CodeOf(err); got != want {
		t.Errorf("%s: %v, want %q", what, err, want)
	}
}

// P7: an exhibitor sees only what the visitor agreed to, and only of people
// that its own devices met.
func TestLead_ShowsOnlyWhatIsDisclosed(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	r := k.Visitor(ida)
	b, badge := k.Badge(r, 1, record.BadgeIssued)
	k.Say(r, b)
	h.deliver(t, k)
	aurora, borealis := h.device(t, "aurora"), h.device(t, "borealis")
	card, fresh, err := h.TakeLead(t.Context(), aurora, hall.Scan{Token: badge, Rating: 2, Notes: "wants 40", ClientID: "c1"})
	if err != nil || !fresh {
		t.Fatalf("take lead: fresh %v, %v", fresh, err)
	}
	if len(card.Fields) != 3 || card.Fields["name"] != "Ida Example" || card.Fields["email"] != "ida@lamps.example" {
		t.Errorf("e-card = %v, want name, company and email", card.Fields)
	}
	if !slices.Equal(card.Withheld, []record.FieldName{"mobile"}) {
		t.Errorf("withheld = %v, want mobile", card.Withheld)
	}
	for name, p := range map[string]hall.Principal{"borealis": borealis, "stranger": {Role: hall.RoleExhibitor}} {
		list, _, err := h.Leads(t.Context(), p, 0, 100)
		if err != nil || len(list) != 0 {
			t.Errorf("%s sees %d leads of aurora's, %v", name, len(list), err)
		}
		notes := "mine"
		_, err = h.AmendLead(t.Context(), p, card.Lead.ID, hall.Amendment{Notes: &notes})
		wantCode(t, name+" amends", err, fault.NotFound)
	}
	_, _, err = h.Visitors(t.Context(), aurora, 0, 10)
	wantCode(t, "an exhibitor lists visitors", err, fault.AuthDenied)
	_, _, err = h.Leads(t.Context(), hall.Principal{Role: hall.RoleOrganizer}, 0, 10)
	wantCode(t, "an organizer lists leads", err, fault.AuthDenied)

	// The visitor takes the consent back; the kiosk tells; the card is empty.
	r.Consents = map[record.ConsentID]record.Consent{"card": {Version: 1, At: k.Tick()}}
	k.Say(r)
	h.deliver(t, k)
	list, _, err := h.Leads(t.Context(), aurora, 0, 100)
	if err != nil || len(list) != 1 || len(list[0].Fields) != 0 || len(list[0].Withheld) != 4 {
		t.Errorf("after the consent was taken back: %v, %v", list, err)
	}
	r.Erased = k.Tick()
	k.Say(r)
	h.deliver(t, k)
	if list, _, err = h.Leads(t.Context(), aurora, 0, 100); err != nil || len(list) != 1 || len(list[0].Fields)+len(list[0].Withheld) != 0 {
		t.Errorf("after the erasure: %v, %v", list, err)
	}
}

func TestTakeLead_RefusesBadBadges(t *testing.T) {
	k, stranger := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	r := k.Visitor(ida)
	first, old := k.Badge(r, 1, record.BadgeIssued)
	second, current := k.Badge(r, 2, record.BadgeIssued)
	taken, voided := k.Badge(k.Visitor(nil), 1, record.BadgeIssued)
	taken.Voided = k.Tick()
	_, foreign := stranger.Badge(r, 1, record.BadgeIssued)
	k.Say(r, first, second, taken)
	h.deliver(t, k)
	phone := h.device(t, "aurora")
	forged := []byte(current)
	forged[len(forged)-2] = 'A' + (forged[len(forged)-2]+1)%26
	for _, c := range []struct {
		name string
		scan hall.Scan
		want fault.Code
	}{
		{"Forged", hall.Scan{Token: string(forged)}, fault.BadgeForged},
		{"NoToken", hall.Scan{Token: "https://lamps.example"}, fault.BadgeForged},
		{"OfAnotherShow", hall.Scan{Token: foreign}, fault.BadgeForeign},
		{"Superseded", hall.Scan{Token: old}, fault.BadgeVoided},
		{"Voided", hall.Scan{Token: voided}, fault.BadgeVoided},
		{"SupersededByCode", hall.Scan{Code: first.ShortCode}, fault.BadgeVoided},
		{"MistypedCode", hall.Scan{Code: "0000000001"}, fault.BadgeUnknown},
		{"CodeOfNobody", hall.Scan{Code: token.ShortCode([16]byte{9})}, fault.BadgeUnknown},
		{"Nothing", hall.Scan{}, fault.Invalid},
		{"Rating", hall.Scan{Token: current, Rating: 4}, fault.Invalid},
		{"NotesTooLong", hall.Scan{Token: current, Notes: strings.Repeat("长", 1001)}, fault.Invalid},
		{"Tomorrow", hall.Scan{Token: current, At: time.Now().Add(48 * time.Hour)}, fault.Invalid},
		{"ClientIDTooLong", hall.Scan{Token: current, ClientID: strings.Repeat("x", 65)}, fault.Invalid},
	} {
		_, _, err := h.TakeLead(t.Context(), phone, c.scan)
		wantCode(t, c.name, err, c.want)
	}
	card, fresh, err := h.TakeLead(t.Context(), phone, hall.Scan{Code: strings.ToLower(token.FormatShort(second.ShortCode))})
	if err != nil || !fresh || card.Fields["name"] != "Ida Example" || card.Name["en"] != "Trade visitor" {
		t.Errorf("by short code: %+v, %v", card, err)
	}
	if got := h.Stats().Leads; got != 1 {
		t.Errorf("leads = %d, want 1", got)
	}
}

// P2, P5: a badge whose registration has not arrived is believed; its card
// fills in later. A lead whose badge is voided later says so.
func TestLead_PendingThenFilledThenVoided(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	phone := h.device(t, "aurora")
	r := k.Visitor(ida)
	b, badge := k.Badge(r, 1, record.BadgeIssued)
	at := time.Now().Add(-2 * time.Hour).UTC().Truncate(time.Millisecond)
	card, _, err := h.TakeLead(t.Context(), phone, hall.Scan{Token: badge, At: at})
	if err != nil || !card.Pending || len(card.Fields) != 0 || card.ShortCode != b.ShortCode {
		t.Fatalf("before the registration: %+v, %v", card, err)
	}
	next := func() hall.Card {
		t.Helper()
		h.deliver(t, k)
		list, _, err := h.Leads(t.Context(), phone, 0, 10)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d leads, %v", len(list), err)
		}
		return list[0]
	}
	k.Say(b)
	if card := next(); !card.Pending || card.Category != "trade" {
		t.Errorf("with the badge only: %+v", card)
	}
	k.Say(r)
	if card := next(); card.Pending || card.Fields["name"] != "Ida Example" || !card.Lead.At.Equal(at) || card.Voided {
		t.Errorf("with the registration: %+v", card)
	}
	b.Voided = k.Tick()
	k.Say(b)
	if card := next(); !card.Voided {
		t.Errorf("after the void: %+v", card)
	}
}

// P3: a phone that got no answer sends again, also at the same time.
func TestTakeLead_SameClientIDIsTheSameLead(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	phone, other := h.device(t, "aurora"), h.device(t, "aurora")
	_, badge := k.Badge(k.Visitor(ida), 1, record.BadgeIssued)
	var mu sync.Mutex
	ids, firsts := map[record.LeadID]bool{}, 0
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			card, fresh, err := h.TakeLead(t.Context(), phone, hall.Scan{Token: badge, ClientID: "c1", Rating: uint8(i % 4)})
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			ids[card.Lead.ID] = true
			if fresh {
				firsts++
			}
		})
	}
	wg.Wait()
	if len(ids) != 1 || firsts != 1 {
		t.Errorf("%d leads, %d of them new, want one", len(ids), firsts)
	}
	if _, fresh, err := h.TakeLead(t.Context(), other, hall.Scan{Token: badge, ClientID: "c1"}); err != nil || !fresh {
		t.Errorf("another phone with the same client id: fresh %v, %v", fresh, err)
	}
	list, _, err := h.Leads(t.Context(), phone, 0, 10)
	if err != nil || len(list) != 2 || h.Stats().Leads != 2 {
		t.Errorf("%d leads of the exhibitor, %v, want both phones'", len(list), err)
	}
}

func TestAmendLead_KeepsTheRest(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	phone := h.device(t, "aurora")
	_, badge := k.Badge(k.Visitor(ida), 1, record.BadgeIssued)
	card, _, err := h.TakeLead(t.Context(), phone, hall.Scan{Token: badge, Rating: 1, Notes: "first"})
	if err != nil {
		t.Fatal(err)
	}
	rating := uint8(3)
	if _, err := h.AmendLead(t.Context(), phone, card.Lead.ID, hall.Amendment{Rating: &rating}); err != nil {
		t.Fatal(err)
	}
	kept, err := h.store.Lead(t.Context(), card.Lead.ID)
	if err != nil || kept.Rating.Value != 3 || kept.Notes.Value != "first" {
		t.Errorf("kept = %+v, %v", kept, err)
	}
	rating = 9
	_, err = h.AmendLead(t.Context(), phone, card.Lead.ID, hall.Amendment{Rating: &rating})
	wantCode(t, "rating 9", err, fault.Invalid)
	_, err = h.AmendLead(t.Context(), phone, "01NOBODY", hall.Amendment{})
	wantCode(t, "no such lead", err, fault.NotFound)
}
