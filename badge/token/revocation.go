package token

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"time"
)

// Revocation is a hall's word that a kiosk is out of service. Times count to
// the second.
type Revocation struct {
	Node [16]byte  // the kiosk's id
	Show string    // as in its certificates
	At   time.Time // when the hall said so
	// Since then the kiosk's keys are not trusted: what they signed later is void,
	// and so is everything they signed if All is set. Not after At.
	Since time.Time
	All   bool
}

// Sign writes the revocation with the hall's signature: 154 to 200 characters.
// It fails on what Revocation says that cannot be.
func (v Revocation) Sign(hall ed25519.PrivateKey) (string, error) {
	if v.At.Before(v.Since) {
		return "", errTime
	}
	said := bytes.Clone(v.Node[:])
	var err error
	for _, t := range []time.Time{v.At, v.Since} {
		if said, err = appendSecond(said, t); err != nil {
			return "", err
		}
	}
	var all byte
	if v.All {
		all = 1
	}
	if said, err = appendShow(append(said, all), v.Show); err != nil {
		return "", err
	}
	return seal(hall, revocationLabel, revocationMagic, said)
}

// OpenRevocation returns what a hall revoked, and ErrStatement for a text that
// is no revocation by the hall with that public key.
func OpenRevocation(hall ed25519.PublicKey, text string) (Revocation, error) {
	said, ok := unseal(hall, revocationLabel, revocationMagic, text)
	if !ok {
		return Revocation{}, ErrStatement
	}
	r := reader{data: said}
	v := Revocation{Node: [16]byte(r.take(16)), At: r.second(), Since: r.second()}
	all := r.take(1)[0]
	v.All, v.Show = all == 1, r.show()
	if !r.whole() || all > 1 || v.At.Before(v.Since) {
		return Revocation{}, ErrStatement
	}
	return v, nil
}

// Made is the time in a badge's id: its first 48 bits are milliseconds since
// 1970 (github.com/ulid/spec). The signature covers it, but a thief of the key
// may have written any.
func (c Claims) Made() time.Time {
	var ms [8]byte
	copy(ms[2:], c.Badge[:6])
	return time.UnixMilli(int64(binary.BigEndian.Uint64(ms[:]))).UTC()
}
