package ocr

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// plainWords are the words of the file of accents without them, each as it is
// printed, by language.
var plainWords = sync.OnceValue(func() map[string]map[string]string {
	out := map[string]map[string]string{}
	for language, list := range block("accents") {
		out[language] = map[string]string{}
		for _, w := range list {
			if plain := withoutMarks(w); plain != strings.ToLower(w) {
				out[language][plain] = strings.ToLower(w)
			}
		}
	}
	return out
})

// withoutMarks is a word in small letters as an engine without accents reads it.
func withoutMarks(w string) string {
	return strings.NewReplacer("ł", "l", "ą", "a", "ę", "e", "ś", "s", "ć", "c", "ń", "n", "ź", "z", "ż", "z", "æ", "ae", "á", "a", "à", "a", "â", "a", "ã", "a", "ä", "a", "å", "a", "é", "e", "è", "e", "ê", "e", "ë", "e", "í", "i", "î", "i", "ï", "i", "ó", "o", "ô", "o", "õ", "o", "ö", "o", "ø", "o", "ú", "u", "û", "u", "ü", "u", "ç", "c", "ñ", "n", "ß", "ss").Replace(strings.ToLower(w))
}

// tongues are the languages of countries, by what domains end with, by country
// codes and by names at the end of addresses.
var tongues = []struct {
	language    string
	tops, codes []string
	lands       string
}{
	{"es", []string{"es", "mx", "ar", "cl", "pe", "uy", "ec", "co", "cr"}, []string{"34", "52", "54", "56", "57", "51", "598"}, "spain españa mexico méxico argentina chile colombia peru uruguay"},
	{"pt", []string{"pt", "br", "mo"}, []string{"351", "55"}, "portugal brazil brasil"},
	{"fr", []string{"fr", "be", "ch", "lu"}, []string{"33", "32", "41", "352"}, "france belgique belgium suisse switzerland québec"},
	{"de", []string{"de", "at", "ch"}, []string{"49", "43", "41"}, "germany deutschland austria österreich switzerland schweiz"},
	{"sv", []string{"se", "fi"}, []string{"46"}, "sweden sverige"},
	{"da", []string{"dk", "no"}, []string{"45", "47"}, "denmark danmark norway norge"},
	{"pl", []string{"pl"}, []string{"48"}, "poland polska"},
	{"ie", []string{"ie"}, []string{"353"}, "ireland"},
}

// languages are those that a card's domains, numbers and addresses speak for.
func (g *page) languages() (out []string) {
	for _, t := range tongues {
		if slices.ContainsFunc(g.pieces, func(p *piece) bool {
			switch p.field {
			case "email", "website":
				d := domainOf(p.text)
				return slices.Contains(t.tops, d[strings.LastIndexByte(d, '.')+1:])
			case "mobile", "phone", "fax":
				m := abroad.FindStringSubmatch(p.text)
				return m != nil && slices.ContainsFunc(t.codes, func(c string) bool { return strings.HasPrefix(m[1], c) })
			case "address":
				end := strings.Trim(strings.ToLower(p.text[strings.LastIndexByte(p.text, ',')+1:]), " .")
				return end != "" && slices.Contains(strings.Fields(t.lands), end)
			}
			return false
		}) {
			out = append(out, t.language)
		}
	}
	return out
}

// abroad begins with a country code.
var abroad = regexp.MustCompile(`^[(]?\+ ?(\d{2,3})`)

// restoreMarks gives the words of names, firms and addresses the accents that
// they are never printed without in the card's language. What it changes is never
// sure.
func (g *page) restoreMarks() {
	spoken := g.languages()
	if len(spoken) == 0 {
		return
	}
	for _, p := range g.pieces {
		if p.field != "name" && p.field != "company" && p.field != "address" || chinesePrint(p.text) {
			continue
		}
		with := letterRuns.ReplaceAllStringFunc(p.text, func(w string) string {
			low := strings.ToLower(w)
			for _, language := range spoken {
				if to := plainWords()[language][low]; to != "" {
					return casedLike(w, to)
				}
			}
			return w
		})
		if with != p.text {
			p.text, p.facts.repaired = with, true
			p.why = append(p.why, "accents of its language")
		}
	}
}

// casedLike sets a small word with accents as w is set.
func casedLike(w, to string) string {
	switch {
	case w == strings.ToUpper(w):
		return strings.ToUpper(to)
	case w[:1] == strings.ToUpper(w[:1]):
		rs := []rune(to)
		return strings.ToUpper(string(rs[:1])) + string(rs[1:])
	}
	return to
}
