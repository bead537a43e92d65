package ocr

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// cutLine splits at separators between values and before labels in the middle.
// The parts joined are s.
func cutLine(s string) []string {
	var out []string
	start := 0
	for i, r := range s {
		if i > start && endsValue(s, start, i, r) {
			out = append(out, s[start:i])
			start = i
		}
	}
	return append(out, s[start:])
}

// endsValue says that the value that began at start ends before r at i.
func endsValue(s string, start, i int, r rune) bool {
	left := s[start:i]
	before, _ := utf8.DecodeLastRuneInString(left)
	switch {
	case strings.ContainsRune("|｜丨¦/·", r) && titlesInOne(strings.TrimSpace(left), firstPart(s[i+utf8.RuneLen(r):])):
		return false
	case strings.ContainsRune("|｜丨¦", r):
		return strings.TrimSpace(left) != ""
	case (r == '/' || r == '·') && blankSign(before) && i+utf8.RuneLen(r) < len(s) && blankSign(rune(s[i+utf8.RuneLen(r)])):
		return true
	}
	if inNet(s, i) {
		return false
	}
	return beginsAddress(left, s[i:], before) || beginsNumber(left, s[i:], before) || beforeLabel(s, start, i, r, before)
}

// inNet says that i stands inside a mail address: what follows its point is no
// label.
func inNet(s string, i int) bool {
	from := strings.LastIndexAny(s[:i], " \t") + 1
	return strings.ContainsAny(s[i-1:i], ".-_@") && strings.Contains(s[from:i], "@")
}

// beginsNumber says that an international number begins behind an address:
// "12 Quay Street, Westport +353 98 …".
func beginsNumber(left, s string, before rune) bool {
	if s[0] != '+' || !blankSign(before) || placeLike(left) < 0.5 {
		return false
	}
	found := telephones(s, false)
	return len(found) > 0 && found[0].from == 0 && found[0].fits
}

// firstPart is s up to the next sign between two values.
func firstPart(s string) string {
	if at := strings.IndexAny(s, "|｜丨¦/·"); at >= 0 {
		s = s[:at]
	}
	return strings.TrimSpace(s)
}

func blankSign(r rune) bool { return r == ' ' || r == gap }

// separating are the signs that cards set between two values in a row.
const separating = "/,;，；|·*•~"

// beforeLabel says that a label and its value begin at i.
func beforeLabel(s string, start, i int, r, before rune) bool {
	left := s[start:i]
	apart := blankSign(before) || strings.ContainsRune(separating, before) || strings.ContainsRune(".-", before) && digitsIn(left) >= 7
	switch {
	case apart, strings.ContainsRune(")）", before):
	case han(r) && !han(before):
	case han(r) && runes(left) > 6 && coded.MatchString(s[i:]):
	case r < utf8.RuneSelf && before >= '0' && before <= '9' && r > '9':
	case r >= 'A' && r <= 'Z' && han(before) && runes(left) > 6 && latinLetter(rune(s[min(i+1, len(s)-1)])): // "…号812室TEL:"
	default:
		return false
	}
	if !beginsValue(s[i:], apart) {
		return false
	}
	_, rest := takeLabel(s[start:])
	if rest == s[start:] {
		_, rest = misread(s[start:])
	}
	// Not in the middle of a label of two words.
	return len(s)-len(rest) <= i || len(rest) == len(s)-start
}

var (
	// a label that may stand right behind Chinese print
	coded     = regexp.MustCompile(`^(邮编|郵編|邮政编码|郵政編碼|邮码|郵遞區號)[:： ]*\d`)
	opensSite = regexp.MustCompile(`(?i)^(https?[:;]/?/|www\.)[a-z0-9]`)
	// a number in groups at the end of a text
	endsNumber = regexp.MustCompile(`\+\d[\d ]{6,}\d$|\d{3}[ .-]\d{3}[ .-]\d{3,4}$`)
	fullMail   = regexp.MustCompile(`(?i)^[a-z0-9][a-z0-9._+-]+@[a-z0-9-]+\.[a-z]`)
)

// beginsAddress says that an address on the net begins behind a value of
// another kind: "ada@harbor.example · www.harbor.example".
func beginsAddress(left, s string, before rune) bool {
	if !blankSign(before) && !strings.ContainsRune(separating+"-", before) {
		return false
	}
	left = strings.TrimRight(left, " \t-"+separating)
	last := left
	if f := strings.Fields(left); len(f) > 0 {
		last = f[len(f)-1]
	}
	number := digitsIn(left) >= 7 && (dialable(left) || endsNumber.MatchString(left))
	switch {
	case opensSite.MatchString(s):
		return number || strings.Contains(last, "@") && emailShape.MatchString(strings.TrimLeft(last, separators))
	case fullMail.MatchString(firstWord(s)):
		return number || domainLike(last) && !strings.Contains(last, "@") && len(last) > 6
	}
	return false
}

// beginsValue says whether a label and a fitting value begin here, as in the
// fax number printed after a telephone number.
func beginsValue(s string, blank bool) bool {
	field, rest := takeLabel(s)
	if field == "" {
		field, rest = misread(s)
	}
	if field == "" || rest == s {
		return false
	}
	head := s[:len(s)-len(rest)]
	switch field {
	case "mobile", "phone", "fax", "postcode", "qq":
		return opensNumber(rest) && digitsIn(rest) >= 5 && (blank || runes(strings.Trim(head, separators)) > 1)
	case "email":
		return strings.Contains(firstWord(rest), "@") && (blank || len(head) > 2)
	case "website":
		return strings.HasPrefix(rest, "www.") || strings.HasPrefix(rest, "http") || domainLike(firstWord(rest)) && len(head) > 3
	case "wechat":
		return len(head) > 3 && idShape.MatchString(firstWord(rest))
	case "address":
		return len(head) > 3 && strings.ContainsAny(head, ":：") && runes(rest) > 6
	case "none":
		return strings.ContainsAny(head, ":：") || longCode.MatchString(rest)
	}
	return false
}
