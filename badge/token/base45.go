package token

const (
	base45Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	notBase45      = 0xFF
)

// base45Digits is the inverse of the alphabet, notBase45 elsewhere.
var base45Digits = func() (digits [256]byte) {
	for i := range digits {
		digits[i] = notBase45
	}
	for i, c := range []byte(base45Alphabet) {
		digits[c] = byte(i)
	}
	return digits
}()

// encodeBase45 follows RFC 9285 section 4: two bytes make three characters,
// least significant first, and a last odd byte makes two.
func encodeBase45(data []byte) string {
	text := make([]byte, 0, (len(data)+1)/2*3)
	for ; len(data) >= 2; data = data[2:] {
		n := int(data[0])<<8 | int(data[1])
		text = append(text, base45Alphabet[n%45], base45Alphabet[n/45%45], base45Alphabet[n/2025])
	}
	if len(data) == 1 {
		n := int(data[0])
		text = append(text, base45Alphabet[n%45], base45Alphabet[n/45])
	}
	return string(text)
}

// decodeBase45 reports false for a character outside the alphabet, a length
// that no encoding has, and a group above what its bytes hold, so that every
// byte string has exactly one text.
func decodeBase45(text string) ([]byte, bool) {
	if len(text)%3 == 1 {
		return nil, false
	}
	data := make([]byte, 0, len(text)/3*2+1)
	for ; len(text) >= 3; text = text[3:] {
		a, b, c := base45Digits[text[0]], base45Digits[text[1]], base45Digits[text[2]]
		n := int(a) + int(b)*45 + int(c)*2025
		if a == notBase45 || b == notBase45 || c == notBase45 || n > 0xFFFF {
			return nil, false
		}
		data = append(data, byte(n>>8), byte(n))
	}
	if len(text) == 2 {
		a, b := base45Digits[text[0]], base45Digits[text[1]]
		n := int(a) + int(b)*45
		if a == notBase45 || b == notBase45 || n > 0xFF {
			return nil, false
		}
		data = append(data, byte(n))
	}
	return data, true
}
