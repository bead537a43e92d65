package hall_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/wire"
)

var here = hall.Caller{Address: "192.0.2.1"}

// request is what a kiosk posts that was told the code.
func request(code string, fingerprint [32]byte) wire.PairRequest {
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	r := wire.PairRequest{Name: "Kiosk", PublicKey: wire.Base64(public), Nonce: make([]byte, wire.PairNonceLength)}
	r.Seal(wire.PairingCode(strings.ReplaceAll(code, "-", "")), fingerprint)
	return r
}

func TestPairKiosk_ProvesBothSides(t *testing.T) {
	h := start(t)
	in, err := h.InviteKiosk(t.Context(), "Entrance 1")
	if err != nil {
		t.Fatal(err)
	}
	r := request(in.Code, [32]byte{})
	answer, err := h.PairKiosk(t.Context(), here, r)
	if err != nil {
		t.Fatal(err)
	}
	code := wire.PairingCode(strings.ReplaceAll(in.Code, "-", ""))
	if !answer.Proven(code, [32]byte{}, r.Nonce) || answer.Show != "lamps-2027" {
		t.Errorf("answer = %+v, not proven", answer)
	}
	certificate, err := wire.OpenCertificate(ed25519.PublicKey(answer.HallKey), answer.Certificate)
	if err != nil || certificate.Node != answer.Node || !certificate.PublicKey.Equal(ed25519.PublicKey(r.PublicKey)) {
		t.Errorf("certificate = %+v, %v", certificate, err)
	}
	if kiosks := h.Stats().Kiosks; len(kiosks) != 1 || kiosks[0].Name != "Entrance 1" {
		t.Errorf("kiosks = %+v", kiosks)
	}
	// The answer may have been lost: the same kiosk asks again, another may not.
	again, err := h.PairKiosk(t.Context(), here, r)
	if err != nil || again.Node != answer.Node {
		t.Errorf("asked again: node %s, %v, want %s", again.Node, err, answer.Node)
	}
	_, err = h.PairKiosk(t.Context(), here, request(in.Code, [32]byte{}))
	wantCode(t, "another kiosk with the same code", err, fault.PairingCode)
}

// P9: wrong codes are refused and, beyond ten a minute, not looked at.
func TestPair_WrongCodes(t *testing.T) {
	h := start(t)
	kiosk, err := h.InviteKiosk(t.Context(), "Entrance 1")
	if err != nil {
		t.Fatal(err)
	}
	phone, err := h.InviteDevice(t.Context(), "aurora")
	if err != nil || phone.URL != "https://hall.example/booth#pair="+phone.Code {
		t.Fatalf("invitation = %+v, %v", phone, err)
	}
	_, err = h.PairKiosk(t.Context(), here, request(string(wire.NewPairingCode()), [32]byte{}))
	wantCode(t, "wrong code", err, fault.PairingCode)
	_, err = h.PairKiosk(t.Context(), here, request(kiosk.Code, [32]byte{1}))
	wantCode(t, "somebody in between", err, fault.PairingCode)
	_, err = h.PairKiosk(t.Context(), here, request(phone.Code, [32]byte{}))
	wantCode(t, "a phone's code on a kiosk", err, fault.PairingCode)
	_, _, err = h.PairDevice(t.Context(), here, kiosk.Code, "phone")
	wantCode(t, "a kiosk's code on a phone", err, fault.PairingCode)
	if _, _, err = h.PairDevice(t.Context(), here, strings.ToLower(phone.Code), "phone"); err != nil {
		t.Errorf("typed in lower case: %v", err)
	}
	_, _, err = h.PairDevice(t.Context(), here, phone.Code, "phone")
	wantCode(t, "used code", err, fault.PairingCode)
	for range 10 {
		_, _, err = h.PairDevice(t.Context(), here, "7KQ4-M2XP-TC9D", "phone")
	}
	wantCode(t, "the eleventh guess", err, fault.TooMany)
	if _, err := h.PairKiosk(t.Context(), hall.Caller{Address: "192.0.2.2"}, request(kiosk.Code, [32]byte{})); err != nil {
		t.Errorf("somebody else meanwhile: %v", err)
	}
	_, err = h.InviteDevice(t.Context(), "nobody")
	wantCode(t, "no such exhibitor", err, fault.NotFound)
	_, err = h.InviteKiosk(t.Context(), " ")
	wantCode(t, "no name", err, fault.Invalid)
}

func TestPair_CodesExpire(t *testing.T) {
	clock := &clock{at: time.Now()}
	h := startAt(t, clock.Now)
	in, err := h.InviteDevice(t.Context(), "aurora")
	if err != nil {
		t.Fatal(err)
	}
	clock.add(hall.CodeLife + time.Second)
	_, _, err = h.PairDevice(t.Context(), here, in.Code, "phone")
	wantCode(t, "after its time", err, fault.PairingCode)
}

func TestSignIn(t *testing.T) {
	clock := &clock{at: time.Now()}
	h := startAt(t, clock.Now)
	made, err := h.AddUser(t.Context(), "dana", hall.RoleOrganizer)
	if err != nil {
		t.Fatal(err)
	}
	session, p, err := h.SignIn(t.Context(), here, "dana", made.Password)
	if err != nil || p.Role != hall.RoleOrganizer {
		t.Fatalf("sign in: %+v, %v", p, err)
	}
	if p, err := h.BySession(t.Context(), session); err != nil || p.Name != "dana" || p.May(hall.ActSeeStats) != nil {
		t.Errorf("session: %+v, %v", p, err)
	}
	wantCode(t, "an organizer takes leads", p.May(hall.ActTakeLeads), fault.AuthDenied)
	if p, err := h.ByKey(t.Context(), made.Key); err != nil || p.Name != "dana" {
		t.Errorf("key: %+v, %v", p, err)
	}
	_, err = h.ByKey(t.Context(), made.Key+"x")
	wantCode(t, "wrong key", err, fault.AuthRequired)

	// A new password ends the old one, its key and its sessions.
	again, err := h.AddUser(t.Context(), "dana", hall.RoleOrganizer)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.BySession(t.Context(), session)
	wantCode(t, "a session before the new password", err, fault.AuthRequired)
	_, err = h.ByKey(t.Context(), made.Key)
	wantCode(t, "the old key", err, fault.AuthRequired)
	_, _, err = h.SignIn(t.Context(), here, "dana", made.Password)
	wantCode(t, "the old password", err, fault.AuthDenied)

	session, _, err = h.SignIn(t.Context(), here, "dana", again.Password)
	if err != nil {
		t.Fatal(err)
	}
	clock.add(hall.SessionLife)
	_, err = h.BySession(t.Context(), session)
	wantCode(t, "after twelve hours", err, fault.AuthRequired)
	session, _, err = h.SignIn(t.Context(), here, "dana", again.Password)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.SignOut(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	_, err = h.BySession(t.Context(), session)
	wantCode(t, "after signing out", err, fault.AuthRequired)
}

func TestSignIn_LimitsGuesses(t *testing.T) {
	clock := &clock{at: time.Now()}
	h := startAt(t, clock.Now)
	made, err := h.AddUser(t.Context(), "dana", hall.RoleOrganizer)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		_, _, err := h.SignIn(t.Context(), here, []string{"dana", "nobody"}[i%2], "guess")
		wantCode(t, "guess", err, fault.AuthDenied)
	}
	_, _, err = h.SignIn(t.Context(), here, "dana", made.Password)
	wantCode(t, "right after ten guesses", err, fault.TooMany)
	clock.add(time.Minute)
	if _, _, err = h.SignIn(t.Context(), here, "dana", made.Password); err != nil {
		t.Errorf("a minute later: %v", err)
	}
	_, err = h.AddUser(t.Context(), "", hall.RoleOrganizer)
	wantCode(t, "no name", err, fault.Invalid)
	_, err = h.AddUser(t.Context(), "eve", "king")
	wantCode(t, "no such role", err, fault.Invalid)
}

// Guessing on many connections at once gives no more guesses than one does.
func TestSignIn_LimitsGuessesMadeAtOnce(t *testing.T) {
	h := start(t)
	const tries = 40
	answers := make(chan error, tries)
	for range tries {
		go func() {
			_, _, err := h.SignIn(t.Context(), here, "dana", "guess")
			answers <- err
		}()
	}
	heard := map[fault.Code]int{}
	for range tries {
		heard[fault.CodeOf(<-answers)]++
	}
	if heard[fault.AuthDenied] != 10 || heard[fault.TooMany] != tries-10 {
		t.Errorf("answers = %v, want ten guesses heard", heard)
	}
}
