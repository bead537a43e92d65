package ocr

import (
	"embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed words/*.txt
var wordFiles embed.FS

// lexicon is what the word files hold. It is read once and never changed.
type lexicon struct {
	labels    []label
	surnames  map[string]bool
	company   wordSet
	title     wordSet
	dept      wordSet
	address   wordSet
	topLevels map[string]bool
}

// label is a word printed before a value.
type label struct {
	word, field string
	latin       bool
}

// wordSet is a file of named blocks.
type wordSet map[string][]string

var words = sync.OnceValue(loadLexicon)

func loadLexicon() *lexicon {
	l := &lexicon{
		surnames: map[string]bool{}, topLevels: map[string]bool{},
		company: block("companies"), title: block("titles"), dept: block("departments"), address: block("addresses"),
	}
	for field, list := range block("labels") {
		for _, w := range list {
			l.labels = append(l.labels, label{w, field, w[0] < utf8.RuneSelf})
		}
	}
	slices.SortFunc(l.labels, func(a, b label) int { // longest first, then in a fixed order
		if d := len(b.word) - len(a.word); d != 0 {
			return d
		}
		return strings.Compare(a.word+a.field, b.word+b.field)
	})
	for _, line := range linesOf("surnames") {
		for _, w := range strings.Fields(line) {
			if utf8.RuneCountInString(w) == 2 {
				l.surnames[w] = true
				continue
			}
			for _, r := range w {
				l.surnames[string(r)] = true
			}
		}
	}
	for _, line := range linesOf("domains") {
		for _, w := range strings.Fields(line) {
			l.topLevels[w] = true
		}
	}
	return l
}

// linesOf gives a word file's lines without comments. The files are part of
// the program, so one that is missing is a programmer's mistake.
func linesOf(name string) (out []string) {
	data, err := wordFiles.ReadFile("words/" + name + ".txt")
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

func block(name string) wordSet {
	set := wordSet{}
	for _, line := range linesOf(name) {
		key, rest, _ := strings.Cut(line, ": ")
		set[key] = append(set[key], strings.Fields(rest)...)
	}
	return set
}

// ends says whether s ends with a word of the block, and how long that is in
// characters.
func (w wordSet) ends(key, s string) (n int) {
	for _, word := range w[key] {
		if strings.HasSuffix(s, word) {
			n = max(n, utf8.RuneCountInString(word))
		}
	}
	return n
}

// count is how many words of the block stand in s, Chinese ones anywhere.
func (w wordSet) count(key, s string) (n int) {
	for _, word := range w[key] {
		if strings.Contains(s, word) {
			n++
		}
	}
	return n
}

// latin is how many of the given lower-case words are in the block.
func (w wordSet) latin(key string, tokens []string) (n int) {
	for _, t := range tokens {
		if slices.Contains(w[key], t) {
			n++
		}
	}
	return n
}

// tokens are the Latin words of s in lower case, without the punctuation
// around them.
func tokens(s string) []string {
	var out []string
	for _, t := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return unicode.IsSpace(r) || r == ',' || r == '/' || r == '|' || r == '(' || r == ')' || han(r)
	}) {
		if t = strings.Trim(t, ".;:-–·'\""); t != "" {
			out = append(out, t)
		}
	}
	return out
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// hans counts the Chinese characters and the Latin letters of s.
func hans(s string) (chinese, latin, digits int) {
	for _, r := range s {
		switch {
		case han(r):
			chinese++
		case unicode.IsLetter(r):
			latin++
		case unicode.IsDigit(r):
			digits++
		}
	}
	return chinese, latin, digits
}
