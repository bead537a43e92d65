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
