package ocr

import (
	"regexp"
	"strings"
)

var numberShape = regexp.MustCompile(`[+(]{0,2}\d[\d\s().\-]*\d(\s?(转|轉|分机|分機|内线|內線|ext\.?|x|#)\s?[:.]?\s?\d{1,6}|#\d{1,6})?\)?`)

// number takes the first telephone number out of s, as printed, but in plain
// brackets. sure is lower when letters had to be read as digits, or when it
// fits no numbering plan; kind is "mobile", "phone" or "" when the plan does
// not tell.
func number(s string, labelled bool) (text, kind string, sure float64) {
	sure, s = 1, plainBrackets.Replace(s)
	if labelled {
		repaired := digitTwins.Replace(s)
		if digitsIn(repaired) > digitsIn(s) && digitsIn(s) >= 5 {
			s, sure = repaired, 0.7
		}
	}
	loc := numberShape.FindStringIndex(s)
	if loc == nil {
		return "", "", 0
	}
	text = strings.Trim(s[loc[0]:loc[1]], " .-")
	if strings.Count(text, "(") < strings.Count(text, ")") {
		text = strings.TrimSuffix(text, ")")
	}
	n := digitsIn(text)
	if n < 7 || n > 20 {
		if labelled && n >= 5 {
			return text, "", 0.3
		}
		return "", "", 0
	}
	if rest := len(s) - len(text); !labelled && rest > len(text)/3+2 {
		return "", "", 0 // a number inside an address
	}
	kind, fits := plan(text)
	if !fits {
		sure *= 0.5
	}
	return text, kind, sure
}

// plainBrackets: Chinese cards print the area code in full-width brackets.
var plainBrackets = strings.NewReplacer("（", "(", "）", ")")

// digitTwins are letters that engines take digits for.
var digitTwins = strings.NewReplacer("O", "0", "o", "0", "l", "1", "I", "1", "S", "5", "B", "8", "Z", "2", "]", "1", "$", "8")

// plans are national numbering plans by ITU-T E.164 country code: significant
// numbers, mobile ones first.
var plans = map[string][2]*regexp.Regexp{
	"86":  {regexp.MustCompile(`^1[3-9]\d{9}$`), regexp.MustCompile(`^(10|2\d|[3-9]\d{2})\d{7,8}$|^[48]00\d{7}$`)},
	"886": {regexp.MustCompile(`^9\d{8}$`), regexp.MustCompile(`^[2-8]\d{7,8}$`)},
	"852": {regexp.MustCompile(`^[4-79]\d{7}$`), regexp.MustCompile(`^[238]\d{7}$`)},
	"853": {regexp.MustCompile(`^6\d{7}$`), regexp.MustCompile(`^[28]\d{7}$`)},
	"1":   {nil, regexp.MustCompile(`^[2-9]\d{2}[2-9]\d{6}$`)},
	"44":  {regexp.MustCompile(`^7\d{9}$`), regexp.MustCompile(`^[1-35689]\d{8,9}$`)},
	"61":  {regexp.MustCompile(`^4\d{8}$`), regexp.MustCompile(`^[2378]\d{8}$`)},
	"65":  {regexp.MustCompile(`^[89]\d{7}$`), regexp.MustCompile(`^[36]\d{7}$`)},
	"81":  {regexp.MustCompile(`^[789]0\d{8}$`), regexp.MustCompile(`^[1-9]\d{8}$`)},
	"82":  {regexp.MustCompile(`^1\d{8,9}$`), regexp.MustCompile(`^[2-6]\d{7,9}$`)},
	"49":  {regexp.MustCompile(`^1[567]\d{8,9}$`), regexp.MustCompile(`^[2-9]\d{5,11}$`)},
}

var extension = regexp.MustCompile(`(?i)\s*(转|轉|分机|分機|内线|內線|ext\.?|x|#).*$`)

// plan says what kind of number it is and whether it fits any plan.
func plan(text string) (kind string, fits bool) {
	text = extension.ReplaceAllString(text, "")
	digits := onlyDigits(text)
	abroad := strings.HasPrefix(text, "+") || strings.HasPrefix(text, "(+")
	if cut, ok := strings.CutPrefix(digits, "00"); ok {
		digits, abroad = cut, true
	}
	if abroad || strings.HasPrefix(text, "(852)") || strings.HasPrefix(text, "(86)") {
		for n := 3; n >= 1; n-- {
			if len(digits) > n && plans[digits[:n]] != [2]*regexp.Regexp{} {
				return inPlan(digits[:n], strings.TrimPrefix(digits[n:], "0"))
			}
		}
		return "", len(digits) >= 9 && len(digits) <= 15
	}
	return national(digits)
}

// national tries the plans that print numbers without a country code.
func national(digits string) (kind string, fits bool) {
	if trunk, ok := strings.CutPrefix(digits, "0"); ok {
		for _, cc := range []string{"886", "86", "44", "61", "81", "82", "49"} {
			if kind, fits = inPlan(cc, trunk); fits {
				return kind, true
			}
		}
		return "", false
	}
	for _, cc := range []string{"86", "852", "1"} {
		if cc == "86" && len(digits) != 11 && !strings.HasPrefix(digits, "400") && !strings.HasPrefix(digits, "800") {
			continue
		}
		if kind, fits = inPlan(cc, digits); fits {
			return kind, true
		}
	}
	return "", len(digits) == 7 || len(digits) == 8
}

func inPlan(cc, n string) (kind string, fits bool) {
	p := plans[cc]
	// A direct dial may be printed with its extension after a dash.
	for _, cut := range []int{0, 3, 4} {
		if len(n)-cut < 7 {
			break
		}
		head := n[:len(n)-cut]
		if p[0] != nil && cut == 0 && p[0].MatchString(head) {
			return "mobile", true
		}
		if p[1].MatchString(head) && (cut == 0 || cc == "86" || cc == "886") {
			if cc == "1" {
				return "", true
			}
			return "phone", true
		}
	}
	return "", false
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
