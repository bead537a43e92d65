package qr

import (
	"encoding/base64"
	"net/url"
	"strings"
	"unicode"
)

// Said is one thing a code says, under a name of the reader's fields without _en,
// or "tel" for a number of which it does not say what it is.
type Said struct{ Field, Text string }

// mostSaid bounds what one code may say; a real one has a dozen entries.
const mostSaid = 40

// Says reads a code's text: vCard (RFC 6350, RFC 2426 and versit's 2.1), MeCard
// and BizCard (NTT DoCoMo), a bare e-mail, number or web address. What says
// nothing about a person, such as a link to a chat or a Wi-Fi password, gives
// nothing.
func (c Code) Says() (out []Said) {
	text := strings.TrimSpace(c.Text)
	head := strings.ToUpper(text[:min(len(text), 12)])
	switch {
	case strings.HasPrefix(head, "BEGIN:VCARD"):
		out = vcard(text)
	case strings.HasPrefix(head, "MECARD:"):
		out = mecard(text[len("MECARD:"):], mecardFields)
	case strings.HasPrefix(head, "BIZCARD:"):
		out = mecard(text[len("BIZCARD:"):], bizcardFields)
	case strings.HasPrefix(head, "MAILTO:"):
		address, _, _ := strings.Cut(text[len("MAILTO:"):], "?")
		out = []Said{{"email", unpercent(address)}}
	case strings.HasPrefix(head, "TEL:"):
		out = []Said{telephone(text, "")}
	default:
		if site := ownSite(text); site != "" {
			out = []Said{{"website", site}}
		}
	}
	return tidy(out)
}

// tidy drops what is empty, told twice, or too long to be printed on a card.
func tidy(all []Said) (out []Said) {
	told := map[Said]bool{}
	for _, s := range all {
		s.Text = strings.Join(strings.FieldsFunc(s.Text, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar
		}), " ")
		if s.Field == "" || s.Text == "" || len(s.Text) > 300 || told[s] || len(out) == mostSaid {
			continue
		}
		told[s] = true
		out = append(out, s)
	}
	return out
}

// vcard is lenient: a missing end, lines that are indented and unknown
// properties do not matter.
func vcard(text string) (out []Said) {
	var formatted, parted string
	for _, line := range cardLines(text) {
		p, ok := property(line)
		if !ok {
			continue
		}
		switch p.name {
		case "FN":
			formatted = p.plain()
		case "N":
			parted = p.person()
		default:
			out = append(out, p.says()...)
		}
	}
	if formatted == "" || parted != "" && inHan(parted) && !inHan(formatted) {
		out = append(out, Said{"name", parted}) // often the other script's name
	}
	return append(out, Said{"name", formatted})
}

// entry is one property of a vCard.
type entry struct {
	name  string   // upper case
	types string   // its parameters, upper case, each between semicolons
	parts []string // its value, cut at semicolons
}

// cardLines undoes both ways of folding: a blank at the start (RFC 6350,
// section 3.2) and, in 2.1, an equals sign at the end.
func cardLines(text string) (out []string) {
	soft := false
	for _, line := range strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n") {
		trimmed := strings.TrimLeft(line, " \t")
		switch {
		case soft && len(out) > 0:
			out[len(out)-1] = strings.TrimSuffix(out[len(out)-1], "=") + trimmed
		case trimmed != line && len(out) > 0 && !opensProperty(trimmed):
			out[len(out)-1] += line[1:]
		default:
			out = append(out, trimmed)
		}
		last := out[len(out)-1]
		soft = strings.HasSuffix(last, "=") && strings.Contains(strings.ToUpper(last), "QUOTED-PRINTABLE")
	}
	return out
}

// opensProperty tells an indented property from a folded value.
func opensProperty(line string) bool {
	name, _, ok := strings.Cut(line, ":")
	name, _, _ = strings.Cut(name, ";")
	return ok && len(name) > 0 && strings.ToUpper(name) == name && !strings.ContainsAny(name, " ,./")
}

func property(line string) (entry, bool) {
	head, value, ok := strings.Cut(line, ":")
	if !ok {
		return entry{}, false
	}
	params := strings.Split(strings.ToUpper(head), ";")
	p := entry{name: strings.TrimSpace(params[0]), types: ";"}
	if _, after, grouped := strings.Cut(p.name, "."); grouped {
		p.name = after // item1.TEL
	}
	for _, t := range params[1:] {
		_, v, named := strings.Cut(t, "=")
		if !named {
			v = t // TEL;CELL of version 2.1
		}
		p.types += strings.ReplaceAll(strings.Trim(v, `"`), ",", ";") + ";"
	}
	switch {
	case p.is("QUOTED-PRINTABLE"):
		value = decodeText(unquote(value))
	case p.is("B", "BASE64"):
		if raw, err := base64.StdEncoding.DecodeString(value); err == nil {
			value = decodeText(raw)
		}
	}
	p.parts = cutEscaped(value)
	return p, true
}

func (p entry) is(types ...string) bool {
	for _, t := range types {
		if strings.Contains(p.types, ";"+t+";") {
			return true
		}
	}
	return false
}

func (p entry) plain() string { return strings.Join(p.parts, " ") }

func (p entry) part(i int) string {
	if i < len(p.parts) {
		return strings.TrimSpace(p.parts[i])
	}
	return ""
}

// person joins family name, given and further names as they are printed.
func (p entry) person() string {
	if inHan(p.part(0) + p.part(1)) {
		return p.part(0) + p.part(1)
	}
	return strings.Join([]string{p.part(1), p.part(2), p.part(0)}, " ")
}

func (p entry) says() []Said {
	switch p.name {
	case "ORG":
		return []Said{{"company", p.part(0)}, {"department", p.part(1)}}
	case "TITLE", "ROLE":
		return []Said{{"title", p.plain()}}
	case "TEL":
		return []Said{telephone(p.part(0), p.types)}
	case "EMAIL":
		return []Said{{"email", strings.TrimPrefix(p.part(0), "mailto:")}}
	case "URL":
		return []Said{{"website", Site(p.plain())}}
	case "ADR":
		return p.address()
	case "X-WECHAT", "X-WEIXIN":
		return []Said{{"wechat", p.plain()}}
	case "X-QQ":
		return []Said{{"qq", p.plain()}}
	}
	return nil
}

// address has post box, extension, street, city, region, code and country. In
// Chinese they are printed from large to small.
func (p entry) address() []Said {
	out := []Said{{"postcode", p.part(5)}}
	if inHan(p.plain()) {
		return append(out, Said{"address", p.part(6) + p.part(4) + p.part(3) + p.part(2) + p.part(1)})
	}
	var parts []string
	for _, s := range []string{p.part(1), p.part(2), p.part(3), strings.TrimSpace(p.part(4) + " " + p.part(5)), p.part(6)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return append(out, Said{"address", strings.Join(parts, ", ")})
}

// cutEscaped cuts at semicolons and undoes backslashes.
func cutEscaped(s string) (parts []string) {
	var b strings.Builder
	escaped := false
	for _, r := range s {
		switch {
		case escaped && (r == 'n' || r == 'N'):
			b.WriteByte(' ')
		case escaped:
			b.WriteRune(r)
		case r == '\\':
		case r == ';':
			parts = append(parts, b.String())
			b.Reset()
		default:
			b.WriteRune(r)
		}
		escaped = r == '\\' && !escaped
	}
	return append(parts, b.String())
}

// unquote undoes quoted-printable (RFC 2045, section 6.7); what is no such
// code stays.
func unquote(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '=' && i+2 < len(s) && hexDigit(s[i+1]) >= 0 && hexDigit(s[i+2]) >= 0 {
			out = append(out, byte(hexDigit(s[i+1])<<4|hexDigit(s[i+2])))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}

func hexDigit(c byte) int {
	return strings.IndexByte("0123456789ABCDEF", byte(unicode.ToUpper(rune(c))))
}

func unpercent(s string) string {
	if out, err := url.PathUnescape(s); err == nil {
		return out
	}
	return s
}

func inHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}
