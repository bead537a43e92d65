package ocr

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// The functions here say how much a text looks like one kind of thing, 0–1.
// What several may claim goes to the highest.

// companyLike goes by what ends an organization's name.
func companyLike(s string) float64 {
	chinese, latin, _ := hans(s)
	set := words().company
	if chinese > latin {
		body := strings.TrimRight(trimBrackets(s), " .。")
		n := set.ends("end", body)
		switch {
		case n >= 4:
			return 0.98
		case n >= 2 && chinese >= 4:
			return 0.9
		case n == 1 && chinese >= 4:
			return 0.6
		case set.count("mark", s) > 0 && chinese >= 6:
			return 0.55
		}
		return 0
	}
	t := tokens(s)
	if len(t) < 2 || len(t) > 10 {
		return 0
	}
	last := t[len(t)-1]
	if legalForm[last] {
		return 0.97
	}
	if set.latin("latin", t[len(t)-1:]) > 0 || last == "ltd" || t[0] == "university" || t[0] == "institute" {
		return 0.85
	}
	return 0
}

var legalForm = map[string]bool{
	"ltd": true, "limited": true, "inc": true, "llc": true, "llp": true, "corp": true, "gmbh": true, "plc": true,
	"corporation": true, "co.,ltd": true, "co.ltd": true, "incorporated": true, "pty": true, "bhd": true, "ag": true, "b.v": true, "s.a": true,
}

// trimBrackets takes a place in brackets off the end.
func trimBrackets(s string) string {
	for _, pair := range [][2]string{{"（", "）"}, {"(", ")"}} {
		if strings.HasSuffix(s, pair[1]) {
			if i := strings.LastIndex(s, pair[0]); i > 0 {
				return strings.TrimSpace(s[:i])
			}
		}
	}
	return s
}

// titleLike goes by the word that ends a Chinese title and the words of a
// Latin one.
func titleLike(s string) float64 {
	chinese, latin, digits := hans(s)
	if digits > 0 || chinese > 16 {
		return 0
	}
	set := words().title
	t := tokens(s)
	if chinese >= 2 {
		body := trimBrackets(s)
		n := set.ends("end", body)
		switch {
		case n >= 2:
			return 0.95
		case n == 1 && chinese >= 3 && chinese <= 8:
			return 0.7
		case len(t) > 0 && set.latin("latin", t[len(t)-1:]) > 0:
			return 0.95
		case chinese > latin:
			return 0
		}
	}
	if len(t) == 0 || len(t) > 8 {
		return 0
	}
	n := set.latin("latin", t)
	if n == 0 {
		return 0
	}
	if set.latin("latin", t[len(t)-1:]) > 0 {
		return 0.95
	}
	if set.latin("latin", t[:1]) > 0 || strings.Contains(s, " of ") || strings.Contains(s, ",") || strings.Contains(s, " at ") {
		return 0.85
	}
	return 0.5
}

// departmentLike goes by the word that ends it, or by a line that has only
// words of trades and functions.
func departmentLike(s string) float64 {
	chinese, latin, digits := hans(s)
	set := words().dept
	if digits > 0 {
		return 0
	}
	if chinese > latin {
		if n := set.ends("end", s); n > 0 && chinese >= 3 && chinese <= 14 {
			return 0.9
		} else if n > 0 && chinese == 2 {
			return 0.6
		}
		return 0
	}
	t := tokens(s)
	if len(t) == 0 || len(t) > 7 {
		return 0
	}
	known := set.latin("words", t)
	ends := set.latin("latin", t[len(t)-1:])
	switch {
	case t[0] == "department" || t[0] == "dept" || t[0] == "division":
		return 0.9
	case ends > 0 && len(t) > 1:
		return 0.88
	case known == len(t) && len(t) > 1:
		return 0.85
	case known+ends == len(t):
		return 0.55
	}
	return 0
}

var (
	houseNumber = regexp.MustCompile(`\d+\s?[A-Za-z]?\s?(号|號|楼|樓|层|層|室|座|栋|棟|弄|巷|段|期)`)
	latinHouse  = regexp.MustCompile(`(?i)^(no\.?|room|rm\.?|unit|suite|level|flat|block|floor|\d+[/-]?f\.?,?|#)\s?[\dA-Z]`)
	postCode    = regexp.MustCompile(`\b([A-Z]{2,3} \d{4,6}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d[A-Z] \d[A-Z]\d)\b`)
)

// addressLike goes by the units places are made of and by house numbers.
func addressLike(s string) float64 {
	chinese, latin, digits := hans(s)
	set := words().address
	if chinese > latin {
		units := set.count("unit", s)
		house := houseNumber.MatchString(s)
		switch {
		case house && units >= 3:
			return 0.97
		case house && (units >= 2 || chinese <= 6):
			return 0.85
		case units >= 3 && chinese >= 7:
			return 0.75
		case digits > 0 && units >= 2 && chinese >= 5:
			return 0.7
		}
		return 0
	}
	t := tokens(s)
	units, places := set.latin("latin", t), set.latin("place", t)
	start, post := latinHouse.MatchString(s), postCode.MatchString(s)
	switch {
	case digits > 0 && (units >= 2 || units >= 1 && (places > 0 || start)):
		return 0.95
	case post && (units+places > 0 || strings.Contains(s, ",")):
		return 0.9
	case digits > 0 && (units >= 1 || places >= 1) && strings.Contains(s, ","):
		return 0.85
	case places >= 1 && strings.Contains(s, ",") && latin > 8:
		return 0.7
	case places >= 1 && len(t) <= 3:
		return 0.6
	}
	return 0
}

// runes is the length of s in characters.
func runes(s string) int { return utf8.RuneCountInString(s) }
