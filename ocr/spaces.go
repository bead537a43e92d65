package ocr

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// respace puts back the blanks that PP-OCR leaves out of Latin print: before a
// capital after a small letter, after a comma, and between known words that
// ran together.
func respace(s string) string {
	if _, latin, _ := hans(s); latin < 4 || strings.ContainsAny(s, "@_") || strings.Contains(s, "www.") {
		return s
	}
	if left, right, ok := strings.Cut(s, string(gap)); ok {
		return respace(strings.TrimSpace(left)) + string(gap) + respace(strings.TrimSpace(right))
	}
	words := strings.Fields(humps(s))
	for i, w := range words {
		words[i] = unglue(w)
	}
	return strings.Join(words, " ")
}

// humps puts a blank where a word begins inside another.
func humps(s string) string {
	rs := []rune(s)
	var b strings.Builder
	word := 0 // where the word began
	for i, r := range rs {
		if i > 0 && rs[i-1] != ' ' && begins(rs, word, i) {
			b.WriteByte(' ')
			word = i
		}
		if r == ' ' {
			word = i + 1
		}
		b.WriteRune(r)
	}
	return b.String()
}

// begins says whether a word begins at i inside the word that began before.
func begins(rs []rune, word, i int) bool {
	before, r := rs[i-1], rs[i]
	next := rune(0)
	if i+1 < len(rs) {
		next = rs[i+1]
	}
	switch {
	case before == ',' && strings.EqualFold(string(rs[i:min(len(rs), i+3)]), "ltd"):
		return false
	case (before == ',' || before == ';') && (unicode.IsLetter(r) || unicode.IsDigit(r)):
		return true
	case unicode.IsUpper(r) && unicode.IsLower(before):
		return !prefixes[string(rs[word:i])] && !(i-word == 1) && !(r == 'H' && string(rs[max(0, i-2):min(len(rs), i+2)]) == "mbH")
	case unicode.IsUpper(r) && unicode.IsUpper(before) && unicode.IsLower(next) && i-word > 1:
		return true // "CEOOffice"
	case before == '.' && unicode.IsUpper(r) && unicode.IsLower(next) && i-word > 1:
		return true // "No.18 Rd.Xinyi"
	case before == '&' && unicode.IsUpper(r) && i-word > 3, r == '&' && unicode.IsLower(before):
		return true
	}
	return false
}

// prefixes are followed by a capital inside one word.
var prefixes = map[string]bool{"Mc": true, "Mac": true, "De": true, "Di": true, "La": true, "Le": true, "Van": true, "Du": true, "Fitz": true, "O": true, "Ph": true, "e": true, "i": true, "Pty": false, "Gmb": true, "Sp": true, "Xi": false}

// unglue cuts a word that is made of known words, two letters and more each,
// the fewest possible, unless all of them are names.
func unglue(w string) string {
	low := strings.ToLower(w)
	l := words()
	if len(low) != len(w) || len(w) < 7 || l.vocab[strings.Trim(low, ".,;")] || !letters(low) {
		return w
	}
	const none = 1 << 20
	best, from := make([]int, len(low)+1), make([]int, len(low)+1)
	for i := 1; i <= len(low); i++ {
		best[i] = none
		for k := max(0, i-16); k < i-1; k++ {
			part := low[k:i]
			if best[k] < none && l.vocab[part] && (len(part) > 3 || small[part] || part == "it" || part == "hr") {
				if n := best[k] + 1; n < best[i] {
					best[i], from[i] = n, k
				}
			}
		}
	}
	if n := best[len(low)]; n < 2 || n > 5 {
		return w
	}
	var parts []string
	names := true
	for i := len(low); i > 0; i = from[i] {
		parts = append([]string{w[from[i]:i]}, parts...)
		names = names && nameWord(low[from[i]:i])
	}
	if names {
		return w // Annelise is one name
	}
	return strings.Join(parts, " ")
}

// small words stand between known ones.
var small = map[string]bool{"of": true, "at": true, "and": true, "the": true, "to": true, "for": true, "in": true, "on": true, "law": true, "tax": true, "art": true, "key": true, "inc": true, "llc": true, "llp": true, "ltd": true}

func letters(s string) bool {
	for _, r := range s {
		if r < 'a' || r > 'z' {
			return false
		}
	}
	return utf8.RuneCountInString(s) > 0
}
