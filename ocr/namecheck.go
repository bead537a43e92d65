package ocr

import (
	"strings"
	"sync"
)

// syllables are the readings of all characters.
var syllables = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, rs := range words().readings {
		for _, s := range rs {
			out[s] = true
		}
	}
	return out
})

// inAddress is how much of a Latin name the e-mail's local part repeats, 0–1.
func inAddress(name, email string) float64 {
	local, _, ok := strings.Cut(strings.ToLower(email), "@")
	if !ok {
		return 0
	}
	all, hit, initials := 0, 0, 0
	for _, t := range tokens(withoutDegrees(name)) {
		t = plainLetters(t)
		switch {
		case len(t) < 2 || honorific[t]:
		case strings.Contains(local, t):
			all, hit = all+1, hit+1
		case strings.HasPrefix(local, t[:1]):
			all, initials = all+1, initials+1
		default:
			all++
		}
	}
	if all == 0 {
		return 0
	}
	if hit > 0 { // wchen for Wendy Chen
		hit += min(initials, 1)
	}
	return float64(hit) / float64(all)
}

// spelled is how much of a Chinese name the e-mail's local part spells, 0–1:
// all of it in pinyin, the family name with initials, or the family name alone.
func spelled(name, email string) float64 {
	local, _, ok := strings.Cut(strings.ToLower(email), "@")
	if !ok {
		return 0
	}
	rs := []rune(squeeze(fold(bareName(name))))
	l := words()
	family := min(1, len(rs))
	if len(rs) > 2 {
		if _, ok := l.surnames[string(rs[:2])]; ok {
			family = 2
		}
	}
	if len(rs) <= family {
		return 0
	}
	best := 0.0
	given, initials := spell(rs[family:])
	for _, f := range familyReadings(string(rs[:family])) {
		switch {
		case !strings.Contains(local, f):
			if contains(local, given) {
				best = max(best, 0.6)
			}
		case contains(local, given):
			best = 1
		case contains(strings.Replace(local, f, " ", 1), initials) && len(local) <= len(f)+4:
			best = max(best, 0.8)
		case len(f) > 2 || strings.HasPrefix(local, f+".") || strings.HasSuffix(local, f):
			best = max(best, 0.5)
		}
	}
	return best
}

func familyReadings(s string) []string {
	l := words()
	out := append([]string{}, l.surnames[s]...)
	full := ""
	for _, r := range s {
		if len(l.readings[r]) == 0 {
			return out
		}
		full += l.readings[r][0]
	}
	return append(out, full)
}

// spell gives the readings of given names joined, and their initials.
func spell(rs []rune) (full, initials []string) {
	full, initials = []string{""}, []string{""}
	for _, r := range rs {
		var f, i []string
		for _, reading := range words().readings[r] {
			for k := range full {
				f = append(f, full[k]+reading)
			}
			for k := range initials {
				i = append(i, initials[k]+reading[:1])
			}
		}
		if full, initials = f, i; len(full) > 16 {
			break
		}
	}
	return full, initials
}

func contains(s string, any []string) bool {
	s = strings.NewReplacer(".", "", "_", "", "-", "").Replace(s)
	for _, a := range any {
		if a != "" && strings.Contains(s, a) {
			return true
		}
	}
	return false
}

// inDomain says how much a brand's letters are the domain's, 0–1: "Northgate
// Analytics" and northgate-analytics.io.
func inDomain(s string, domains []string) float64 {
	best := 0.0
	brand := plainLetters(s)
	first := ""
	if t := tokens(s); len(t) > 0 {
		first = plainLetters(t[0])
	}
	for _, d := range domains {
		if publicMail[d] {
			continue
		}
		for _, label := range strings.Split(d, ".") {
			best = max(best, repeats(brand, first, plainLetters(label)))
		}
	}
	return best
}

// holdsDomain says that a name begins with all that a domain spells: nothing of it
// is missing.
func holdsDomain(s string, domains []string) bool {
	brand := plainLetters(s)
	for _, d := range domains {
		label, _, _ := strings.Cut(strings.TrimPrefix(d, "mail."), ".")
		if h := plainLetters(label); !publicMail[d] && len(h) > 3 && strings.HasPrefix(brand, h) {
			return true
		}
	}
	return false
}

// repeats says how much one part of a domain is a brand, 0–1; first is the
// brand's first word.
func repeats(brand, first, h string) float64 {
	switch {
	case len(h) < 4 || len(brand) < 3:
		return 0
	case brand == h:
		return 1
	case strings.HasPrefix(brand, h), len(brand) >= 5 && strings.HasPrefix(h, brand):
		return 0.9
	case len(first) >= 4 && strings.Contains(h, first):
		return 0.7
	case len(h) >= 5 && strings.Contains(brand, h):
		return 0.6
	}
	return 0
}

// publicMail are hosts of mail for everybody: they say nothing of a company.
var publicMail = map[string]bool{"gmail.com": true, "163.com": true, "126.com": true, "qq.com": true, "foxmail.com": true, "hotmail.com": true, "outlook.com": true, "yahoo.com": true, "yahoo.com.tw": true, "yahoo.com.hk": true, "sina.com": true, "sohu.com": true, "139.com": true, "189.cn": true, "aliyun.com": true, "icloud.com": true, "me.com": true, "live.com": true, "msn.com": true, "yeah.net": true, "vip.163.com": true, "protonmail.com": true, "gmx.de": true, "web.de": true, "hinet.net": true, "msa.hinet.net": true, "netvigator.com": true, "googlemail.com": true}
