package ocr

import (
	"image"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
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
		f := fusion{text: text, sure: slices.Clone(l.Sure), at: slices.Clone(l.At), hint: make([]rune, len(text)), box: l.Box}
		if len(l.Also) == len(text) {
			f.also = l.Also
		}
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
	box  image.Rectangle
	also [][]Guess // what each place of the first reading may also hold; may be nil
}

func (f *fusion) store(l *Line) {
	l.Text, l.Sure, l.At = string(f.text), f.sure, f.at
	l.Also = nil
	l.judge()
}

// judge sums up how sure a line is of its characters.
func (l *Line) judge() {
	l.Confidence, l.Weakest = 0, 1
	for _, v := range l.Sure {
		l.Confidence += v / float64(len(l.Sure))
		l.Weakest = min(l.Weakest, v)
	}
}

const (
	// agreed is what is left of the doubt when both engines read the same.
	agreed = 0.25
	// Below the first, the first engine is overruled by a second that is at
	// least so sure of its line as the second says.
	unsureLatin, sureLatin = 0.6, 0.75
	// A Chinese character is overruled by a reading surer by this much.
	surerHan = 0.25
	// Or by one so sure that the first engine thought so possible too: of 202
	// disputes on 126 pictures 14 are such, and 13 of them rightly decided.
	alsoHeard, alsoSaid = 0.11, 0.45
	// Or by one so sure that makes a longer word, unless the first engine is as
	// sure as the second figure: 8 such, all rightly, and 2 beyond it, wrongly.
	wordHeard, wordDoubted = 0.5, 0.95
	// Which of two traditional forms of one simplified character was printed,
	// 復 or 複, 鍾 or 鐘, the second knows better from here on: of 8 such
	// disputes on 200 pictures it was right in all.
	sureVariant = 0.6
	// A rare character gives way to a common one unless it is as sure as this,
	// and never the other way round.
	sureRare = 0.85
	// overruled is the confidence of a character that the engines dispute.
	overruled = 0.5
)

// join takes over what the second reading knows better.
func (f *fusion) join(other []rune, conf float64) {
	usual := map[bool]float64{true: f.advance(true), false: f.advance(false)}
	first := phrase{text: f.text, plain: []rune(fold(string(f.text)))}
	out := fusion{box: f.box}
	i := 0
	for _, p := range align(f.text, other) {
		switch {
		case p.a < 0:
			if r := other[p.b]; conf >= sureMissed && f.missed(r, i, f.across(i, han(r), usual)) {
				out.push(r, conf*overruled, f.between(i), 0)
			}
		case p.b < 0:
			out.push(f.text[i], f.sure[i], f.at[i], 0)
			i++
		default:
			r, sure := f.choose(first, i, other[p.b], conf)
			out.push(r, sure, f.at[i], other[p.b])
			i++
		}
	}
	*f = out
}

func (f *fusion) push(r rune, sure float64, at int, hint rune) {
	f.text, f.sure, f.at, f.hint = append(f.text, r), append(f.sure, sure), append(f.at, at), append(f.hint, hint)
}

// choose decides between two readings of the character at place i.
func (f *fusion) choose(first phrase, i int, b rune, conf float64) (rune, float64) {
	a, sure := f.text[i], f.sure[i]
	if s := script(); a == b || s.simplified(a) == s.simplified(b) {
		if conf >= sureVariant && s.rivals(a, b) {
			return b, fitted
		}
		return a, 1 - agreed*(1-sure)
	}
	if han(a) && han(b) {
		plain := words().plain(b)
		if conf >= alsoSaid && f.heard(i, plain) >= alsoHeard {
			return b, fitted
		}
		if conf >= wordHeard && sure < wordDoubted && first.longest(i, plain) > first.longest(i, first.plain[i]) {
			return b, overruled
		}
	}
	if han(a) == han(b) && overrules(a, b, sure, conf) {
		return b, overruled
	}
	return a, sure * (1 - 0.3*conf)
}

// heard is how likely the first engine found a folded character at place i.
func (f *fusion) heard(i int, plain rune) float64 {
	if i < len(f.also) {
		for _, g := range f.also[i] {
			if words().plain(g.Rune) == plain {
				return g.Sure
			}
		}
	}
	return 0
}

func overrules(a, b rune, sure, conf float64) bool {
	switch {
	case !han(a):
		return sure < unsureLatin && conf >= sureLatin
	case common(a) && !common(b):
		return false
	case !common(a) && common(b):
		return sure < sureRare && conf > unsureLatin
	}
	return sure < conf-surerHan
}

// common says whether a character is one of the 5,401 most used of Big5 or the
// 3,755 of GB 2312, which both encodings list first.
func common(r rune) bool {
	if b, err := traditionalchinese.Big5.NewEncoder().String(string(r)); err == nil && len(b) == 2 && b < "\xc6\x7f" {
		return true
	}
	b, err := simplifiedchinese.HZGB2312.NewEncoder().String(string(r))
	// "~{", two bytes, "~}": rows 16 to 55 are the first level.
	return err == nil && len(b) >= 4 && b[2] >= 0x30 && b[2] <= 0x57
}

const (
	// Room for a character that only the second engine read, in usual steps: a
	// blank; one that is thin or doubles its neighbour, which a network that
	// joins equal answers loses; any other Latin one; a Chinese one, where 995
	// of 1000 steps stay below 1.31; one at the rim, where 98 of 100 ends stay
	// below 0.97.
	roomBlank, roomThin, roomLatin = 1.2, 1.3, 1.65
	roomHan, roomRim               = 1.45, 1.2
	// In a name of so few characters the usual step may be the one in which
	// another is missing, and a character is no wider than this part of its box,
	// which is higher than the print.
	fewGaps, widestHan = 4, 0.9
	thinLetters        = "ilftj1"
	thin               = thinLetters + ".,'"
	// sureMissed is the least confidence of a reading that has more.
	sureMissed = 0.3
)

// across is the usual step at place i for a character that may be missing
// there: between Chinese and others the step is half of each.
func (f *fusion) across(i int, chinese bool, usual map[bool]float64) float64 {
	u := usual[chinese]
	if i > 0 && i < len(f.text) && han(f.text[i-1]) != han(f.text[i]) && usual[!chinese] > 0 {
		u = max(u, (u+usual[!chinese])/2)
	}
	return u
}

// missed says whether a character that only the second engine read stands
// before place i: there must be room for it.
func (f *fusion) missed(r rune, i int, usual float64) bool {
	if !han(r) && (i == 0 || i == len(f.text)) {
		return false // specks at either end of a line are read into signs
	}
	gap := f.room(i)
	if usual == 0 {
		return false
	}
	if i == 0 || i == len(f.text) {
		return gap > roomRim*usual
	}
	before, after := f.text[i-1], f.text[i]
	switch {
	case r == ' ':
		return before != ' ' && after != ' ' && !han(before) && !han(after) && gap > roomBlank*usual
	case han(r):
		return (han(before) || han(after)) && gap > roomHan*usual
	case han(before) && han(after) || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".@-_", r):
		return false
	case r == before:
		return max(gap, f.room(i-1)) > roomThin*usual
	case r == after: // either of the two may be the one that was read
		return max(gap, f.room(i+1)) > roomThin*usual
	case strings.ContainsRune(thin, r):
		return gap > roomThin*usual
	}
	return gap > roomLatin*usual
}

// room is the distance between the middles on either side of place i, or of
// the first or last to the rim.
func (f *fusion) room(i int) float64 {
	switch i {
	case 0:
		return float64(f.at[0] - f.box.Min.X)
	case len(f.at):
		return float64(f.box.Max.X - f.at[i-1])
	}
	return float64(f.at[i] - f.at[i-1])
}

// gap says whether a line of Chinese has room for a character that was not
// read: a network passes over what it was never taught.
func (l Line) gap() bool {
	text := []rune(l.Text)
	if len(l.At) != len(text) || len(text) < 2 || len(text) > maxText || !han(text[0]) {
		return false
	}
	f := fusion{text: text, at: l.At, box: l.Box}
	usual := f.advance(true)
	if usual == 0 {
		return false
	}
	for i := 1; i < len(text); i++ {
		if han(text[i-1]) && han(text[i]) && f.room(i) > roomHan*usual {
			return true
		}
	}
	return f.room(0) > roomRim*usual || han(text[len(text)-1]) && f.room(len(text)) > roomRim*usual
}

// doubled says whether a thin letter has room beside it for the like, with which
// a network may have joined it without a doubt.
func (l Line) doubled() bool {
	text := []rune(l.Text)
	if len(l.At) != len(text) || len(text) > maxText {
		return false
	}
	f := fusion{text: text, at: l.At, box: l.Box}
	usual := f.advance(false)
	for i := 1; i < len(text); i++ {
		pair := string(text[i-1 : i+1])
		if narrow(pair) && strings.ContainsAny(pair, thinLetters) && f.room(i) > roomThin*usual {
			return true
		}
	}
	return false
}

// narrow says that characters are ASCII and none is wider than most.
func narrow(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > unicode.MaxASCII || strings.ContainsRune("mwMW@%", r) })
}

func (f *fusion) between(i int) int {
	switch i {
	case 0:
		return (f.box.Min.X + f.at[0]) / 2
	case len(f.at):
		return (f.at[i-1] + f.box.Max.X) / 2
	}
	return (f.at[i-1] + f.at[i]) / 2
}

// advance is the usual distance between neighbours, in pixels, among Chinese
// characters or the others; 0 where there are no such neighbours.
func (f *fusion) advance(chinese bool) float64 {
	var gaps []int
	for i := 1; i < len(f.at); i++ {
		if f.text[i] != ' ' && f.text[i-1] != ' ' && han(f.text[i]) == chinese && han(f.text[i-1]) == chinese {
			gaps = append(gaps, f.at[i]-f.at[i-1])
		}
	}
	if len(gaps) == 0 {
		return 0
	}
	slices.Sort(gaps)
	usual := float64(gaps[len(gaps)/2])
	if chinese && len(f.text) < fewGaps {
		usual = min(usual, widestHan*float64(f.box.Dy()))
	}
	return usual
}
