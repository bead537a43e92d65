package ocr

import (
	"slices"
	"sync"
)

const (
	// A character is taken for another that the engine thinks possible if only
	// that makes a word: of two characters, or of more, which chance makes less
	// often. Both are parts of the first one's confidence.
	fitsPair, fitsWord = 0.1, 0.03
	// fitted is the confidence of such a character.
	fitted = 0.8
	// On a traditional card the traditional form of a character stands for it
	// from the first confidence on, or from the second where the simplified one
	// is traditional print too, as 后 beside 後 and 台 beside 臺.
	formShown, formClear = 0.05, 0.2
	// longestWord is how many characters the words looked up have at most.
	longestWord = 4
)

// weigh hears out what else the characters of a line may be, before anybody
// else is asked: the two forms of a Chinese character count as one, as a network
// that was taught both divides its answer between them, and what makes no word
// gives way to what does.
func weigh(lines []Line) {
	hant := traditional(lines)
	for i := range lines {
		l := &lines[i]
		text := []rune(l.Text)
		if len(l.Also) != len(text) || len(l.Sure) != len(text) || len(text) > maxText {
			continue
		}
		l.Sure = slices.Clone(l.Sure)
		p := phrase{text: text, plain: []rune(fold(l.Text)), sure: l.Sure, also: make([][]Guess, len(text))}
		for i, also := range l.Also {
			if len(also) > 0 && han(text[i]) {
				p.gather(i, also, hant)
			}
		}
		for i := range text {
			p.fit(i)
		}
		l.Text, l.Also = string(text), p.also
		l.judge()
	}
}

// phrase is a line while it is weighed.
type phrase struct {
	text, plain []rune // plain is folded
	sure        []float64
	also        [][]Guess // others than both forms of the character
}

// gather sums up the forms of each character that place i may hold, and takes
// the likeliest.
func (p *phrase) gather(i int, also []Guess, hant bool) {
	l := words()
	all := append([]Guess{{p.text[i], p.sure[i]}}, also...)
	type heard struct {
		plain rune
		sum   float64
		shown Guess
	}
	var sums []heard
	for _, g := range all {
		k := slices.IndexFunc(sums, func(h heard) bool { return h.plain == l.plain(g.Rune) })
		if k < 0 {
			sums = append(sums, heard{l.plain(g.Rune), g.Sure, g})
			continue
		}
		sums[k].sum += g.Sure
		if hant && shown(g) {
			sums[k].shown = g
		}
	}
	slices.SortStableFunc(sums, func(a, b heard) int { return int(1e6 * (b.sum - a.sum)) })
	p.text[i], p.plain[i], p.sure[i] = sums[0].shown.Rune, sums[0].plain, min(1, sums[0].sum)
	for _, h := range sums[1:] {
		p.also[i] = append(p.also[i], Guess{h.shown.Rune, h.sum})
	}
}

// shown says whether a traditional form is sure enough to stand.
func shown(g Guess) bool {
	if script().traditional[g.Rune] {
		return g.Sure >= formShown
	}
	return g.Sure >= formClear && words().plain(g.Rune) != g.Rune
}

// fit takes what makes a longer word at place i than what stands there.
func (p *phrase) fit(i int) {
	best, longest := Guess{}, p.longest(i, p.plain[i])
	for _, g := range p.also[i] {
		n := 0
		if han(g.Rune) && g.Sure >= fitsWord*p.sure[i] {
			n = p.longest(i, words().plain(g.Rune))
		}
		if n > longest && (n > 2 || g.Sure >= fitsPair*p.sure[i]) {
			best, longest = g, n
		}
	}
	if best.Rune != 0 {
		p.text[i], p.plain[i], p.sure[i] = best.Rune, words().plain(best.Rune), fitted
	}
}

// longest is how many characters the longest word has that r at place i is part
// of; 0 for none.
func (p *phrase) longest(i int, r rune) int {
	known := chineseWords()
	for n := longestWord; n > 1; n-- {
		for from := max(0, i-n+1); from <= i && from+n <= len(p.plain); from++ {
			w := slices.Clone(p.plain[from : from+n])
			w[i-from] = r
			if known[string(w)] {
				return n
			}
		}
	}
	return 0
}

var chineseWords = sync.OnceValue(loadChineseWords)

// loadChineseWords gathers the Chinese words of all files, folded.
func loadChineseWords() map[string]bool {
	all := map[string]bool{}
	for first, rests := range block("chinese") {
		for _, rest := range rests {
			all[first+rest] = true
		}
	}
	add := func(w string) {
		if n := runes(w); n > 1 && n <= longestWord && chinesePrint(w) {
			all[fold(w)] = true
		}
	}
	l := words()
	for _, set := range []wordSet{l.title, l.dept, l.company, l.address} {
		for _, list := range set {
			for w := range list {
				add(w)
			}
		}
	}
	for _, w := range l.labels {
		add(w.word)
	}
	for w := range places().wide {
		add(w)
	}
	return all
}
