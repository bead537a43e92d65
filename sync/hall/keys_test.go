package hall_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"hallpass/badge/token"
	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// printed is a badge that reached the hall, and one that did not.
type printed struct{ known, unsent string }

// prints has a kiosk print two badges, of which the hall hears of one.
func (e *expo) prints(t *testing.T, k *halltest.Kiosk) printed {
	t.Helper()
	r := k.Visitor(ida)
	b, known := k.Badge(r, 1, record.BadgeIssued)
	k.Say(r, b)
	e.deliver(t, k)
	_, unsent := k.Badge(k.Visitor(nil), 1, record.BadgeIssued)
	return printed{known, unsent}
}

// scan takes a lead of a badge and returns the code of what went wrong.
func (e *expo) scan(t *testing.T, phone hall.Principal, badge string) fault.Code {
	t.Helper()
	_, _, err := e.TakeLead(t.Context(), phone, hall.Scan{Token: badge})
	return fault.CodeOf(err)
}

// P5: what becomes of a revoked kiosk's badges is as the organizer chose, and
// nobody else's badge suffers.
func TestRevoke_BadgesOfTheKiosk_P5(t *testing.T) {
	for _, c := range []struct {
		name          string
		order         hall.RevokeOrder
		known, unsent fault.Code
	}{
		{"ThoseThatArrivedCount", hall.RevokeOrder{}, "", fault.BadgeRevoked},
		{"NoneCounts", hall.RevokeOrder{All: true}, fault.BadgeRevoked, fault.BadgeRevoked},
		{"StolenBeforeTheyWereMade", hall.RevokeOrder{Since: time.Now().Add(-time.Hour)}, fault.BadgeRevoked, fault.BadgeRevoked},
	} {
		t.Run(c.name, func(t *testing.T) {
			stolen, other := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
			h := start(t, stolen, other)
			badges, others := h.prints(t, stolen), h.prints(t, other)
			phone := h.device(t, "aurora")
			for _, badge := range []string{badges.known, badges.unsent, others.known, others.unsent} {
				if got := h.scan(t, phone, badge); got != "" {
					t.Fatalf("before: %s", got)
				}
			}
			c.order.Kiosk = string(stolen.Node)
			if _, err := h.Revoke(t.Context(), c.order); err != nil {
				t.Fatal(err)
			}
			for badge, want := range map[string]fault.Code{badges.known: c.known, badges.unsent: c.unsent, others.known: "", others.unsent: ""} {
				if got := h.scan(t, phone, badge); got != want {
					t.Errorf("a badge gives %q, want %q", got, want)
				}
			}
			_, _, err := h.TakeLead(t.Context(), phone, hall.Scan{Code: shortOf(t, badges.known)})
			wantCode(t, "by its short code", err, c.known)
			_, err = h.Revoke(t.Context(), c.order)
			wantCode(t, "revoked again", err, fault.NotFound)
			h.restart(t, func(again *hall.Hall) {
				_, _, err := again.TakeLead(t.Context(), phone, hall.Scan{Token: badges.unsent, ClientID: "after"})
				wantCode(t, "after a restart", err, c.unsent)
			})
		})
	}
}

func shortOf(t *testing.T, badge string) string {
	t.Helper()
	return token.ShortCode(rawBadge(t, badge))
}

// A revoked kiosk hears why at once, with a proof that it can check, and is
// refused from then on; somebody without its key learns nothing.
func TestRevoke_EndsTheLinkWithAProof(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	conn, _ := h.dial(t, k)
	eventually(t, "the kiosk is up", func() bool { return h.Stats().Kiosks[0].Up })
	if _, err := h.Revoke(t.Context(), hall.RevokeOrder{Kiosk: string(k.Node)}); err != nil {
		t.Fatal(err)
	}
	for {
		frame, err := conn.Receive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if bye, ok := frame.(wire.Bye); ok {
			h.wantDismissed(t, k, bye)
			break
		}
	}
	var refused halltest.Refused
	if _, _, err := k.Dial(t.Context(), h.url, nil); !errors.As(err, &refused) {
		t.Fatalf("calls again: %v", err)
	}
	h.wantDismissed(t, k, refused.Bye)
	thief := *k
	_, thief.Key, _ = ed25519.GenerateKey(rand.Reader)
	if _, _, err := thief.Dial(t.Context(), h.url, nil); !errors.As(err, &refused) || refused.Bye.Code != string(fault.AuthDenied) || refused.Bye.Proof != "" {
		t.Errorf("somebody else in its name: %v", err)
	}
	if kiosks := h.Stats().Kiosks; len(kiosks) != 0 {
		t.Errorf("still in the fleet: %+v", kiosks)
	}
}

func (e *expo) wantDismissed(t *testing.T, k *halltest.Kiosk, bye wire.Bye) {
	t.Helper()
	v, err := token.OpenRevocation(e.key, bye.Proof)
	if err != nil || bye.Code != string(fault.NodeRevoked) || record.NodeIDFrom(v.Node) != k.Node {
		t.Errorf("goodbye %+v, %v, want this kiosk's revocation", bye, err)
	}
}

// P1: a kiosk that holds records which the hall has not is not revoked by a
// slip of the finger.
func TestRevoke_RefusesToLoseRecords_P1(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	k.Say(k.Visitor(ida), k.Visitor(nil))
	h.dial(t, k) // it says that it has two, and sends none
	eventually(t, "the kiosk has said so", func() bool { return h.Stats().Kiosks[0].Unsent == 2 })
	_, err := h.Revoke(t.Context(), hall.RevokeOrder{Kiosk: string(k.Node)})
	wantCode(t, "with records left", err, fault.Conflict)
	if _, err := h.Revoke(t.Context(), hall.RevokeOrder{Kiosk: string(k.Node), Force: true}); err != nil {
		t.Error(err)
	}
	for name, order := range map[string]hall.RevokeOrder{
		"nobody": {Kiosk: "Entrance 9"}, "no name": {}, "tomorrow": {Kiosk: string(k.Node), Since: time.Now().Add(time.Hour)},
	} {
		if _, err := h.Revoke(t.Context(), order); err == nil {
			t.Errorf("%s: revoked", name)
		}
	}
}

// A kiosk's new key is certified as soon as its hall hears of it; badges of the
// old key go on counting; the hall can ask for a new one.
func TestRotate_NewKeyIsCertifiedOldBadgesCount_P5(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	old := h.prints(t, k)
	phone := h.device(t, "aurora")
	public, second, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	badge := must(token.Sign(second, token.Claims{Badge: [16]byte{1, 0x9a}, Issue: 1, Category: "trade"}))
	if got := h.scan(t, phone, badge); got != fault.BadgeForeign {
		t.Errorf("before the key is certified: %q", got)
	}
	k.Say(record.Key{Public: public, Node: k.Node, Show: "lamps-2027", Made: k.Tick(), Proof: wire.ProveKey(second, k.Node, "lamps-2027")})
	h.deliver(t, k)
	eventually(t, "the key is certified", func() bool { return h.scan(t, phone, badge) == "" })
	for _, badge := range []string{old.known, old.unsent} {
		if got := h.scan(t, phone, badge); got != "" {
			t.Errorf("a badge of the old key: %q", got)
		}
	}
	ring := token.NewRing("lamps-2027", h.key)
	for _, s := range h.Keys().Statements() {
		if err := ring.Add(s); err != nil {
			t.Error(err)
		}
	}
	if found := ring.Judge(badge, time.Now()); found.Reason != token.Genuine || record.NodeIDFrom(found.Key.Node) != k.Node {
		t.Errorf("whoever has only the hall's key says %+v", found)
	}
	before := h.announced(t)
	if n, err := h.Rotate(t.Context(), ""); n != 1 || err != nil {
		t.Errorf("rotate = %d, %v", n, err)
	}
	retired := 0
	for _, fact := range h.announced(t)[len(before):] {
		if key, ok := fact.(record.Key); ok && !key.Retired.IsZero() {
			retired++
		}
	}
	if retired != 2 {
		t.Errorf("%d keys retired, want both", retired)
	}
	_, err = h.Rotate(t.Context(), "Entrance 9")
	wantCode(t, "no such kiosk", err, fault.NotFound)
}

// P5, P9: what only the hall may say, and keys that are not the kiosk's own,
// end in quarantine and stop nothing.
func TestJudge_KiosksCertifyNothing_P5(t *testing.T) {
	k, victim := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	h := start(t, k, victim)
	public := victim.Key.Public().(ed25519.PublicKey)
	own := record.Key{Public: k.Key.Public().(ed25519.PublicKey), Node: k.Node, Show: "lamps-2027", Made: k.Tick(), Proof: wire.ProveKey(k.Key, k.Node, "lamps-2027")}
	certified, retired, elsewhere := own, own, own
	certified.Certificate = record.Register[string]{Value: "HPC", At: k.Tick()}
	retired.Retired = k.Tick()
	elsewhere.Show, elsewhere.Proof = "chairs-2027", wire.ProveKey(k.Key, k.Node, "chairs-2027")
	k.Say(
		record.Key{Public: public, Node: k.Node, Show: "lamps-2027", Made: k.Tick(), Proof: wire.ProveKey(k.Key, k.Node, "lamps-2027")},
		record.Key{Public: public, Node: victim.Node, Show: "lamps-2027", Made: k.Tick(), Proof: wire.ProveKey(victim.Key, victim.Node, "lamps-2027")},
		certified, retired, elsewhere,
		record.Revocation{Node: victim.Node, Show: "lamps-2027", At: k.Tick(), All: true, Statement: "HPR"},
		k.Visitor(ida),
	)
	h.deliver(t, k)
	if s := h.Stats(); s.Quarantine != 6 || s.Registrations != 1 {
		t.Errorf("quarantine %d, registrations %d, want 6 and 1", s.Quarantine, s.Registrations)
	}
	if badges := h.prints(t, victim); h.scan(t, h.device(t, "aurora"), badges.unsent) != "" {
		t.Error("the other kiosk's badges do not count any more")
	}
}

// A show that is extended has its badges count for longer.
func TestCertify_FollowsTheShow(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	ends := func() time.Time {
		certificate, err := token.OpenCertificate(h.key, h.Keys().Statements()[0])
		if err != nil {
			t.Fatal(err)
		}
		return certificate.Until
	}
	first := ends()
	if want := time.Date(2027, 4, 25, 0, 0, 0, 0, time.FixedZone("CST", 8*3600)).AddDate(0, 0, 7); !first.Equal(want) {
		t.Errorf("badges count until %s, want a week beyond the show, %s", first, want)
	}
	show := h.Show()
	show.Days += 2
	if err := h.Revise(t.Context(), show); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the certificate is renewed", func() bool { return ends().Equal(first.AddDate(0, 0, 2)) })
	if n := len(h.Keys().Statements()); n != 1 {
		t.Errorf("%d statements, want the newer certificate alone", n)
	}
	before := len(h.announced(t))
	h.restart(t, func(*hall.Hall) {})
	if now := len(h.announced(t)); now != before {
		t.Errorf("a restart says %d things more", now-before)
	}
}

// A key that went out of service with its kiosk does not come back by pairing.
func TestPair_RevokedKeyIsSpent_P5(t *testing.T) {
	h := start(t)
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	in, err := h.InviteKiosk(t.Context(), "Entrance 1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.PairKiosk(t.Context(), here, requestWith(key, in.Code)); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Revoke(t.Context(), hall.RevokeOrder{Kiosk: "Entrance 1"}); err != nil {
		t.Fatal(err)
	}
	_, err = h.PairKiosk(t.Context(), here, requestWith(key, in.Code))
	wantCode(t, "the same code again", err, fault.NodeRevoked)
	again, err := h.InviteKiosk(t.Context(), "Entrance 2")
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.PairKiosk(t.Context(), here, requestWith(key, again.Code))
	wantCode(t, "a new code", err, fault.NodeRevoked)
}

// A kiosk that was paired for some categories cannot print others.
func TestPair_CategoriesOfTheKiosk(t *testing.T) {
	h := start(t)
	_, err := h.InviteKiosk(t.Context(), "Entrance 1", "trade", "royalty")
	wantCode(t, "no such category", err, fault.Invalid)
	in, err := h.InviteKiosk(t.Context(), "Entrance 1", "trade", "trade")
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r := requestWith(key, in.Code)
	if _, err := h.PairKiosk(t.Context(), here, r); err != nil {
		t.Fatal(err)
	}
	phone := h.device(t, "aurora")
	for category, want := range map[string]fault.Code{"trade": "", "media": fault.BadgeForged} {
		badge := must(token.Sign(key, token.Claims{Badge: [16]byte{1, 0x9a, category[0]}, Issue: 1, Category: category}))
		if got := h.scan(t, phone, badge); got != want {
			t.Errorf("%s: %q, want %q", category, got, want)
		}
	}
}
