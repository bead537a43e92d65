package ocr

import (
	"regexp"
	"strings"
)

var (
	emailShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$`)
	hostShape  = regexp.MustCompile(`^((?i:https?)://)?([A-Za-z0-9][A-Za-z0-9-]*\.)+([A-Za-z]{2,})(:\d+)?(/[^\s]*)?$`)
	idShape    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{3,29}$`)
	mailLabel  = regexp.MustCompile(`(?i)^([il1]?e-?mai[l1i][.:;]|e_)`)
	smallL     = regexp.MustCompile(`([a-z])I([a-z])`) // capital I among small letters
	tightWWW   = regexp.MustCompile(`(?i)^(https?://)www([a-z0-9-]+\.[^/]+)$`)
	twiceWWW   = regexp.MustCompile(`(?i)^(w+[.-])+www\.`)
	atTwins    = regexp.MustCompile(`^([A-Za-z0-9._-]{2,})(©|®|\(a\)|\(at\)|\[at\]|＠)([A-Za-z0-9-]+\.[A-Za-z.]+)$`)
	lostDot    = regexp.MustCompile(`^(\S+@[a-z0-9-]{4,}) ([a-z]{2,6})$`)
	wrongTop   = regexp.MustCompile(`(?i)\.(corn|c0m|cορn|con|coin|oom|ccm|cem|c6m|com\.)$`)
)

// withoutLabel takes off the label that was set behind an address on the net and
// read as its end: "www.valley.frweb", where no top domain ends so.
func withoutLabel(s string) string {
	known := words().domains["known"]
	at := strings.LastIndexByte(s, '.') + 1
	top := strings.ToLower(s[at:])
	if at == 0 || known[top] {
		return s
	}
	for _, tail := range []string{"website", "e-mail", "email", "mail", "web", "www", "site"} {
		if rest, ok := strings.CutSuffix(top, tail); ok && known[rest] {
			return s[:at+len(rest)]
		}
	}
	return s
}

// email repairs what engines put into addresses, blanks and commas, and says
// how sure it is that this is one.
func email(s string, labelled bool) (string, float64) {
	if m := lostDot.FindStringSubmatch(strings.TrimSpace(s)); m != nil && words().domains["known"][m[2]] {
		s, rule := email(m[1]+"."+m[2], labelled)
		return s, min(rule, 0.85)
	}
	s = withoutLabel(strings.Trim(squeeze(s), ".,;:-、，。|/"))
	s = strings.TrimLeftFunc(s, func(r rune) bool { return r >= 0x80 || strings.ContainsRune("(<\":;.,", r) }) // an icon or a label's last character
	s = strings.TrimRight(s, ")>\"'")
	s = strings.TrimRightFunc(s, func(r rune) bool { return r >= 0x80 })
	s = mailLabel.ReplaceAllString(s, "")
	if i := strings.IndexAny(s, "(（"); i > 5 && emailShape.MatchString(s[:i]) {
		s = s[:i]
	}
	s = smallL.ReplaceAllString(s, "${1}l${2}")
	sure := 1.0
	if m := atTwins.FindStringSubmatch(s); m != nil {
		s, sure = m[1]+"@"+m[3], 0.8
	}
	if at := strings.IndexByte(s, '@'); at < 1 || at == len(s)-1 {
		if labelled && len(s) > 5 && at != 0 {
			return s, 0.4
		}
		return "", 0
	}
	if strings.ContainsAny(s, ",，;:") {
		s, sure = strings.NewReplacer(",", ".", "，", ".", ";", ".", ":", ".").Replace(s), min(sure, 0.8)
	}
	if strings.Contains(s, "..") {
		s, sure = strings.ReplaceAll(s, "..", "."), min(sure, 0.8)
	}
	s, sure = mendTop(s, sure)
	if user, host, _ := strings.Cut(s, "@"); !emailShape.MatchString(s) {
		if with := dotted(host); with != "" {
			s, sure = user+"@"+with, min(sure, 0.7)
		}
	}
	if !emailShape.MatchString(s) {
		if labelled {
			return s, 0.4
		}
		return "", 0
	}
	return s, sure * known(s)
}

// mendTop repairs a top-level domain that was read with a digit or as a word
// that looks like it.
func mendTop(s string, sure float64) (string, float64) {
	if wrongTop.MatchString(s) {
		return wrongTop.ReplaceAllString(s, ".com"), min(sure, 0.8)
	}
	at := strings.LastIndexByte(s, '.')
	if at > 2 { // an icon behind it, read as capitals or as Chinese
		top := strings.TrimRightFunc(s[at+1:], func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 0x80 || r == '_' })
		if len(top) > 1 && len(top) < len(s)-at-1 && words().domains["known"][top] {
			s, sure = s[:at+1]+top, min(sure, 0.85)
		}
	}
	if at < 3 || digitsIn(s[at:]) == 0 || strings.Contains(s[at:], "/") {
		return s, sure
	}
	top := strings.NewReplacer("0", "o", "1", "l").Replace(strings.ToLower(s[at+1:]))
	if words().domains["known"][top] {
		return s[:at+1] + top, min(sure, 0.85)
	}
	return s, sure
}

// known is lower for an unknown top-level domain.
func known(host string) float64 {
	top := strings.ToLower(host[strings.LastIndexByte(host, '.')+1:])
	switch d := words().domains; {
	case d["known"][top]:
		return 1
	case d["other"][top]:
		return 0.92
	}
	return 0.5
}

// website does the same for an address on the web.
func website(s string, labelled bool) (string, float64) {
	s = withoutLabel(strings.Trim(squeeze(s), ",;:-、，。|()（）+"))
	s = strings.TrimRightFunc(s, func(r rune) bool { return r >= 0x80 })
	s = twiceWWW.ReplaceAllString(strings.TrimLeftFunc(s, func(r rune) bool { return r >= 0x80 }), "www.")
	if i := strings.Index(strings.ToLower(s), "www."); i > 0 && i <= 2 && !strings.Contains(s[:i], "/") {
		s = s[i:] // an icon before it
	}
	if i := strings.IndexAny(s, "(（"); i > 5 && domainLike(s[:i]) {
		s = s[:i]
	}
	s = smallL.ReplaceAllString(s, "${1}l${2}")
	if len(s) > 5 && s[0] == 'I' && s[1] >= 'a' && s[1] <= 'z' {
		s = "l" + s[1:]
	}
	s, sure := mendWeb(s)
	s, sure = mendTop(s, sure)
	if domainLike(s) {
		return s, sure
	}
	if repaired := mendPlain(s); domainLike(repaired) && (labelled || !strings.Contains(s, ",") || strings.ToLower(s) == s) { // "Chai Wan, HK" is a place
		return repaired, 0.6
	}
	if labelled && len(s) > 4 {
		return s, 0.4
	}
	return "", 0
}

// mendWeb puts "www." and the scheme right.
func mendWeb(s string) (string, float64) {
	low, sure := strings.ToLower(s), 1.0
	for _, wrong := range []string{"vww.", "wwvv.", "vvww.", "wvw.", "wwww.", "ww."} {
		if strings.HasPrefix(low, wrong) {
			s, sure = "www."+s[len(wrong):], 0.8
			low = strings.ToLower(s)
		}
	}
	if rest, ok := strings.CutPrefix(low, "www"); ok && rest != "" && rest[0] != '.' && domainLike(rest) {
		s, sure = "www."+s[3:], 0.85
	}
	if m := tightWWW.FindStringSubmatch(s); m != nil && domainLike(m[2]) {
		s, sure = m[1]+"www."+m[2], 0.85
	}
	if m := brokenScheme.FindStringIndex(s); m != nil && !strings.HasPrefix(low, "http://") && !strings.HasPrefix(low, "https://") {
		scheme := "http://"
		if strings.ContainsRune(low[:m[1]], 's') {
			scheme = "https://"
		}
		s, sure = scheme+s[m[1]:], 0.8
	}
	return s, sure
}

// mendPlain puts the points of a host right.
func mendPlain(s string) string {
	low := strings.ToLower(s)
	if host := strings.TrimLeft(strings.TrimPrefix(low, "www"), "."); host != low {
		if with := dotted(host); with != "" {
			return "www." + with
		}
	}
	repaired := strings.ReplaceAll(strings.ReplaceAll(s, ",", "."), "..", ".")
	if strings.HasPrefix(low, "www") && !strings.HasPrefix(low, "www.") {
		repaired = "www." + strings.TrimLeft(repaired[3:], ".")
	}
	return repaired
}

var brokenScheme = regexp.MustCompile(`(?i)^(https?[:;.]{0,2}[/lI1|]{1,2}|h[a-z1]{2,4}[:;.i]{0,2}//)`)

// domainLike asks for a known ending, so that "Co.Ltd" is not a web page.
func domainLike(s string) bool {
	s = strings.ReplaceAll(s, " ", "")
	m := hostShape.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	low := strings.ToLower(s)
	if strings.HasPrefix(low, "co.") || strings.HasPrefix(low, "no.") {
		return false
	}
	if strings.HasPrefix(low, "www.") || strings.HasPrefix(low, "http") {
		return true
	}
	top, d := strings.ToLower(m[3]), words().domains
	return d["known"][top] || d["other"][top] && len(s) > 8 && low == s && m[2] != ""
}

// wechatID is 6–20 letters, digits and dashes by the rules of the service;
// older ids and phone numbers are let through.
func wechatID(s string) (string, float64) {
	s = strings.TrimLeftFunc(squeeze(s), func(r rune) bool { return r < '0' || r > '9' && r < 'A' || r > 0x7f })
	s = strings.TrimRight(s, ".,;:)）|/")
	if idShape.MatchString(s) {
		return s, 1
	}
	return s, 0.4
}

// domainOf is the host of an address on the net, without "www.".
func domainOf(s string) string {
	s = strings.ToLower(s)
	if _, host, ok := strings.Cut(s, "@"); ok {
		s = host
	}
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	s = strings.TrimPrefix(s, "www.")
	s, _, _ = strings.Cut(s, "/")
	return s
}

// mendLabel takes a label of one capital letter off a host that is the mail's
// domain without it: "W harbor.example", read as one word.
func mendLabel(m, w *piece) bool {
	if len(w.text) < 2 || w.text[0] < 'A' || w.text[0] > 'Z' || !strings.EqualFold(w.text[1:], domainOf(m.text)) {
		return false
	}
	w.text, w.facts.repaired, w.rule = w.text[1:], true, max(w.rule, 0.85)
	w.why = append(w.why, "its label is no part of it")
	return true
}
