package record

import (
	"strings"
	"unicode"
)

// OneLine is a text as a field keeps it: no control characters, single spaces,
// none around it.
func OneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}
