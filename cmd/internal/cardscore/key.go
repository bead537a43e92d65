package cardscore

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Key is the spelling under which two values of a field are the same: digits
// for numbers, no case for addresses of the net, no scheme and no www for a
// website, letters and digits and & and # for all else. White space never
// counts; characters of one meaning and several widths are one (NFKC).
func Key(field, text string) string {
	s := canon(text)
	switch field {
	case "mobile", "phone", "fax":
		return keep(s, func(r rune) bool { return '0' <= r && r <= '9' })
	case "email", "wechat":
		return cases.Fold().String(s)
	case "website":
		s = cases.Lower(language.Und).String(s)
		for _, prefix := range []string{"https://", "http://", "www."} {
			s = strings.TrimPrefix(s, prefix)
		}
		return strings.TrimSuffix(s, "/")
	}
	return cases.Fold().String(keep(s, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '&' || r == '#'
	}))
}

// same are the marks that print sets in several forms.
var same = strings.NewReplacer(
	"–", "-", "—", "-", "－", "-", "‐", "-", "―", "-", "‑", "-", "−", "-",
	"’", "'", "‘", "'", "`", "'", "´", "'", "“", `"`, "”", `"`,
	"｜", "|", "丨", "|", "∣", "|", "•", "·", "・", "·", "‧", "·", "∙", "·",
)

func canon(s string) string {
	s = keep(norm.NFKC.String(s), func(r rune) bool {
		return !unicode.IsSpace(r) && (r < 0x1c || r > 0x1f) // separators of files and records are white space too
	})
	return same.Replace(s)
}

func keep(s string, want func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if want(r) {
			return r
		}
		return -1
	}, s)
}

// distance is how many characters must be put in, taken out or changed to make
// one of the other; anything over limit is limit + 1 or more.
func distance(one, other string, limit int) int {
	a, b := []rune(one), []rune(other)
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, ra := range a {
		corner := row[0]
		row[0] = i + 1
		for j, rb := range b {
			change := corner
			if ra != rb {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(row[j+1]+1, row[j]+1, change)
		}
	}
	return row[len(b)]
}
