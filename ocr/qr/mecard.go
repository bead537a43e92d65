package qr

import (
	"net/url"
	"strings"
)

// mecardFields and bizcardFields are the keys of the two short forms.
var (
	mecardFields = map[string]string{
		"N": "name", "TEL": "tel", "TEL-AV": "tel", "EMAIL": "email", "ADR": "address", "URL": "website",
		"ORG": "company", "TIL": "title", "TITLE": "title", "DIV": "department",
	}
	bizcardFields = map[string]string{
		"N": "first", "X": "last", "T": "title", "C": "company", "A": "address", "B": "tel", "M": "mobile", "F": "fax", "E": "email",
	}
)

// mecard reads KEY:value; pairs.
func mecard(text string, fields map[string]string) (out []Said) {
	var first, last string
	for _, pair := range cutEscaped(text) {
		key, value, ok := strings.Cut(pair, ":")
		if !ok {
			continue
		}
		switch field := fields[strings.ToUpper(strings.TrimSpace(key))]; field {
		case "name":
			family, given, _ := strings.Cut(value, ",")
			out = append(out, Said{"name", entry{parts: []string{family, given}}.person()})
		case "first":
			first = value
		case "last":
			last = value
		case "tel":
			out = append(out, telephone(value, ""))
		case "mobile":
			out = append(out, telephone(value, ";CELL;"))
		case "fax":
			out = append(out, telephone(value, ";FAX;"))
		case "website":
			out = append(out, Said{"website", Site(value)})
		default:
			out = append(out, Said{field, value})
		}
	}
	return append(out, Said{"name", entry{parts: []string{last, first}}.person()})
}

// telephone decides by the type that is given; "tel" is a number without one.
func telephone(text, types string) Said {
	text = strings.TrimSpace(text)
	if len(text) > 4 && strings.EqualFold(text[:4], "tel:") {
		text = unpercent(text[4:])
	}
	text, _, _ = strings.Cut(text, ";") // ;ext=12 of RFC 3966
	p := entry{types: types}
	switch {
	case p.is("FAX") || strings.Contains(types, "FAX"):
		return Said{"fax", text}
	case p.is("CELL", "MOBILE", "IPHONE"):
		return Said{"mobile", text}
	}
	return Said{"tel", text}
}

// Site is a web address as cards print it: without scheme and last slash.
func Site(s string) string {
	s = strings.TrimSpace(s)
	for _, scheme := range []string{"https://", "http://"} {
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			s = s[len(scheme):]
		}
	}
	return strings.TrimRight(s, "/")
}

// ownSite is the host of a bare web address that may be a company's own. A link
// with a path leads somewhere: to a chat, a shop, a download.
func ownSite(text string) string {
	if strings.ContainsAny(text, " \n\t") || !strings.Contains(text, ".") || strings.Contains(text, "@") {
		return ""
	}
	low := strings.ToLower(text)
	if !strings.HasPrefix(low, "http://") && !strings.HasPrefix(low, "https://") && !strings.HasPrefix(low, "www.") {
		return ""
	}
	u, err := url.Parse("https://" + Site(text))
	if err != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || !strings.Contains(u.Hostname(), ".") {
		return ""
	}
	return u.Host
}

// Host is where a code leads to; empty when it is no web address.
func (c Code) Host() string {
	low := strings.ToLower(strings.TrimSpace(c.Text))
	if !strings.HasPrefix(low, "http://") && !strings.HasPrefix(low, "https://") {
		return ""
	}
	u, err := url.Parse(low)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
