package ocr

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The first engine knows hardly an accent, and the second, made for English,
// reads some as two letters: that is what tells that there was one.

var (
	letterRuns = regexp.MustCompile(`\pL+`)
	floorSign  = regexp.MustCompile(`\b(\d{1,2})[°º] ([A-Z])\b`)
	splitMarks = strings.NewReplacer("ii", "ü", "fi", "ñ")
)

// accented gives the words of s the accents that the other engine's reading of
// the same print shows.
func accented(s, alt string) string {
	if alt == "" || chinesePrint(s) {
		return s
	}
	for _, m := range floorSign.FindAllStringSubmatch(alt, -1) {
		s = strings.Replace(s, ", "+m[1]+" "+m[2], ", "+m[1]+"º "+m[2], 1)
	}
	better := map[string]string{}
	for _, v := range letterRuns.FindAllString(alt, -1) {
		with := splitMarks.Replace(v)
		if plain := strings.ToLower(v); utf8.RuneCountInString(v) > 3 && plainLetters(with) != plain {
			better[plainLetters(with)] = with
		}
	}
	if len(better) == 0 {
		return s
	}
	return letterRuns.ReplaceAllStringFunc(s, func(w string) string {
		with, ok := better[strings.ToLower(w)]
		if !ok || utf8.RuneCountInString(with) != len(w) || strings.ToUpper(w) == w {
			return w
		}
		return with
	})
}

// accentHosts are countries whose print is full of accents.
var accentHosts = map[string]bool{"es": true, "fr": true, "pt": true, "br": true, "mx": true, "cz": true, "sk": true, "hu": true, "pl": true, "ro": true, "tr": true, "vn": true, "is": true, "cat": true, "se": true, "no": true, "dk": true, "fi": true, "mo": true, "cl": true, "ar": true, "pe": true, "uy": true, "ec": true, "cr": true, "bo": true, "py": true, "ve": true, "do": true, "gt": true, "lt": true, "lv": true, "hr": true, "si": true, "rs": true}

// doubtAccents marks Latin values as never sure on a card from a country where
// most print has accents, if they have none.
func (g *page) doubtAccents() {
	if !g.accentCountry() {
		return
	}
	for _, p := range g.pieces {
		switch p.field {
		case "name", "company", "address":
			if !chinesePrint(p.text) && strings.IndexFunc(p.text, func(r rune) bool { return r >= 0xc0 && unicode.IsLetter(r) }) < 0 {
				p.facts.repaired = true
				p.why = append(p.why, "accents may be lost")
			}
		}
	}
}

// accentCountry says that a domain, a country code or an address is of a country
// whose print is full of accents.
func (g *page) accentCountry() bool {
	for _, d := range g.domains {
		if accentHosts[d[strings.LastIndexByte(d, '.')+1:]] {
			return true
		}
	}
	for _, p := range g.pieces {
		switch p.field {
		case "mobile", "phone", "fax":
			if accentCodes.MatchString(p.text) {
				return true
			}
		case "address":
			end := strings.ToLower(strings.TrimSpace(p.text[strings.LastIndexByte(p.text, ',')+1:]))
			if accentLands[strings.Trim(end, " .")] {
				return true
			}
		}
	}
	return false
}

// accentCodes are the codes of such countries, accentLands their names.
var (
	accentCodes = regexp.MustCompile(`^[(]?\+ ?(33|34|351|352|36|37[0-2]|385|386|40|42[01]|45|46|47|48|354|358|5[0-9]|90|84)[ )-]?`)
	accentLands = map[string]bool{"spain": true, "españa": true, "france": true, "portugal": true, "brazil": true, "brasil": true, "mexico": true, "méxico": true, "chile": true, "argentina": true, "colombia": true, "peru": true, "uruguay": true, "sweden": true, "norway": true, "denmark": true, "finland": true, "iceland": true, "poland": true, "polska": true, "czech republic": true, "czechia": true, "slovakia": true, "hungary": true, "romania": true, "croatia": true, "slovenia": true, "turkey": true, "türkiye": true, "vietnam": true, "québec": true, "quebec": true}
)
