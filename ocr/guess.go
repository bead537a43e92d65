package ocr

import (
	"regexp"
	"strings"
)

// guess fills what no word of the lists told: a name by its size, a title by
// its place.
func (g *page) guess() {
	if text(g.pieces, "name") == "" {
		g.guessName()
	}
	if text(g.pieces, "title") == "" {
		g.guessTitle()
	}
	if g.count("company", true)+g.count("company", false) == 0 {
		g.guessCompany()
		g.largestFirm()
	}
	if text(g.pieces, "wechat") == "" {
		g.guessID()
	}
	if text(g.pieces, "department") == "" {
		g.guessDepartment()
	}
	g.guessSchool()
}

// guessDepartment takes what stands beside the title in the same print and is
// nothing else: "Senior Buyer   Household Linens".
func (g *page) guessDepartment() {
	for _, t := range g.pieces {
		if t.field != "title" || t.text == "" || t.up {
			continue
		}
		for _, p := range g.pieces {
			if g.paired(p, t) || inRow(p, t) {
				p.take("department", neat(respace(p.text)), 0.6, "stands with the title")
				p.facts.guessed = true
				return
			}
		}
	}
}

// inRow says that a few words of the title's script and print, which are nothing
// else, stand beside it with room between.
func inRow(p, t *piece) bool {
	row := min(t.box.Max.Y, p.box.Max.Y)-max(t.box.Min.Y, p.box.Min.Y) > t.high/2
	room := max(p.box.Min.X-t.box.Max.X, t.box.Min.X-p.box.Max.X)
	if p.row == t.row && p.box.Max.X <= t.box.Min.X && room < t.high/2 {
		room = t.high // a bar was between them
	}
	if p.field != "" || p.up || !row || room < t.high/2 || room > 5*t.high || abs(p.high-t.high)*4 > t.high || chinesePrint(p.text) != chinesePrint(t.text) || motto(p.text) > 0.5 {
		return false
	}
	c, l, d := hans(p.text)
	if c > 0 {
		return d == 0 && l == 0 && c >= 3 && c <= 8
	}
	return d == 0 && l >= 5 && len(tokens(p.text)) <= 4 && capitalized(p.text)
}

// handle is the form of a messenger's account that nothing else has.
var handle = regexp.MustCompile(`^[a-z][a-z0-9]*[_-]?[a-z0-9_-]*\d[a-z0-9_-]*$|^[a-z]+_[a-z0-9_]+$`)

// guessID takes an account's name that stands alone, behind an icon that was
// not read.
func (g *page) guessID() {
	for _, p := range g.pieces {
		id := p.text
		if f := strings.Fields(id); len(f) == 2 && len(f[0]) <= 2 {
			id = f[1]
		}
		if p.field == "" && len(id) >= 6 && len(id) <= 20 && handle.MatchString(id) && digitsIn(id) < len(id)-1 {
			p.take("wechat", id, 0.7, "the form of an account's name, without a label")
			p.facts.guessed = true
			return
		}
	}
}

// guessSchool makes the school of a university, or the clinic of a hospital, a
// department.
func (g *page) guessSchool() {
	for _, p := range g.pieces {
		if p.field != "company" || departmentLike(p.text) < 0.6 {
			continue
		}
		for _, q := range g.pieces {
			if whole := fold(q.text); q != p && q.field == "company" && departmentLike(q.text) < 0.6 && (strings.HasSuffix(whole, "大学") || strings.HasSuffix(whole, "医院") || strings.HasSuffix(whole, "科学院") || strings.Contains(whole, "university") || strings.Contains(whole, "hospital")) {
				p.take("department", p.text, 0.85, "stands with a university or hospital")
				break
			}
		}
	}
}

// paired says that a Latin line of a few words stands right below the title in
// the same print, "Coatings", or one of several things, "Conferences &
// Roadshows", right above or below it.
func (g *page) paired(p, t *piece) bool {
	if c, _, _ := hans(p.text); c > 0 || p.field != "" || p.up || exactLabel(p.text) != "" || chinesePrint(t.text) || digitsIn(p.text) > 0 || !capitalized(p.text) || abs(p.high-t.high)*4 >= t.high || inDomain(p.text, g.domains) >= 0.5 || motto(p.text) >= 0.5 {
		return false
	}
	n := len(tokens(p.text))
	if strings.Contains(p.text, " & ") && n < 6 && (inLine(p, t) || inLine(t, p)) {
		return true
	}
	_, letters, _ := hans(p.text)
	return n > 0 && n < 4 && letters > 4 && !strings.ContainsAny(p.text, ".!?:@") && (strings.ToUpper(p.text) == p.text) == (strings.ToUpper(t.text) == t.text) &&
		inLine(t, p) && flush(t, p) && max(companyLike(p.text), placeLike(p.text)) < 0.5
}

// flush says that two lines begin or end at one edge, or have one middle.
func flush(a, b *piece) bool {
	la, lb := a.level(), b.level()
	return abs(la.Min.X-lb.Min.X) < a.high/2 || abs(la.Max.X-lb.Max.X) < a.high/2 || abs(la.Min.X+la.Max.X-lb.Min.X-lb.Max.X) < a.high
}

// guessName takes a rare family name, doubtful, when it is set larger than the
// usual line.
func (g *page) guessName() {
	var best *piece
	bestScore := 0.0
	for _, p := range g.pieces {
		if p.field != "" || g.banned[p] || inDomain(p.text, g.domains) > 0.6 {
			continue
		}
		if s := max(chineseName(p.text), latinName(p.text)) * clamp(float64(p.high)/g.usual, 0.5, 2.5); s > bestScore {
			best, bestScore = p, s
		}
	}
	if best != nil && bestScore > 0.4 {
		best.take("name", neat(best.text), 0.55, "larger than the rest")
		best.facts.guessed = true
	}
}

// guessTitle takes the line under the name.
func (g *page) guessTitle() {
	for _, n := range g.pieces {
		if n.field != "name" {
			continue
		}
		for _, p := range g.pieces {
			a, b := n.level(), p.level()
			gap := b.Min.Y - a.Max.Y
			c, l, d := hans(p.text)
			if p.field == "" && d == 0 && !strings.ContainsAny(p.text, ":：") && !degreeOf(fold(p.text)) && (c >= 2 && c <= 10 || c == 0 && l >= 4) && p.up == n.up && gap > -a.Dy()/4 && gap < a.Dy() && b.Dy() < a.Dy() && abs(b.Min.X-a.Min.X) < 2*a.Dy() && motto(p.text) < 0.5 {
				p.take("title", neat(respace(p.text)), 0.5, "stands under the name")
				p.facts.guessed = true
				return
			}
		}
	}
}
