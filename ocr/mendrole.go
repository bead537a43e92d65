package ocr

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// mendRole lets the lists of titles and departments put right one that was read
// with a letter or character wrong or lost. What was put right is never sure.
func (p *piece) mendRole() {
	if p.field != "" || runes(p.text) > 60 || digitsIn(p.text) > 0 || strings.ContainsAny(p.text, "@.:") && chinesePrint(p.text) {
		return
	}
	fixed := p.text
	if c, l, _ := hans(p.text); c >= 3 && l == 0 {
		fixed = mendChineseRole(p.text, p.doubts())
	} else if c == 0 && l > 4 {
		fixed = mendLatinRole(p.text, p.alt)
	}
	if fixed != p.text {
		p.text, p.facts.repaired = fixed, true
		p.why = append(p.why, "a word put right by the list of titles")
	}
}

// mendLatinRole exchanges a word of a title or department for the one of the
// lists that it nearly is, where the others are of the lists already or the
// other engine read it so.
func mendLatinRole(s, alt string) string {
	if latinName(s) > 0.85 || companyLike(s) > 0.8 || placeLike(s) > 0.7 {
		return s
	}
	before := max(titleLike(s), departmentLike(s))
	other := map[string]bool{}
	for _, t := range tokens(alt) {
		other[t] = true
	}
	out := letterRuns.ReplaceAllStringFunc(s, func(w string) string {
		low := strings.ToLower(w)
		if len(low) < 5 || words().vocab[low] || nameWord(low) || headShape.MatchString(low) {
			return w
		}
		best := nearestRole(low, other)
		if best == "" {
			return w
		}
		return casedAs(w, best)
	})
	if after := max(titleLike(out), departmentLike(out)); out != s && after > 0.8 && after > before {
		return out
	}
	return s
}

// nearestRole is the one word of titles and departments next to low, "" where
// there are several or none. What the other engine read too comes first.
func nearestRole(low string, other map[string]bool) string {
	limit := 1
	if len(low) > 8 && len(other) > 0 && !other[low] {
		limit = 2
	}
	best, at, several := "", limit+1, false
	for _, w := range roleWords() {
		if abs(len(w)-len(low)) > limit || len(w) < 5 {
			continue
		}
		d := distance(w, low)
		if w == low+"s" || w+"s" == low {
			return "" // as printed
		}
		if other[w] && d <= limit {
			return w
		}
		if w[0] != low[0] && len(w) != len(low) {
			continue // BLENDING: no engine adds a first letter
		}
		switch {
		case d < at:
			best, at, several = w, d, false
		case d == at:
			several = true
		}
	}
	if several {
		return ""
	}
	return best
}

// doubts are the characters of a piece that may be wrong: those the engine is
// not sure of or, when it does not tell, all of a doubtful line.
func (p *piece) doubts() string {
	if p.weak == 0 && p.conf < 0.75 {
		return p.text
	}
	return p.unsure
}

// casedAs sets a small word as w is set.
func casedAs(w, word string) string {
	first, _ := utf8.DecodeRuneInString(w)
	switch {
	case strings.ToUpper(w) == w:
		return strings.ToUpper(word)
	case unicode.IsUpper(first):
		r, n := utf8.DecodeRuneInString(word)
		return string(unicode.ToUpper(r)) + word[n:]
	}
	return word
}

var roleWords = sync.OnceValue(func() (out []string) {
	l := words()
	seen := map[string]bool{}
	for _, set := range []map[string]bool{l.title["head"], l.title["other"], l.dept["words"], l.dept["latin"]} {
		for w := range set {
			if len(w) > 4 && !seen[w] && letters(w) {
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	return out
})

// roleVocabulary holds the Chinese words of titles and departments, and what
// these deal with, by their length in characters.
var roleVocabulary = sync.OnceValue(func() map[int][][]rune {
	out := map[int][][]rune{}
	seen := map[string]bool{}
	add := func(w string) {
		if n := runes(w); n > 1 && !seen[w] {
			seen[w] = true
			out[n] = append(out[n], []rune(w))
		}
	}
	l := words()
	for _, set := range []map[string]bool{l.title["end"], l.title["whole"], l.dept["end"], l.dept["func"]} {
		for w := range set {
			add(w)
		}
	}
	for w := range l.dept["func"] {
		for _, end := range []string{"部", "处", "课", "科", "中心", "经理", "总监", "主管", "专员", "工程师"} {
			add(w + end)
		}
	}
	return out
})

const longestRole = 9 // characters of a word of roleVocabulary

// mendChineseRole gives a Chinese title or department the one character that
// keeps it from being made of words of the lists, if it is among the doubtful
// ones.
func mendChineseRole(s, doubtful string) string {
	if doubtful == "" {
		return s
	}
	rs := []rune(s)
	f := []rune(fold(s))
	if len(rs) != len(f) || len(rs) < 3 || len(rs) > 14 || max(titleLike(s), departmentLike(s)) < 0.5 || companyLike(s) > 0.8 || placeLike(s) > 0.7 || chineseName(s) > 0.8 {
		return s
	}
	for _, r := range f {
		if !han(r) {
			return s
		}
	}
	covered := cover(f)
	for n := min(longestRole, len(f)+1); n >= 3; n-- {
		found := map[string]bool{}
		for from := 0; from < len(f); from++ {
			for _, w := range roleVocabulary()[n] {
				if out, to := exchanged(rs, f, from, w, doubtful); to > 0 && allCovered(covered, from, to) {
					found[out] = true
				}
			}
		}
		if len(found) == 1 {
			for out := range found {
				return out
			}
		}
		if len(found) > 1 {
			return s
		}
	}
	return s
}

// exchanged is rs with the word w at from, where one character keeps it from
// standing there or, of a longer word, is lost; to is where the word ended in
// rs, 0 when it does not fit.
func exchanged(rs, f []rune, from int, w []rune, doubtful string) (out string, to int) {
	n := len(w)
	if from+n <= len(f) {
		wrong, at := 0, 0
		for k := range w {
			if w[k] != f[from+k] {
				wrong, at = wrong+1, k
			}
		}
		if wrong == 1 && strings.ContainsRune(doubtful, rs[from+at]) {
			return string(rs[:from+at]) + string(asPrinted(rs, w[at])) + string(rs[from+at+1:]), from + n
		}
	}
	if n < 4 || from+n-1 > len(f) {
		return "", 0
	}
	at := 0
	for at < n-1 && w[at] == f[from+at] {
		at++
	}
	if string(w[at+1:]) != string(f[from+at:from+n-1]) {
		return "", 0
	}
	return string(rs[:from+at]) + string(asPrinted(rs, w[at])) + string(rs[from+at:]), from + n - 1
}

// allCovered says that all characters stand in words once from–to do.
func allCovered(covered []bool, from, to int) bool {
	open := false
	for i, c := range covered {
		inside := i >= from && i < to
		if !c && !inside {
			return false
		}
		open = open || !c
	}
	return open
}

// cover marks the characters that stand in words of the lists.
func cover(f []rune) []bool {
	out := make([]bool, len(f))
	vocabulary := roleVocabulary()
	for i := range f {
		for n := 2; n <= longestRole && i+n <= len(f); n++ {
			for _, w := range vocabulary[n] {
				if string(w) == string(f[i:i+n]) {
					for k := i; k < i+n; k++ {
						out[k] = true
					}
				}
			}
		}
	}
	return out
}

// asPrinted is a simplified character in the script of the print around it.
func asPrinted(around []rune, r rune) rune {
	s := script()
	for _, c := range around {
		if s.traditional[c] {
			return s.restore([]rune{r}, nil)[0]
		}
	}
	return r
}
