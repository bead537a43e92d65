package ocr

import (
	"strings"
	"unicode"
)

// mendNet lets mail and web domain repair one another.
func mendNet(ps []*piece) {
	mendAt(ps)
	mendLetter(ps)
	mendPoints(ps)
	agreed := agreedDomain(ps)
	for _, m := range ps {
		if m.field != "email" || m.text == "" {
			continue
		}
		for _, w := range ps {
			if w.field != "website" || w.text == "" {
				continue
			}
			_ = mendWWW(m, w) || mendLabel(m, w)
			a, b := domainOf(m.text), domainOf(w.text)
			switch {
			case a == b || strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a):
				m.facts.crossed, w.facts.crossed = 1, 1
				m.why = append(m.why, "mail domain = web domain")
				w.why = append(w.why, "mail domain = web domain")
			case publicMail[a] || len(a) < 5 || len(b) < 5:
			case strings.Count(a, ".") > strings.Count(b, ".") && closeTo(tailOf(a, b), b):
				mend(m, w, tailOf(a, b), b)
			case agreed != "" && (a == agreed || b == agreed || closeTo(a, agreed)):
				// the one that two addresses have
			case closeTo(a, b):
				mend(m, w, a, b)
			}
		}
	}
	if agreed != "" {
		for _, p := range ps {
			if d := domainOf(p.text); (p.field == "email" || p.field == "website") && d != agreed && len(d) > 5 && closeTo(d, agreed) {
				i := strings.LastIndex(strings.ToLower(p.text), d)
				p.text = p.text[:i] + agreed + p.text[i+len(d):]
				p.facts.repaired, p.rule = true, max(p.rule, 0.8)
				p.why = append(p.why, "domain repaired from two others")
			}
		}
	}
}

// agreedDomain is the domain that a mail and a web address of the card share, ""
// for none.
func agreedDomain(ps []*piece) string {
	for _, m := range ps {
		for _, w := range ps {
			if d := domainOf(m.text); m.field == "email" && w.field == "website" && len(d) > 4 && d == domainOf(w.text) {
				return d
			}
		}
	}
	return ""
}

// mendAt finds mail addresses whose @ was read as a letter: what ends with the
// card's own web domain but for a sign before it.
func mendAt(ps []*piece) {
	for _, w := range ps {
		d := domainOf(w.text)
		if w.field != "website" || len(d) < 5 || strings.Contains(w.text, "@") {
			continue
		}
		for _, m := range ps {
			s := strings.ToLower(m.text)
			i := strings.LastIndex(s, d)
			if m == w || m.field != "website" && m.field != "email" || i < 4 || i+len(d) != len(s) || strings.Contains(s, "@") || strings.Contains(s, "/") || !strings.ContainsRune("agq90oe&8", rune(s[i-1])) || strings.HasPrefix(s, "www") {
				continue
			}
			text := m.text[:i-1] + "@" + m.text[i:]
			if len(text) > 8 && strings.EqualFold(text[:4], "mail") && text[4] != '.' {
				text = text[4:]
			}
			m.take("email", text, 0.75, "@ before the card's own domain")
			m.facts.repaired = true
		}
	}
}

// mendLetter takes a letter that is a label off a mail address, "e.ada@…", on a
// card whose other labels are letters.
func mendLetter(ps []*piece) {
	letters := 0
	for _, p := range ps {
		if p.letter {
			letters++
		}
	}
	for _, p := range ps {
		if p.field == "email" && letters > 0 && len(p.text) > 6 && (strings.HasPrefix(strings.ToLower(p.text), "e.") || p.text[0] == 'E' && p.text[1] >= 'a' && p.text[1] <= 'z') && !p.label {
			p.text = strings.TrimLeft(p.text[1:], ".")
			p.why = append(p.why, "the label's letter taken off")
			p.facts.repaired = true
		}
	}
}

// mendWWW repairs the first part of a host when the rest is the mail's domain.
func mendWWW(m, w *piece) bool {
	scheme, host := "", strings.ToLower(w.text)
	if i := strings.Index(host, "://"); i > 0 {
		scheme, host = w.text[:i+3], host[i+3:]
	}
	first, rest, _ := strings.Cut(host, ".")
	if first == "www" || len(first) > 5 || len(first) < 2 || strings.Count(first, "w") < 2 || rest != domainOf(m.text) {
		return false
	}
	w.text, w.facts.repaired, w.rule = scheme+"www."+rest, true, max(w.rule, 0.85)
	return true
}

// tailOf is as many last parts of host a as b has.
func tailOf(a, b string) string {
	parts := strings.Split(a, ".")
	return strings.Join(parts[len(parts)-strings.Count(b, ".")-1:], ".")
}

// mend gives the worse read domain of two that are nearly the same the letters
// of the better one.
func mend(m, w *piece, a, b string) {
	good, bad, from, to := w, m, a, b
	if m.rule*m.conf > w.rule*w.conf {
		good, bad, from, to = m, w, b, a
	}
	if good.rule < 0.85 {
		return
	}
	i := strings.LastIndex(strings.ToLower(bad.text), from)
	if i < 0 {
		return
	}
	bad.text = bad.text[:i] + to + bad.text[i+len(from):]
	bad.rule = max(bad.rule, 0.8)
	bad.facts.repaired = true
	bad.why = append(bad.why, "domain repaired from the other address")
}

// closeTo says that two domains differ in one or two letters.
func closeTo(a, b string) bool {
	if abs(len(a)-len(b)) > 1 {
		return false
	}
	return distance(a, b) <= 1+min(len(a), len(b))/14
}

// distance is the number of letters to change, insert or drop.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(diagonal+cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

// cross notes which decisions another field supports.
func (g *page) cross() {
	for _, p := range g.pieces {
		switch p.field {
		case "name":
			if s := max(spelled(p.text, g.email), inAddress(p.text, g.email)); s > 0.4 {
				p.facts.crossed = s
				p.why = append(p.why, "the mail address spells it")
			}
		case "company":
			if s := max(inDomain(p.text, g.domains), g.brand(p.text)); s > 0.5 {
				p.facts.crossed = s
				p.why = append(p.why, "the domain repeats it")
				if g.longerDomain(p.text) {
					p.facts.guessed = true
					p.why = append(p.why, "the domain says more")
				}
			}
			if p.facts.crossed == 0 && g.onlyTrade(p) {
				p.facts.guessed = true
				p.why = append(p.why, "nothing but a trade and a legal form")
			}
		case "email":
			g.dropSign(p)
			g.mendOne(p)
			g.mendZeros(p)
			g.mendUser(p)
			g.mendInitials(p)
			g.nearMiss(p)
			for _, n := range g.pieces {
				if n.field == "name" && p.facts.crossed == 0 && max(spelled(n.text, p.text), inAddress(n.text, p.text)) > 0.4 {
					p.facts.crossed = 0.6
				}
			}
		}
	}
}

// onlyTrade says that a Latin firm has no word of its own, "BREWING CO.", on a
// card whose domain spells something else: the line above it may be lost.
func (g *page) onlyTrade(p *piece) bool {
	if chinesePrint(p.text) || len(g.domains) == 0 {
		return false
	}
	l, own := words(), 0
	for _, t := range tokens(p.text) {
		if !l.vocab[t] && !strings.HasSuffix(t, "ing") {
			own++
		}
	}
	return own == 0 && len(tokens(p.text)) < 4
}

// longerDomain says that the card's domain has a word before that of the company:
// part of the name may be drawn, not printed.
func (g *page) longerDomain(s string) bool {
	if chinesePrint(s) || len(tokens(s)) == 0 {
		return false
	}
	brand := plainLetters(tokens(s)[0])
	for _, d := range g.domains {
		label, _, _ := strings.Cut(d, ".")
		if at := strings.Index(plainLetters(label), brand); at >= 4 && len(brand) > 3 && !publicMail[d] && !strings.HasPrefix(d, "mail.") {
			return true
		}
	}
	return false
}

// dropSign takes a sign that a bracket or a label was read as off a mail address
// that goes on with a word of the Latin name.
func (g *page) dropSign(m *piece) {
	if len(m.text) < 6 || !strings.ContainsRune("lit1I|j[", rune(m.text[0])) && !(strings.ContainsRune("eEmM", rune(m.text[0])) && !m.label && g.letters() > 0) {
		return
	}
	rest := strings.ToLower(m.text[1:])
	for _, n := range g.pieces {
		if n.field != "name" || chinesePrint(n.text) {
			continue
		}
		found, initial := false, false
		for _, t := range tokens(n.text) {
			t = plainLetters(t)
			found = found || len(t) > 3 && strings.HasPrefix(rest, t)
			initial = initial || t != "" && t[0] == m.text[0]
		}
		all := strings.ToLower(plainLetters(n.text))
		for _, t := range []string{all, plainLetters(strings.Join(tokens(n.text)[1:], ""))} {
			found = found || len(t) > 5 && strings.HasPrefix(rest, t[:min(len(t), 6)])
		}
		if found && !initial {
			m.text, m.facts.repaired = m.text[1:], true
			m.why = append(m.why, "a sign before the name taken off")
			return
		}
	}
}

// letters is how many values have a label of one letter.
func (g *page) letters() (n int) {
	for _, p := range g.pieces {
		if p.letter && p.text != "" {
			n++
		}
	}
	return n
}

// mendOne reads the digit 1 before a mail user's point or family name as l when
// that is the initial of the Latin name.
func (g *page) mendOne(m *piece) {
	if len(m.text) < 4 || m.text[0] != '1' {
		return
	}
	fixed := "l" + m.text[1:]
	rest := plainLetters(strings.SplitN(fixed, "@", 2)[0][1:])
	for _, n := range g.pieces {
		if n.field != "name" || chinesePrint(n.text) || len(rest) < 2 {
			continue
		}
		initial, family := false, false
		for _, t := range tokens(n.text) {
			t = plainLetters(t)
			initial = initial || strings.HasPrefix(t, "l")
			family = family || len(t) > 1 && strings.Contains(rest, t) || len(t) > 2 && strings.HasPrefix("l"+rest, t)
		}
		if initial && family {
			m.text, m.facts.repaired = fixed, true
			m.why = append(m.why, "l for 1 by the name")
			return
		}
	}
}

// useSecond takes the blanks of another engine's reading of the same letters,
// which sets them better in Latin print.
func (p *piece) useSecond() {
	if p.alt == "" {
		return
	}
	p.compare(p.text, p.alt)
	alt := strings.Trim(p.alt, "‘’“”\"'_-|[]{}<>«»~*•· .,:;")
	if strings.HasSuffix(p.text, ".") {
		alt += "."
	}
	if c, _, _ := hans(p.text); c == 0 && !strings.ContainsRune(p.text, gap) && strings.EqualFold(squeeze(alt), squeeze(p.text)) && len(alt) >= len(p.text) {
		p.text = blanksOf(alt, p.text)
	}
}

// blanksOf is s with the blanks of another reading of the same letters. Capitals
// are the first engine's, which small ones among them do not mislead.
func blanksOf(alt, s string) string {
	rs := []rune(squeeze(s))
	var b strings.Builder
	for _, r := range alt {
		if unicode.IsSpace(r) {
			b.WriteRune(r)
			continue
		}
		b.WriteRune(rs[0])
		rs = rs[1:]
	}
	return b.String()
}
