package ocr

import (
	"regexp"
	"strings"
	"unicode"
)

// takeNumbers finds telephone numbers in the piece. Without a label the number
// must be most of the text, or an address would lose its house number.
func (p *piece) takeNumbers(labelled bool) []*piece {
	found := telephones(p.text, labelled)
	if len(found) == 0 {
		if labelled {
			p.dropLabel()
		}
		return nil
	}
	if !labelled && !p.mostlyNumbers(found) {
		return nil
	}
	var out []*piece
	for i := range found {
		t := &found[i]
		q := p
		if i > 0 {
			c := *p
			c.why, c.alt = append([]string{}, p.why...), ""
			q = &c
			out = append(out, q)
			if labelled && t.fits && t.kind != "" && (p.field == "mobile" || p.field == "phone") && t.kind != p.field && len(onlyDigits(t.text)) > 8 {
				q.field = t.kind // "手机:163 … 0574-…"
			}
		} else if len(found) == 1 {
			p.secondNumber(t, labelled)
		}
		q.takeNumber(*t, labelled, p.tail(found, i))
	}
	if labelled && p.field == "mobile" && strings.Contains(fold(p.word), "微信") { // one number for both
		c := *p
		c.why, c.alt = append([]string{}, p.why...), ""
		c.take("wechat", p.text, 0.9, "")
		out = append(out, &c)
	}
	last := found[len(found)-1]
	if rest := strings.Trim(last.source[last.to:], " \t|/,;()"); labelled && opensLong(rest) && labelWord(rest) == "" {
		out = append(out, p.leave(rest)...)
	}
	return out
}

// lostExtension is a number whose extension's word was read as a digit.
var lostExtension = regexp.MustCompile(`\d{7,} \d \d{2,4}$`)

// tail is what stands behind the i-th number, up to the next.
func (p *piece) tail(found []dialled, i int) string {
	s := found[i].source
	to := len(s)
	if i+1 < len(found) {
		to = found[i+1].from
	}
	return strings.Trim(s[min(found[i].to, to):to], " \t|/,;()[]:")
}

// takeNumber gives the piece one number and its kind: by its label, by the word
// behind it, or by the plan.
func (p *piece) takeNumber(t dialled, labelled bool, tail string) {
	kind, rule := t.kind, t.sure
	if labelled && !(kind == "mobile" && p.field == "phone" && !p.desk && t.fits) {
		kind = p.field
	}
	if labelled && p.field == "mobile" && p.letter && t.kind == "phone" && t.fits && len(onlyDigits(t.text)) >= 10 {
		kind, p.facts.guessed = "phone", true // its letter belongs to the row beside
	}
	if behind := labelWord(tail); behind != "" && !labelled {
		kind, labelled = behind, true
		p.label = true
		p.why = append(p.why, "label \""+tail+"\" behind it")
	}
	if kind == "" {
		kind, rule = "phone", rule*0.8
		p.facts.guessed = true
	}
	if !labelled {
		rule *= 0.95
	}
	if c, l, d := hans(tail); c+l+d > 0 && labelWord(tail) == "" && !opensLong(tail) {
		p.facts.guessed = true // of what is left nobody knows what it says
	}
	why := "fits a numbering plan"
	if !t.fits {
		why = "fits no numbering plan"
	}
	p.take(kind, t.text, rule, why)
	p.facts.guessed = p.facts.guessed || lostExtension.MatchString(t.text)
	p.facts.fits = t.fits
	p.facts.repaired = t.sure > 0.5 && t.sure < 1 || t.sure < 0.5 && t.fits
}

// labelWord is the field of a text that is nothing but a telephone label.
func labelWord(s string) string {
	s = strings.Trim(s, separators+"([（【")
	if s == "" {
		return ""
	}
	for _, l := range words().labelsFor(s) {
		if (l.field == "mobile" || l.field == "phone" || l.field == "fax") && prefixed(s, l.word) == len(s) && s != "" {
			return l.field
		}
	}
	return ""
}

// secondNumber weighs another engine's reading of the same number: what fits a
// plan wins.
func (p *piece) secondNumber(t *dialled, labelled bool) {
	if p.alt == "" {
		return
	}
	others := telephones(p.alt, labelled)
	if len(others) != 1 {
		return
	}
	o := others[0]
	p.compare(onlyDigits(t.text), onlyDigits(o.text))
	if o.sure > t.sure || o.sure == t.sure && p.facts.differs && p.altOf > p.conf+0.1 {
		o.from, o.to, o.source = t.from, t.to, t.source
		*t = o
	}
}

// mostlyNumbers says whether a text without a label is numbers and little else.
func (p *piece) mostlyNumbers(found []dialled) bool {
	rest := found[0].source
	for i := len(found) - 1; i >= 0; i-- {
		rest = rest[:found[i].from] + rest[found[i].to:]
	}
	c, l, d := hans(rest)
	if labelWord(rest) != "" {
		return true
	}
	if d > 0 && !lead(rest) {
		return false
	}
	for _, t := range found {
		if digitsIn(t.text) < 7 || len(found) == 1 && !t.fits && digitsIn(t.text) < 10 {
			return false
		}
	}
	return c <= 2 && l <= 5 && c+l <= 5 && placeLike(p.text) < 0.75
}

// lead says that the only digit beside a number is an icon read as one.
func lead(rest string) bool { return digitsIn(rest) == 1 && runes(strings.TrimSpace(rest)) <= 2 }

// dropLabel opens a piece again whose label promised a number that is not
// there.
func (p *piece) dropLabel() {
	if c, l, _ := hans(p.text); c+l < 2 || c == 0 && strings.IndexFunc(p.text, unicode.IsUpper) < 0 {
		p.field, p.text = "none", ""
		return
	}
	if p.field == "fax" || digitsIn(p.text) > 2 {
		p.field = "none"
		return
	}
	p.field, p.label, p.why = "", false, nil
}

// alikeNumbers says that two numbers differ in their last three digits only.
func alikeNumbers(a, b string) bool {
	x, y := onlyDigits(a), onlyDigits(b)
	return len(x) == len(y) && len(x) > 7 && x != y && x[:len(x)-3] == y[:len(y)-3]
}
