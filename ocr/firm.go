package ocr

import (
	"slices"
	"strings"
)

// firm settles which Latin lines name the employer: not what stands under its
// name in smaller print, but the largest line where no word tells, and never the
// only name of a person.
func (g *page) firm() {
	g.ownName()
	g.behindFounder()
	for _, p := range g.pieces {
		if q := g.over(p); q != nil {
			p.field, p.why = "none", append(p.why, "says what \""+q.text+"\" deals in")
		}
	}

}

// over is the firm's name right above or below a smaller line that says what it
// deals in: "STRUCTURAL ENGINEERS" under a name that the domain repeats. nil for
// none.
func (g *page) over(p *piece) *piece {
	if p.field != "company" || p.text == "" || chinesePrint(p.text) || legalName(p.text) || inDomain(p.text, g.domains) > 0.5 {
		return nil
	}
	for _, q := range g.pieces {
		if q != p && q.field == "company" && q.text != "" && q.up == p.up && !chinesePrint(q.text) && p.high*20 < q.high*19 && (translates(q, p) || translates(p, q)) && (legalName(q.text) || inDomain(q.text, g.domains) > 0.5) {
			return q
		}
	}
	return nil
}

// ownName takes a line that only the domain makes a firm as the name, where it is
// like one and the card has no other: people work under their own names.
func (g *page) ownName() {
	if g.count("name", false)+g.count("name", true) > 0 {
		return
	}
	for _, p := range g.pieces {
		if n := len(tokens(p.text)); p.field == "company" && !chinesePrint(p.text) && companyLike(p.text) < 0.5 && latinName(p.text) > 0.8 && (n == 2 || n == 3) && words().given["latin"][tokens(p.text)[0]] {
			p.take("name", neat(withoutDegrees(p.text)), 0.7, "the only name on the card")
			p.facts.guessed = true
			return
		}
	}
}

// behindFounder cuts the firm that the domain spells off a title: "Founder,
// Lumen & Loom".
func (g *page) behindFounder() {
	if g.count("company", false)+g.count("company", true) > 0 {
		return
	}
	for _, p := range g.pieces {
		left, right, ok := strings.Cut(p.text, ", ")
		if p.field == "title" && ok && !chinesePrint(p.text) && titleLike(left) > 0.8 && inDomain(right, g.domains) > 0.6 {
			q := *p
			p.text = left
			q.facts, q.why = facts{guessed: true}, nil
			q.take("company", right, 0.75, "behind the title, and the domain repeats it")
			g.pieces = append(g.pieces, &q)
			return
		}
	}
}

// nearName says that a line stands right above or below the name in print as
// large: it may be a part of it.
func (g *page) nearName(p *piece) bool {
	return slices.ContainsFunc(g.pieces, func(n *piece) bool {
		return n.field == "name" && n.text != "" && (inLine(n, p) || inLine(p, n)) && abs(n.high-p.high)*5 < p.high
	})
}

// largestFirm takes the largest Latin line that is nothing else, where the card
// has no company: what firms set largest is their name.
func (g *page) largestFirm() {
	if g.count("company", false)+g.count("company", true) > 0 || g.count("name", false) == 0 {
		return
	}
	var best *piece
	for _, p := range g.pieces {
		n := len(tokens(p.text))
		c, l, d := hans(p.text)
		if c > 0 || n == 0 || honorific[tokens(p.text)[0]] || p.field != "" || p.text == "" || p.up || chinesePrint(p.text) || l < 4 || d > 0 || n > 8 || !capitalized(p.text) || motto(p.text) > 0.5 || strings.ContainsAny(p.text, "@:/!?") || float64(p.high) < 1.15*g.usual || g.nearName(p) {
			continue
		}
		if best == nil || p.high > best.high {
			best = p
		}
	}
	if best != nil {
		best.take("company", neat(respace(best.text)), 0.55, "the largest line, and no company on the card")
		best.facts.guessed = true
	}
}
