package token

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// ErrToken is the one answer of Open to everything that is not a valid token:
// it never says which check failed.
var ErrToken = errors.New("token: not a valid badge code")

const (
	magic     = 0x0C5F // "HP1" in Base45
	bodySize  = 36
	tokenSize = bodySize + ed25519.SignatureSize
	textSize  = tokenSize / 2 * 3
	context   = "hallpass token v1\x00"
)

// epoch is day 0 of a token's dates.
var epoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// Claims is what a token says about one printed badge.
type Claims struct {
	Badge    [16]byte  // the badge's id
	Issue    uint16    // counts the prints of one badge from 1
	Category string    // category id, see CheckCategory
	FirstDay time.Time // first valid day; only its date counts, 2020-01-01 (also the zero time) to 2199-06-06
	Days     uint8     // how many days from FirstDay, 0 for every day
	Flags    uint8     // meaning set by the show
}

// String gives the issue number only, so that claims printed by mistake do not
// put a visitor's badge into a log.
func (c Claims) String() string { return fmt.Sprintf("badge claims, issue %d", c.Issue) }

// KeyID names a public key inside a token. Four bytes find the key among a
// show's few hundred; they do not prove it.
type KeyID [4]byte

// KeyIDOf is the first four bytes of the key's SHA-256.
func KeyIDOf(key ed25519.PublicKey) KeyID {
	sum := sha256.Sum256(key)
	return KeyID(sum[:4])
}

// Keys finds the public keys that may sign badges of this show.
type Keys interface {
	// PublicKey reports false for a key that is unknown or no longer trusted.
	PublicKey(KeyID) (ed25519.PublicKey, bool)
}

// Sign returns the QR text of a badge: 150 characters of QR's alphanumeric
// alphabet. The same claims and key give the same text. It fails on a key of
// the wrong size, a category that CheckCategory refuses, or a day out of range.
func Sign(key ed25519.PrivateKey, claims Claims) (string, error) {
	if len(key) != ed25519.PrivateKeySize {
		return "", errors.New("token: the signing key is no Ed25519 private key")
	}
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return "", errors.New("token: the signing key has no public half")
	}
	body, err := encode(KeyIDOf(public), claims)
	if err != nil {
		return "", err
	}
	return encodeBase45(append(body, ed25519.Sign(key, signed(body))...)), nil
}

// Open returns the claims of a token that one of keys signed, and ErrToken for
// anything else. The signature is verified for every well-formed text, with a
// stand-in key if the named one is unknown, so an answer's time does not tell
// which keys exist.
func Open(text string, keys Keys) (Claims, error) {
	if len(text) != textSize {
		return Claims{}, ErrToken
	}
	data, ok := decodeBase45(text)
	if !ok || len(data) != tokenSize {
		return Claims{}, ErrToken
	}
	body, signature := data[:bodySize], data[bodySize:]
	claims, wellFormed := decode(body)
	key, known := keys.PublicKey(KeyID(body[2:6]))
	if !known || len(key) != ed25519.PublicKeySize {
		key, known = standIn, false
	}
	genuine := ed25519.Verify(key, signed(body), signature)
	if !genuine || !known || !wellFormed || KeyIDOf(key) != KeyID(body[2:6]) {
		return Claims{}, ErrToken
	}
	return claims, nil
}

// standIn is verified against when a token names an unknown key. It is the
// curve's base point: a valid point, and a signature that passes is refused.
var standIn = ed25519.PublicKey{
	0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
}

func signed(body []byte) []byte {
	return append([]byte(context), body...)
}

func encode(id KeyID, claims Claims) ([]byte, error) {
	if err := CheckCategory(claims.Category); err != nil {
		return nil, err
	}
	if claims.FirstDay.IsZero() {
		claims.FirstDay = epoch
	}
	year, month, date := claims.FirstDay.Date()
	day := time.Date(year, month, date, 0, 0, 0, 0, time.UTC).Sub(epoch) / (24 * time.Hour)
	if day < 0 || day > 0xFFFF {
		return nil, fmt.Errorf("token: first day %d-%02d-%02d is not between 2020-01-01 and 2199-06-06", year, month, date)
	}
	body := make([]byte, 0, tokenSize)
	body = binary.BigEndian.AppendUint16(body, magic)
	body = append(body, id[:]...)
	body = append(body, claims.Badge[:]...)
	body = binary.BigEndian.AppendUint16(body, claims.Issue)
	body = binary.BigEndian.AppendUint16(body, uint16(day))
	body = append(body, claims.Days, claims.Flags)
	category := packCategory(claims.Category)
	return append(body, category[:]...), nil
}

func decode(body []byte) (Claims, bool) {
	category, ok := unpackCategory(body[28:bodySize])
	return Claims{
		Badge:    [16]byte(body[6:22]),
		Issue:    binary.BigEndian.Uint16(body[22:]),
		Category: category,
		FirstDay: epoch.AddDate(0, 0, int(binary.BigEndian.Uint16(body[24:]))),
		Days:     body[26],
		Flags:    body[27],
	}, ok && binary.BigEndian.Uint16(body) == magic
}
