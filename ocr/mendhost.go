package ocr

import "strings"

// endings are what hosts end with, longest first, when their points were lost.
var endings = []string{
	"com.cn", "net.cn", "org.cn", "edu.cn", "gov.cn", "com.tw", "org.tw", "net.tw", "edu.tw", "gov.tw", "com.hk", "org.hk", "net.hk", "edu.hk", "gov.hk",
	"com.mo", "org.mo", "edu.mo", "com.sg", "org.sg", "edu.sg", "com.my", "org.my", "com.au", "net.au", "org.au", "edu.au", "com.br", "com.tr", "com.mx",
	"co.uk", "ac.uk", "org.uk", "gov.uk", "nhs.uk", "co.jp", "or.jp", "ac.jp", "ne.jp", "go.jp", "co.kr", "or.kr", "ac.kr", "co.nz", "org.nz", "ac.nz", "co.in", "co.za", "co.id", "co.th", "co.ke",
	"com", "net", "org", "edu", "gov", "info",
}

// dotted puts the points back into a host that has none, or only the last, "" when
// it does not end like one.
func dotted(host string) string {
	low := strings.ToLower(host)
	for _, end := range endings {
		lost := strings.ReplaceAll(end, ".", "")
		for _, e := range []string{lost, strings.Replace(end, ".", "", 1)} {
			if rest, ok := strings.CutSuffix(low, e); ok && len(rest) > 2 && !strings.Contains(rest, ".") && e != end {
				return host[:len(rest)] + "." + end
			}
		}
		if rest, ok := strings.CutSuffix(low, lost); ok && lost == end && len(rest) > 2 && !strings.Contains(low, ".") {
			return host[:len(rest)] + "." + end
		}
	}
	return ""
}

// mendPoints gives a mail or web address the points of the other one's host
// where their letters are the same, and "mail" or "www" before it its own.
func mendPoints(ps []*piece) {
	for _, a := range ps {
		if a.field != "email" && a.field != "website" {
			continue
		}
		good := domainOf(a.text)
		if strings.Count(good, ".") == 0 || len(good) < 5 || known(good) < 0.9 {
			continue
		}
		for _, b := range ps {
			if b == a || b.field != "email" && b.field != "website" || b.text == "" {
				continue
			}
			bad := domainOf(b.text)
			if to := pointsOf(good, bad); to != "" && strings.Count(to, ".") > strings.Count(bad, ".") {
				i := strings.LastIndex(strings.ToLower(b.text), bad)
				if i < 0 {
					continue
				}
				b.text, b.rule = b.text[:i]+to+b.text[i+len(bad):], max(b.rule, 0.8)
				b.facts.repaired = true
				b.why = append(b.why, "points by the other address")
			}
		}
	}
}

// pointsOf is bad with the points of good, "" when its letters are others.
func pointsOf(good, bad string) string {
	bare := func(s string) string { return strings.ReplaceAll(s, ".", "") }
	switch b := bare(bad); b {
	case bare(good):
		return good
	case "mail" + bare(good):
		return "mail." + good
	case "www" + bare(good):
		return good
	}
	return ""
}
