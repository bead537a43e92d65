package ocr

import (
	"slices"
	"strings"
)

// onlyEmployer makes the office that is printed largest and above the others
// the employer, with its twin below, where a card names departments and no
// company: governments' offices have no endings of their own.
func (g *page) onlyEmployer() {
	if g.count("company", true) > 0 || g.count("department", true) < 2 {
		return
	}
	var top *piece
	for _, p := range g.pieces {
		if p.field != "department" || !chinesePrint(p.text) {
			continue
		}
		if top == nil {
			top = p
		} else if top.box.Min.Y >= p.box.Min.Y || top.high*10 < p.high*11 {
			return
		}
	}
	for _, p := range g.pieces {
		if p.field == "company" && p.text != "" && !translates(top, p) {
			return
		}
	}
	top.take("company", top.text, 0.75, "the larger of two offices")
	top.facts.guessed = true
	for _, p := range g.pieces {
		if p.field == "department" && !chinesePrint(p.text) && translates(top, p) {
			p.take("company", p.text, 0.7, "stands under the company")
			p.facts.guessed = true
		}
	}
}

// loneEmployer makes the only office of a card its employer, with its twin: it
// stands at the top, apart from the title, or the domain spells it. A clinic or
// a design centre has no ending that says firm.
func (g *page) loneEmployer() {
	if g.count("company", true)+g.count("company", false) > 0 {
		return
	}
	for _, p := range g.pieces {
		if p.field != "department" || p.text == "" || g.besideRole(p) {
			continue
		}
		d := max(inDomain(p.text, g.domains), g.brand(p.text))
		if d < 0.55 && !g.aboveName(p) {
			continue
		}
		p.take("company", p.text, 0.7+0.2*d, "the only office on the card")
		p.facts.guessed = d < 0.55
		for _, q := range g.pieces {
			if q.field == "department" && q.text != "" && chinesePrint(q.text) != chinesePrint(p.text) && (translates(p, q) || translates(q, p)) {
				q.take("company", q.text, 0.7+0.2*d, "stands with the company")
				q.facts.guessed = d < 0.55
			}
		}
		return
	}
}

// besideRole says that a piece stands right above, below or beside a title.
func (g *page) besideRole(p *piece) bool {
	return slices.ContainsFunc(g.pieces, func(q *piece) bool {
		return q.field == "title" && q.text != "" && (translates(p, q) || translates(q, p))
	})
}

// aboveName says that a piece stands above the name, with room between.
func (g *page) aboveName(p *piece) bool {
	return slices.ContainsFunc(g.pieces, func(q *piece) bool {
		return q.field == "name" && q.text != "" && p.box.Max.Y+p.high/2 < q.box.Min.Y
	})
}

// committees are parts of the association that a card names too.
func (g *page) committees() {
	host := false
	ends := func(s string, list ...string) bool {
		for _, e := range list {
			if strings.HasSuffix(fold(squeeze(s)), e) {
				return true
			}
		}
		return false
	}
	for _, p := range g.pieces {
		host = host || p.field == "company" && (legalName(p.text) || ends(p.text, "协会", "学会", "促进会", "商会", "联合会", "联盟", "总会", "研究会", "基金会", "公会", "工会", "大学"))
	}
	for _, p := range g.pieces {
		if host && p.field == "company" && !legalName(p.text) && ends(p.text, "委员会", "专委会", "工作委", "秘书处", "分会", "工作组") && places().head(fold(p.text)) == "" {
			p.take("department", p.text, 0.8, "stands with the association it belongs to")
		}
	}
}

// dropBrand leaves out a brand, drawn or along an edge, that another company's
// name on the card has in it.
func (g *page) dropBrand() {
	for _, p := range g.pieces {
		if p.field != "company" || companyLike(p.text) > 0.7 {
			continue
		}
		for _, q := range g.pieces {
			if q != p && q.field == "company" && len(plainLetters(p.text)) > 3 && (p.up != q.up || p.box.Dy() > 2*p.box.Dx()) && strings.Contains(plainLetters(q.text), plainLetters(p.text)) && len(q.text) > len(p.text)+6 {
				p.field, p.why = "none", append(p.why, "a brand of the company")
				break
			}
		}
	}
}
