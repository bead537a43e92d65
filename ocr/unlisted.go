package ocr

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unlistedLabel reads a few Latin words before a telephone number as its label,
// though no list has them: "Bindery 01632 960 284", "Secretary +44 …". The number
// fills the rest, is set in groups as telephones are, and fits a plan.
func unlistedLabel(s string) (head, number string, ok bool) {
	s = strings.TrimLeft(roundTheClock.ReplaceAllString(s, ""), separators)
	at := strings.IndexAny(s, "+(0123456789")
	if at < 3 || at > 28 {
		return "", s, false
	}
	head, number = strings.Trim(s[:at], separators), s[at:]
	first, _ := utf8.DecodeRuneInString(head)
	chinese, latin, _ := hans(head)
	words := strings.Fields(head)
	if chinese > 0 || latin < 3 || !unicode.IsUpper(first) || len(words) > 3 || strings.ContainsAny(head, "@#_\\\"'(),.:;*=") || !strings.ContainsAny(number, " +-.()") {
		return "", s, false
	}
	if len(words) > 1 && latinName(head) > 0.85 || oddBefore(head) {
		return "", s, false
	}
	found := telephones(number, false)
	if len(found) != 1 || !found[0].fits || digitsIn(found[0].text) < 9 || found[0].from > 0 {
		return "", s, false
	}
	if c, l, d := hans(number[found[0].to:]); c+l+d > 0 || placeLike(number) > 0.7 {
		return "", s, false
	}
	return head, number, true
}

// roundTheClock is a service's word before that of its telephone.
var roundTheClock = regexp.MustCompile(`(?i)^24[ -]?(h|hrs?|hours?)\b|^24/7\b`)

// oddBefore says that words before digits name a part of an address, a register
// or a mark of certification: what follows is no telephone.
func oddBefore(head string) bool {
	l := words()
	for _, w := range tokens(head) {
		if l.address["latin"][w] && w != "place" && w != "shop" && w != "hub" && w != "mill" || l.common["mark"][w] || w == "box" || w == "postfach" || w == "apartado" || exactLabel(w) == "none" {
			return true
		}
	}
	return latinHouse.MatchString(head + " 1")
}
