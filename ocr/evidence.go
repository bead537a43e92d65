package ocr

import (
	"strings"
	"unicode"
)

// evidence gathers what confidence goes by beside a value itself: the card it
// stands on, what stands with it, and how familiar its words are.
func (g *page) evidence() {
	legible, labelled := g.legible(), g.labelled()
	for _, p := range g.pieces {
		if p.field == "" || p.field == "none" || p.text == "" {
			continue
		}
		p.facts.legible = legible
		p.facts.strange = p.strangeness()
		p.facts.oddOne = labelled && !p.label && contact[p.field]
		p.facts.against = p.field == "name" && g.another(p.text)
		chinese := chinesePrint(p.text)
		switch p.field {
		case "name", "title", "department", "company", "address":
			if p.field == "name" && chinese && !p.up && p.lines == 1 && roomForMore(p) {
				p.facts.guessed = true
			}
			p.facts.rivals = min(2, float64(g.count(p.field, chinese)-1))
			p.facts.twin = g.count(p.field, !chinese) > 0
			if p.field == "department" && p.facts.rivals > 0 && !chinese && !words().dept["latin"][lastToken(p.text)] {
				p.facts.guessed = true // one of them may be a title
			}
		default:
			p.facts.rivals = min(2, float64(g.count(p.field, false)-1))
		}
	}
}

// roomForMore says that a Chinese name's box is as wide as one of a character
// more: it may have been lost.
func roomForMore(p *piece) bool {
	n := runes(squeeze(p.text))
	wide := float64(p.box.Dx()) / float64(max(1, p.high))
	return n == 2 && wide > 2.25 || n == 3 && wide > 3.6
}

// contact are the fields that labels are printed before.
var contact = map[string]bool{"mobile": true, "phone": true, "fax": true, "email": true, "website": true, "address": true, "wechat": true, "qq": true}

// labelled says that most values of a card that may have a label have one.
func (g *page) labelled() bool {
	with, without := 0, 0
	for _, p := range g.pieces {
		switch {
		case p.text == "" || !contact[p.field]:
		case p.label:
			with++
		default:
			without++
		}
	}
	return with > 2 && with > 2*without
}

// another says that the card's mail address is a person's and spells nothing of
// a name.
func (g *page) another(name string) bool {
	user, _, ok := strings.Cut(strings.ToLower(g.email), "@")
	return ok && len(plainLetters(user)) > 3 && !officeMail[user] && max(spelled(name, g.email), inAddress(name, g.email)) < 0.2
}

// legible is the mean confidence of the card's characters, 0–1.
func (g *page) legible() float64 {
	sum, n := 0.0, 0.0
	for _, p := range g.pieces {
		m := float64(runes(p.text))
		sum, n = sum+m*p.conf, n+m
	}
	if n == 0 {
		return 1
	}
	return sum / n
}

// strangeness is the share of a value's words that no list knows, 0–1.
func (p *piece) strangeness() float64 {
	if chinesePrint(p.text) {
		switch p.field {
		case "title", "department":
			return uncovered(p.text)
		case "name":
			return oddName(p.text)
		case "address":
			return oddPlace(p.text)
		}
		return 0
	}
	switch p.field {
	case "name", "title", "department", "company", "address":
		return oddWords(p.text)
	}
	return 0
}

func uncovered(s string) float64 {
	f := []rune(fold(squeeze(s)))
	n := 0
	for i, c := range cover(f) {
		if !c && han(f[i]) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(f)))
}

// oddName is the share of a Chinese name's characters that names are seldom
// made of.
func oddName(s string) float64 {
	rs := []rune(fold(squeeze(s)))
	n := 0
	for i, r := range rs {
		_, family := words().surnames[string(r)]
		if han(r) && !words().given["han"][string(r)] && !(i < 2 && family) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(rs)))
}

// oddPlace is 1 when what stands behind a city is called a district and is none
// of its own, or has lost its unit.
func oddPlace(s string) float64 {
	f := []rune(fold(squeeze(s)))
	g := places()
	for i := range f {
		for n := min(g.longest, len(f)-i); n > 2; n-- {
			city := string(f[i : i+n])
			if len(g.parts[city]) == 0 || !strings.ContainsRune("市县", f[i+n-1]) {
				continue
			}
			if !g.opensPart(f[i+n:], city) {
				return 1
			}
			return 0
		}
	}
	return 0
}

// opensPart says that a district of the city opens f, or a street.
func (g *gazetteer) opensPart(f []rune, city string) bool {
	for n := 2; n <= g.longest && n <= len(f); n++ {
		if g.wide[string(f[:n])] > 0 {
			return true
		}
	}
	for n := 2; n <= 6 && n <= len(f); n++ {
		if strings.ContainsRune("区县镇乡市", f[n-1]) {
			return false
		}
		for _, d := range g.parts[city] {
			if rs := []rune(d); len(rs) == n+1 && string(rs[:n]) == string(f[:n]) {
				return false // "鹿港" for "鹿港镇"
			}
		}
	}
	return true
}

// oddWords is the share of a Latin text's letters that stand in words no list
// knows.
func oddWords(s string) float64 {
	odd, all := 0, 0
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' && r != '\'' && r != '.' && r != '&' }) {
		low := strings.ToLower(strings.Trim(w, ".-'&"))
		n := runes(low)
		if n < 3 {
			continue
		}
		all += n
		if !words().vocab[low] && !words().address["place"][low] && !cities()[low] && !nameWord(low) && !nameWord(strings.TrimSuffix(low, "'s")) {
			odd += n
		}
	}
	if all == 0 {
		return 0
	}
	return float64(odd) / float64(all)
}
