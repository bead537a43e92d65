package ocr

import (
	"regexp"
	"strings"
)

// assignNumbers tells mobile, phone and fax apart where neither label nor plan
// did: by what the card still lacks, and by the neighbours.
func assignNumbers(ps []*piece) {
	mendPlus(ps)
	nationalNumbers(ps)
	have := map[string]int{}
	var open []*piece
	for _, p := range ps {
		switch p.field {
		case "mobile", "phone", "fax":
			if p.facts.guessed {
				open = append(open, p)
			} else {
				have[p.field]++
			}
		}
	}
	if len(open) > 0 && have["phone"] > 0 && have["mobile"] == 0 {
		open[0].field = "mobile"
		open[0].why = append(open[0].why, "the card has another telephone")
		open = open[1:]
	}
	if len(open) > 1 && have["phone"] == 0 && have["mobile"] == 0 {
		first := 0
		if row := addressRow(ps); row >= 0 && row < open[0].row { // addresses first: then the office's number
			first = 1
		}
		if extension.MatchString(open[first].text) { // a desk's
			first = 1 - first
		}
		open[first].field = "mobile"
	}
	secondIsFax(ps, have)
	localNumbers(ps)
}

// nationalNumbers tells mobiles on British cards, whose numbers without a country
// code look like those of other plans: 0770 is also a town of Guangxi.
func nationalNumbers(ps []*piece) {
	if nation := nationOf(ps); nation != "" && nation != "GB" {
		byNation(ps, nation)
		return
	} else if nation == "" && regionOf(ps) != "uk" {
		return
	}
	for _, p := range ps {
		digits := onlyDigits(p.text)
		if p.label && !p.unlisted || p.field != "mobile" && p.field != "phone" && p.field != "fax" || len(digits) != 11 || digits[0] != '0' {
			continue
		}
		switch digits[1] {
		case '7':
			p.field = "mobile"
		case '1', '2', '3', '8':
			p.field = "phone"
		default:
			continue
		}
		p.facts.guessed = false
		p.why = append(p.why, "a card from the United Kingdom")
	}
}

// localNumbers judges eight digits without a label by the other numbers of the
// card: in Taiwan they are a firm's tax number, on the mainland a telephone of
// the town, and only in Hong Kong may they be a mobile.
func localNumbers(ps []*piece) {
	region := regionOf(ps)
	for _, p := range ps {
		if p.label || len(onlyDigits(p.text)) != 8 || p.field != "mobile" && p.field != "phone" && p.field != "fax" {
			continue
		}
		switch {
		case region == "tw":
			p.field, p.why = "none", append(p.why, "eight digits on a card from Taiwan: a tax number")
		case region == "cn" && p.field == "mobile":
			p.field, p.facts.guessed = "phone", true
		}
	}
}

var regions = map[string]*regexp.Regexp{
	"uk": regexp.MustCompile(`^\(?\+?44|\.uk$`),
	"tw": regexp.MustCompile(`^\(?\+?886|^\(?0[2-9]\)?[ -]?\d{3,4}[ -]?\d{4}$|^09\d{2}[ -]?\d{3}[ -]?\d{3}$|\.tw$`),
	"hk": regexp.MustCompile(`^\(?\+?85[23]|\.(hk|mo)$`),
	"cn": regexp.MustCompile(`^\(?\+?86[ )-]|^1[3-9]\d[ -]?\d{4}[ -]?\d{4}$|^\(?0(10|2\d|[3-9]\d{2})\)?[ -]?\d{7,8}$|\.cn$`),
}

// regionOf is where most of a card's numbers and addresses on the net belong, ""
// when they do not say.
func regionOf(ps []*piece) string {
	votes := map[string]int{}
	for _, p := range ps {
		switch p.field {
		case "mobile", "phone", "fax", "email", "website":
			for region, shape := range regions {
				if shape.MatchString(strings.ToLower(strings.TrimRight(p.text, "/"))) {
					votes[region]++
				}
			}
		}
	}
	best := ""
	for _, region := range []string{"hk", "tw", "cn", "uk"} {
		if votes[region] > votes[best] {
			best = region
		}
	}
	return best
}

// addressRow is the first line that is an address, -1 for none.
func addressRow(ps []*piece) int {
	for _, p := range ps {
		if p.field == "address" || p.field == "" && placeLike(p.text) > 0.8 {
			return p.row
		}
	}
	return -1
}

// mendPlus puts back a + that was read as a 4 before the country code that
// another number of the card has, where only so the number fits a plan.
func mendPlus(ps []*piece) {
	for _, p := range ps {
		if p.field != "mobile" && p.field != "phone" && p.field != "fax" || p.facts.fits || !strings.HasPrefix(p.text, "4") {
			continue
		}
		for _, q := range ps {
			m := abroad.FindStringSubmatch(q.text)
			if q == p || m == nil || !q.facts.fits || !strings.HasPrefix(onlyDigits(p.text)[1:], m[1][:2]) {
				continue
			}
			if kind, fits := plan("+" + p.text[1:]); fits {
				p.text, p.facts.fits, p.facts.repaired, p.rule = "+"+p.text[1:], true, true, max(p.rule, 0.8)
				if kind != "" && !p.label {
					p.field = kind
				}
				p.why = append(p.why, "+, read as 4")
			}
			break
		}
	}
}

// apartFrom says that two numbers stand beside one another with room between:
// in columns of two offices, not as two lines of one.
func apartFrom(a, b *piece) bool {
	la, lb := a.level(), b.level()
	row := min(la.Max.Y, lb.Max.Y)-max(la.Min.Y, lb.Min.Y) > min(la.Dy(), lb.Dy())/2
	return max(lb.Min.X-la.Max.X, la.Min.X-lb.Max.X) > 3*la.Dy() || !row && abs(la.Min.X-lb.Min.X) > 6*la.Dy() && abs(la.Max.X-lb.Max.X) > 6*la.Dy() && abs(la.Min.X+la.Max.X-lb.Min.X-lb.Max.X) > 6*la.Dy()
}

// secondIsFax: of two landlines without labels that differ in few digits, one
// under the other, the second is the fax.
func secondIsFax(ps []*piece, have map[string]int) {
	var before *piece
	for _, p := range ps {
		if d := onlyDigits(p.text); p.field != "phone" || strings.HasPrefix(d, "400") || strings.HasPrefix(d, "800") || strings.HasPrefix(d, "1800") {
			continue
		}
		if before != nil && have["fax"] == 0 && !p.label && !before.label && p.row > before.row && !apartFrom(before, p) {
			p.field = "fax"
			p.facts.guessed = true
			p.why = append(p.why, "stands under a telephone without a label")
			return
		}
		if before != nil && before.label && !p.label && alikeNumbers(before.text, p.text) || before != nil && !before.label && p.label && p.desk && alikeNumbers(before.text, p.text) {
			before.facts.guessed = before.facts.guessed || !before.label
			p.facts.guessed = p.facts.guessed || !p.label // of two lines of one office one may be the fax
		}
		before = p
	}
}
