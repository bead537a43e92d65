package wire

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// PairingCode is the one-time code of a pairing in its normal form: 12
// characters of Crockford's base32, 60 bits. It is shown to people and never
// sent.
type PairingCode string

const codeLength = 12

// crockford is the alphabet of crockford.com/base32.html: no I, L, O or U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewPairingCode returns a fresh code.
func NewPairingCode() PairingCode {
	var random [codeLength]byte
	rand.Read(random[:]) // never fails
	for i, b := range random {
		random[i] = crockford[b%32]
	}
	return PairingCode(random[:])
}

// ParsePairingCode reads a code as people type it: any case, with spaces and
// dashes, O for 0 and I or L for 1. It answers fault.PairingCode otherwise.
func ParsePairingCode(text string) (PairingCode, error) {
	read := strings.NewReplacer(" ", "", "-", "", "O", "0", "I", "1", "L", "1")
	code := read.Replace(strings.ToUpper(text))
	if len(code) != codeLength || strings.Trim(code, crockford) != "" {
		return "", fault.New(fault.PairingCode, "A pairing code has 12 letters and digits, such as 7KQ4-M2XP-TC9D.").WithField("code")
	}
	return PairingCode(code), nil
}

// String gives the code as it is shown: XXXX-XXXX-XXXX.
func (c PairingCode) String() string {
	if len(c) != codeLength {
		return string(c)
	}
	return string(c[:4] + "-" + c[4:8] + "-" + c[8:])
}

// Base64 is bytes that JSON carries as base64url without padding (RFC 4648 §5).
type Base64 []byte

// MarshalText never fails.
func (b Base64) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, b), nil
}

// UnmarshalText answers fault.Invalid for anything else.
func (b *Base64) UnmarshalText(text []byte) error {
	data, err := base64.RawURLEncoding.AppendDecode(nil, text)
	if err != nil {
		return fault.Wrap(fault.Invalid, "The bytes are not base64url.", err)
	}
	*b = data
	return nil
}

// PairRequest is what a kiosk posts to pair: its key and a proof that it knows
// the code and sees the hall's own certificate.
type PairRequest struct {
	Name      string `json:"name"`
	PublicKey Base64 `json:"public_key"` // Ed25519, 32 bytes
	Nonce     Base64 `json:"nonce"`      // 16 random bytes
	Proof     Base64 `json:"proof"`
}

// PairAnswer is what the hall answers, with a proof of the same.
type PairAnswer struct {
	Node        record.NodeID `json:"node"` // the kiosk's, 26 characters
	Hall        record.NodeID `json:"hall"`
	Show        record.ShowID `json:"show"`
	HallKey     Base64        `json:"hall_key"`    // Ed25519, 32 bytes
	Certificate Base64        `json:"certificate"` // see Certificate
	Proof       Base64        `json:"proof"`
}

// Lengths that keep the proofs free of doubt: all parts but the last are fixed.
const (
	PairNonceLength = 16
	nodeIDLength    = 26
)

// Seal sets the proof. Fingerprint is the SHA-256 of the hall's certificate
// (DER) as the kiosk sees it, zeroes on plain HTTP.
func (r *PairRequest) Seal(code PairingCode, fingerprint [32]byte) {
	r.Proof = r.proof(code, fingerprint)
}

// Proven reports, in constant time, whether the kiosk knows the code and sees
// the certificate with this fingerprint. Malformed requests are not proven.
func (r PairRequest) Proven(code PairingCode, fingerprint [32]byte) bool {
	return len(r.PublicKey) == ed25519.PublicKeySize && len(r.Nonce) == PairNonceLength &&
		len(code) == codeLength && hmac.Equal(r.Proof, r.proof(code, fingerprint))
}

func (r PairRequest) proof(code PairingCode, fingerprint [32]byte) []byte {
	return code.mac("hallpass pair kiosk v1", fingerprint[:], r.PublicKey, r.Nonce, []byte(r.Name))
}

// Seal sets the hall's proof over the kiosk's nonce and the hall's own
// fingerprint.
func (a *PairAnswer) Seal(code PairingCode, fingerprint [32]byte, nonce []byte) {
	a.Proof = a.proof(code, fingerprint, nonce)
}

// Proven reports, in constant time, whether the answer comes from a hall that
// knows the code and owns the certificate with this fingerprint.
func (a PairAnswer) Proven(code PairingCode, fingerprint [32]byte, nonce []byte) bool {
	return len(a.HallKey) == ed25519.PublicKeySize && len(a.Node) == nodeIDLength &&
		len(code) == codeLength && hmac.Equal(a.Proof, a.proof(code, fingerprint, nonce))
}

func (a PairAnswer) proof(code PairingCode, fingerprint [32]byte, nonce []byte) []byte {
	return code.mac("hallpass pair hall v1", fingerprint[:], []byte(a.Node), a.HallKey, nonce, a.Certificate)
}

func (c PairingCode) mac(label string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, []byte(c))
	h.Write([]byte(label))
	h.Write(slices.Concat(parts...))
	return h.Sum(nil)
}
