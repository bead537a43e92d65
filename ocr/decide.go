package ocr

import (
	"slices"
	"strings"
)

// class is what open print may be.
type class int

const (
	asOther class = iota
	asName
	asTitle
	asDepartment
	asCompany
	asAddress
	classes
)

var classField = [classes]string{"", "name", "title", "department", "company", "address"}

// page is what decides beside a piece's own text.
type page struct {
	pieces  []*piece
	usual   float64
	domains []string
	email   string
	banned  map[*piece]bool // no names
	weak    bool            // brands may be companies
}

// decide gives the open pieces their fields: every chain of lines is cut into
// the groups that explain it best, and a second time when two pieces would be
// the name in one script.
func (g *page) decide() {
	g.banned = map[*piece]bool{}
	links := chains(g.pieces)
	var groups []stretch
	for range 4 {
		groups = groups[:0]
		for _, c := range links {
			groups = append(groups, g.explain(c)...)
		}
		if !g.banRivals(groups) {
			break
		}
	}
	for _, gr := range groups {
		g.settle(gr)
	}
}

// stretch is one or several lines of a chain as one value.
type stretch struct {
	pieces []*piece
	class  class
	score  float64
	margin float64 // over the next class
}

func (gr stretch) text() string {
	s := gr.pieces[0].text
	for _, p := range gr.pieces[1:] {
		s = glue(s, p.text)
	}
	return s
}

const (
	longest = 5   // lines of one value
	seam    = 0.1 // what it costs to join two lines
)

// explain cuts a chain into groups with the greatest sum of scores, each times
// its lines.
func (g *page) explain(chain []*piece) []stretch {
	n := len(chain)
	best := make([]float64, n+1)
	from := make([]stretch, n+1)
	for i := 1; i <= n; i++ {
		best[i] = -1
		for k := max(0, i-longest); k < i; k++ {
			gr := g.classify(chain[k:i])
			if gr.score <= 0 && i-k > 1 {
				continue
			}
			if v := best[k] + gr.score; v > best[i] {
				best[i], from[i] = v, gr
			}
		}
	}
	var out []stretch
	for i := n; i > 0; i -= len(from[i].pieces) {
		out = append(out, from[i])
	}
	slices.Reverse(out)
	return out
}

// classify finds the best class for a group of lines; its score is 0 when they
// do not belong together.
func (g *page) classify(ps []*piece) stretch {
	out := stretch{pieces: ps}
	n := float64(len(ps))
	if len(ps) == 1 {
		scores := g.scores(ps[0])
		for c, s := range scores {
			switch {
			case s > out.score:
				out.class, out.score, out.margin = class(c), s, s-out.score
			case out.score-s < out.margin:
				out.margin = out.score - s
			}
		}
		return out
	}
	text := out.text()
	if runes(text) > maxText || !oneScript(ps) {
		return out
	}
	apart := 0.0 // what the lines are worth each by itself
	for _, p := range ps {
		apart += g.classify([]*piece{p}).score
	}
	for c := asName; c < classes; c++ {
		if s := g.joined(c, ps, text); s > 0 && n*s-seam*(n-1) > out.score {
			out.class, out.score = c, n*s-seam*(n-1)
			out.margin = (out.score - apart) / n
		}
	}
	return out
}

// scores says how likely one piece is each class, 0–1.
func (g *page) scores(p *piece) (s [classes]float64) {
	if p.field == "address" {
		s[asAddress] = min(0.96, max(0.85, placeLike(p.text)))
		return s
	}
	s[asOther] = max(0.4, motto(p.text))
	s[asTitle] = titleLike(p.text)
	if len(tokens(p.text)) == 1 && inDomain(p.text, g.domains) > 0.8 {
		s[asTitle] *= 0.3 // a brand like "loopwright"
	}
	s[asDepartment] = departmentLike(p.text)
	if max(s[asTitle], s[asDepartment]) > 0.8 && !strings.ContainsAny(p.text, ".!?") {
		s[asOther] = min(s[asOther], 0.6) // "Member Services"
	}
	s[asCompany] = g.organization(p)
	s[asAddress] = min(placeLike(p.text), 0.96)
	if !g.banned[p] {
		s[asName] = g.person(p)
	}
	if goesOn([]*piece{p, p}) {
		for c := range s {
			s[c] *= 0.7
		}
	}
	size := float64(p.high) / g.usual
	if size > 2.2 { // large print is a name or a company
		s[asTitle] *= 0.9
		s[asDepartment] *= 0.8
	}
	return s
}

func (g *page) person(p *piece) float64 {
	size := clamp(float64(p.high)/g.usual, 0.6, 2.2)
	if s := chineseName(p.text); s > 0 {
		s *= 0.55 + 0.3*size
		if spelled(p.text, g.email) > 0.5 {
			s += 0.25
		}
		return min(s, 1.05)
	}
	s := latinName(p.text)
	if s == 0 {
		return 0
	}
	s = s*(0.55+0.25*size) + 0.45*inAddress(p.text, g.email)
	if d := inDomain(p.text, g.domains); d > 0.6 && inAddress(p.text, g.email) < 0.9 {
		s -= 0.5 * d
	}
	return min(s, 1.05)
}

func (g *page) organization(p *piece) float64 {
	s := companyLike(p.text)
	if g.weak && s < 0.65 && chinesePrint(p.text) && !g.banned[p] {
		if shop := shopLike(p.text); shop > s && max(titleLike(p.text), departmentLike(p.text), placeLike(p.text)) < 0.6 {
			s = shop - 0.1
		}
	}
	if s < 0.7 && g.weak && !houseAndStreet(p.text, append(tokens(p.text), "")) {
		if d := max(inDomain(p.text, g.domains), g.brand(p.text)); d > 0.55 && titleLike(p.text) < 0.8 && placeLike(p.text) < 0.7 {
			s = max(s, 0.45+0.3*d)
		}
	}
	return s
}

// brand says whether the domain spells a Chinese brand.
func (g *page) brand(s string) float64 {
	rs := []rune(fold(squeeze(s)))
	if c, l, _ := hans(s); c < 2 || c > 8 || l > 0 || len(rs) != c {
		return 0
	}
	for n := len(rs); n >= 2; n-- {
		full, _ := spell(rs[:n])
		for _, d := range g.domains {
			host, _, _ := strings.Cut(d, ".")
			if !publicMail[d] && contains(host, full) {
				return 0.6 + 0.4*float64(n)/float64(len(rs))
			}
		}
	}
	return 0
}

// motto says how much a text speaks of values and services, 0.4–0.95.
func motto(s string) float64 {
	c, l, _ := hans(s)
	set := words().common
	if c > 0 && c*2 >= l {
		n := set.inside("han", fold(s))
		if n == 0 || c < 3 {
			return 0
		}
		return min(0.9, 0.35+0.15*float64(n))
	}
	t := tokens(s)
	if len(t) < 2 {
		return 0
	}
	n := set.count("latin", t)
	share := float64(n) / float64(len(t))
	if strings.ContainsAny(s, ".!?") && len(t) > 2 && n > 0 {
		share += 0.2
	}
	return min(0.9, share)
}

// banRivals forbids all but the likeliest name of each script; it reports
// whether there was any rival.
func (g *page) banRivals(groups []stretch) bool {
	var best [2]*stretch
	found := false
	script := func(gr *stretch) int {
		if chinesePrint(gr.pieces[0].text) {
			return 0
		}
		return 1
	}
	for i := range groups {
		if gr := &groups[i]; gr.class == asName {
			if b := best[script(gr)]; b == nil || gr.score/float64(len(gr.pieces)) > b.score/float64(len(b.pieces)) {
				best[script(gr)] = gr
			}
		}
	}
	for i := range groups {
		if gr := &groups[i]; gr.class == asName && best[script(gr)] != gr {
			for _, p := range gr.pieces {
				g.banned[p] = true
			}
			found = true
		}
	}
	return found
}

// settle gives a group's first piece the field and the joined text.
func (g *page) settle(gr stretch) {
	p := gr.pieces[0]
	if gr.class == asOther {
		return
	}
	score := gr.score
	if n := len(gr.pieces); n > 1 {
		score = (gr.score + seam*float64(n-1)) / float64(n)
		if last := gr.pieces[n-1].text; (gr.class == asTitle || gr.class == asDepartment) && !goesOn(gr.pieces) && (alone(p.text) && alone(last) || !chinesePrint(p.text) && (!full(gr.pieces) || len(tokens(p.text)) > 1 && len(tokens(last)) > 1 && g.hasRoom(gr.pieces))) {
			p.facts.guessed = true // or two values
		}
		p.join(gr.pieces)
	}
	text := neat(respace(p.text))
	if gr.class == asName {
		text = neat(withoutDegrees(bareName(respace(withoutDegrees(p.text)))))
		if chinesePrint(text) {
			text = squeeze(text)
		} else {
			text = p.mendName(text, g.email)
			if with := accented(text, p.alt); with != text {
				text, p.facts.repaired = with, true
				p.why = append(p.why, "an accent by the other reading")
			}
		}
	}
	if with := accented(text, p.alt); gr.class == asCompany && with != text {
		text, p.facts.repaired = with, true
		p.why = append(p.why, "an accent by the other reading")
	}
	if gr.class == asCompany {
		text = p.mendBrand(text, g.domains)
		text = p.mendWords(p.mendCompany(text))
	}
	if gr.class == asCompany && companyLike(text) < 0.8 && !holdsDomain(text, g.domains) {
		p.facts.guessed = true // only the domain says so
	}
	if gr.class == asAddress {
		text = p.mendAddress(text)
	}
	p.facts.margin = clamp(gr.margin, 0, 1)
	p.take(classField[gr.class], text, clamp(score, 0, 0.99), p.reason(gr.class))
}

// join makes p the lines ps, of which it is the first.
func (p *piece) join(ps []*piece) {
	n := float64(runes(p.text))
	for _, q := range ps[1:] {
		m := float64(runes(q.text))
		p.conf = (p.conf*n + q.conf*m) / (n + m)
		n += m
		p.weak = min(p.weak, q.weak)
		so := p.text
		p.text = glue(p.text, q.text)
		switch {
		case p.alt != "" && q.alt != "":
			p.alt = glue(p.alt, q.alt)
		case p.alt != "":
			p.alt = glue(p.alt, q.text)
		case q.alt != "":
			p.alt = glue(so, q.alt)
		}
		p.box = p.box.Union(q.box)
		p.lines++
		q.field, q.text = "none", ""
	}
	p.why = append(p.why, "goes on below")
}
