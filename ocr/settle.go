package ocr

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// settle gives a piece its field as far as its own text has the form of one,
// and repairs the text. What else stood in it comes back as further pieces.
func (p *piece) settle() []*piece {
	if p.text == "" || p.field == "none" {
		return nil
	}
	if p.label {
		return p.settleLabelled()
	}
	if rest, ok := p.takeMail(false); ok {
		return rest
	}
	if text, rule := website(p.text, false); rule > 0 {
		p.takeSite(text, rule)
		return nil
	}
	if rest, ok := p.takeTailSite(); ok {
		return rest
	}
	if socialHandle.MatchString(p.text) {
		p.field, p.why = "none", append(p.why, "an account with a social service")
		return nil
	}
	if account.MatchString(p.text) {
		p.take("wechat", strings.ToLower(p.text), 0.9, "the form of an account's name, without a label")
		return nil
	}
	return p.takeNumbers(false)
}

// socialHandle is an account's name as people write it: "@quellixhq".
var socialHandle = regexp.MustCompile(`^@ ?[A-Za-z0-9_][A-Za-z0-9_.-]+$`)

// account is the form that messengers give accounts by themselves.
var account = regexp.MustCompile(`^[vV]\d{6,10}$`)

// settleLabelled checks the value against its label. A label whose value does
// not fit at all was none.
func (p *piece) settleLabelled() []*piece {
	if f := promised(p.text); f != "" && f != p.field && !fits(p.field, p.text) && (p.field == "mobile" || p.field == "phone" || p.field == "fax" || p.field == "email" && f == "website" && strings.Contains(strings.ToLower(p.text), "www") || p.field == "website") {
		p.field = f
	}
	switch p.field {
	case "email":
		rest, _ := p.takeMail(true)
		return rest
	case "website":
		if strings.Contains(p.text, "@") {
			rest, _ := p.takeMail(true)
			return rest
		}
		text, rule := website(p.text, true)
		p.takeSite(text, rule)
	case "mobile", "phone", "fax":
		if strings.Contains(p.text, "@") { // "M" for mail
			rest, _ := p.takeMail(true)
			return rest
		}
		return p.takeNumbers(true)
	case "wechat":
		return p.takeID()
	case "qq", "postcode":
		p.text = onlyDigits(firstRun(p.text))
		p.rule = 0.95
		if n := len(p.text); n < 4 || n > 11 {
			p.rule = 0.3
		}
	case "address":
		if strings.Contains(p.text, "@") {
			p.field = "email"
			rest, _ := p.takeMail(true)
			return rest
		}
		if c, l, d := hans(p.text); c+l == 0 && d >= 7 && opensNumber(p.text) {
			p.field, p.facts.guessed = "phone", true // the label of the row beside
			return p.takeNumbers(true)
		}
		p.rule = max(0.75, placeLike(p.text))
	}
	return nil
}

// firstRun is s up to what is neither digit nor blank, if it begins with one.
func firstRun(s string) string {
	for i, r := range s {
		if r > '9' && i > 3 {
			return s[:i]
		}
	}
	return s
}

// takeID reads the name of a messenger's account.
func (p *piece) takeID() []*piece {
	text, rule := wechatID(p.text)
	if first := firstWord(p.text); rule < 1 && idShape.MatchString(first) && len(first) > 4 {
		text, rule = first, 0.9
	}
	if alt, ok := wechatID(p.alt); ok == 1 {
		p.compare(text, alt)
		if rule < 1 {
			text, rule = alt, 0.9
		}
	}
	if fixed := bornIn.ReplaceAllString(text, "${1}1$2"); fixed != text {
		text, p.facts.repaired = fixed, true
		p.why = append(p.why, "a year behind the name")
	}
	p.take("wechat", text, rule, "")
	p.facts.fits = rule >= 0.9
	return nil
}

// bornIn is a year with which accounts end, its 1 read as l.
var bornIn = regexp.MustCompile(`^([a-z_-]{3,})[lI](9[5-9]\d)$`)

// takeMail finds an e-mail address in the piece.
func (p *piece) takeMail(labelled bool) ([]*piece, bool) {
	text, before, after := mailIn(p.text)
	value, rule := email(text, labelled)
	if rule == 0 && !labelled {
		return nil, false
	}
	if alt, _, _ := mailIn(p.alt); p.alt != "" {
		if other, r := email(alt, labelled); r > 0 {
			p.compare(value, other)
			if r > rule {
				value, rule = other, r
			}
		}
	}
	why := "the shape of an e-mail address"
	if rule < 0.9 {
		why = "an e-mail address, repaired"
		p.facts.repaired = true
	}
	p.take("email", value, rule, why)
	p.facts.fits = rule >= 0.9
	return p.leave(before, after), true
}

// mailIn cuts s into what stands before, in and behind an e-mail address.
func mailIn(s string) (mail, before, after string) {
	f := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == gap || r == '|' || r == ';' || r == '，' || r == '、' })
	at := -1
	for i, w := range f {
		if strings.Contains(w, "@") {
			at = i
		}
	}
	if at < 0 || len(f) < 2 {
		return s, "", ""
	}
	mail = f[at]
	if bare := strings.Trim(mail, ".,;:-"); !emailShape.MatchString(bare) || known(bare) <= 0.9 {
		return s, "", ""
	}
	before, after = strings.Join(f[:at], " "), strings.Join(f[at+1:], " ")
	number := func(s string) bool { return digitsIn(s) >= 7 || opensLong(s) }
	switch {
	case number(after) || domainLike(after) || strings.HasPrefix(after, "www"):
		if runes(before) <= 3 {
			return mail, "", after
		}
		if number(before) {
			return mail, before, after
		}
	case before == "" && runes(after) <= 2: // an icon behind it
		return mail, "", ""
	case after == "" && (number(before) || domainLike(before)):
		return mail, before, ""
	}
	if after == "" && (nearlyLabel(before) || icon(before)) {
		return mail, "", ""
	}
	return s, "", ""
}

// nearlyLabel says that what stands before a mail address is its label, misread.
func nearlyLabel(s string) bool {
	return !strings.ContainsAny(s, "@.") && distance(plainLetters(s), "email") <= 2 && runes(s) < 9
}

// icon says that one or two signs are no part of a mail's user.
func icon(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return runes(s) <= 2 && !strings.ContainsAny(s, "._-") && !(r >= 'a' && r <= 'z')
}

// opensLong says that a text is long enough to be a value of its own.
func opensLong(s string) bool {
	c, l, _ := hans(s)
	return c >= 3 || c == 0 && l >= 8 && len(strings.Fields(s)) > 1
}

func (p *piece) takeSite(text string, rule float64) {
	if p.alt != "" {
		if other, r := website(p.alt, p.label); r > 0 {
			p.compare(text, other)
			if r > rule {
				text, rule = other, r
			}
		}
	}
	why := "the shape of a web address"
	if rule < 0.85 {
		why = "a web address, repaired"
		p.facts.repaired = true
	}
	p.take("website", text, rule, why)
	p.facts.fits = rule >= 0.9
}

// takeTailSite takes a web address off the end of a piece, behind an icon or
// another value.
func (p *piece) takeTailSite() ([]*piece, bool) {
	f := strings.Fields(p.text)
	if len(f) < 2 {
		return nil, false
	}
	last := f[len(f)-1]
	before := strings.Join(f[:len(f)-1], " ")
	if !domainLike(last) || !strings.Contains(strings.ToLower(last), "www.") && runes(before) > 3 && digitsIn(before) < 7 {
		return nil, false
	}
	if w := strings.ToLower(f[len(f)-2]); strings.HasSuffix(w, ",") && len(f) > 3 {
		return nil, false
	}
	p.alt = ""
	text, rule := website(last, false)
	p.takeSite(text, rule)
	if runes(before) <= 3 {
		before = ""
	}
	return p.leave(before), true
}

// compare notes whether two engines read the same, but for blanks and for signs
// at either end, which specks are read into.
func (p *piece) compare(a, b string) {
	bare := func(s string) string {
		return strings.TrimFunc(squeeze(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	}
	if strings.EqualFold(bare(a), bare(b)) {
		p.facts.agrees = true
	} else {
		p.facts.differs = true
	}
}

// leave makes pieces of what stood beside a value.
func (p *piece) leave(texts ...string) (out []*piece) {
	for _, t := range texts {
		if t = strings.Trim(t, " \t|/,;，、"); runes(t) < 2 {
			continue
		}
		q := *p
		q.text, q.alt, q.field, q.label, q.rule, q.why, q.facts = t, "", "", false, 1, nil, facts{}
		q.readLabel()
		out = append(out, &q)
	}
	return out
}
