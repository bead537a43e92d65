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
	simple   map[rune]rune // traditional to simplified
	labels   []label
	labelsBy map[rune][]label    // by the first character
	surnames map[string][]string // with their printed readings
	readings map[rune][]string   // of single characters
	company  wordSet
	title    wordSet
	dept     wordSet
	address  wordSet
	given    wordSet
	common   wordSet
	domains  wordSet
	romans   map[string]bool
	vocab    map[string]bool // every Latin word of the files
}

// label is a word printed before a value.
type label struct {
	word, field string
	latin       bool
	runes       []rune
}

// wordSet is a file of named blocks.
type wordSet map[string]map[string]bool

var (
	words  = sync.OnceValue(loadLexicon)
	places = sync.OnceValue(loadGazetteer)
)

func loadLexicon() *lexicon {
	l := &lexicon{
		company: blocks("companies"), title: blocks("titles"), dept: blocks("departments"), address: blocks("addresses"),
		given: blocks("given"), common: blocks("common"), domains: blocks("domains"), simple: map[rune]rune{}, readings: map[rune][]string{},
	}
	for _, line := range linesOf("simplified") {
		for _, group := range strings.Fields(line) {
			to, n := utf8.DecodeRuneInString(group)
			for _, from := range group[n:] {
				l.simple[from] = to
			}
		}
	}
	for _, line := range linesOf("readings") {
		syllable, chars, _ := strings.Cut(line, " ")
		for _, r := range chars {
			l.readings[r] = append(l.readings[r], syllable)
		}
	}
	l.loadSurnames()
	l.loadLabels()
	l.loadVocabulary()
	return l
}

func (l *lexicon) loadSurnames() {
	l.surnames, l.romans = map[string][]string{}, map[string]bool{}
	for _, line := range linesOf("surnames") {
		f := strings.Fields(line)
		switch {
		case len(f) > 1 || utf8.RuneCountInString(f[0]) == 2:
			l.surnames[f[0]] = append(l.surnames[f[0]], f[1:]...)
			for _, r := range f[1:] {
				l.romans[r] = true
			}
		default:
			for _, r := range f[0] {
				if l.surnames[string(r)] == nil {
					l.surnames[string(r)] = l.readings[r]
				}
			}
		}
	}
	for s, readings := range l.surnames {
		if utf8.RuneCountInString(s) == 1 {
			for _, r := range readings {
				l.romans[r] = true
			}
		}
	}
}

func (l *lexicon) loadLabels() {
	for field, list := range blocks("labels") {
		for w := range list {
			l.labels = append(l.labels, label{w, field, w[0] < utf8.RuneSelf, []rune(w)})
		}
	}
	slices.SortFunc(l.labels, func(a, b label) int { // longest first, then in a fixed order
		if d := len(b.word) - len(a.word); d != 0 {
			return d
		}
		return strings.Compare(a.word+a.field, b.word+b.field)
	})
	l.labelsBy = map[rune][]label{}
	for _, w := range l.labels {
		l.labelsBy[w.runes[0]] = append(l.labelsBy[w.runes[0]], w)
	}
}

// loadVocabulary gathers the Latin words that letters run together are cut at.
func (l *lexicon) loadVocabulary() {
	l.vocab = map[string]bool{}
	for _, set := range []wordSet{l.title, l.dept, l.company, l.address, l.common, {"latin": l.given["latin"]}} {
		for _, list := range set {
			for w := range list {
				if w[0] < utf8.RuneSelf && len(w) > 1 {
					l.vocab[w] = true
				}
			}
		}
	}
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

// block gives a file of lines "key: word word …" as lists.
func block(name string) map[string][]string {
	set := map[string][]string{}
	for _, line := range linesOf(name) {
		key, rest, _ := strings.Cut(line, ": ")
		set[key] = append(set[key], strings.Fields(rest)...)
	}
	return set
}

// blocks gives the same as sets. A block whose line has no blanks is a list of
// characters.
func blocks(name string) wordSet {
	set := wordSet{}
	for key, list := range block(name) {
		set[key] = map[string]bool{}
		for _, w := range list {
			if len(list) > 1 || key != "han" {
				set[key][w] = true
				continue
			}
			for _, r := range w {
				set[key][string(r)] = true
			}
		}
	}
	return set
}

// fold gives s as the word files are written: simplified characters and small
// letters, rune by rune, so that places stay the same.
func fold(s string) string {
	l := words()
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return unicode.ToLower(r)
		}
		return l.plain(r)
	}, s)
}

// labelsFor are the labels that may begin s, longest first.
func (l *lexicon) labelsFor(s string) []label {
	r, _ := utf8.DecodeRuneInString(s)
	return l.labelsBy[l.plain(r)]
}

// plain is a character as the word files have it.
func (l *lexicon) plain(r rune) rune {
	if r < utf8.RuneSelf {
		return unicode.ToLower(r)
	}
	if t, ok := l.simple[r]; ok {
		return t
	}
	return unicode.ToLower(script().simplified(r))
}

// ends is the length in characters of the longest word of the block that ends
// the folded s, 0 for none.
func (w wordSet) ends(block, s string) int {
	rs := []rune(s)
	for n := min(len(rs), 8); n > 0; n-- {
		if w[block][string(rs[len(rs)-n:])] {
			return n
		}
	}
	return 0
}

// inside counts the words of the block that stand in the folded s.
func (w wordSet) inside(block, s string) (n int) {
	rs := []rune(s)
	for i := range rs {
		for k := 6; k > 0; k-- {
			if i+k <= len(rs) && w[block][string(rs[i:i+k])] {
				n++
				break
			}
		}
	}
	return n
}

// count is how many of the tokens are in the block.
func (w wordSet) count(block string, tokens []string) (n int) {
	for _, t := range tokens {
		if w[block][t] {
			n++
		}
	}
	return n
}

// tokens are the Latin words of s in small letters, without the punctuation
// around them.
func tokens(s string) []string {
	var out []string
	for _, t := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",/|()[]、，", r) || han(r)
	}) {
		if t = strings.Trim(t, ".;:-–·'\""); t != "" {
			out = append(out, t)
		}
	}
	return out
}

func han(r rune) bool { return r >= 0x2e80 && unicode.Is(unicode.Han, r) || r == 0x3005 }

// hans counts the Chinese characters, the Latin letters and the digits of s.
func hans(s string) (chinese, latin, digits int) {
	for _, r := range s {
		switch {
		case han(r) || kana(r):
			chinese++
		case unicode.IsLetter(r):
			latin++
		case unicode.IsDigit(r):
			digits++
		}
	}
	return chinese, latin, digits
}

func kana(r rune) bool { return r >= 0x3040 && r <= 0x30ff }

func runes(s string) int { return utf8.RuneCountInString(s) }

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

func digitsIn(s string) (n int) {
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
