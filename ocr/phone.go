package ocr

import (
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

var (
	numberShape = regexp.MustCompile(`[+(]{0,2}\d[\d\s().\-·*]*\d(\s*,?\s*(转|轉|分机|分機|内线|內線|(?i:extension|extn|ext|poste|durchwahl|toestel|x|#))\s*[:.#]?\s*\(?\d{1,6}\)?|#\d{1,6}|\s*\((转|轉|分机|分機|内线|內線|(?i:extension|extn|ext|poste|x|#))\s*[:.#]?\s*\d{1,6}\))?\)?`)
	strokeArea  = regexp.MustCompile(`((?:^|[^\d/])(?:0\d{2,4}|\+\d{1,3}[ -]?(?:\(0\))?\d{2,4}))/(\d{6,8}\b)`)
	// an extension's word of which one character was misread
	wrongExtension = regexp.MustCompile(`(\d[\d -]{5,})(\s?)(?:分[^\d\s()（）机機]|[^\d\s()（）内內分]機)\s?(\d{1,5})`)
	// how many lines a number has: "2362 1234 (3線)"
	severalLines = regexp.MustCompile(`\s*\(\s*[\d一二三四五六七八九十]{1,2}\s*(线|線|(?i:lines?))\s*\)`)
	strokeBefore = regexp.MustCompile(`[1|](\s?(?:转|轉|分机|分機))`)
	extension    = regexp.MustCompile(`(?i)\s*,?\s*\(?(转|轉|分机|分機|内线|內線|extension|extn|ext\.?|poste|durchwahl|toestel|x|#).*$`)
)

// dialled is one number found in a text.
type dialled struct {
	text     string
	from, to int    // bytes of the text it was found in
	kind     string // mobile, phone or "" when the plan does not tell
	sure     float64
	fits     bool   // a numbering plan
	source   string // the text, with plain brackets
}

// longestNumber is the most digits of a number: 15 by ITU-T E.164, behind 00.
// What has more, and no label, is an account.
const longestNumber = 17

// telephones takes the numbers out of s, as printed, but in plain brackets.
// sure is lower when letters had to be read as digits, or when a number fits
// no plan.
func telephones(s string, labelled bool) (out []dialled) {
	sure := 1.0
	s = squareArea.ReplaceAllString(plainBrackets.Replace(s), "($1)")
	if wrongExtension.MatchString(s) {
		sure = 0.85
	}
	s = severalLines.ReplaceAllString(s, "")
	s = wrongExtension.ReplaceAllString(s, "${1}${2}分機$3")
	printed := s
	s = strokeArea.ReplaceAllString(s, "$1-$2") // as long, so that places stay
	if labelled {
		if repaired := readDigits(s); digitsIn(repaired) > digitsIn(s) && digitsIn(s) >= 5 {
			s, sure = repaired, 0.7
		}
	}
	for _, loc := range numberShape.FindAllStringIndex(s, -1) {
		for _, part := range partNumbers(s, loc[0], loc[1]) {
			t := dialled{text: tidyNumber(s[part[0]:part[1]]), from: part[0], to: part[1], sure: sure, source: s}
			n := digitsIn(t.text)
			if n > 26 || !labelled && digitsIn(withoutExtension(t.text)) > longestNumber || n < 7 && !(labelled && n >= 5 && len(out) == 0) {
				continue
			}
			if n < 7 {
				t.sure = 0.3
			} else if t.kind, t.fits = plan(t.text); !t.fits || strings.ContainsAny(t.text, "轉機") && !taiwanese(t.text) {
				if without := strokeBefore.ReplaceAllString(t.text, "$1"); without != t.text {
					if kind, fits := plan(without); fits && (!t.fits || taiwanese(without)) { // the bar before an extension
						t.text, t.kind, t.fits, t.sure = without, kind, true, t.sure*0.85
					}
				}
			}
			if n >= 7 && !t.fits {
				t.sure *= 0.5
			}
			if !t.fits && len(t.text) > 2 && t.text[1] == ' ' { // an icon read as a digit
				if kind, fits := plan(t.text[2:]); fits && n >= 9 {
					t.text, t.kind, t.fits, t.sure = t.text[2:], kind, true, sure*0.85
				}
			}
			if part := printed[t.from:t.to]; strings.Contains(part, "/") && onlyDigits(part) == onlyDigits(t.text) {
				t.text = tidyNumber(part)
			}
			out = append(out, t)
		}
	}
	return out
}

func tidyNumber(s string) string {
	s = strings.Trim(strings.Join(strings.Fields(s), " "), " .-·*")
	if strings.Count(s, "(") < strings.Count(s, ")") {
		s = strings.TrimSuffix(s, ")")
	}
	if strings.Count(s, "(") > strings.Count(s, ")") {
		s = strings.TrimPrefix(s, "(")
	}
	return s
}

// partNumbers cuts a run of digits that holds two numbers: at a wide gap
// between two that are long enough, or at the blank where both fit a plan.
func partNumbers(s string, from, to int) [][2]int {
	run := s[from:to]
	if digitsIn(run) < 14 {
		return [][2]int{{from, to}}
	}
	if _, fits := plan(tidyNumber(run)); fits && !strings.ContainsRune(run, gap) {
		return [][2]int{{from, to}}
	}
	for i, r := range run {
		if r != ' ' && r != gap && r != '(' && r != '+' || i == 0 {
			continue
		}
		left, right := run[:i], run[i:]
		_, a := plan(tidyNumber(left))
		_, b := plan(tidyNumber(right))
		if a && b && digitsIn(left) >= 7 && digitsIn(right) >= 7 || r == gap && digitsIn(left) >= 8 && digitsIn(right) >= 7 {
			return append([][2]int{{from, from + i}}, partNumbers(s, from+i, to)...)
		}
	}
	return [][2]int{{from, to}}
}

// squareArea is an area code, in square brackets.
var squareArea = regexp.MustCompile(`\[(\d{2,4})\]`)

// plainBrackets: Chinese cards print the area code in full-width brackets.
var plainBrackets = strings.NewReplacer("（", "(", "）", ")", "【", "(", "】", ")")

// readDigits reads letters that engines take digits for as digits, as far as
// they stand among digits and before an extension.
func readDigits(s string) string {
	head := withoutExtension(s)
	return digitTwins.Replace(head) + s[len(head):]
}

// withoutExtension is s up to an extension behind a number.
func withoutExtension(s string) string {
	if loc := extension.FindStringIndex(s); loc != nil && digitsIn(s[:loc[0]]) >= 7 {
		return s[:loc[0]]
	}
	return s
}

var digitTwins = strings.NewReplacer("O", "0", "o", "0", "l", "1", "I", "1", "S", "5", "B", "8", "Z", "2", "]", "1", "$", "8", "|", "1", "!", "1", "D", "0", "Q", "0", "q", "9", "〇", "0")

// plans are national numbering plans by ITU-T E.164 country code: significant
// numbers, mobile ones first. They are wider than what is given out today, so
// that new ranges pass.
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
	"33":  {regexp.MustCompile(`^[67]\d{8}$`), regexp.MustCompile(`^[1-59]\d{8}$`)},
}

// taiwanese says that a number fits the plan of Taiwan, with or without its
// country code.
func taiwanese(text string) bool {
	n := strings.TrimPrefix(strings.TrimPrefix(onlyDigits(withoutExtension(text)), "886"), "0")
	return plans["886"][0].MatchString(n) || plans["886"][1].MatchString(n)
}

// american is a North American number with its 1 before it, in its groups: a
// Chinese mobile is set in others.
var american = regexp.MustCompile(`^\+?1[ .-]?\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}$`)

// tollFree are North American numbers that the called one pays for.
var tollFree = regexp.MustCompile(`^8(00|33|44|55|66|77|88)`)

// plan says what kind of number it is and whether it fits any plan.
func plan(text string) (kind string, fits bool) {
	text = extension.ReplaceAllString(text, "")
	digits := onlyDigits(text)
	if american.MatchString(text) {
		return inPlan("1", digits[1:])
	}
	abroad := strings.HasPrefix(text, "+") || strings.HasPrefix(text, "(+")
	if cut, ok := strings.CutPrefix(digits, "00"); ok {
		digits, abroad = cut, true
	}
	if abroad || strings.HasPrefix(text, "(85") || strings.HasPrefix(text, "(86") || strings.HasPrefix(text, "86") || strings.HasPrefix(text, "(886") {
		for n := 3; n >= 1; n-- {
			if len(digits) > n && plans[digits[:n]] != [2]*regexp.Regexp{} {
				if kind, fits = inPlan(digits[:n], strings.TrimPrefix(digits[n:], "0")); fits || abroad {
					return kind, fits
				}
			}
		}
		if abroad {
			return elsewhere(digits)
		}
	}
	for _, cc := range []string{"852", "853", "886"} {
		if n, ok := strings.CutPrefix(digits, cc); ok && len(digits) > 10 {
			if kind, fits = inPlan(cc, strings.TrimPrefix(n, "0")); fits {
				return kind, true
			}
		}
	}
	return national(digits)
}

// elsewhere asks the plans of all other countries.
func elsewhere(digits string) (kind string, fits bool) {
	n, err := phonenumbers.Parse("+"+digits, "")
	if err != nil {
		return "", len(digits) >= 9 && len(digits) <= 15 && strings.HasPrefix(digits, "999")
	}
	switch phonenumbers.GetNumberType(n) {
	case phonenumbers.MOBILE:
		return "mobile", true
	case phonenumbers.FIXED_LINE, phonenumbers.TOLL_FREE, phonenumbers.SHARED_COST:
		return "phone", true
	}
	return "", phonenumbers.IsPossibleNumber(n)
}

// national tries the plans that print numbers without a country code.
func national(digits string) (kind string, fits bool) {
	if trunk, ok := strings.CutPrefix(digits, "0"); ok {
		for _, cc := range []string{"886", "86", "44", "61", "81", "82", "49", "33"} {
			if kind, fits = inPlan(cc, trunk); fits {
				return kind, true
			}
		}
		return "", false
	}
	for _, cc := range []string{"86", "852", "1"} {
		if cc == "86" && (len(digits) != 11 || digits[0] != '1') && !strings.HasPrefix(digits, "400") && !strings.HasPrefix(digits, "800") {
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
			if cc == "1" && !tollFree.MatchString(head) {
				return "", true
			}
			return "phone", true
		}
	}
	return "", false
}
