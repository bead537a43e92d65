package token

import (
	"errors"
	"strings"
)

const (
	categoryLength   = 12 // characters
	categoryBytes    = 8  // RADIX-40: three characters in two bytes
	categoryAlphabet = "\x00abcdefghijklmnopqrstuvwxyz0123456789-._"
)

// errCategory names what CheckCategory refuses.
var errCategory = errors.New("token: a category id is 0 to 12 of a-z, 0-9, '-', '.' and '_'")

// CheckCategory refuses a category id that no token can carry: at most 12 of
// a–z, 0–9, "-", "." and "_". A show's settings should be checked with it
// before the doors open.
func CheckCategory(id string) error {
	if len(id) > categoryLength {
		return errCategory
	}
	for i := range len(id) {
		if strings.IndexByte(categoryAlphabet[1:], id[i]) < 0 {
			return errCategory
		}
	}
	return nil
}

// packCategory expects an id that CheckCategory accepts.
func packCategory(id string) (packed [categoryBytes]byte) {
	for i := 0; i < categoryLength; i += 3 {
		n := 0
		for j := i; j < i+3; j++ {
			n *= 40
			if j < len(id) {
				n += strings.IndexByte(categoryAlphabet, id[j])
			}
		}
		packed[i/3*2], packed[i/3*2+1] = byte(n>>8), byte(n)
	}
	return packed
}

// unpackCategory reports false for bytes that packCategory never makes.
func unpackCategory(packed []byte) (string, bool) {
	var text [categoryLength]byte
	for i := 0; i < categoryLength; i += 3 {
		n := int(packed[i/3*2])<<8 | int(packed[i/3*2+1])
		if n >= 40*40*40 {
			return "", false
		}
		text[i], text[i+1], text[i+2] = categoryAlphabet[n/1600], categoryAlphabet[n/40%40], categoryAlphabet[n%40]
	}
	id := strings.TrimRight(string(text[:]), "\x00")
	return id, strings.IndexByte(id, 0) < 0
}
