package wire_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// key returns a key that is the same in every run.
func key(n byte) (ed25519.PublicKey, ed25519.PrivateKey) {
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
	return private.Public().(ed25519.PublicKey), private
}

const code = wire.PairingCode("7KQ4M2XPTC9D")

func request() wire.PairRequest {
	public, _ := key(1)
	r := wire.PairRequest{Name: "Entrance 3", PublicKey: wire.Base64(public), Nonce: bytes.Repeat([]byte{7}, 16)}
	r.Seal(code, [32]byte{1})
	return r
}

func answer() wire.PairAnswer {
	kiosk, _ := key(1)
	public, private := key(2)
	certificate := wire.Certificate{Node: "01JZZZZZZZZZZZZZZZZZZZZZZZ", PublicKey: kiosk, Show: "lumen-2027", Issued: 1_800_000_000_000}
	a := wire.PairAnswer{
		Node: certificate.Node, Hall: "01HALL", Show: "lumen-2027",
		HallKey: wire.Base64(public), Certificate: certificate.Sign(private),
	}
	a.Seal(code, [32]byte{1}, request().Nonce)
	return a
}

// The proofs are part of the protocol: a kiosk of last year must still pair.
func TestPairing_Golden(t *testing.T) {
	r, a := request(), answer()
	for name, got := range map[string][]byte{"pair-request": r.Proof, "pair-answer": a.Proof, "certificate": a.Certificate} {
		if want := golden(t, name, got); !bytes.Equal(got, want) {
			t.Errorf("%s = %x, want %x", name, got, want)
		}
	}
	got, err := json.Marshal(r)
	want := `{"name":"Entrance 3","public_key":"iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w","nonce":"BwcHBwcHBwcHBwcHBwcHBw","proof":"`
	if err != nil || !bytes.HasPrefix(got, []byte(want)) {
		t.Errorf("Marshal = %s, %v, want it to begin %s", got, err, want)
	}
	var back wire.PairRequest
	if err := json.Unmarshal(got, &back); err != nil || !back.Proven(code, [32]byte{1}) {
		t.Errorf("Unmarshal = %+v, %v, want the request, proven", back, err)
	}
}

func TestPairRequest_Proven(t *testing.T) {
	if !request().Proven(code, [32]byte{1}) {
		t.Fatal("the right request is not proven")
	}
	tests := map[string]func(r *wire.PairRequest, code *wire.PairingCode, fingerprint *[32]byte){
		"WrongCode":          func(_ *wire.PairRequest, c *wire.PairingCode, _ *[32]byte) { *c = "7KQ4M2XPTC9E" },
		"NoCode":             func(_ *wire.PairRequest, c *wire.PairingCode, _ *[32]byte) { *c = "" },
		"AnotherCertificate": func(_ *wire.PairRequest, _ *wire.PairingCode, f *[32]byte) { f[31] = 1 },
		"AnotherKey":         func(r *wire.PairRequest, _ *wire.PairingCode, _ *[32]byte) { r.PublicKey[0] ^= 1 },
		"ShortKey":           func(r *wire.PairRequest, _ *wire.PairingCode, _ *[32]byte) { r.PublicKey = r.PublicKey[:31] },
		"AnotherName":        func(r *wire.PairRequest, _ *wire.PairingCode, _ *[32]byte) { r.Name = "Entrance 4" },
		"ByteMovedToName": func(r *wire.PairRequest, _ *wire.PairingCode, _ *[32]byte) {
			r.Nonce, r.Name = r.Nonce[:15], string(r.Nonce[15:])+r.Name
		},
		"NoProof": func(r *wire.PairRequest, _ *wire.PairingCode, _ *[32]byte) { r.Proof = nil },
	}
	for name, alter := range tests {
		t.Run(name, func(t *testing.T) {
			r, c, f := request(), code, [32]byte{1}
			alter(&r, &c, &f)
			if r.Proven(c, f) {
				t.Errorf("%+v is proven, want not", r)
			}
		})
	}
}

func TestPairAnswer_Proven(t *testing.T) {
	nonce := request().Nonce
	if !answer().Proven(code, [32]byte{1}, nonce) {
		t.Fatal("the right answer is not proven")
	}
	tests := map[string]func(a *wire.PairAnswer, fingerprint *[32]byte, nonce *[]byte){
		"AnotherCertificate":      func(_ *wire.PairAnswer, f *[32]byte, _ *[]byte) { f[0] = 9 },
		"AnotherNonce":            func(_ *wire.PairAnswer, _ *[32]byte, n *[]byte) { *n = make([]byte, 16) },
		"AnotherNode":             func(a *wire.PairAnswer, _ *[32]byte, _ *[]byte) { a.Node = "01JZZZZZZZZZZZZZZZZZZZZZZY" },
		"ShortNode":               func(a *wire.PairAnswer, _ *[32]byte, _ *[]byte) { a.Node = a.Node[:25] },
		"AnotherHallKey":          func(a *wire.PairAnswer, _ *[32]byte, _ *[]byte) { a.HallKey[3] ^= 1 },
		"AnotherStatement":        func(a *wire.PairAnswer, _ *[32]byte, _ *[]byte) { a.Certificate[9] ^= 1 },
		"TheKiosksProofGivenBack": func(a *wire.PairAnswer, _ *[32]byte, _ *[]byte) { a.Proof = request().Proof },
	}
	for name, alter := range tests {
		t.Run(name, func(t *testing.T) {
			a, f, n := answer(), [32]byte{1}, []byte(nonce)
			alter(&a, &f, &n)
			if a.Proven(code, f, n) {
				t.Errorf("%+v is proven, want not", a)
			}
		})
	}
}

func TestOpenCertificate(t *testing.T) {
	hall, _ := key(2)
	stranger, _ := key(3)
	kiosk, _ := key(1)
	data := answer().Certificate
	got, err := wire.OpenCertificate(hall, data)
	if err != nil || got.Node != answer().Node || !got.PublicKey.Equal(kiosk) || got.Show != "lumen-2027" || got.Issued != 1_800_000_000_000 {
		t.Errorf("OpenCertificate = %+v, %v, want what was signed", got, err)
	}
	for i := range data {
		bad := bytes.Clone(data)
		bad[i] ^= 1
		if got, err := wire.OpenCertificate(hall, bad); err == nil {
			t.Errorf("OpenCertificate with byte %d flipped = %+v, want an error", i, got)
		}
	}
	if _, err := wire.OpenCertificate(stranger, data); fault.CodeOf(err) != fault.AuthDenied {
		t.Errorf("OpenCertificate(stranger) = %v, want %v", err, fault.AuthDenied)
	}
	if _, err := wire.OpenCertificate(nil, data); err == nil {
		t.Error("OpenCertificate(no key) succeeds")
	}
}

func TestParsePairingCode(t *testing.T) {
	for text, want := range map[string]wire.PairingCode{
		"7KQ4-M2XP-TC9D": code, "7kq4m2xptc9d": code, " 7kq4 m2xp tc9d ": code,
		"OIL0-1111-ZZZZ": "01101111ZZZZ",
		"":               "", "7KQ4-M2XP-TC9": "", "7KQ4-M2XP-TC9DD": "", "7KQ4-M2XP-TC9U": "", "7KQ4-M2XP-TCé": "",
	} {
		got, err := wire.ParsePairingCode(text)
		if got != want || want == "" && fault.CodeOf(err) != fault.PairingCode {
			t.Errorf("ParsePairingCode(%q) = %q, %v, want %q", text, got, err, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		fresh := wire.NewPairingCode()
		if got, err := wire.ParsePairingCode(fresh.String()); err != nil || got != fresh {
			t.Fatalf("ParsePairingCode(%q) = %q, %v, want %q", fresh, got, err, fresh)
		}
	})
}

func TestLinkProof(t *testing.T) {
	public, private := key(1)
	stranger, _ := key(3)
	nonce := wire.Nonce{1, 2, 3}
	hello := wire.Hello{Node: "01KIOSK", Proof: wire.ProveLink(private, nonce, "01KIOSK")}
	if want := golden(t, "link-proof", hello.Proof); !bytes.Equal(hello.Proof, want) {
		t.Errorf("ProveLink = %x, want %x", hello.Proof, want)
	}
	other := hello
	other.Node = record.NodeID("01OTHER")
	tests := []struct {
		name  string
		key   ed25519.PublicKey
		nonce wire.Nonce
		hello wire.Hello
		want  bool
	}{
		{"Right", public, nonce, hello, true},
		{"AnotherKey", stranger, nonce, hello, false},
		{"NoKey", nil, nonce, hello, false},
		{"Replayed", public, wire.NewNonce(), hello, false},
		{"AnotherNode", public, nonce, other, false},
		{"NoProof", public, nonce, wire.Hello{Node: "01KIOSK"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := wire.LinkProven(tt.key, tt.nonce, tt.hello); got != tt.want {
				t.Errorf("LinkProven = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestParseNonce(t *testing.T) {
	nonce := wire.NewNonce()
	if got, err := wire.ParseNonce(nonce.String()); err != nil || got != nonce {
		t.Errorf("ParseNonce(%s) = %s, %v", nonce, got, err)
	}
	for _, text := range []string{"", "!", nonce.String() + "AA", hex.EncodeToString(nonce[:])} {
		if got, err := wire.ParseNonce(text); fault.CodeOf(err) != fault.BadProtocol {
			t.Errorf("ParseNonce(%q) = %s, %v, want %v", text, got, err, fault.BadProtocol)
		}
	}
}
