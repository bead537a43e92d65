package ocr

import (
	"regexp"
	"strings"
)

// barsIn makes bars again of the thin signs that engines read them as where they
// stand alone between two values: "ada@harbor.example I harbor.example",
// "2 I Cel. +55 …". A sign between words of one value stays: "Phase I Trials".
func barsIn(s string) string {
	if m := leadingBar.FindStringSubmatch(s); m != nil && opensLabel(m[1]) {
		return m[1]
	}
	if strings.ContainsRune(s, gap) {
		return s // a wide blank divides already
	}
	parts := strings.Fields(s)
	for i := 1; i < len(parts)-1; i++ {
		if sign := parts[i]; sign == "I" || sign == "l" || sign == "1" {
			if divides(parts[i-1], sign, parts[i+1], strings.Join(parts[i+1:], " ")) {
				parts[i] = "|"
			}
		}
	}
	return strings.Join(parts, " ")
}

// divides says that a thin sign between two words is a bar: an address on the net
// or a number ends before it, and another, or a label, begins behind it.
func divides(left, sign, right, rest string) bool {
	onNet := strings.Contains(left, "@") || domainLike(left)
	if onNet && (strings.Contains(right, "@") || domainLike(right) || opensNumber(right)) {
		return true
	}
	return (onNet || digitsIn(left) > 2) && sign != "1" && opensLabel(rest)
}

// opensLabel says that a label and a value that fits it begin s.
func opensLabel(s string) bool {
	f, rest := takeLabel(s)
	return f != "" && f != "none" && rest != s && (fits(f, rest) || opensNumber(rest) && digitsIn(rest) >= 7)
}

// leadingBar is a bar and the last sign of the value before it, read together
// with the label behind.
var leadingBar = regexp.MustCompile(`^(?:\d )?[Il1|] ?([A-Z][a-z]+\W.+)$`)
