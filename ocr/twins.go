package ocr

import (
	"slices"
	"strings"
)

// twins lets the two languages of a card decide one another: what stands under
// a Chinese title is its translation, whatever its own words say.
func (g *page) twins() {
	for _, latin := range g.pieces {
		if latin.text == "" || chinesePrint(latin.text) {
			continue
		}
		switch latin.field {
		case "title", "department", "":
			g.roleTwin(latin)
		}
	}
	g.nameTwin()
	g.companyTwin()
	g.onlyOneEmployer()
	g.onlyEmployer()
	g.loneEmployer()
	g.dropSites()
	g.committees()
	g.dropBrand()
}

// roleTwin gives a Latin line the field of the Chinese one above or beside it,
// or the other way round, where the card has more of that field in one language
// than in the other.
func (g *page) roleTwin(latin *piece) {
	for _, chinese := range g.pieces {
		if !chinesePrint(chinese.text) || !translates(chinese, latin) {
			continue
		}
		switch {
		case latin.field == "department" && chinese.field == "title" && g.lacks("title", "department"):
			latin.take("title", latin.text, max(0.75, titleLike(latin.text)), "stands with a Chinese title")
		case latin.field == "title" && chinese.field == "department" && g.lacks("department", "title") && departmentLike(latin.text) > 0.5:
			latin.take("department", latin.text, 0.75, "stands with a Chinese department")
		case latin.field == "" && (chinese.field == "title" || chinese.field == "department") && g.count(chinese.field, false) < g.count(chinese.field, true) && plausible(latin.text):
			latin.take(chinese.field, neat(respace(latin.text)), 0.6, "stands with a Chinese "+chinese.field)
			latin.facts.guessed = true
		case chinese.field == "" && latin.field != "" && g.count(latin.field, true) < g.count(latin.field, false) && plausible(chinese.text) && chineseName(chinese.text) < 0.9:
			chinese.take(latin.field, neat(chinese.text), 0.6, "stands with a Latin "+latin.field)
			chinese.facts.guessed = true
		default:
			continue
		}
		return
	}
}

// companyTwin takes a Latin line of three words or more that the domain repeats
// as the company, where a card has that in Chinese only. Of fewer words it is a
// brand.
func (g *page) companyTwin() {
	g.companyBelow()
	if g.count("company", true) == 0 || g.count("company", false) > 0 {
		return
	}
	for _, p := range g.pieces {
		if p.field == "" && !chinesePrint(p.text) && len(tokens(p.text)) > 2 && len(tokens(p.text)) < 9 && digitsIn(p.text) == 0 && !strings.ContainsAny(p.text, ":/：") && capitalized(p.text) && inDomain(p.text, g.domains) > 0.55 {
			p.take("company", neat(respace(p.text)), 0.8, "the domain repeats it")
			p.facts.guessed = true
			return
		}
	}
}

// companyBelow makes an office or institute in Latin letters that stands with the
// Chinese firm, and no Chinese department, the firm's name; and a Chinese one
// that the domain spells the twin of a firm in Latin letters.
func (g *page) companyBelow() {
	for _, p := range g.pieces {
		if p.field != "department" && p.field != "" || p.text == "" {
			continue
		}
		chinese := chinesePrint(p.text)
		if g.count("company", chinese) > 0 || g.count("company", !chinese) == 0 || p.field == "department" && g.count("department", !chinese) > 0 {
			continue
		}
		if chinese {
			if c, l, d := hans(p.text); l+d > 0 || c < 3 || c > 14 || g.brand(p.text) < 0.55 || chineseName(p.text) > 0.8 {
				continue
			}
		} else if p.field == "" || !capitalized(p.text) || digitsIn(p.text) > 0 || g.besideRole(p) || !slices.ContainsFunc(g.pieces, func(q *piece) bool {
			return q.field == "company" && translates(q, p)
		}) {
			continue
		}
		p.facts.crossed = g.brand(p.text)
		p.take("company", neat(respace(p.text)), 0.75, "stands with the company in the other script")
		p.facts.guessed = true
		return
	}
}

// lacks says that a card has fewer Latin values of the first field than Chinese
// ones, and more of the second.
func (g *page) lacks(first, second string) bool {
	return g.count(first, false) < g.count(first, true) && g.count(second, false) > g.count(second, true)
}

// count is how many values of a field a card has in one script.
func (g *page) count(field string, chinese bool) (n int) {
	for _, p := range g.pieces {
		if p.field == field && p.text != "" && chinesePrint(p.text) == chinese {
			n++
		}
	}
	return n
}

// plausible says that a text may be somebody's title or department: a few words
// and no digits.
func plausible(s string) bool {
	c, l, d := hans(s)
	return d == 0 && motto(s) < 0.5 && placeLike(s) < 0.6 && companyLike(s) < 0.5 && (c >= 2 && c <= 12 && l == 0 || c == 0 && l >= 4 && len(tokens(s)) <= 6)
}

// translates says that b stands right under a or beside it in the same row, as a
// translation does.
func translates(a, b *piece) bool {
	if a.up || b.up {
		return false
	}
	high := float64(max(a.high, b.high))
	down, right := float64(b.box.Min.Y-a.box.Max.Y), float64(b.box.Min.X-a.box.Max.X)
	row := min(a.box.Max.Y, b.box.Max.Y)-max(a.box.Min.Y, b.box.Min.Y) > min(a.high, b.high)/2
	flush := abs(float64(b.box.Min.X-a.box.Min.X)) < high || abs(float64(b.box.Max.X-a.box.Max.X)) < high || abs(float64(b.box.Min.X+b.box.Max.X-a.box.Min.X-a.box.Max.X)) < 2*high
	return !row && flush && down > -high/2 && down < 0.9*high || row && right > -high/2 && right < 4*high
}

// nameTwin finds the Chinese name that no family name of the list begins, rare
// or misread, by the Latin one that stands with it.
func (g *page) nameTwin() {
	if g.count("name", true) > 0 {
		return
	}
	for _, latin := range g.pieces {
		if latin.field != "name" || chinesePrint(latin.text) {
			continue
		}
		for _, p := range g.pieces {
			if c, l, d := hans(p.text); p.field != "" || c < 2 || c > 5 || l+d > 0 || chineseName(p.text) < 0.2 || max(titleLike(p.text), departmentLike(p.text), companyLike(p.text)) > 0.6 {
				continue
			}
			if near := translates(p, latin) || translates(latin, p); near && p.high*10 >= 7*latin.high {
				p.take("name", squeeze(p.text), 0.6, "stands with a Latin name")
				p.facts.guessed = true
				return
			}
		}
	}
}

// onlyOneEmployer makes an office that serves a trade a department where the
// card names the firm itself: "售后服务中心" beside a limited company.
func (g *page) onlyOneEmployer() {
	firm := false
	for _, p := range g.pieces {
		firm = firm || p.field == "company" && (legalName(p.text) || companyLike(p.text) > 0.9 && places().head(fold(p.text)) != "")
	}
	if !firm {
		return
	}
	for _, p := range g.pieces {
		if p.field == "company" && !legalName(p.text) && departmentLike(p.text) > 0.8 && p.facts.crossed == 0 && (chinesePrint(p.text) && places().head(fold(p.text)) == "" || dividing[lastToken(p.text)]) {
			p.take("department", p.text, 0.8, "stands with the firm it belongs to")
		}
	}
}

func lastToken(s string) string {
	if t := tokens(s); len(t) > 0 {
		return t[len(t)-1]
	}
	return ""
}

// legalName says that a name ends with a legal form.
func legalName(s string) bool {
	if chinesePrint(s) {
		return words().company.ends("legal", strings.TrimRight(trimBrackets(fold(squeeze(s))), " .")) > 0
	}
	return companyLike(s) > 0.94
}

// head is the name of a place that begins the folded s, "" for none.
func (g *gazetteer) head(s string) string {
	rs := []rune(s)
	for k := min(g.longest, len(rs)); k > 1; k-- {
		if g.wide[string(rs[:k])] > 0 {
			return string(rs[:k])
		}
	}
	return ""
}
