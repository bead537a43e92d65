package token_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallpass/badge/token"
)

// keyring is the plainest Keys.
type keyring map[token.KeyID]ed25519.PublicKey

func (k keyring) PublicKey(id token.KeyID) (ed25519.PublicKey, bool) {
	key, ok := k[id]
	return key, ok
}

// exampleKey is the key of the package comment's test vector.
func exampleKey() (ed25519.PrivateKey, keyring) {
	seed := make([]byte, ed25519.SeedSize)
	for i := range seed {
		seed[i] = byte(i)
	}
	private := ed25519.NewKeyFromSeed(seed)
	public := private.Public().(ed25519.PublicKey)
	return private, keyring{token.KeyIDOf(public): public}
}

func exampleClaims() token.Claims {
	claims := token.Claims{
		Issue: 2, Category: "trade", Days: 3, Flags: 1,
		FirstDay: time.Date(2026, 9, 14, 0, 0, 0, 0, time.UTC),
	}
	for i := range claims.Badge {
		claims.Badge[i] = 0xA0 + byte(i)
	}
	return claims
}

func mustSign(t testing.TB, key ed25519.PrivateKey, claims token.Claims) string {
	t.Helper()
	text, err := token.Sign(key, claims)
	if err != nil {
		t.Fatalf("Sign: %v", err)
	}
	return text
}

// The vector of the package comment: another implementation checks itself
// against it, so it never changes.
const vector = "HP1$+AWKB DKAPKT K33LMEL-PLF$LY3M200I914H067GUB300000055UUM5K7DLM6O35VA2PT4" +
	"3A6E-M6VSZCRIMKY:0/0E1YIBGVHEPBK8D99JIM7HVSD56JM815K65WA7$$BM+5V:889RSP6924"

func TestSign_KeepsTheTestVector(t *testing.T) {
	key, keys := exampleKey()
	claims := exampleClaims()
	if got := mustSign(t, key, claims); got != vector {
		t.Errorf("Sign =\n%q, want\n%q", got, vector)
	}
	if got := token.ShortCode(claims.Badge); got != "TQW8B16TQP" {
		t.Errorf("ShortCode = %q", got)
	}
	if got := hex.EncodeToString(keyIDOf(key)); got != "56475aa7" {
		t.Errorf("key id = %s", got)
	}
	got, err := token.Open(vector, keys)
	if err != nil || got != claims {
		t.Errorf("Open = %#v, %v, want %#v", got, err, claims)
	}
}

func keyIDOf(key ed25519.PrivateKey) []byte {
	id := token.KeyIDOf(key.Public().(ed25519.PublicKey))
	return id[:]
}

func TestSignOpen_RoundTrip(t *testing.T) {
	key, keys := exampleKey()
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	for _, claims := range []token.Claims{
		{FirstDay: day(2020, 1, 1)},
		{FirstDay: day(2199, 6, 6), Days: 255, Flags: 255, Issue: 65535, Category: "z9-._z9-._zz"},
		{FirstDay: day(2026, 2, 28), Days: 1, Issue: 1, Category: "a"},
		{FirstDay: day(2028, 2, 29), Days: 2, Issue: 300, Category: "vip-2"},
	} {
		text := mustSign(t, key, claims)
		if len(text) != 150 || !strings.HasPrefix(text, "HP1") || text != strings.TrimSpace(text) {
			t.Errorf("Sign(%#v) = %q: want 150 characters from HP1, no space at an end", claims, text)
		}
		if got, err := token.Open(text, keys); err != nil || got != claims {
			t.Errorf("Open = %#v, %v, want %#v", got, err, claims)
		}
	}
}

func TestSign_CountsOnlyTheDateOfFirstDay(t *testing.T) {
	key, keys := exampleKey()
	claims := exampleClaims()
	shanghai := time.FixedZone("CST", 8*3600)
	claims.FirstDay = time.Date(2026, 9, 14, 1, 30, 0, 0, shanghai) // still the 13th in UTC
	got, err := token.Open(mustSign(t, key, claims), keys)
	if want := exampleClaims().FirstDay; err != nil || !got.FirstDay.Equal(want) {
		t.Errorf("FirstDay = %v, %v, want %v", got.FirstDay, err, want)
	}
	claims.FirstDay = time.Time{}
	got, err = token.Open(mustSign(t, key, claims), keys)
	if want := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC); err != nil || !got.FirstDay.Equal(want) {
		t.Errorf("FirstDay of the zero time = %v, %v, want %v", got.FirstDay, err, want)
	}
}

func TestSign_RefusesWhatATokenCannotCarry(t *testing.T) {
	key, _ := exampleKey()
	refused := map[string]func(*token.Claims){
		"category too long":   func(c *token.Claims) { c.Category = "thirteen-char" },
		"category upper case": func(c *token.Claims) { c.Category = "VIP" },
		"category with zero":  func(c *token.Claims) { c.Category = "a\x00b" },
		"category Chinese":    func(c *token.Claims) { c.Category = "观众" },
		"day too early":       func(c *token.Claims) { c.FirstDay = time.Date(2019, 12, 31, 0, 0, 0, 0, time.UTC) },
		"day too late":        func(c *token.Claims) { c.FirstDay = time.Date(2199, 6, 7, 0, 0, 0, 0, time.UTC) },
	}
	for name, spoil := range refused {
		claims := exampleClaims()
		spoil(&claims)
		if text, err := token.Sign(key, claims); err == nil {
			t.Errorf("%s: signed %q", name, text)
		}
	}
	for _, bad := range []ed25519.PrivateKey{nil, key[:32], append(bytes.Clone(key), 0)} {
		if _, err := token.Sign(bad, exampleClaims()); err == nil {
			t.Errorf("signed with a key of %d bytes", len(bad))
		}
	}
}

// P5: a forged badge never passes. Every character of a good token is changed
// to every other of the alphabet.
func TestOpen_RefusesEveryChangedCharacter_P5(t *testing.T) {
	_, keys := exampleKey()
	for i := range vector {
		for _, c := range []byte("0AZ %:.9" + vector[(i+1)%len(vector):][:1]) {
			if c == vector[i] {
				continue
			}
			forged := vector[:i] + string(rune(c)) + vector[i+1:]
			if claims, err := token.Open(forged, keys); !errors.Is(err, token.ErrToken) || claims != (token.Claims{}) {
				t.Fatalf("Open with %q at %d = %#v, %v", c, i, claims, err)
			}
		}
	}
}

func TestOpen_RefusesOtherTexts_P5(t *testing.T) {
	key, keys := exampleKey()
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	public := key.Public().(ed25519.PublicKey)
	for name, text := range map[string]string{
		"empty":          "",
		"web address":    "HTTPS://EXAMPLE.EXAMPLE/" + strings.Repeat("A", 126),
		"lower case":     strings.ToLower(vector),
		"space before":   " " + vector,
		"newline after":  vector + "\n",
		"one short":      vector[:149],
		"two in one":     vector + vector,
		"all colons":     strings.Repeat(":", 150),
		"Chinese":        strings.Repeat("观", 50),
		"another signer": mustSign(t, other, exampleClaims()),
	} {
		if _, err := token.Open(text, keys); !errors.Is(err, token.ErrToken) {
			t.Errorf("%s: Open = %v, want ErrToken", name, err)
		}
	}
	// A ring that answers with somebody else's key, or with rubbish, must not help.
	for name, ring := range map[string]keyring{
		"empty ring": {},
		"wrong key":  {token.KeyIDOf(public): other.Public().(ed25519.PublicKey)},
		"short key":  {token.KeyIDOf(public): public[:5]},
	} {
		if _, err := token.Open(vector, ring); !errors.Is(err, token.ErrToken) {
			t.Errorf("%s: Open = %v, want ErrToken", name, err)
		}
	}
}

func TestClaims_PrintNothingPersonal_P8(t *testing.T) {
	text := fmt.Sprintf("%v %+v %s", exampleClaims(), exampleClaims(), exampleClaims())
	if strings.Contains(text, "trade") || strings.Contains(text, "161") || strings.Contains(strings.ToLower(text), "a0a1") {
		t.Errorf("claims print as %q", text)
	}
}

// Whatever Open accepts is exactly what Sign writes: no text has a twin.
func FuzzOpen(f *testing.F) {
	key, keys := exampleKey()
	f.Add(vector)
	f.Add(strings.Repeat("0", 150))
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		claims, err := token.Open(text, keys)
		if err != nil {
			if !errors.Is(err, token.ErrToken) || claims != (token.Claims{}) {
				t.Fatalf("Open(%q) = %#v, %v", text, claims, err)
			}
			return
		}
		if again := mustSign(t, key, claims); again != text {
			t.Fatalf("Open accepted %q, Sign writes %q", text, again)
		}
	})
}

// FuzzClaims signs what the fuzzer makes, so that it reaches what stands behind
// the signature: whatever is accepted is exactly what Sign writes.
func FuzzClaims(f *testing.F) {
	key, keys := exampleKey()
	f.Add(rawOf(vector)[6:36])
	f.Add(bytes.Repeat([]byte{0xFF}, 30))
	f.Fuzz(func(t *testing.T, said []byte) {
		body := append(rawOf(vector)[:6:6], said...)
		text := textOf(append(body, ed25519.Sign(key, append([]byte("hallpass token v1\x00"), body...))...))
		claims, err := token.Open(text, keys)
		if err == nil && mustSign(t, key, claims) != text {
			t.Fatalf("%x reads as %#v, which is written otherwise", body, claims)
		}
		if err != nil && !errors.Is(err, token.ErrToken) {
			t.Fatal(err)
		}
	})
}

func BenchmarkSign(b *testing.B) {
	key, _ := exampleKey()
	for b.Loop() {
		mustSign(b, key, exampleClaims())
	}
}

// BenchmarkOpen compares a good token with one that is signed by an unknown
// key and one that is well formed but forged: the three should cost the same.
func BenchmarkOpen(b *testing.B) {
	_, keys := exampleKey()
	forged := vector[:149] + "0"
	for name, open := range map[string]func() error{
		"good":    func() error { _, err := token.Open(vector, keys); return err },
		"unknown": func() error { _, err := token.Open(vector, keyring{}); return err },
		"forged":  func() error { _, err := token.Open(forged, keys); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := open(); (err == nil) != (name == "good") {
					b.Fatal(err)
				}
			}
		})
	}
}
