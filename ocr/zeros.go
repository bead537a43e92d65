package ocr

import (
	"regexp"
	"slices"
	"strings"
)

var (
	zeroRun    = regexp.MustCompile(`^[o0O]+\d`)
	numeral    = regexp.MustCompile(`^[0-9oOlI]{2,4}$`) // a number behind a name
	betweenTwo = regexp.MustCompile(`(\d)[oO]+(\d)`)
)

// mendZeros tells o and 0 apart in a mail address whose user is a name and a
// number: the name has the letters, what stands between it and a digit is a
// zero.
func (g *page) mendZeros(m *piece) {
	local, host, ok := strings.Cut(m.text, "@")
	if !ok || !strings.ContainsAny(local, "0") && digitsIn(local) == 0 {
		return
	}
	fixed := local
	for _, t := range g.nameWords() {
		at := strings.Index(strings.ReplaceAll(strings.ToLower(fixed), "0", "o"), t)
		if at < 0 {
			continue
		}
		end := at + len(t)
		rest := fixed[end:]
		if numeral.MatchString(rest) && digitsIn(rest) > 0 {
			rest = strings.NewReplacer("o", "0", "O", "0", "l", "1", "I", "1").Replace(rest)
		} else if run := zeroRun.FindString(rest); run != "" {
			rest = strings.NewReplacer("o", "0", "O", "0").Replace(run) + rest[len(run):]
		}
		fixed = fixed[:at] + strings.ReplaceAll(fixed[at:end], "0", "o") + rest
	}
	fixed = betweenTwo.ReplaceAllStringFunc(fixed, func(s string) string { return strings.NewReplacer("o", "0", "O", "0").Replace(s) })
	if fixed != local {
		m.text, m.facts.repaired = fixed+"@"+host, true
		m.why = append(m.why, "o and 0 told apart by the name")
	}
}

// nameWords are the words of the card's names as addresses spell them, longest
// first.
func (g *page) nameWords() (out []string) {
	for _, n := range g.pieces {
		if n.field != "name" {
			continue
		}
		if !chinesePrint(n.text) {
			for _, t := range tokens(n.text) {
				if t = plainLetters(t); len(t) > 1 {
					out = append(out, t)
				}
			}
			continue
		}
		rs := []rune(squeeze(fold(n.text)))
		for k := 1; k <= 2 && k < len(rs); k++ {
			if readings, ok := words().surnames[string(rs[:k])]; ok {
				out = append(out, readings...)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}
