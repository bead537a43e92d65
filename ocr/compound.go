package ocr

import (
	"regexp"
	"strings"
)

// allHours begins the label of a line that is always answered: "24小時服務專線".
var allHours = regexp.MustCompile(`^(7\s?[x×X*]\s?)?24\s?(小时|小時|[Hh]ours?|[Hh]rs?|[Hh])?\s*`)

// longestHead is the most Chinese characters of a label with a word before it.
const longestHead = 9

// compoundLabel reads a label of several Chinese words of which only the last
// is one of the lists, "公務手機:" or "課題組主頁", one with its Latin twin
// behind an unknown word, "客服Hotline:", and the name of a branch before its
// number, "尖沙咀店 2730 5186".
func compoundLabel(s string) (field, rest string) {
	if open := allHours.FindString(s); open != "" {
		if f, value := takeLabel(s[len(open):]); contact[f] && f != "address" && value != s[len(open):] && fits(f, value) {
			return f, value
		}
	}
	n := 0
	for i, r := range s {
		if !han(r) {
			break
		}
		n = i + len(string(r))
	}
	head := []rune(s[:n])
	if len(head) < 2 || len(head) > longestHead {
		return "", s
	}
	rest = strings.TrimLeft(s[n:], separators)
	for k := 1; k+2 <= len(head); k++ {
		f := exactLabel(string(head[k:]))
		if contact[f] && (rest == "" && f != "address" || f != "address" && fits(f, rest) || f == "address" && strings.ContainsAny(s[n:max(n, len(s)-len(rest))], ":：") && placeLike(rest) > 0.5) {
			return f, rest
		}
	}
	if f, value := takeLabel(rest); len(head) <= 4 && contact[f] && f != "address" && value != rest && fits(f, value) {
		return f, value
	}
	if strings.ContainsRune("店廠厂馆館鋪舖铺", head[len(head)-1]) && opensNumber(rest) && dialable(rest) && len(head) <= 6 {
		if found := telephones(rest, false); len(found) == 1 && found[0].fits {
			return "phone", rest
		}
	}
	return "", s
}
