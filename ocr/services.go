package ocr

import (
	"regexp"
	"strings"
)

// hours are those that a shop is open: a day of the week and a time, or two
// times with a dash between.
var hours = regexp.MustCompile(`(星期|礼拜|周|週|逢)[一二三四五六日天末].*(至|时|時|休|点|點|\d:\d)|(上午|下午|早上|晚上|中午).{0,8}[时時点點].{0,3}[至到~-]|[0-2]?\d[:：][0-5]\d\s?[-–—~～至]\s?[0-2]?\d[:：][0-5]\d`)

// bullets begin the lines of a list.
const bullets = "·•●■◆▪▶►◇□○※★☆✓✔√"

// withoutList leaves out the lines of a list of goods and services, each behind a
// point, of which a card has three and more: they may look like firms and
// departments.
func withoutList(lines []Line) []Line {
	item := func(l Line) bool {
		s := strings.TrimSpace(l.Text)
		rest := strings.TrimLeft(s, bullets+" ")
		c, latin, d := hans(rest)
		return rest != s && c >= 2 && d < 3 && latin < 12 && !strings.ContainsAny(rest, "@:：") && titleLike(rest) < 0.6 && exactLabel(rest) == "" && chineseCompany(fold(squeeze(rest)), c) < 0.95
	}
	n := 0
	for _, l := range lines {
		if item(l) {
			n++
		}
	}
	if n < 3 {
		return lines
	}
	var out []Line
	for _, l := range lines {
		if !item(l) {
			out = append(out, l)
		}
	}
	return out
}

// caption begins what is printed with a code.
var caption = regexp.MustCompile(`^(请|請|微信|欢迎|歡迎)?(扫一扫|掃一掃|扫码|掃碼|扫描|掃描|扫我|掃我|长按|長按|识别二维码)`)

// dropHours leaves out opening hours, which look like the end of an address, and
// the captions of codes, which may end like a shop.
func (p *piece) dropHours() {
	switch {
	case p.field != "" || p.label:
	case strings.HasPrefix(p.text, "@") && chinesePrint(p.text):
		p.field, p.why = "none", append(p.why, "an account of social media")
	case hours.MatchString(p.text):
		p.field, p.why = "none", append(p.why, "opening hours")
	case caption.MatchString(p.text):
		p.field, p.why = "none", append(p.why, "the caption of a code")
	}
}

// services says that a line lists what a firm deals in, with points between:
// "Pensions · Health · Enterprise Risk", "粵菜·點心·宴會". Three parts and more,
// none of which is a title, a company or a number.
func services(s string) bool {
	if domainLike(s) || strings.Contains(s, "://") {
		return false
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '·' || r == '/' || r == '、' })
	if len(parts) < 3 || digitsIn(s) > 0 || strings.Contains(s, "@") {
		return false
	}
	known := 0
	for _, p := range parts {
		p = strings.TrimSpace(p)
		if p == "" || runes(p) > 24 || max(titleLike(p), companyLike(p)) > 0.8 {
			return false
		}
		if c, l, _ := hans(p); l > 0 || c == 1 || chineseWords()[fold(squeeze(p))] {
			known++
		}
	}
	c, l, _ := hans(s)
	return (c == 0 || l == 0) && known*3 >= 2*len(parts)
}
