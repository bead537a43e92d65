package ocr

import (
	"slices"
	"strings"
	"unicode"

	"hallpass/ocr/qr"
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

// mergeCode lets the code decide what was read of the print: where both mean
// the same, the print's own blanks and dashes stay. A code that names somebody
// else is not believed, and makes the name doubtful.
func mergeCode(fields map[string]Field, c qr.Code) map[string]Field {
	all := saidBy(c)
	if host := c.Host(); len(all) == 0 && host != "" && sameDomain(host, fields["email"].Text) {
		all = []qr.Said{{Field: "website", Text: host}}
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
	code qr.Code
}

// stranger says that the code's person is not the print's: other name, and
// nothing in common.
func (m *merger) stranger(all []qr.Said) bool {
	other := false
	for _, s := range all {
		if f, ok := m.out[m.slot(s)]; ok {
			near := similar(essence(s.Field, f.Text), essence(s.Field, s.Text))
			if s.Field == "name" {
				other = other || near < 0.5 && f.Confidence >= 0.7
			}
			if near >= 0.8 {
				return false
			}
		}
		if _, at := m.telephone(s); at >= -1 && isTelephone(s.Field) {
			return false
		}
	}
	return other
}

// slot is the name a thing goes under: what is in Latin letters stands in _en
// beside Chinese print.
func (m *merger) slot(s qr.Said) string {
	if english[s.Field] && !hasHan(s.Text) && hasHan(m.out[s.Field].Text) {
		return s.Field + "_en"
	}
	return s.Field
}

func (m *merger) place(s qr.Said) {
	if isTelephone(s.Field) {
		if name, at := m.telephone(s); at >= -1 {
			m.confirm(name, at)
			return
		}
	}
	name := m.slot(s)
	if latin, ok := m.out[name]; ok && english[name] && hasHan(s.Text) && !hasHan(latin.Text) {
		if _, taken := m.out[name+"_en"]; !taken {
			m.out[name+"_en"] = latin
		}
		delete(m.out, name)
	}
	f, ok := m.out[name]
	sure := fromCode
	if s.Field == "address" {
		sure = composed
	}
	if !ok {
		m.out[name] = Field{Text: s.Text, Confidence: sure, Box: m.code.Box, Why: []string{whyCode}}
		return
	}
	m.out[name] = f.said(s, sure)
}

// said weighs one thing of the code against what was read.
func (f Field) said(s qr.Said, sure float64) Field {
	printed, told := essence(s.Field, f.Text), essence(s.Field, s.Text)
	f.Why = append(slices.Clone(f.Why), whyCode)
	near := similar(printed, told)
	switch {
	case printed == told, s.Field != "email" && s.Field != "website" && partOf(told, printed):
		f.Confidence = max(f.Confidence, sure)
	case s.Field == "address" && near < 0.9:
		f.Why = f.Why[:len(f.Why)-1] // told in another order, or only in part
	case near >= alike && !(isTelephone(s.Field) && f.Confidence >= Bar): // numbers of one company are alike
		f.Text, f.Confidence = dress(s, f.Text), sure
	case s.Field == "name" || f.Confidence < Bar:
		f.More = append([]Alternative{{f.Text, f.Confidence}}, f.More...)
		f.Text, f.Confidence = s.Text, sure
	default:
		if !slices.ContainsFunc(f.More, func(a Alternative) bool { return essence(s.Field, a.Text) == told }) {
			f.More = append(slices.Clone(f.More), Alternative{s.Text, sure})
		}
	}
	return f
}

func isTelephone(field string) bool { return field == "mobile" || field == "phone" || field == "fax" }

// telephone finds the number among all that were read: the field, and the place
// in More, -1 for the field itself and -2 for none.
func (m *merger) telephone(s qr.Said) (name string, at int) {
	for _, name := range []string{"mobile", "phone", "fax"} {
		f, ok := m.out[name]
		if !ok {
			continue
		}
		if sameNumber(f.Text, s.Text) {
			return name, -1
		}
		for i, a := range f.More {
			if sameNumber(a.Text, s.Text) {
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
		return strings.TrimPrefix(strings.ToLower(qr.Site(squeeze(s))), "www.")
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
func dress(s qr.Said, printed string) string {
	switch {
	case isTelephone(s.Field):
		digits, places := onlyDigits(s.Text), digitsIn(printed)
		if len(digits) < places {
			return s.Text
		}
		digits = digits[len(digits)-places:]
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				r, digits = rune(digits[0]), digits[1:]
			}
			return r
		}, printed)
	case s.Field == "website" && strings.HasPrefix(strings.ToLower(qr.Site(printed)), "www.") && !strings.HasPrefix(strings.ToLower(s.Text), "www."):
		return "www." + s.Text
	}
	return s.Text
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

func hasHan(s string) bool { return strings.ContainsFunc(s, han) }
