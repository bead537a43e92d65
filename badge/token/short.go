package token

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strings"
)

// ErrShortCode is ParseShortCode's answer to a text that no badge carries:
// wrong length, a foreign character, or a mistyped one.
var ErrShortCode = errors.New("token: not a valid short code; check each character")

const (
	shortLength  = 10
	shortContext = "hallpass short code v1\x00"
	crockford    = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

// ShortCode returns the 10 characters under a badge's QR, the same for every
// issue of the badge. Among 250,000 badges two share one with a chance of
// about 1 in 1,100, so a lookup by short code must be ready for two badges.
func ShortCode(badge [16]byte) string {
	sum := sha256.Sum256(append([]byte(shortContext), badge[:]...))
	bits := binary.BigEndian.Uint64(sum[:8]) >> (64 - 5*(shortLength-1))
	var values [shortLength]byte
	for i := shortLength - 2; i >= 0; i-- {
		values[i] = byte(bits & 31)
		bits >>= 5
	}
	values[shortLength-1] = divideByPower(syndrome(values), shortLength-1)
	var code [shortLength]byte
	for i, v := range values {
		code[i] = crockford[v]
	}
	return string(code[:])
}

// FormatShort sets the dash that makes a code easy to read: "7KQ4M-2XPTC".
// A text that is no short code comes back unchanged.
func FormatShort(code string) string {
	if len(code) != shortLength {
		return code
	}
	return code[:shortLength/2] + "-" + code[shortLength/2:]
}

// ParseShortCode returns the code as ShortCode writes it. It forgives case,
// spaces and dashes of any kind, O for 0, and I or L for 1; it returns
// ErrShortCode for everything else.
func ParseShortCode(s string) (string, error) {
	const longest = 64 // far beyond any spacing people use
	if len(s) > longest {
		return "", ErrShortCode
	}
	var values [shortLength]byte
	n := 0
	for _, r := range s {
		if strings.ContainsRune(" \t\r\n\u00a0\u3000-\u2010\u2011\u2012\u2013\u2014\u2212\uff0d", r) {
			continue
		}
		v := shortValue(r)
		if v < 0 || n == shortLength {
			return "", ErrShortCode
		}
		values[n] = byte(v)
		n++
	}
	if n != shortLength || syndrome(values) != 0 {
		return "", ErrShortCode
	}
	var code [shortLength]byte
	for i, v := range values {
		code[i] = crockford[v]
	}
	return string(code[:]), nil
}

// shortValue is -1 for a character that stands for no value.
func shortValue(r rune) int {
	if r >= 0xFF01 && r <= 0xFF5E { // a Chinese keyboard's full-width forms
		r -= 0xFF01 - '!'
	}
	if r >= 'a' && r <= 'z' {
		r -= 'a' - 'A'
	}
	switch r {
	case 'O':
		r = '0'
	case 'I', 'L':
		r = '1'
	}
	return strings.IndexRune(crockford, r)
}

// syndrome is Σ αⁱ·values[i] in GF(2⁵), by Horner's rule from the end.
func syndrome(values [shortLength]byte) byte {
	var sum byte
	for i := shortLength - 1; i >= 0; i-- {
		sum = double(sum) ^ values[i]
	}
	return sum
}

// double multiplies by α = x modulo x⁵+x²+1.
func double(v byte) byte {
	v <<= 1
	if v&32 != 0 {
		v ^= 0b100101
	}
	return v
}

// divideByPower returns v·α⁻ⁿ: α has order 31.
func divideByPower(v byte, n int) byte {
	for range 31 - n {
		v = double(v)
	}
	return v
}
