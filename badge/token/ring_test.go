package token_test

import (
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"hallpass/badge/token"
)

// numbered makes the key of a seed that is a number.
func numbered(n uint64) ed25519.PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	binary.BigEndian.PutUint64(seed, n)
	return ed25519.NewKeyFromSeed(seed)
}

// Four bytes of a key's hash are no secret: somebody with a certificate for a
// key that has another kiosk's id must not put that kiosk's badges out of
// action, nor pass for it (P5).
func TestRing_TwoKeysOfOneID_P5(t *testing.T) {
	hall, a, b := seeded(100), numbered(116215), numbered(119727)
	if token.KeyIDOf(public(a)) != token.KeyIDOf(public(b)) {
		t.Fatal("the two keys do not share an id")
	}
	for _, order := range [][]ed25519.PrivateKey{{a, b}, {b, a}} {
		ring := token.NewRing(theShow, public(hall))
		for i, key := range order {
			if err := ring.Add(must(certified(key, [16]byte{byte(i)}, nil).Sign(hall))); err != nil {
				t.Fatal(err)
			}
		}
		for i, key := range order {
			claims := token.Claims{Badge: badgeAt(opening, byte(i)), Issue: 1, Category: "trade", FirstDay: time.Date(2026, 9, 14, 0, 0, 0, 0, time.UTC)}
			found := ring.Judge(must(token.Sign(key, claims)), opening)
			if found.Reason != token.Genuine || found.Claims != claims || found.Key.Node != [16]byte{byte(i)} {
				t.Errorf("key %d of two: %+v", i, found)
			}
		}
		forged := must(token.Sign(a, exampleClaims()))
		if got := ring.Judge(spliced(forged, 22, 1), opening); got.Reason != token.Forged || got.Claims != (token.Claims{}) {
			t.Errorf("neither's: %+v", got)
		}
	}
}

// P4: rings that heard the same statements say the same, in whatever order and
// however often they heard them.
func TestRing_OrderDoesNotMatter_P4(t *testing.T) {
	hall, one := seeded(100), seeded(1)
	var statements []string
	for i := range 6 {
		at := opening.Add(time.Duration(i/2) * time.Hour) // two of each are issued at once
		statements = append(statements, must(certified(one, nodeOne, func(c *token.Certificate) {
			c.Issued, c.Until = at, opening.AddDate(0, 0, 8+i)
		}).Sign(hall)))
	}
	for i := range 4 {
		statements = append(statements, must(token.Revocation{Node: nodeOne, Show: theShow, At: opening.Add(9 * time.Hour), Since: opening.Add(time.Duration(i) * time.Hour)}.Sign(hall)))
	}
	badge := must(token.Sign(one, token.Claims{Badge: badgeAt(opening.Add(-time.Hour), 1), Issue: 1, Category: "trade"}))
	random := rand.New(rand.NewPCG(1, 2))
	var want token.Finding
	for round := range 50 {
		ring := token.NewRing(theShow, public(hall))
		for _, i := range append(random.Perm(len(statements)), random.Perm(len(statements))...) {
			if err := ring.Add(statements[i]); err != nil {
				t.Fatal(err)
			}
		}
		got := ring.Judge(badge, opening)
		if round == 0 {
			want = got
		}
		if got.Reason != token.Genuine || !got.Doubtful || !got.Key.Until.Equal(want.Key.Until) {
			t.Fatalf("round %d: %+v, want %+v", round, got, want)
		}
	}
}

// BenchmarkJudge is what a scan costs whoever checks it: a ring of 200 kiosks
// that have changed their keys twice.
func BenchmarkJudge(b *testing.B) {
	hall := seeded(100)
	ring := token.NewRing(theShow, public(hall))
	for n := range uint64(600) {
		if err := ring.Add(must(certified(numbered(n), [16]byte{byte(n), byte(n >> 8)}, nil).Sign(hall))); err != nil {
			b.Fatal(err)
		}
	}
	badge := must(token.Sign(numbered(299), exampleClaims()))
	for b.Loop() {
		if found := ring.Judge(badge, opening); found.Reason != token.Genuine {
			b.Fatal(found.Reason)
		}
	}
}

// What cannot be is not signed either.
func TestStatements_RefuseWhatCannotBe(t *testing.T) {
	hall, one := seeded(100), seeded(1)
	for name, change := range map[string]func(*token.Certificate){
		"no key":               func(c *token.Certificate) { c.Key = nil },
		"ends before it signs": func(c *token.Certificate) { c.SignUntil = c.From.Add(-time.Second) },
		"counts no longer":     func(c *token.Certificate) { c.Until = c.SignUntil.Add(-time.Second) },
		"before 1970":          func(c *token.Certificate) { c.Issued = time.Unix(-1, 0) },
		"after 2199":           func(c *token.Certificate) { c.Until = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC) },
		"no show":              func(c *token.Certificate) { c.Show = "" },
		"a show in capitals":   func(c *token.Certificate) { c.Show = "Lumen" },
		"a long show":          func(c *token.Certificate) { c.Show = strings.Repeat("s", 33) },
		"a category twice":     func(c *token.Certificate) { c.Categories = []string{"vip", "vip"} },
		"not sorted":           func(c *token.Certificate) { c.Categories = []string{"vip", "trade"} },
		"no such category":     func(c *token.Certificate) { c.Categories = []string{"VIP"} },
		"too many":             func(c *token.Certificate) { c.Categories = make([]string, 33) },
	} {
		if text, err := certified(one, nodeOne, change).Sign(hall); err == nil {
			t.Errorf("%s: signed %q", name, text)
		}
	}
	if _, err := certified(one, nodeOne, nil).Sign(hall[:5]); err == nil {
		t.Error("signed with five bytes of a key")
	}
	v := token.Revocation{Node: nodeOne, Show: theShow, At: opening, Since: opening}
	for name, change := range map[string]func(*token.Revocation){
		"no show":               func(v *token.Revocation) { v.Show = "" },
		"since after it's said": func(v *token.Revocation) { v.Since = v.At.Add(time.Second) },
		"before 1970":           func(v *token.Revocation) { v.Since = time.Unix(-1, 0) },
	} {
		spoilt := v
		change(&spoilt)
		if text, err := spoilt.Sign(hall); err == nil {
			t.Errorf("%s: signed %q", name, text)
		}
	}
	if _, err := token.OpenRevocation(nil, must(v.Sign(hall))); !errors.Is(err, token.ErrStatement) {
		t.Errorf("opened without a hall: %v", err)
	}
}

// P5: no bit of a statement can be changed.
func TestStatements_RefuseEveryChangedByte_P5(t *testing.T) {
	hall := seeded(100)
	certificate := must(certified(seeded(1), nodeOne, nil).Sign(hall))
	revocation := must(token.Revocation{Node: nodeOne, Show: theShow, At: opening, Since: opening}.Sign(hall))
	ring := token.NewRing(theShow, public(hall))
	for _, text := range []string{certificate, revocation} {
		for i, b := range rawOf(text) {
			for _, changed := range []byte{b ^ 1, b ^ 0x80, ^b} {
				if err := ring.Add(spliced(text, i, changed)); !errors.Is(err, token.ErrStatement) {
					t.Fatalf("byte %d from %02x to %02x: %v", i, b, changed, err)
				}
			}
		}
		if err := ring.Add(text); err != nil {
			t.Error(err)
		}
	}
}

// FuzzStatement: what a ring takes is exactly what a hall writes.
func FuzzStatement(f *testing.F) {
	hall := seeded(100)
	f.Add(rawOf(must(certified(seeded(1), nodeOne, func(c *token.Certificate) { c.Categories = []string{"public", "trade"} }).Sign(hall)))[3:])
	f.Add(rawOf(must(token.Revocation{Node: nodeOne, Show: theShow, At: opening, Since: opening, All: true}.Sign(hall)))[3:])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, said []byte) {
		// Signed by the hall, so that the fuzzer reaches what stands behind it.
		for _, kind := range []struct{ start, label string }{
			{"\x63\x62\x01", "hallpass key certificate v1\x00"}, {"\xDA\x09\x01", "hallpass revocation v1\x00"},
		} {
			body := append([]byte(kind.start), said[:max(0, len(said)-64)]...)
			text := textOf(append(body, ed25519.Sign(hall, append([]byte(kind.label), body...))...))
			if c, err := token.OpenCertificate(public(hall), text); err == nil && must(c.Sign(hall)) != text {
				t.Fatalf("%q reads as %+v, which is written otherwise", text, c)
			}
			if v, err := token.OpenRevocation(public(hall), text); err == nil && must(v.Sign(hall)) != text {
				t.Fatalf("%q reads as %+v, which is written otherwise", text, v)
			}
		}
		if token.NewRing(theShow, public(hall)).Add(string(said)) == nil {
			t.Fatalf("%q is taken for a statement", said)
		}
	})
}

// FuzzJudge: of anything at all a ring says one of its reasons, and Open and
// Judge agree.
func FuzzJudge(f *testing.F) {
	hall, one := seeded(100), seeded(1)
	ring := token.NewRing(theShow, public(hall))
	if err := ring.Add(must(certified(one, nodeOne, nil).Sign(hall))); err != nil {
		f.Fatal(err)
	}
	good := must(token.Sign(one, exampleClaims()))
	for _, text := range []string{good, vector, strings.ToLower(good), good[:75], strings.Repeat("HP1", 50), "HTTPS://BADGES.EXAMPLE"} {
		f.Add(text, opening.Unix())
	}
	f.Fuzz(func(t *testing.T, text string, at int64) {
		now := time.Unix(at, 0)
		found := ring.Judge(text, now)
		claims, err := ring.Open(text, now)
		switch found.Reason {
		case token.Genuine:
			if err != nil || claims != found.Claims || text != must(token.Sign(one, claims)) {
				t.Fatalf("%q is genuine, Open = %v", text, err)
			}
		case token.Early, token.Expired:
			if !errors.Is(err, token.ErrToken) || text != must(token.Sign(one, found.Claims)) {
				t.Fatalf("%q is %s, Open = %v", text, found.Reason, err)
			}
		default:
			if !errors.Is(err, token.ErrToken) || claims != (token.Claims{}) || found.Claims != (token.Claims{}) {
				t.Fatalf("%q is %s with %v, Open = %v", text, found.Reason, found.Claims, err)
			}
		}
	})
}
