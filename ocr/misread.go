package ocr

import (
	"strings"
	"unicode/utf8"
)

// almostLabel is the field of the label that a Chinese word is but for one character.
func almostLabel(s string) string {
	head := []rune(fold(squeeze(s)))
	for _, l := range words().labels {
		word := l.runes
		if l.latin || len(word) != len(head) || len(word) < 3 {
			continue
		}
		wrong := 0
		for i := range word {
			if word[i] != head[i] {
				wrong++
			}
		}
		if wrong == 1 {
			return l.field
		}
	}
	return ""
}

// misreadLatin is the field of the Latin label that head is but for one letter.
func misreadLatin(head, rest string) string {
	if len(head) < 5 || head[0] >= utf8.RuneSelf {
		return ""
	}
	for _, l := range words().labels {
		word := strings.ReplaceAll(l.word, "_", "")
		if !l.latin || l.field == "none" || len(word) < 5 || abs(len(word)-len(head)) > 1 || distance(word, head) != 1 {
			continue
		}
		if l.field == "any" {
			return promised(rest)
		}
		if fits(l.field, rest) {
			return l.field
		}
	}
	return ""
}

// misread finds the label that the beginning of s was meant to be: as long,
// with one Chinese character wrong, before a colon and a value that fits.
func misread(s string) (field, rest string) {
	at := strings.IndexAny(s, ":：")
	if at < 4 || at > 16 {
		return "", s
	}
	rest = strings.TrimLeft(s[at:], separators)
	if field := misreadLatin(strings.ToLower(squeeze(s[:at])), rest); field != "" {
		return field, rest
	}
	if field := oneOfTwo(s[:at], rest); field != "" {
		return field, rest
	}
	head := []rune(fold(squeeze(s[:at])))
	for _, l := range words().labels {
		if l.latin || l.field == "none" {
			continue
		}
		word := l.runes
		if len(word) != len(head) || len(word) < 2 {
			continue
		}
		wrong := 0
		for i := range word {
			if word[i] != head[i] {
				wrong++
			}
		}
		if wrong != 1 {
			continue
		}
		if l.field == "any" && promised(rest) != "" {
			return promised(rest), rest
		}
		if l.field != "any" && fits(l.field, rest) && (l.field != "address" || len(word) == 2) {
			return l.field, rest
		}
	}
	return "", s
}

// oneOfTwo is the field of a label in two languages, of which one may have been
// misread: "营棠地址/Add".
func oneOfTwo(head, value string) string {
	parts := strings.FieldsFunc(head, func(r rune) bool { return r == '/' || r == '|' || r == ' ' })
	if len(parts) != 2 || digitsIn(head) > 0 || strings.ContainsAny(head, ".@;,，；") {
		return ""
	}
	for _, p := range parts {
		if f := exactLabel(p); f != "" && f != "any" && f != "none" && runes(p) > 1 && fits(f, value) {
			return f
		}
	}
	return ""
}

// exactLabel is the field of a text that is a label and nothing else.
func exactLabel(s string) string {
	s = strings.Trim(s, separators+"[【「『<《◆*#(（")
	if s == "" {
		return ""
	}
	for _, l := range words().labelsFor(s) {
		if prefixed(s, l.word) == len(s) {
			return l.field
		}
	}
	return ""
}

// wholeLabel is the field of a text that is a label in two languages and
// nothing else: "执业证号/Licence". One of them may have been misread.
func wholeLabel(s string) string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("/|／ ", r) })
	if len(parts) != 2 || runes(s) > 24 || digitsIn(s) > 0 || strings.ContainsAny(s, "@.") {
		return ""
	}
	a, b := exactLabel(parts[0]), exactLabel(parts[1])
	c, _, _ := hans(parts[0])
	d, _, _ := hans(parts[1])
	if !strings.ContainsAny(s, "/|／") && (a == "" || b == "") || (c > 0) == (d > 0) {
		return ""
	}
	switch {
	case b == "" && (c < 2 || len(parts[1]) > 12), a == "" && b == "":
		return ""
	case a == "" || b != "" && a == "any":
		return b
	case b != "" && a != b && b != "any" && !compatible(a, b):
		return ""
	}
	return a
}
