package token_test

import (
	"crypto/ed25519"
	"encoding/binary"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"hallpass/badge/token"
)

// The hall, the kiosks and the show of the vectors.
var (
	opening  = time.Date(2026, 9, 14, 1, 0, 0, 0, time.UTC)
	nodeOne  = [16]byte{0x01, 0x9A, 0x11, 0x22, 0x33, 0x44, 1}
	nodeTwo  = [16]byte{0x01, 0x9A, 0x11, 0x22, 0x33, 0x44, 2}
	theShow  = "lumen-2026"
	elseShow = "lumen-2025"
)

// badgeAt is a badge id of that moment.
func badgeAt(at time.Time, n byte) (id [16]byte) {
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16)
	id[15] = n
	return id
}

func certified(key ed25519.PrivateKey, node [16]byte, change func(*token.Certificate)) token.Certificate {
	c := token.Certificate{
		Key: public(key), Node: node, Show: theShow, Issued: opening.Add(-time.Hour), From: opening.Add(-25 * time.Hour),
		SignUntil: opening.AddDate(0, 0, 7), Until: opening.AddDate(0, 0, 14),
	}
	if change != nil {
		change(&c)
	}
	return c
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func makeVectors(t *testing.T) (v vectors) {
	t.Helper()
	example, _ := exampleKey()
	hall, otherHall, one, two := seeded(100), seeded(101), seeded(1), seeded(2)
	for name, key := range map[string]ed25519.PrivateKey{"hall": hall, "another hall": otherHall} {
		v.Halls = append(v.Halls, keyFrom(name, key))
	}
	for name, key := range map[string]ed25519.PrivateKey{"example": example, "kiosk one": one, "kiosk two": two} {
		v.Keys = append(v.Keys, keyFrom(name, key))
	}
	for _, keys := range [][]keyForm{v.Halls, v.Keys} {
		slices.SortFunc(keys, func(a, b keyForm) int { return strings.Compare(a.Name, b.Name) })
	}
	v.ShortCodes = shortVectors()
	v.Tokens = tokenVectors(example)
	v.Certificates = certificateVectors(hall, otherHall, one)
	v.Revocations = revocationVectors(hall, otherHall)
	v.Judgements = judgementVectors(hall, otherHall, one, two)
	return v
}

func keyFrom(name string, key ed25519.PrivateKey) keyForm {
	return keyForm{name, hexOf(key.Seed()), hexOf(public(key)), hexOf(keyIDOf(key))}
}

func shortVectors() (out []shortForm) {
	badges := [][16]byte{exampleClaims().Badge, {}, badgeAt(opening, 7)}
	for _, badge := range badges {
		code := token.ShortCode(badge)
		out = append(out, shortForm{Typed: code, Badge: hexOf(badge[:]), Code: code})
	}
	code := token.ShortCode(badges[0])
	out = append(out, shortForm{Typed: strings.ToLower(token.FormatShort(code)), Code: code}, shortForm{Typed: " tqw8b i6tqp ", Code: code})
	for _, wrong := range []string{"", code[:9], code + "0", "TQW8B16TQQ", "QTW8B16TQP", "TQW8B16TQU", "0000000001"} {
		out = append(out, shortForm{Typed: wrong})
	}
	return out
}

func tokenVectors(key ed25519.PrivateKey) (out []tokenForm) {
	add := func(name, text string, claims *claimsForm) {
		out = append(out, tokenForm{Name: name, Key: hexOf(public(key)), Text: text, Claims: claims})
	}
	for _, c := range []struct {
		name   string
		claims token.Claims
	}{
		{"the example of the specification", exampleClaims()},
		{"least of everything", token.Claims{FirstDay: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}},
		{"most of everything", token.Claims{FirstDay: time.Date(2199, 6, 6, 0, 0, 0, 0, time.UTC), Days: 255, Flags: 255, Issue: 65535, Category: "z9-._z9-._zz", Badge: [16]byte(public(seeded(9)))}},
		{"a badge as kiosks make them", token.Claims{FirstDay: opening, Days: 4, Issue: 1, Category: "vip", Badge: badgeAt(opening, 1)}},
	} {
		claims := claimsFrom(c.claims)
		add(c.name, must(token.Sign(key, c.claims)), &claims)
	}
	good := must(token.Sign(key, exampleClaims()))
	for name, text := range map[string]string{
		"nothing":                       "",
		"no token":                      strings.Repeat("0", 150),
		"lower case":                    strings.ToLower(good),
		"one short":                     good[:149],
		"a space before":                " " + good,
		"a space for the last":          good[:149] + " ",
		"version 2":                     "HP2" + good[3:],
		"another key's id":              spliced(good, 2, 0xFF),
		"another badge":                 spliced(good, 6, 0x00),
		"a higher issue":                spliced(good, 23, 0x03),
		"another first day":             spliced(good, 25, 0x00),
		"more days":                     spliced(good, 26, 0x04),
		"another flag":                  spliced(good, 27, 0x03),
		"another category":              spliced(good, 29, 0x00),
		"signed by another key":         must(token.Sign(seeded(9), exampleClaims())),
		"a signature with S beyond L":   malleable(good),
		"a group beyond two bytes":      good[:147] + ":::",
		"signed, a category with holes": signedRaw(key, good, 28, []byte{0, 1, 0, 0, 0, 0, 0, 0}),
		"signed, a RADIX-40 beyond 40³": signedRaw(key, good, 28, []byte{0xFF, 0xFF, 0, 0, 0, 0, 0, 0}),
		"signed, version 2":             signedRaw(key, good, 1, []byte{0x60}),
	} {
		add(name, text, nil)
	}
	slices.SortStableFunc(out[4:], func(a, b tokenForm) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func certificateVectors(hall, otherHall, one ed25519.PrivateKey) (out []certificateForm) {
	add := func(name string, by ed25519.PrivateKey, text string, says *saysForm) {
		out = append(out, certificateForm{name, hexOf(public(by)), text, says})
	}
	for _, c := range []struct {
		name string
		cert token.Certificate
	}{
		{"all categories", certified(one, nodeOne, nil)},
		{"two categories", certified(one, nodeOne, func(c *token.Certificate) { c.Categories = []string{"public", "trade"} })},
		{"the longest", certified(one, nodeOne, func(c *token.Certificate) {
			c.Show = strings.Repeat("s", 32)
			for i := range 32 {
				c.Categories = append(c.Categories, "category-"+string(rune('a'+i/26))+string(rune('a'+i%26)))
			}
		})},
		{"the years that there are", certified(one, nodeOne, func(c *token.Certificate) {
			c.Issued, c.From, c.SignUntil = time.Unix(0, 0), time.Unix(0, 0), time.Unix(0, 0)
			c.Until = time.Date(2199, 12, 31, 23, 59, 59, 0, time.UTC)
		})},
	} {
		says := saysFrom(c.cert)
		add(c.name, hall, must(c.cert.Sign(hall)), &says)
	}
	good := must(certified(one, nodeOne, nil).Sign(hall))
	add("nothing", hall, "", nil)
	add("by another hall", hall, must(certified(one, nodeOne, nil).Sign(otherHall)), nil)
	add("another key", hall, spliced(good, 3, 0xEE), nil)
	add("another node", hall, spliced(good, 35, 0xEE), nil)
	add("valid for longer", hall, spliced(good, 80, 0x00), nil)
	add("one character short", hall, good[:len(good)-1], nil)
	add("a byte more", hall, signedStatement(hall, good, "hallpass key certificate v1\x00", func(b []byte) []byte { return append(b, 0) }), nil)
	add("signed, version 2", hall, signedStatement(hall, good, "hallpass key certificate v1\x00", func(b []byte) []byte { b[2] = 2; return b }), nil)
	add("signed as a revocation", hall, signedStatement(hall, good, "hallpass revocation v1\x00", func(b []byte) []byte { return b }), nil)
	add("signed, ends before it begins", hall, signedStatement(hall, good, "hallpass key certificate v1\x00", func(b []byte) []byte { b[79] = 0; return b }), nil)
	add("signed, a show in capitals", hall, signedStatement(hall, good, "hallpass key certificate v1\x00", func(b []byte) []byte { b[84] = 'L'; return b }), nil)
	return out
}

func revocationVectors(hall, otherHall ed25519.PrivateKey) (out []revocationForm) {
	add := func(name, text string, says *revokesForm) {
		out = append(out, revocationForm{name, hexOf(public(hall)), text, says})
	}
	v := token.Revocation{Node: nodeOne, Show: theShow, At: opening.Add(3 * time.Hour), Since: opening.Add(2 * time.Hour)}
	all := v
	all.All = true
	for name, v := range map[string]token.Revocation{"badges made before count": v, "all badges are void": all} {
		says := revokesFrom(v)
		add(name, must(v.Sign(hall)), &says)
	}
	slices.SortFunc(out, func(a, b revocationForm) int { return strings.Compare(a.Name, b.Name) })
	good := must(v.Sign(hall))
	add("by another hall", must(v.Sign(otherHall)), nil)
	add("another node", spliced(good, 3, 0xEE), nil)
	add("neither all nor not", signedStatement(hall, good, "hallpass revocation v1\x00", func(b []byte) []byte { b[35] = 2; return b }), nil)
	add("since after it was said", signedStatement(hall, good, "hallpass revocation v1\x00", func(b []byte) []byte { b[31]++; return b }), nil)
	add("signed as a certificate", signedStatement(hall, good, "hallpass key certificate v1\x00", func(b []byte) []byte { return b }), nil)
	return out
}

// rawOf undoes Base45 with nothing of the package's own.
func rawOf(text string) (out []byte) {
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	for len(text) > 0 {
		n, weight, size := 0, 1, min(3, len(text))
		for _, c := range text[:size] {
			n += strings.IndexRune(alphabet, c) * weight
			weight *= 45
		}
		if size == 3 {
			out = append(out, byte(n>>8))
		}
		out, text = append(out, byte(n)), text[size:]
	}
	return out
}

func textOf(data []byte) (out string) {
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	for len(data) > 0 {
		n, digits := int(data[0]), 2
		if len(data) > 1 {
			n, digits = n<<8|int(data[1]), 3
		}
		for range digits {
			out += alphabet[n%45 : n%45+1]
			n /= 45
		}
		data = data[min(2, len(data)):]
	}
	return out
}

// spliced changes one byte and leaves the signature.
func spliced(text string, at int, to byte) string {
	raw := rawOf(text)
	raw[at] = to
	return textOf(raw)
}

// malleable adds L to the signature's S.
func malleable(text string) string {
	raw := rawOf(text)
	s := raw[len(raw)-32:]
	slices.Reverse(s)
	new(big.Int).Add(new(big.Int).SetBytes(s), groupOrder).FillBytes(s)
	slices.Reverse(s)
	return textOf(raw)
}

// signedRaw changes a token's bytes and signs them again.
func signedRaw(key ed25519.PrivateKey, text string, at int, to []byte) string {
	body := rawOf(text)[:36]
	copy(body[at:], to)
	return textOf(append(body, ed25519.Sign(key, append([]byte("hallpass token v1\x00"), body...))...))
}

func signedStatement(key ed25519.PrivateKey, text, label string, change func([]byte) []byte) string {
	raw := rawOf(text)
	body := change(raw[: len(raw)-64 : len(raw)-64])
	return textOf(append(body, ed25519.Sign(key, append([]byte(label), body...))...))
}
