package ocr

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// chineseName says how much s looks like one: a family name from the list and
// one or two characters more.
func chineseName(s string) float64 {
	s = squeeze(s)
	chinese, latin, digits := hans(s)
	n := runes(s)
	if chinese != n || latin+digits > 0 || n < 2 || n > 4 {
		return 0
	}
	r := []rune(s)
	switch {
	case n >= 3 && words().surnames[string(r[:2])]:
		return 0.95
	case n <= 3 && words().surnames[string(r[:1])]:
		return 0.9
	case n == 4 && words().surnames[string(r[:1])] && words().surnames[string(r[1:2])]:
		return 0.6 // a married woman's two family names
	case n <= 3:
		return 0.3 // rare names, minorities, Japanese
	}
	return 0.1
}

// latinName wants two to five capitalized words of letters and nothing that is
// a word of a title, a trade, a company or a place.
func latinName(s string) float64 {
	chinese, latin, digits := hans(s)
	if chinese+digits > 0 || latin < 4 || strings.ContainsAny(s, "@&/:#") {
		return 0
	}
	fields := strings.Fields(strings.ReplaceAll(s, ",", " "))
	if len(fields) < 2 || len(fields) > 5 {
		return 0
	}
	capitals := 0
	for _, f := range fields {
		first, _ := utf8.DecodeRuneInString(f)
		if unicode.IsUpper(first) {
			capitals++
		} else if !particle[strings.ToLower(f)] {
			return 0
		}
	}
	l := words()
	t := tokens(s)
	common := l.title.latin("latin", t) + l.dept.latin("words", t) + l.dept.latin("latin", t) + l.company.latin("latin", t) + l.address.latin("latin", t)
	if capitals < 2 || common > 0 {
		return 0.1
	}
	if len(fields) <= 3 {
		return 0.8
	}
	return 0.7
}

// particle are the small words inside European names.
var particle = map[string]bool{"van": true, "von": true, "der": true, "den": true, "de": true, "da": true, "di": true, "du": true, "la": true, "le": true, "bin": true, "al": true, "el": true, "y": true, "ten": true, "ter": true}

// inAddress is how much of a Latin name the e-mail's local part repeats, 0–1.
func inAddress(name, email string) float64 {
	local, _, ok := strings.Cut(strings.ToLower(email), "@")
	if !ok {
		return 0
	}
	all, hit := 0, 0
	for _, t := range tokens(name) {
		t = plainLetters(t)
		if len(t) < 2 {
			continue
		}
		all++
		if strings.Contains(local, t) {
			hit++
		}
	}
	if all == 0 {
		return 0
	}
	return float64(hit) / float64(all)
}

// plainLetters drops what does not occur in mail addresses.
func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 'ö', 'ó', 'ø', 'ô':
			return 'o'
		case 'ü', 'ú':
			return 'u'
		case 'ä', 'á', 'å', 'à', 'â':
			return 'a'
		case 'é', 'è', 'ê', 'ë':
			return 'e'
		case 'í', 'ï':
			return 'i'
		case 'ñ':
			return 'n'
		}
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, s)
}

// inDomain says whether a brand's letters are the domain's: "Northgate
// Analytics" and northgate-analytics.io.
func inDomain(s, email, site string) bool {
	brand := plainLetters(strings.ToLower(s))
	if len(brand) < 4 {
		return false
	}
	_, host, _ := strings.Cut(email, "@")
	for _, h := range []string{host, site} {
		h = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(h), "https://"), "http://")
		h = strings.TrimPrefix(h, "www.")
		h, _, _ = strings.Cut(h, ".")
		h = plainLetters(h)
		if len(h) >= 4 && (strings.HasPrefix(brand, h) || strings.HasPrefix(h, brand)) {
			return true
		}
	}
	return false
}
