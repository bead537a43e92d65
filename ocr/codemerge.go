package ocr

import (
	"slices"
	"strings"
	"unicode"
)

const (
	// fromCode is the confidence of what a code says: it has its own error
	// correction, but may be older than the print.
	fromCode = 0.99
	// composed is that of an address put together from its parts.
	composed = 0.85
	// alike is the similarity from which two readings mean the same print.
	alike = 0.6
	// whyCode stands in Field.Why of whatever a code decided.
	whyCode = "QR code on the card"
)

// Fields is what the code says, keyed as Extract's fields; empty when it says
// nothing about a person.
func (c Code) Fields() map[string]Field { return mergeCode(nil, c) }

// mergeCode lets the code decide what was read of the print: where both mean
// the same, the print's own blanks and dashes stay. A code that names somebody
// else is not believed, and makes the name doubtful.
func mergeCode(fields map[string]Field, c Code) map[string]Field {
	all := c.says()
	if host := c.host(); len(all) == 0 && host != "" && sameDomain(host, fields["email"].Text) {
		all = []said{{"website", host}}
	}
	m := merger{out: map[string]Field{}, code: c}
	for k, f := range fields {
		m.out[k] = f
	}
	if m.stranger(all) {
		f := m.out["name"]
		f.Confidence = min(f.Confidence, 0.6)
		f.Why = append(slices.Clone(f.Why), "the QR code names somebody else")
		m.out["name"] = f
		return m.out
	}
	for _, s := range all {
		m.place(s)
	}
	return m.out
}

type merger struct {
	out  map[string]Field
	code Code
}

// stranger says that the code's person is not the print's: other name, and
// nothing in common.
func (m *merger) stranger(all []said) bool {
	other := false
	for _, s := range all {
		if f, ok := m.out[m.slot(s)]; ok {
			near := similar(essence(s.field, f.Text), essence(s.field, s.text))
			if s.field == "name" {
				other = other || near < 0.5 && f.Confidence >= 0.7
			}
			if near >= 0.8 {
				return false
			}
		}
		if _, at := m.telephone(s); at >= -1 && isTelephone(s.field) {
			return false
		}
	}
	return other
}

// slot is the name a thing goes under: what is in Latin letters stands in _en
// beside Chinese print.
func (m *merger) slot(s said) string {
	if english[s.field] && !hasHan(s.text) && hasHan(m.out[s.field].Text) {
		return s.field + "_en"
	}
	return s.field
}

func (m *merger) place(s said) {
	if isTelephone(s.field) {
		if name, at := m.telephone(s); at >= -1 {
			m.confirm(name, at)
			return
		}
	}
	name := m.slot(s)
	if latin, ok := m.out[name]; ok && english[name] && hasHan(s.text) && !hasHan(latin.Text) {
		if _, taken := m.out[name+"_en"]; !taken {
			m.out[name+"_en"] = latin
		}
		delete(m.out, name)
	}
	f, ok := m.out[name]
	sure := fromCode
	if s.field == "address" {
		sure = composed
	}
	if !ok {
		m.out[name] = Field{Text: s.text, Confidence: sure, Box: m.code.Box, Why: []string{whyCode}}
		return
	}
	m.out[name] = f.said(s, sure)
}

// said weighs one thing of the code against what was read.
func (f Field) said(s said, sure float64) Field {
	printed, told := essence(s.field, f.Text), essence(s.field, s.text)
	f.Why = append(slices.Clone(f.Why), whyCode)
	near := similar(printed, told)
	switch {
	case printed == told, s.field != "email" && s.field != "website" && partOf(told, printed):
		f.Confidence = max(f.Confidence, sure)
	case s.field == "address" && near < 0.9:
		f.Why = f.Why[:len(f.Why)-1] // told in another order, or only in part
	case near >= alike && !(isTelephone(s.field) && f.Confidence >= Bar): // numbers of one company are alike
		f.Text, f.Confidence = dress(s, f.Text), sure
	case s.field == "name" || f.Confidence < Bar:
		f.More = append([]Alternative{{f.Text, f.Confidence}}, f.More...)
		f.Text, f.Confidence = s.text, sure
	default:
		if !slices.ContainsFunc(f.More, func(a Alternative) bool { return essence(s.field, a.Text) == told }) {
			f.More = append(slices.Clone(f.More), Alternative{s.text, sure})
		}
	}
	return f
}

func isTelephone(field string) bool { return field == "mobile" || field == "phone" || field == "fax" }

// telephone finds the number among all that were read: the field, and the place
// in More, -1 for the field itself and -2 for none.
func (m *merger) telephone(s said) (name string, at int) {
	for _, name := range []string{"mobile", "phone", "fax"} {
		f, ok := m.out[name]
		if !ok {
			continue
		}
		if sameNumber(f.Text, s.text) {
			return name, -1
		}
		for i, a := range f.More {
			if sameNumber(a.Text, s.text) {
				return name, i
			}
		}
	}
	return "", -2
}

func (m *merger) confirm(name string, at int) {
	f := m.out[name]
	if at >= 0 {
		f.More = slices.Clone(f.More)
		f.More[at].Confidence = max(f.More[at].Confidence, fromCode)
	} else {
		f.Confidence = max(f.Confidence, fromCode)
		f.Why = append(slices.Clone(f.Why), whyCode)
	}
	m.out[name] = f
}

// sameNumber compares the digits from the end: one may have a country's code
// where the other has a zero or nothing.
func sameNumber(a, b string) bool {
	a, b = strings.TrimLeft(onlyDigits(extension.ReplaceAllString(a, "")), "0"), strings.TrimLeft(onlyDigits(extension.ReplaceAllString(b, "")), "0")
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= 7 && len(b)-len(a) <= 4 && strings.HasSuffix(b, a)
}

// essence is what must be equal for two prints to mean the same.
func essence(field, s string) string {
	switch field {
	case "email":
		return strings.ToLower(squeeze(s))
	case "website":
		return strings.TrimPrefix(strings.ToLower(site(squeeze(s))), "www.")
	case "mobile", "phone", "fax":
		return strings.TrimLeft(onlyDigits(s), "0")
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// partOf says that the print holds all the code says: a short company name, a
// name without its title, the street alone.
func partOf(told, printed string) bool {
	return runes(told) >= 2 && strings.Contains(printed, told)
}

// dress gives the code's text the look of the print it stands for.
func dress(s said, printed string) string {
	switch {
	case isTelephone(s.field):
		digits, places := onlyDigits(s.text), digitsIn(printed)
		if len(digits) < places {
			return s.text
		}
		digits = digits[len(digits)-places:]
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				r, digits = rune(digits[0]), digits[1:]
			}
			return r
		}, printed)
	case s.field == "website" && strings.HasPrefix(strings.ToLower(site(printed)), "www.") && !strings.HasPrefix(strings.ToLower(s.text), "www."):
		return "www." + s.text
	}
	return s.text
}

func sameDomain(host, email string) bool {
	_, domain, ok := strings.Cut(strings.ToLower(email), "@")
	return ok && domain != "" && strings.TrimPrefix(host, "www.") == domain
}

// similar is 1 for equal texts and 0 for texts without anything in common: one
// less the edits it takes, as a share of the longer.
func similar(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	x, y = x[:min(len(x), 200)], y[:min(len(y), 200)]
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	longer := max(len(x), len(y))
	return 1 - float64(editsWithin(x, y, longer))/float64(longer)
}
