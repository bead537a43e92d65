package ocr

import (
	"slices"
	"strings"
	"sync"
	"unicode"
)

// areas knows which cities an area code serves. The library that knows the
// numbering plans has such data too, but it costs a megabyte of program, 20 MB
// of memory and some of its names are long out of date.
type areas struct {
	cities map[string][]city // by country and area code, "86755"
	codes  map[string][]string
	words  int // of the longest Latin name
	runes  int // of the longest other name
}

// city is a name that an area code stands for.
type city struct {
	printed string // "深圳"
	latin   string // "shenzhen", "" for none
}

var areaTable = sync.OnceValue(loadAreas)

func loadAreas() *areas {
	a := &areas{map[string][]city{}, map[string][]string{}, 0, 0}
	for country, list := range block("areas") {
		for _, w := range list {
			code, names, _ := strings.Cut(w, "=")
			for one := range strings.SplitSeq(names, ",") {
				a.add(country+code, strings.Split(one, "/"))
			}
		}
	}
	return a
}

// add gives a code a city with all its spellings.
func (a *areas) add(code string, spellings []string) {
	var c city
	for _, name := range spellings {
		name = strings.ReplaceAll(name, "_", " ")
		if name[0] < 0x80 {
			a.words = max(a.words, len(strings.Fields(name)))
			if c.latin == "" {
				c.latin = name
			}
		} else {
			c.printed = name
			name = fold(name)
			a.runes = max(a.runes, runes(name))
		}
		if !slices.Contains(a.codes[name], code) {
			a.codes[name] = append(a.codes[name], code)
		}
	}
	a.cities[code] = append(a.cities[code], c)
}

// significant are the least and most digits of a landline behind the country
// code, with an extension behind a dash where that is usual.
var significant = map[string][2]int{"86": {10, 15}, "886": {8, 9}, "81": {9, 9}, "82": {8, 10}, "44": {9, 10}, "49": {7, 11}, "31": {9, 9}, "61": {9, 9}, "33": {9, 9}, "1": {10, 10}}

// codeOf is the country and area code of a landline as printed, "" when the
// table has none. country is what its number is taken for where it says none.
func (a *areas) codeOf(number, country string) string {
	number = withoutExtension(number)
	d := onlyDigits(number)
	at := strings.IndexAny(number, "0123456789")
	switch {
	case at > 0 && strings.Contains(number[:at], "+"):
		country = a.countryOf(d)
	case strings.HasPrefix(d, "00"):
		d = d[2:]
		country = a.countryOf(d)
	case strings.HasPrefix(d, country) && len(d) >= len(country)+significant[country][0] && country != "1":
	case strings.HasPrefix(d, "0"):
		d = country + d[1:]
	case country == "1" && len(d) == 10:
		d = "1" + d
	case country != "1" || len(d) != 11 || d[0] != '1':
		return ""
	}
	d, ok := strings.CutPrefix(d, country)
	d = strings.TrimPrefix(d, "0")
	if n := significant[country]; !ok || country == "" || len(d) < n[0] || len(d) > n[1] {
		return ""
	}
	for n := 4; n > 0; n-- {
		if code := country + d[:n]; a.cities[code] != nil && (country != "86" || len(d)-n >= 7 && (n > 2 || len(d)-n >= 8)) {
			return code
		}
	}
	return ""
}

// countryOf is the country code of the table that begins an international
// number.
func (a *areas) countryOf(digits string) string {
	for n := 3; n > 0; n-- {
		if len(digits) > n && significant[digits[:n]] != [2]int{} {
			return digits[:n]
		}
	}
	return ""
}

// streetNext are words behind the name of a city of which a street is called.
var streetNext = map[string]bool{"road": true, "rd": true, "street": true, "st": true, "avenue": true, "ave": true, "lu": true, "jie": true, "east": true, "west": true, "north": true, "south": true, "middle": true, "e": true, "w": true, "n": true, "s": true, "dong": true, "xi": true, "nan": true, "bei": true, "zhong": true, "boulevard": true, "blvd": true, "highway": true, "lane": true, "way": true, "drive": true, "square": true, "house": true, "tower": true, "building": true, "mansion": true, "hotel": true, "plaza": true}

// codesOf are the area codes of the city that an address names. sure says that the city itself stands there, not only a
// district that may lie in several.
func (a *areas) codesOf(address string) (codes []string, sure bool) {
	codes, sure = a.inChinese([]rune(fold(squeeze(address))))
	latin := a.inLatin(address)
	return append(codes, latin...), sure || len(latin) > 0
}

// inChinese goes by the places that an address begins with: those before its
// street, for streets are called after cities too.
func (a *areas) inChinese(f []rune) (codes []string, sure bool) {
	g := places()
	found := false
	for i := 0; i < len(f); {
		name, here := a.placeAt(f[i:])
		switch {
		case name == 0 && found, name == 0 && i > 24:
			return codes, sure
		case name == 0:
			i++
			continue
		case street(f[i+name:]):
			return codes, sure
		case len(here) > 0:
			codes, sure, found = append(codes, here...), true, true
		default:
			found = found || g.wide[string(f[i:i+name])] < 4
			if !sure {
				for _, in := range g.within[string(f[i:i+name])] {
					codes = append(codes, a.codes[bareCity(in)]...)
				}
			}
		}
		i += name
	}
	return codes, sure
}

// placeAt is the length of the place that opens f, and the codes that it has
// itself.
func (a *areas) placeAt(f []rune) (n int, codes []string) {
	g := places()
	if f[0] < 0x80 {
		return 0, nil
	}
	for n = min(len(f), max(g.longest, a.runes)); n > 1; n-- {
		name := string(f[:n])
		if c := a.codes[bareCity(name)]; len(c) > 0 && (f[n-1] != '区' && f[n-1] != '县' || g.wide[name] != 2) {
			return n, c
		}
		if g.wide[name] > 0 {
			return n, nil
		}
	}
	return 0, nil
}

// bareCity is a folded name without what says that it is a city.
func bareCity(s string) string {
	for _, end := range []string{"市", "县", "府", "都"} {
		if stem, ok := strings.CutSuffix(s, end); ok && runes(stem) > 1 {
			return stem
		}
	}
	return s
}

// street says that what follows a place makes a street's name of it.
func street(f []rune) bool {
	if len(f) > 1 && strings.ContainsRune("东西南北中大一二三四", f[0]) {
		f = f[1:]
	}
	return len(f) > 0 && strings.ContainsRune("路街道巷弄", f[0])
}

// inLatin goes by the names of cities that are not a street's.
func (a *areas) inLatin(s string) (codes []string) {
	t := latinWords(s)
	for i := range t {
		for n := min(a.words, len(t)-i); n > 0; n-- {
			if i+n < len(t) && streetNext[t[i+n]] {
				continue
			}
			if c := a.codes[strings.Join(t[i:i+n], " ")]; len(c) > 0 {
				codes = append(codes, c...)
				break
			}
		}
	}
	return codes
}

// latinWords are the words of a Latin text in plain small letters: "Xi'an" is
// one.
func latinWords(s string) (out []string) {
	s = strings.NewReplacer("'", "", "’", "", "-", " ").Replace(strings.ToLower(s))
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) || r >= 0x2e80 }) {
		if w = plainLetters(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// cityIn is the city of the code that an address names, as the table prints it.
func (a *areas) cityIn(code, address string) string {
	best := a.cities[code][0]
	folded, latin := fold(squeeze(address)), strings.Join(latinWords(address), " ")
	for _, c := range a.cities[code] {
		if c.printed != "" && strings.Contains(folded, fold(c.printed)) || c.latin != "" && strings.Contains(latin, c.latin) {
			best = c
			break
		}
	}
	if best.printed != "" && (chinesePrint(address) || best.latin == "") {
		return best.printed
	}
	names := strings.Fields(best.latin)
	for i, w := range names {
		names[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(names, " ")
}
