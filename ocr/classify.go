package ocr

import (
	"strings"
	"unicode/utf8"
)

// settle gives a piece its field as far as its own text tells, and repairs the
// text.
func (p *piece) settle() {
	if p.label {
		p.settleLabelled()
		return
	}
	if text, sure := email(p.text, false); sure > 0 {
		p.take("email", text, sure)
		return
	}
	p.dropIcon()
	if text, sure := email(p.text, false); sure > 0 {
		p.take("email", text, sure*0.97)
		return
	}
	if text, sure := website(p.text, false); sure > 0 {
		p.take("website", text, sure)
		return
	}
	if text, kind, sure := number(p.text, false); sure > 0 && addressLike(p.text) < 0.8 {
		if kind == "" {
			kind, sure = "phone", sure*0.8
		}
		p.take(kind, text, sure*0.95)
		return
	}
	best := 0.5
	for _, c := range []struct {
		field string
		like  func(string) float64
	}{{"company", companyLike}, {"title", titleLike}, {"department", departmentLike}, {"address", addressLike}} {
		if v := c.like(p.text); v > best {
			best = v
			p.take(c.field, p.text, v)
		}
	}
}

// dropIcon takes off what an icon or an unread label left before a value with
// a shape of its own.
func (p *piece) dropIcon() {
	for i, r := range p.text {
		if r != ' ' && r != ':' || i > 12 {
			continue
		}
		rest := strings.TrimLeft(p.text[i:], separators)
		address, sure := email(rest, false)
		if sure > 0 {
			p.text = address
			return
		}
		c, l, d := hans(p.text[:i])
		if c+l+d <= 2 && rest != "" && (domainLike(rest) || strings.HasPrefix(rest, "+") || addressLike(rest) > 0.8 && !opensAddress(p.text[:i], rest)) {
			p.text = rest
			return
		}
	}
}

// opensAddress says that what stands before an address is no icon but its
// beginning: "No." or, in Latin print, a house number.
func opensAddress(before, rest string) bool {
	first, _ := utf8.DecodeRuneInString(rest)
	return words().address.latin("latin", tokens(before)) > 0 || digitsIn(before) > 0 && !han(first)
}

func (p *piece) take(field, text string, sure float64) { p.field, p.text, p.rule = field, text, sure }

// settleLabelled checks the value against its label. A label whose value does
// not fit at all was none.
func (p *piece) settleLabelled() {
	switch p.field {
	case "email":
		p.text, p.rule = email(p.text, true)
	case "website":
		p.text, p.rule = website(p.text, true)
	case "mobile", "phone", "fax":
		if strings.Contains(p.text, "@") { // "M" for mail
			p.field = "email"
			p.text, p.rule = email(p.text, true)
			return
		}
		p.text, _, p.rule = number(p.text, true)
	case "wechat":
		p.text, p.rule = wechatID(p.text)
	case "qq", "postcode":
		p.text = onlyDigits(p.text)
		p.rule = 0.95
		if n := len(p.text); n < 4 || n > 11 {
			p.rule = 0.3
		}
	case "address":
		if p.rule = max(0.75, addressLike(p.text)); strings.Contains(p.text, "@") {
			p.text, p.rule = "", 0
		}
	case "line":
		p.text = ""
	}
}

// split cuts an unlabelled line that holds two things: a department and a
// title, a name and a title, or the same in Chinese and in Latin letters.
func (p *piece) split() []*piece {
	if p.label || strings.ContainsAny(p.text, "@") || p.text == "" {
		return []*piece{p}
	}
	for i, r := range p.text {
		if r != ' ' || i == 0 {
			continue
		}
		left, right := strings.TrimSpace(p.text[:i]), strings.TrimSpace(p.text[i:])
		if !twoThings(left, right) {
			continue
		}
		a, b := *p, *p
		a.text, b.text = left, right
		cut := p.box.Min.X + p.box.Dx()*i/len(p.text)
		a.box.Max.X, b.box.Min.X = cut, cut
		return append([]*piece{&a}, b.split()...)
	}
	return []*piece{p}
}

func twoThings(left, right string) bool {
	lc, ll, _ := hans(left)
	rc, rl, _ := hans(right)
	leftHan, rightHan := lc > 0 && ll == 0, rc > 0 && rl == 0
	switch {
	case leftHan && rightHan:
		return departmentLike(left) >= 0.6 && titleLike(right) >= 0.9 && rc >= 2 ||
			chineseName(left) >= 0.9 && lc >= 2 && (titleLike(right) >= 0.9 || departmentLike(right) >= 0.9)
	case leftHan && rc == 0 && rl > 2:
		return chineseName(left) >= 0.9 && latinName(right) >= 0.5 || bothLike(left, right)
	case rightHan && lc == 0 && ll > 2:
		return chineseName(right) >= 0.9 && latinName(left) >= 0.5 || bothLike(left, right)
	case lc+rc == 0:
		t := tokens(left)
		return len(t) > 0 && dividing[t[len(t)-1]] && titleLike(right) >= 0.9 && len(tokens(right)) >= 2 && titleLike(left) == 0
	}
	return false
}

// dividing are the words that end a department and cannot begin a title.
var dividing = map[string]bool{"department": true, "dept": true, "division": true, "center": true, "centre": true, "unit": true, "office": true, "team": true}

func bothLike(a, b string) bool {
	for _, like := range []func(string) float64{companyLike, titleLike, departmentLike} {
		if like(a) >= 0.85 && like(b) >= 0.85 {
			return true
		}
	}
	return false
}
