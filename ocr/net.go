package ocr

import (
	"regexp"
	"strings"
)

var (
	emailShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$`)
	hostShape  = regexp.MustCompile(`^(https?://)?([A-Za-z0-9][A-Za-z0-9-]*\.)+([A-Za-z]{2,})(:\d+)?(/[^\s]*)?$`)
	idShape    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{3,29}$`)
)

// email repairs what engines put into addresses, blanks and commas, and says
// how sure it is that this is one.
func email(s string, labelled bool) (string, float64) {
	s = strings.Trim(squeeze(s), ".,;:-")
	s = strings.TrimLeftFunc(s, func(r rune) bool { return r >= 0x80 }) // an icon or a label's last character
	if at := strings.IndexByte(s, '@'); at < 1 || at == len(s)-1 {
		if labelled && len(s) > 5 {
			return s, 0.4
		}
		return "", 0
	}
	sure := 1.0
	if strings.ContainsRune(s, ',') {
		s, sure = strings.ReplaceAll(s, ",", "."), 0.8
	}
	if !emailShape.MatchString(s) {
		if labelled {
			return s, 0.4
		}
		return "", 0
	}
	if !words().topLevels[strings.ToLower(s[strings.LastIndexByte(s, '.')+1:])] {
		sure *= 0.5
	}
	return s, sure
}

// website does the same for an address on the web.
func website(s string, labelled bool) (string, float64) {
	s = strings.Trim(squeeze(s), ",;:-")
	low := strings.ToLower(s)
	sure := 1.0
	if rest, ok := strings.CutPrefix(low, "www"); ok && rest != "" && rest[0] != '.' && domainLike(rest) {
		s, sure = "www."+s[3:], 0.85
	}
	if !domainLike(s) {
		repaired := strings.ReplaceAll(s, ",", ".")
		if strings.HasPrefix(low, "www") && !strings.HasPrefix(low, "www.") {
			repaired = "www." + strings.TrimLeft(repaired[3:], ".")
		}
		if !domainLike(repaired) {
			if labelled && len(s) > 4 {
				return s, 0.4
			}
			return "", 0
		}
		s, sure = repaired, 0.6
	}
	return s, sure
}

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
	return strings.HasPrefix(low, "www.") || strings.HasPrefix(low, "http") || words().topLevels[strings.ToLower(m[3])]
}

// wechatID is 6–20 letters, digits and dashes by the rules of the service;
// older ids and phone numbers are let through.
func wechatID(s string) (string, float64) {
	s = strings.TrimLeftFunc(squeeze(s), func(r rune) bool { return r < '0' || r > '9' && r < 'A' || r > 0x7f })
	if idShape.MatchString(s) {
		return s, 1
	}
	return s, 0.4
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
