package ocr

import "strings"

// services says that a line lists what a firm deals in, with points between:
// "Pensions · Health · Enterprise Risk", "粵菜·點心·宴會". Three parts and more,
// none of which is a title, a company or a number.
func services(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '·' })
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
