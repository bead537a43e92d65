package ocr

import "strings"

// services says that a line lists what a firm deals in, with points between:
// "Pensions · Health · Enterprise Risk", "粵菜·點心·宴會". Three parts and more,
// none of which is a title, a company or a number.
func services(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '·' })
	if len(parts) < 3 || digitsIn(s) > 0 || strings.Contains(s, "@") {
		return false
	}
	known := 0
	for _, p := range parts {
		p = strings.TrimSpace(p)
		if p == "" || runes(p) > 24 || max(titleLike(p), companyLike(p)) > 0.8 {
			return false
		}
		if c, l, _ := hans(p); l > 0 || c == 1 || chineseWords()[fold(squeeze(p))] {
			known++
		}
	}
	c, l, _ := hans(s)
	return (c == 0 || l == 0) && known*3 >= 2*len(parts)
}

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
