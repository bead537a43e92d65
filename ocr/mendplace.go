package ocr

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

var (
	dutchCode   = regexp.MustCompile(`\b(\d{3})(\d|[Il])\s?([A-Z]{2})( [A-Z][a-z]|$)`)
	irishCode   = regexp.MustCompile(`\b([A-Za-z]\d[\dWw]) ([A-Za-z0-9]{4})\b`)
	tightNumber = regexp.MustCompile(`(\d)([A-Z][a-z]{3,})`)
	stopped     = regexp.MustCompile(`(\d|[a-z]{5,}|[Qq]uay|[Rr]oad|[Ll]ane|[Pp]ark)\. ([A-Z0-9])`)
	officeWord  = regexp.MustCompile(`\bO(ff|f|fh|ffl|fll|fli|flh|ffh)ce\b`) // whose ligature was lost
	roomSign    = regexp.MustCompile(`(幢|栋|座|棟)[iIl|](\d{3,4})`)
)

// mendLatin puts right what engines confuse in Latin addresses: postcodes of
// letters and digits, full stops for commas, and words that the other engine
// reads as the name of a place or of a part of a town.
func mendLatin(s, alt string) string {
	s = tightNumber.ReplaceAllString(s, "$1 $2")
	s = stopped.ReplaceAllString(s, "$1, $2")
	s = officeWord.ReplaceAllString(s, "Office")
	low := strings.ToLower(s)
	if strings.Contains(low, "netherlands") || strings.Contains(low, "nederland") {
		s = dutchCode.ReplaceAllStringFunc(s, func(c string) string {
			m := dutchCode.FindStringSubmatch(c)
			return m[1] + strings.NewReplacer("I", "1", "l", "1").Replace(m[2]) + " " + m[3] + m[4]
		})
	}
	s = letterRuns.ReplaceAllStringFunc(s, func(w string) string { return placeWord(w, alt) })
	if strings.HasSuffix(s, "Ireland") {
		s = irishCode.ReplaceAllStringFunc(s, strings.ToUpper)
	}
	return s
}

var (
	germanSigns = regexp.MustCompile(`(?i)\bgmbh\b|\bgermany\b|\bdeutschland\b|\baustria\b|\bösterreich\b|\.(de|at)\b|\+4[39]\b`)
	readAsB     = regexp.MustCompile(`(\p{Ll})B(\p{Ll})`)
)

// mendSharp gives German and Austrian cards their ß back, which the networks
// do not know and read as a B among small letters.
func mendSharp(ps []*piece) {
	if !slices.ContainsFunc(ps, func(p *piece) bool { return germanSigns.MatchString(p.text) }) {
		return
	}
	for _, p := range ps {
		if strings.Contains(p.text, "@") || domainLike(p.text) {
			continue
		}
		if with := readAsB.ReplaceAllString(p.text, "${1}ß${2}"); with != p.text {
			p.text, p.facts.repaired = with, true
			p.why = append(p.why, "ß, read as B")
		}
	}
}

// mendWords gives the long words of a Latin company or address that one letter
// keeps from the lists that letter back, where the engine had doubts.
func (p *piece) mendWords(s string) string {
	if chinesePrint(s) || p.doubts() == "" {
		return s
	}
	out := letterRuns.ReplaceAllStringFunc(s, nearWord)
	if out != s {
		p.facts.repaired = true
		p.why = append(p.why, "a word put right by the lists")
	}
	return out
}

// nearWord is the one long word of trades and addresses that w is but for a
// letter, or for rn read as m; w itself where there is none. "German" is a word,
// not Germany without its end, and "Cable" none that lost its s.
func nearWord(w string) string {
	low := strings.ToLower(w)
	l := words()
	if len(low) != len(w) || len(w) < 6 || l.vocab[low] || nameWord(low) || cities()[low] || l.address["place"][low] {
		return w
	}
	best := ""
	for _, known := range longWords() {
		if abs(len(known)-len(low)) > 1 || known == low+"y" || known == low+"s" || known+"s" == low || known[0] != low[0] && !strings.ContainsRune("il1", rune(low[0])) {
			continue
		}
		if distance(known, low) == 1 || len(known) == len(low)+1 && strings.Replace(known, "rn", "m", 1) == low {
			if best != "" {
				return w
			}
			best = known
		}
	}
	if best == "" {
		return w
	}
	return casedAs(w, best)
}

// longWords are words of trades and addresses that are long enough for a letter
// not to make another word of them, in a fixed order.
var longWords = sync.OnceValue(func() (out []string) {
	l := words()
	seen := map[string]bool{}
	for _, set := range []map[string]bool{l.address["latin"], l.dept["words"], l.company["form"], l.company["latin"], l.company["latinmark"]} {
		for w := range set {
			if len(w) > 6 && letters(w) && !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	slices.Sort(out)
	return out
})

// placeWord is the word of addresses that w is but for a letter: one of the
// long ones, a country, or one that the other engine read.
func placeWord(w, alt string) string {
	low := strings.ToLower(w)
	l := words()
	if len(low) != len(w) || len(w) < 4 || l.vocab[low] || l.address["place"][low] || cities()[low] {
		return w
	}
	for _, v := range letterRuns.FindAllString(alt, -1) {
		if known := strings.ToLower(v); len(v) > 4 && distance(known, low) == 1 && (l.address["place"][known] || cities()[known] || l.address["latin"][known]) {
			return v
		}
	}
	for _, known := range []string{"district", "boulevard", "building", "province", "industrial", "ireland", "netherlands", "switzerland", "germany", "australia", "singapore", "malaysia", "hongkong", "zealand"} {
		if distance(known, low) == 1 && len(w) > 5 {
			if unicode.IsUpper(rune(w[len(w)-1])) {
				return strings.ToUpper(known)
			}
			return strings.ToUpper(known[:1]) + known[1:]
		}
	}
	return w
}
