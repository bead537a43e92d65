package ocr

import (
	"slices"
	"unicode"
)

// fuse makes one text of each line's two readings, character by character, and
// gives a traditional card the forms that were printed. Only lines whose engine
// tells how sure it is of each character are touched.
func fuse(lines []Line) {
	hant := traditional(lines)
	for i := range lines {
		l := &lines[i]
		text := []rune(l.Text)
		if len(l.Sure) != len(text) || len(l.At) != len(text) || len(text) == 0 || len(text) > maxText {
			continue
		}
		f := fusion{text: text, sure: slices.Clone(l.Sure), at: slices.Clone(l.At), hint: make([]rune, len(text))}
		if l.Second.Text != "" {
			f.join([]rune(short(l.Second.Text)), l.Second.Confidence)
		}
		if hant {
			f.text = script().restore(f.text, f.hint)
		}
		f.store(l)
	}
}

// fusion is one line while its readings are joined.
type fusion struct {
	text []rune
	sure []float64
	at   []int
	hint []rune // what the other engine read at each place; 0 for nothing
}

func (f *fusion) store(l *Line) {
	l.Text, l.Sure, l.At = string(f.text), f.sure, f.at
	l.Confidence, l.Weakest = 0, 1
	for _, v := range f.sure {
		l.Confidence += v / float64(len(f.sure))
		l.Weakest = min(l.Weakest, v)
	}
}

const (
	// agreed is what is left of the doubt when both engines read the same.
	agreed = 0.25
	// Below these the first engine is overruled: by a second that is at least
	// so sure of its line, counting Chinese and other characters apart.
	unsureHan, sureHan     = 0.55, 0.6
	unsureLatin, sureLatin = 0.6, 0.75
	// overruled is the confidence of a character that the engines dispute.
	overruled = 0.5
)

// join takes over what the second reading knows better.
func (f *fusion) join(other []rune, conf float64) {
	usual := f.advance()
	out := fusion{}
	i := 0
	for _, p := range align(f.text, other) {
		switch {
		case p.a < 0:
			if r := other[p.b]; f.missed(r, i, usual) {
				out.push(r, conf*overruled, f.between(i), 0)
			}
		case p.b < 0:
			out.push(f.text[i], f.sure[i], f.at[i], 0)
			i++
		default:
			r, sure := choose(f.text[i], other[p.b], f.sure[i], conf)
			out.push(r, sure, f.at[i], other[p.b])
			i++
		}
	}
	*f = out
}

func (f *fusion) push(r rune, sure float64, at int, hint rune) {
	f.text, f.sure, f.at, f.hint = append(f.text, r), append(f.sure, sure), append(f.at, at), append(f.hint, hint)
}

// choose decides between two readings of one character.
func choose(a, b rune, sure, conf float64) (rune, float64) {
	s := script()
	if a == b || s.simplified(a) == s.simplified(b) {
		return a, 1 - agreed*(1-sure)
	}
	unsure, enough := unsureLatin, sureLatin
	if han(a) {
		unsure, enough = unsureHan, sureHan
	}
	if sure < unsure && conf >= enough && han(a) == han(b) {
		return b, overruled
	}
	return a, sure * (1 - 0.3*conf)
}

// missed says whether a character that only the second engine read stands
// before place i: there must be room for it.
func (f *fusion) missed(r rune, i int, usual float64) bool {
	if i == 0 || i == len(f.text) {
		return false // specks at either end of a line are read into signs
	}
	gap := float64(f.at[i] - f.at[i-1])
	before, after := f.text[i-1], f.text[i]
	if r == ' ' {
		return before != ' ' && after != ' ' && !han(before) && !han(after) && gap > 1.2*usual
	}
	if han(r) != han(before) && han(r) != han(after) || !han(r) && !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != '@' && r != '-' && r != '_' {
		return false
	}
	return gap > 1.65*usual
}

func (f *fusion) between(i int) int { return (f.at[i-1] + f.at[i]) / 2 }

// advance is the usual distance between neighbours, in pixels.
func (f *fusion) advance() float64 {
	var gaps []int
	for i := 1; i < len(f.at); i++ {
		if f.text[i] != ' ' && f.text[i-1] != ' ' {
			gaps = append(gaps, f.at[i]-f.at[i-1])
		}
	}
	if len(gaps) == 0 {
		return 0
	}
	slices.Sort(gaps)
	return float64(gaps[len(gaps)/2])
}

// pair is one step of an alignment: places in both texts, -1 where one has
// nothing.
type pair struct{ a, b int }

// align finds the cheapest way to turn a into b (Levenshtein); a blank more or
// less costs little, and the two forms of a character nothing.
func align(a, b []rune) []pair {
	s := script()
	skip := func(r rune) int {
		if r == ' ' {
			return 2
		}
		return 10
	}
	swap := func(x, y rune) int {
		switch {
		case x == y || s.simplified(x) == s.simplified(y):
			return 0
		case x == ' ' || y == ' ':
			return 20
		case unicode.ToLower(x) == unicode.ToLower(y):
			return 4
		}
		return 11
	}
	w := len(b) + 1
	cost := make([]int, (len(a)+1)*w)
	for i := range len(a) + 1 {
		for j := range w {
			c := 1 << 30
			if i == 0 && j == 0 {
				c = 0
			}
			if i > 0 {
				c = min(c, cost[(i-1)*w+j]+skip(a[i-1]))
			}
			if j > 0 {
				c = min(c, cost[i*w+j-1]+skip(b[j-1]))
			}
			if i > 0 && j > 0 {
				c = min(c, cost[(i-1)*w+j-1]+swap(a[i-1], b[j-1]))
			}
			cost[i*w+j] = c
		}
	}
	var out []pair
	for i, j := len(a), len(b); i > 0 || j > 0; {
		c := cost[i*w+j]
		switch {
		case i > 0 && j > 0 && c == cost[(i-1)*w+j-1]+swap(a[i-1], b[j-1]):
			i, j = i-1, j-1
			out = append(out, pair{i, j})
		case i > 0 && c == cost[(i-1)*w+j]+skip(a[i-1]):
			i--
			out = append(out, pair{i, -1})
		default:
			j--
			out = append(out, pair{-1, j})
		}
	}
	slices.Reverse(out)
	return out
}
