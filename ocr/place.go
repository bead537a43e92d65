package ocr

import (
	"regexp"
	"strings"
)

var (
	houseNumber = regexp.MustCompile(`[\d一二三四五六七八九十百〇零]+[-－—~至、/&\dA-Za-z]*\s?(号|番地|番|楼|层|室|座|栋|幢|弄|巷|段|期|单元|铺|f|F|邻|之|门)|(楼|座|栋|幢|室|厅|库|馆)\s?[A-Za-z]?-?\d{2,}`)
	numbered    = regexp.MustCompile(`[A-Za-z]\s?(座|栋|幢|区|馆|楼|室)`)
	latinHouse  = regexp.MustCompile(`(?i)^(no\.?|room|rm\.?|unit|suite|ste\.?|level|flat|block|floor|shop|building|bldg\.?|\d+[/-]?f[./,]*,?|\d+(st|nd|rd|th) floor|#|p\.?o\.? box)\s?[\dA-Z]`)
	postCode    = regexp.MustCompile(`\b([A-Z]{2,3} \d{4,6}|[A-Z]{1,2}-\d{4,5}|\d{4} [A-Z]{2}|\d{2}-\d{3}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{5}(-\d{4})?|\d{6}|\d{3}-\d{4}|〒\d{3}-\d{4})\b`)
	// a house, its street, town and British postcode
	britishHouse = regexp.MustCompile(`^\d{1,4}[A-Za-z]? [A-Z][a-z].*[ ,][A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$`)
	// a town, or more, and its British postcode, whose form nothing else has
	britishCode = regexp.MustCompile(`^[A-Z0-9].*[a-z,] [A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$`)
	accountRun  = regexp.MustCompile(`\d{10,}`)
	streetEnd   = regexp.MustCompile(`(straat|gracht|kade|laan|plein|singel|weg|gasse|platz|allee|damm|ufer|gatan|gata|gaten|gatu|vägen|vagen|vägen|gade|vej|veien|vegen|alle|allee|stræde|straede|katu|utca|dijk|dreef|stieg|chaussee|markt|torg|torget|plads|plass|brygge|kaien|ufern|promenade|winkel|hafen|feld|deich)$`)
	floorMark   = regexp.MustCompile(`(?i)\b\d+\s?/\s?F\b|\b\d+F\b|#\d+-\d+|\b(No|Rm|Unit|Suite|Room|Level|Flat)\.?\s?[A-Z]?\d+`)
)

// placeLike goes by the names of places, the units that addresses are made of
// and by house numbers.
func placeLike(s string) float64 {
	chinese, latin, _ := hans(s)
	if strings.ContainsAny(s, "@") || domainLike(s) {
		return 0
	}
	if chinese > 0 && chinese*3 > latin {
		return chinesePlace(fold(squeeze(s)), chinese)
	}
	return latinPlace(respace(s))
}

// span is what a Chinese address speaks of, from wide to narrow.
type span struct {
	place           int // sum of the widths of the places named
	widest          int
	street, site    bool
	house, lettered bool
	units           int
}

func spanOf(s string) (p span) {
	l := words()
	rs := []rune(s)
	names := places()
	for i := 0; i < len(rs); {
		step := 1
		for k := min(names.longest, len(rs)-i); k > 1; k-- {
			if w := names.wide[string(rs[i:i+k])]; w > 0 {
				p.place += w
				p.widest = max(p.widest, w)
				step = k
				break
			}
		}
		i += step
	}
	p.street = l.address.inside("street", s) > 0
	p.site = l.address.inside("site", s) > 0
	p.house = houseNumber.MatchString(s)
	p.lettered = numbered.MatchString(s)
	p.units = l.address.inside("wide", s)
	return p
}

func chinesePlace(s string, chinese int) float64 {
	if chinese > 80 || strings.Count(s, "，")+strings.Count(s, "。") > 2 {
		return 0 // prose
	}
	if accountRun.MatchString(s) {
		return 0 // a bank's branch and an account
	}
	p := spanOf(s)
	score := 0.0
	if p.place > 0 {
		score += 0.2 + 0.07*float64(min(p.place, 6))
	}
	if p.units > 0 {
		score += 0.12
	}
	if p.street {
		score += 0.22
	}
	if p.site {
		score += 0.15
	}
	if p.house {
		score += 0.35
	} else if p.lettered {
		score += 0.2
	}
	if digitsIn(s) > 0 && p.street {
		score += 0.08
	}
	if words().company.ends("legal", s) > 0 || !p.house && !p.lettered && (titleLike(s) > 0.6 || companyLike(s) > 0.9 || departmentLike(s) > 0.8 && p.place == 0) {
		score *= 0.4
	}
	if !p.house && !p.site && !p.lettered && digitsIn(s) == 0 && words().common.inside("han", s) > 1 { // a motto
		score *= 0.5
	}
	if chinese > 6 && !p.house && !p.street && !p.site && !p.lettered && p.units == 0 {
		score = min(score, 0.38) // 香港…学会会员
	}
	if !p.house && !p.street && p.units == 0 && chinese < 5 {
		score *= 0.8
	}
	return clamp(score, 0, 0.98)
}

func latinPlace(s string) float64 {
	_, latin, digits := hans(s)
	l := words()
	t := tokens(s)
	if len(t) == 0 {
		return 0
	}
	units, places := l.address.count("latin", t), l.address.count("place", t)
	for _, w := range t {
		if len(w) > 6 && streetEnd.MatchString(w) {
			units += 2
		}
		if strings.HasSuffix(w, "straße") || strings.HasSuffix(w, "strasse") || strings.HasSuffix(w, "-ku") || strings.HasSuffix(w, "-shi") || strings.HasSuffix(w, "-dong") || strings.HasSuffix(w, "-gu") || strings.HasSuffix(w, "-ro") {
			units += 2
		}
		if p := cities()[plainLetters(w)]; p && !l.address["place"][w] {
			places++
		}
	}
	score := 0.0
	score += 0.25 * float64(min(units, 3))
	score += 0.2 * float64(min(places, 2))
	if digits > 0 {
		score += 0.15
	}
	if strings.Contains(s, ",") {
		score += 0.12
	}
	if latinHouse.MatchString(s) || floorMark.MatchString(s) {
		score += 0.2
	}
	if postCode.MatchString(s) {
		score += 0.2
	}
	if units+places == 0 {
		score *= 0.5
	}
	if digits == 0 && places == 0 && units < 2 || latin < 3 && units == 0 {
		score *= 0.5
	}
	if britishHouse.MatchString(s) {
		score = max(score, 0.75)
	}
	if britishCode.MatchString(s) || strings.HasPrefix(strings.ToLower(s), "c/o ") {
		score = max(score, 0.65)
	}
	if companyLike(s) > 0.8 || titleLike(s) > 0.8 {
		score *= 0.5
	}
	if digits == 0 && !strings.Contains(s, ",") && (departmentLike(s) > 0.8 || latinName(s) > 0.85) {
		score *= 0.6
	}
	return clamp(score, 0, 0.97)
}

// startsAddress says whether s begins a Chinese address of its own: with a
// province or city, and a street behind it.
func startsAddress(s string) bool {
	c, _, _ := hans(s)
	if c == 0 {
		return false
	}
	s = fold(squeeze(s))
	s = strings.TrimLeft(s, "0123456789 -〒")
	rs := []rune(s)
	names := places()
	for k := min(names.longest, len(rs)); k > 1; k-- {
		if names.wide[string(rs[:k])] >= 3 {
			return true
		}
	}
	return false
}
