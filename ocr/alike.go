package ocr

import (
	"slices"
	"strings"
	"unicode"
)

// valueKey is what counts of a field's text when two readings are compared: letters
// and digits, small; of a number its digits; of a Latin name its parts in
// order, so that "PAN Helen" is "Helen Pan".
func valueKey(name, text string) string {
	switch name {
	case "mobile", "phone", "fax":
		return strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, text)
	case "name", "name_en":
		if chinese, _, _ := hans(text); chinese == 0 {
			parts := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
			slices.Sort(parts)
			return strings.Join(parts, " ")
		}
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		case strings.ContainsRune("@._-#", r) && (name == "email" || name == "website" || name == "wechat"):
			return r
		}
		return -1
	}, text)
}

// leastNumber is how many digits two numbers must share for one of them to be
// the other with its area or country code.
const leastNumber = 7

// sameValue says whether two readings of a field are one value.
func sameValue(name, a, b string) bool {
	if a == b {
		return true
	}
	x, y := valueKey(name, a), valueKey(name, b)
	if x == y {
		return x != ""
	}
	switch name {
	case "mobile", "phone", "fax":
		x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		short, long := x, y
		if len(short) > len(long) {
			short, long = long, short
		}
		return len(short) >= leastNumber && strings.HasSuffix(long, short) && len(long)-len(short) <= 4
	}
	return false
}

// nearValue says whether two readings may be one value misread: at most a third of
// the characters differ, of a number two digits.
func nearValue(name, a, b string) bool {
	if sameValue(name, a, b) {
		return true
	}
	x, y := []rune(valueKey(name, a)), []rune(valueKey(name, b))
	limit := max(len(x), len(y)) / 3
	switch name {
	case "mobile", "phone", "fax":
		limit = 2
	case "name":
		limit = max(1, limit) // of two characters one
	}
	return editsWithin(x, y, limit) <= limit
}

// editsWithin is Levenshtein's distance, or any number over limit when it is larger.
func editsWithin(a, b []rune, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range b {
			cost := diagonal
			if r != s {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
