package ocr

import (
	"regexp"
	"strings"
)

// barsIn makes bars again of the thin signs that engines read them as where they
// stand alone between two values: "ada@harbor.example I harbor.example",
// "2 I Cel. +55 …". A sign between words of one value stays: "Phase I Trials".
func barsIn(s string) string {
	if m := leadingBar.FindStringSubmatch(s); m != nil {
		if opensLabel(m[1]) {
			return m[1]
		}
	}
	words := strings.Fields(s)
	for i := 1; i < len(words)-1; i++ {
		if words[i] != "I" && words[i] != "l" && words[i] != "1" {
			continue
		}
		left, right := words[i-1], words[i+1]
		onNet := strings.Contains(left, "@") || domainLike(left)
		if onNet && (strings.Contains(right, "@") || domainLike(right) || opensNumber(right)) || (onNet || digitsIn(left) > 2) && words[i] != "1" && opensLabel(strings.Join(words[i+1:], " ")) {
			words[i] = "|"
		}
	}
	if out := strings.Join(words, " "); strings.Contains(out, "|") && !strings.ContainsRune(s, gap) {
		return out
	}
	return s
}

// opensLabel says that a label and a value that fits it begin s.
func opensLabel(s string) bool {
	f, rest := takeLabel(s)
	return f != "" && f != "none" && rest != s && (fits(f, rest) || opensNumber(rest) && digitsIn(rest) >= 7)
}

// leadingBar is a bar and the last sign of the value before it, read together
// with the label behind.
var leadingBar = regexp.MustCompile(`^(?:\d )?[Il1|] ?([A-Z][a-z]+\W.+)$`)
