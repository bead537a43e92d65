package ocr

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// scripts knows which traditional forms stand for a simplified character.
type scripts struct {
	forms       map[rune][]rune   // likeliest first; may hold the character itself
	words       map[string]string // words of two and three characters that decide
	plain       map[rune]rune     // any traditional form to its simplified one
	traditional map[rune]bool     // characters of traditional print only
}

var script = sync.OnceValue(loadScripts)

func loadScripts() *scripts {
	s := &scripts{map[rune][]rune{}, map[string]string{}, map[rune]rune{}, map[rune]bool{}}
	for key, list := range block("traditional") {
		for _, w := range list {
			if key == "word" {
				from, to, _ := strings.Cut(w, "/")
				s.words[from] = to
				continue
			}
			from, n := utf8.DecodeRuneInString(w)
			s.forms[from] = []rune(w[n:])
			for _, to := range w[n:] {
				if to != from {
					s.plain[to] = from
				}
			}
		}
	}
	for to := range s.plain {
		s.traditional[to] = s.forms[to] == nil
	}
	return s
}

// simplified is the simplified form of a character, or itself.
func (s *scripts) simplified(r rune) rune {
	if p, ok := s.plain[r]; ok {
		return p
	}
	return r
}

// oneScript gives a line that has more characters of traditional print than of
// simplified the forms of the former: no line has both, and networks lean to the
// latter.
func (s *scripts) oneScript(text string) string {
	rs := []rune(text)
	old, simple := 0, 0
	for _, r := range rs {
		switch forms := s.forms[r]; {
		case s.traditional[r]:
			old++
		case len(forms) > 0 && !s.holds(forms, r):
			simple++
		}
	}
	if simple == 0 || old < simple {
		return text
	}
	for i, r := range rs {
		if forms := s.forms[r]; len(forms) > 0 && !s.holds(forms, r) {
			rs[i] = s.form(rs, nil, i)
		}
	}
	return string(rs)
}

// rivals says that two characters are different traditional forms of one.
func (s *scripts) rivals(a, b rune) bool {
	return a != b && s.traditional[a] && s.traditional[b] && s.plain[a] == s.plain[b]
}

// alsoSurnames are simplified characters that are surnames in traditional
// print too, whatever else they may stand for.
const alsoSurnames = "范余于沈姜涂游郁谷祝种丰云叶后干卜党曲冬占胡梁朱栗秋冷周仇戚席幸蒙咸"

// restore gives a line of a traditional card the forms that were printed. hint
// is what another engine read at each place, or 0. A network that was taught
// mostly simplified print answers so where it knows no traditional form.
func (s *scripts) restore(text, hint []rune) []rune {
	out := make([]rune, len(text))
	for i := range text {
		out[i] = s.form(text, hint, i)
	}
	return out
}

// form decides one character: by the other engine, by the word it stands in,
// by its place in a name, by what is commonest.
func (s *scripts) form(text, hint []rune, i int) rune {
	r := text[i]
	forms := s.forms[r]
	if len(forms) == 0 {
		return r
	}
	for _, f := range forms {
		if hint != nil && hint[i] == f {
			return f
		}
	}
	if len(forms) == 1 {
		return forms[0]
	}
	if i == 0 && len(text) <= 3 && strings.ContainsRune(alsoSurnames, r) && s.holds(forms, r) {
		return r
	}
	for n := 3; n >= 2; n-- {
		for from := max(0, i-n+1); from <= i && from+n <= len(text); from++ {
			if to, ok := s.words[s.key(text[from:from+n])]; ok {
				return []rune(to)[i-from]
			}
		}
	}
	if i > 0 && len(text) <= 4 && strings.ContainsRune(alsoGiven, r) && s.holds(forms, r) {
		return r
	}
	return forms[0]
}

// alsoGiven are simplified characters that stand in given names of traditional
// print as they are, and hardly ever in their other form.
const alsoGiven = "采松里谷岳"

// key is how a word stands in the list: simplified throughout.
func (s *scripts) key(word []rune) string {
	var b strings.Builder
	for _, r := range word {
		b.WriteRune(s.simplified(r))
	}
	return b.String()
}

// open says that a text is short, as names are, and that several traditional
// forms stand for one of its characters: only the print can tell which.
func (s *scripts) open(text string) bool {
	if utf8.RuneCountInString(text) > 4 {
		return false
	}
	for _, r := range text {
		if len(s.forms[r]) > 1 {
			return true
		}
	}
	return false
}

func (s *scripts) holds(forms []rune, r rune) bool {
	for _, f := range forms {
		if f == r {
			return true
		}
	}
	return false
}

// regionWorth is how many characters a phone code or a domain outweighs.
const regionWorth = 6

// traditional says whether a card is set in traditional characters: by those
// that exist in one script only, and by numbers and domains, as the mainland
// prints simplified and Hong Kong, Macau and Taiwan traditional.
func traditional(lines []Line) bool {
	s, votes := script(), 0
	for _, l := range lines {
		for _, r := range l.Text {
			switch {
			case s.traditional[r]:
				votes += 2 // read as such by a network that leans the other way
			case len(s.forms[r]) == 1:
				votes--
			}
		}
		switch {
		case traditionalSigns.MatchString(l.Text):
			votes += regionWorth
		case simplifiedSigns.MatchString(l.Text):
			votes -= regionWorth
		}
	}
	return votes > 0
}
