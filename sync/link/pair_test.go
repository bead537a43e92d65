package link_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/link"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

const code = wire.PairingCode("7KQ4M2XPTC9D")

// certificate returns a fresh self-signed certificate and its fingerprint.
func certificate(t testing.TB) (tls.Certificate, [32]byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(-time.Hour)} // long expired: no matter
	der, err := x509.CreateCertificate(rand.Reader, &form, &form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, sha256.Sum256(der)
}

func tlsServer(t testing.TB, certificate tls.Certificate, handler http.Handler) string {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are what is tested
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

// desk is the hall's side of a pairing.
type desk struct {
	fingerprint [32]byte
	key         ed25519.PrivateKey
	code        wire.PairingCode
	refused     atomic.Int32
	alter       func(*wire.PairAnswer)
}

func newDesk(t testing.TB, fingerprint [32]byte) *desk {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &desk{fingerprint: fingerprint, key: private, code: code}
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var request wire.PairRequest
	err := json.NewDecoder(r.Body).Decode(&request)
	if err != nil || r.Method != http.MethodPost || r.URL.Path != "/api/v1/pair/kiosk" || !request.Proven(d.code, d.fingerprint) {
		d.refused.Add(1)
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"code":"pairing.code","message":"This code is wrong, used or too old.","field":"code"}`)
		return
	}
	node := record.NewID[record.NodeID](time.Now())
	answer := wire.PairAnswer{Node: node, Hall: hallID, Show: showID, HallKey: wire.Base64(d.key.Public().(ed25519.PublicKey))}
	answer.Certificate = wire.Certificate{Node: node, PublicKey: ed25519.PublicKey(request.PublicKey), Show: showID}.Sign(d.key)
	if d.alter != nil {
		d.alter(&answer)
	}
	answer.Seal(d.code, d.fingerprint, request.Nonce)
	_ = json.NewEncoder(w).Encode(answer)
}

func kioskKey(t testing.TB) ed25519.PrivateKey {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return private
}

// Pairing gives all that the link needs, and the link then works over TLS.
func TestPair_ThenLink(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	own, fingerprint := certificate(t)
	mux := http.NewServeMux()
	d := newDesk(t, fingerprint)
	mux.Handle("/api/v1/pair/kiosk", d)
	mux.HandleFunc("/api/v1/link", func(w http.ResponseWriter, r *http.Request) { h.link(t.Context(), w, r) })
	url := tlsServer(t, own, mux)
	paired, err := link.Pair(context.Background(), url+"/", "7kq4 m2xp tc9d", "Entrance 3", k.Key)
	if err != nil {
		t.Fatal(err)
	}
	if paired.URL != url || paired.Fingerprint != fingerprint || len(paired.Node) != 26 || paired.Hall != hallID ||
		paired.Show != showID || !paired.HallKey.Equal(d.key.Public()) {
		t.Errorf("Pair = %+v", paired)
	}
	if c, err := wire.OpenCertificate(paired.HallKey, paired.Certificate); err != nil || c.Node != paired.Node {
		t.Errorf("OpenCertificate = %+v, %v, want this kiosk's", c, err)
	}
	k.Node, k.TLS = paired.Node, link.PinnedTLS(paired.Fingerprint)
	k.add(3)
	stop := k.run(paired.URL)
	eventually(t, "three changes over TLS", func() bool { return k.Status().AckedSeq == 3 })
	stop()
}

func TestPair_OnLoopbackWithoutTLS(t *testing.T) {
	server := httptest.NewServer(newDesk(t, [32]byte{}))
	t.Cleanup(server.Close)
	paired, err := link.Pair(context.Background(), server.URL, code.String(), "Entrance 3", kioskKey(t))
	if err != nil || paired.Fingerprint != [32]byte{} {
		t.Errorf("Pair = %+v, %v, want a zero fingerprint", paired, err)
	}
}

func TestPair_WrongCode(t *testing.T) {
	own, fingerprint := certificate(t)
	d := newDesk(t, fingerprint)
	url := tlsServer(t, own, d)
	for _, wrong := range []string{"7KQ4-M2XP-TC9E", "7KQ4"} {
		if _, err := link.Pair(context.Background(), url, wrong, "Entrance 3", kioskKey(t)); fault.CodeOf(err) != fault.PairingCode {
			t.Errorf("Pair(%q) = %v, want %v", wrong, err, fault.PairingCode)
		}
	}
	if n := d.refused.Load(); n != 1 {
		t.Errorf("the hall was asked %d times, want once: a code of the wrong length is not worth asking", n)
	}
}

// A man in the middle has another certificate: the hall refuses what he passes
// on, and the kiosk refuses what he passes back.
func TestPair_ManInTheMiddle(t *testing.T) {
	own, fingerprint := certificate(t)
	d := newDesk(t, fingerprint)
	hall := tlsServer(t, own, d)
	his, hisFingerprint := certificate(t)
	client := http.Client{Transport: &http.Transport{TLSClientConfig: link.PinnedTLS(fingerprint)}}
	var asked []byte
	middle := tlsServer(t, his, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, _ = io.ReadAll(r.Body)
		response, err := client.Post(hall+r.URL.Path, "application/json", bytes.NewReader(asked))
		if err != nil {
			t.Error(err)
			return
		}
		defer response.Body.Close()
		w.WriteHeader(response.StatusCode)
		_, _ = io.Copy(w, response.Body)
	}))
	key := kioskKey(t)
	if _, err := link.Pair(context.Background(), middle, code.String(), "Entrance 3", key); fault.CodeOf(err) != fault.PairingCode {
		t.Errorf("Pair through him = %v, want %v", err, fault.PairingCode)
	}
	if d.refused.Load() != 1 {
		t.Error("the hall did not refuse what he passed on")
	}
	if bytes.Contains(bytes.ToUpper(asked), []byte(code)) || bytes.Contains(asked, []byte(code.String())) {
		t.Errorf("the code itself was sent: %s", asked)
	}

	// Even with a hall that answers him, his certificate is not in its proof.
	fooled := newDesk(t, hisFingerprint)
	answering := tlsServer(t, his, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		caught := httptest.NewRecorder()
		fooled.ServeHTTP(caught, r)
		var request wire.PairRequest
		var answer wire.PairAnswer
		if err := errors.Join(json.Unmarshal(body, &request), json.Unmarshal(caught.Body.Bytes(), &answer)); err != nil {
			t.Error(err)
		}
		answer.Seal(code, fingerprint, request.Nonce) // what the true hall would sign
		_ = json.NewEncoder(w).Encode(answer)
	}))
	if _, err := link.Pair(context.Background(), answering, code.String(), "Entrance 3", key); fault.CodeOf(err) != fault.PairingCode {
		t.Errorf("Pair with an answer for another certificate = %v, want %v", err, fault.PairingCode)
	}
}

// The hall's proof covers the certificate; the certificate must still be right.
func TestPair_RefusesAnswers(t *testing.T) {
	tests := map[string]func(a *wire.PairAnswer){
		"AnothersCertificate": func(a *wire.PairAnswer) {
			a.Certificate = wire.Certificate{Node: a.Node, PublicKey: ed25519.PublicKey(a.HallKey)}.Sign(ed25519.NewKeyFromSeed(make([]byte, 32)))
		},
		"NoCertificate": func(a *wire.PairAnswer) { a.Certificate = nil },
		"AnotherNode":   func(a *wire.PairAnswer) { a.Node = record.NewID[record.NodeID](time.Now()) },
		"NodeIsNoID":    func(a *wire.PairAnswer) { a.Node = "kiosk-3" },
	}
	for name, alter := range tests {
		t.Run(name, func(t *testing.T) {
			own, fingerprint := certificate(t)
			d := newDesk(t, fingerprint)
			d.alter = alter
			if _, err := link.Pair(context.Background(), tlsServer(t, own, d), code.String(), "", kioskKey(t)); fault.CodeOf(err) != fault.PairingCode {
				t.Errorf("Pair = %v, want %v", err, fault.PairingCode)
			}
		})
	}
}

func TestPair_NotAHall(t *testing.T) {
	tests := []struct {
		name, url string
		want      fault.Code
	}{
		{"NobodyThere", "https://127.0.0.1:1", fault.Unavailable},
		{"NobodyThereInPlain", "http://127.0.0.1:1", fault.Unavailable},
		{"PlainHTTPAfar", "http://hall.example", fault.Invalid},
		{"NoAddress", "hall", fault.Invalid},
		{"APage", refusing(t, 404, "<h1>Not here</h1>"), fault.BadProtocol},
		{"APageThatSaysYes", refusing(t, 200, "<h1>It works!</h1>"), fault.BadProtocol},
		{"EmptyYes", refusing(t, 200, "{}"), fault.PairingCode},
		{"TooManyWrongCodes", refusing(t, 429, `{"code":"too_many","message":"Wait a minute."}`), fault.TooMany},
		{"Elsewhere", refusing(t, 307, ""), fault.BadProtocol},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := link.Pair(context.Background(), tt.url, code.String(), "Entrance 3", kioskKey(t))
			if got := fault.CodeOf(err); got != tt.want {
				t.Errorf("Pair(%s) = %v, want %v", tt.url, err, tt.want)
			}
		})
	}
}

// After pairing only the pinned certificate counts.
func TestRun_HallWithAnotherCertificate(t *testing.T) {
	k := newKiosk(t)
	h := newHall(t, k.public)
	_, fingerprint := certificate(t)
	other, _ := certificate(t)
	url := tlsServer(t, other, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.link(t.Context(), w, r) }))
	k.TLS = link.PinnedTLS(fingerprint)
	k.add(1)
	stop := k.run(url)
	eventually(t, "the refusal", func() bool { return k.Status().LastError == fault.AuthDenied })
	stop()
	h.see(func() {
		if len(h.hellos) != 0 || len(h.kept) != 0 {
			t.Errorf("the kiosk has told a stranger %v", h.hellos)
		}
	})
	if !strings.Contains(k.logged.String(), "another certificate than at pairing") {
		t.Errorf("the log does not say what to do:\n%s", k.logged)
	}
}

// refusing answers every request the same.
func refusing(t testing.TB, status int, body string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "http://127.0.0.1:1/")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}
