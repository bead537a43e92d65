package ocr

import (
	"slices"
	"strings"
)

// office is an address and the area codes of the city that it names.
type office struct {
	*piece
	codes []string
	sure  bool // the city stands there itself
}

// crossAreas compares the area codes of a card's landlines with the cities that
// its addresses name. What agrees supports both, what does not marks what was
// doubtful before. A city may be put right by it, a number never is.
func (g *page) crossAreas() {
	a := areaTable()
	var numbers []*piece
	var offices []*office
	for _, p := range g.pieces {
		switch {
		case p.text == "":
		case p.field == "phone", p.field == "fax":
			numbers = append(numbers, p)
		case p.field == "address":
			offices = append(offices, &office{piece: p})
		}
	}
	if len(numbers)*len(offices) > 400 { // no card, and the work is their product
		return
	}
	code := a.onlyCode(numbers)
	for _, o := range offices {
		if o.codes, o.sure = a.codesOf(o.text); !o.sure && code != "" && o.mendCity(code) {
			o.codes, o.sure = a.codesOf(o.text)
		}
	}
	for _, compare := range []func(*office, *piece){(*office).agree, (*office).disagree} {
		for _, n := range numbers {
			for _, o := range offices {
				compare(o, n)
			}
		}
	}
}

// agree notes that an address names a city of a number's area code.
func (o *office) agree(n *piece) {
	a := areaTable()
	for _, code := range o.codes {
		country := a.countryOf(code)
		if a.codeOf(n.text, country) != code {
			continue
		}
		says := "area code " + trunk(country, code) + " = "
		for _, p := range []*piece{n, o.piece} {
			p.facts.crossed = 1
			if !slices.ContainsFunc(p.why, func(w string) bool { return strings.HasPrefix(w, says) }) {
				p.why = append(p.why, says+a.cityIn(code, o.text))
			}
		}
		return
	}
}

// disagree marks what was doubtful where an area code is of another city than
// the address names and neither agrees with anything else. That can be told on
// the mainland and in Taiwan, whose codes the table has all.
func (o *office) disagree(n *piece) {
	if !o.sure || n.facts.crossed > 0 || o.facts.crossed > 0 {
		return
	}
	a := areaTable()
	other, country := "", ""
	for _, code := range o.codes {
		country = a.countryOf(code)
		if other = a.codeOf(n.text, country); country != "86" && country != "886" || !strings.HasPrefix(other, country) {
			return
		}
	}
	why := "area code " + trunk(country, other) + " is of another city than the address"
	n.facts.guessed = n.facts.guessed || n.doubted(strings.TrimPrefix(other, country))
	o.facts.guessed = o.facts.guessed || o.doubted(a.cityIn(o.codes[0], o.text))
	for _, p := range []*piece{n, o.piece} {
		if !slices.Contains(p.why, why) {
			p.why = append(p.why, why)
		}
	}
}

// doubted says that the engine was not sure of a part of a value, or that the
// other one did not read it so.
func (p *piece) doubted(part string) bool {
	return strings.ContainsAny(part, p.doubts()) || p.facts.differs && !strings.Contains(fold(squeeze(p.alt)), fold(squeeze(part)))
}

// trunk is an area code as it is dialled in its country.
func trunk(country, code string) string {
	code = strings.TrimPrefix(code, country)
	if country == "1" {
		return code
	}
	return "0" + code
}

// onlyCode is the area code of the mainland or Taiwan that all well read
// landlines of the card share, "" for none.
func (a *areas) onlyCode(numbers []*piece) string {
	found := ""
	for _, country := range []string{"86", "886"} {
		for _, n := range numbers {
			code := a.codeOf(n.text, country)
			switch {
			case !strings.HasPrefix(code, country):
			case !n.facts.fits || n.facts.repaired || n.doubted(strings.TrimPrefix(code, country)) || found != "" && found != code:
				return ""
			default:
				found = code
			}
		}
	}
	return found
}

// mendCity gives the city that an address begins or ends with back the one
// character that keeps it from a city of the area code, where the engine was
// unsure of that character or a district of that city follows.
func (o *office) mendCity(code string) bool {
	a := areaTable()
	was := o.text
	for _, c := range a.cities[code] {
		if chinesePrint(o.text) {
			o.text = o.nearCity(c.printed)
		} else {
			o.text = o.nearLatin(c.latin)
		}
	}
	if o.text == was {
		return false
	}
	o.facts.repaired = true
	o.why = append(o.why, "a city put right by area code "+trunk(a.countryOf(code), code))
	return true
}

// nearCity is a Chinese address with the city in it.
func (o *office) nearCity(city string) string {
	rs, f := []rune(o.text), []rune(fold(o.text))
	for _, unit := range "市縣" {
		printed := append([]rune(city), unit)
		want := []rune(fold(string(printed)))
		for i := 0; len(f) == len(rs) && i < 12 && i+len(want) < len(f); i++ {
			got := f[i : i+len(want)]
			if len(want) < 3 || got[len(got)-1] != want[len(want)-1] || !closeRunes(want, got) || places().wide[string(got)] > 0 || i > 0 && han(f[i-1]) && !strings.ContainsRune("省区国", f[i-1]) {
				continue
			}
			k := 0
			for want[k] == got[k] {
				k++
			}
			into := o.inPrint(printed[k])
			if into == 0 || !strings.ContainsRune(o.doubts(), rs[i+k]) && !places().follows(f[i+len(want):], string(want)) {
				continue
			}
			return string(rs[:i+k]) + string(into) + string(rs[i+k+1:])
		}
	}
	return o.text
}

// inPrint is a character in the script that the address is printed in, 0 where
// that cannot be told.
func (p *piece) inPrint(r rune) rune {
	simple := words().plain(r)
	forms := script().forms[simple]
	switch traditional := fold(p.text) != strings.ToLower(p.text); {
	case simple == r && forms == nil:
		return r
	case !traditional:
		return simple
	case simple != r:
		return r
	case len(forms) == 1:
		return forms[0]
	}
	return 0
}

// follows says that a district of the city opens f.
func (g *gazetteer) follows(f []rune, city string) bool {
	return slices.ContainsFunc(g.parts[city], func(d string) bool { return strings.HasPrefix(string(f), d) })
}

// nearLatin is a Latin address with the city in it.
func (o *office) nearLatin(city string) string {
	if len(city) < 6 || !letters(city) || o.doubts() == "" {
		return o.text
	}
	l := words()
	next := latinWords(o.text)
	return letterRuns.ReplaceAllStringFunc(o.text, func(w string) string {
		low := strings.ToLower(w)
		i := slices.Index(next, low)
		if distance(low, city) != 1 || l.vocab[low] || l.address["place"][low] || cities()[low] || nameWord(low) || i >= 0 && i+1 < len(next) && streetNext[next[i+1]] {
			return w
		}
		return casedAs(w, city)
	})
}
