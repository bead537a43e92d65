package script

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
)

// Levels gives each character of a line its embedding level and says whether
// the line as a whole runs from right to left, by its first letter (Unicode
// Standard Annex 9, rules P2 to L1; odd levels run from right to left). Codes
// that embed or isolate count as nothing: a badge's texts have none.
func Levels(text []rune) (levels []uint8, rtl bool) {
	levels = make([]uint8, len(text))
	p := paragraph{}
	for i, r := range text {
		if c := classOf(r); c != bidi.BN {
			p.at, p.text, p.classes = append(p.at, i), append(p.text, r), append(p.classes, c)
		}
	}
	if !slices.ContainsFunc(p.classes, fromTheRight) {
		return levels, false
	}
	if first := slices.IndexFunc(p.classes, func(c bidi.Class) bool { return c == bidi.L || c == bidi.R || c == bidi.AL }); first >= 0 && p.classes[first] != bidi.L {
		p.own = bidi.R
	}
	p.original = slices.Clone(p.classes)
	p.weak()
	p.brackets()
	p.neutral()
	p.resolve(levels)
	return levels, p.own == bidi.R
}

// Visual returns the order in which the eye meets things of these levels, from
// left to right (rule L2).
func Visual(levels []uint8) []int {
	order := make([]int, len(levels))
	highest := uint8(0)
	for i, l := range levels {
		order[i], highest = i, max(highest, l)
	}
	for level := highest; level > 0; level-- {
		for start := 0; start < len(levels); start++ {
			end := start
			for end < len(levels) && levels[end] >= level {
				end++
			}
			slices.Reverse(order[start:end])
			start = max(start, end-1)
		}
	}
	return order
}

func fromTheRight(c bidi.Class) bool { return c == bidi.R || c == bidi.AL || c == bidi.AN }

// classOf folds the classes that a single line has no use for.
func classOf(r rune) bidi.Class {
	var b [utf8.UTFMax]byte
	props, _ := bidi.Lookup(b[:utf8.EncodeRune(b[:], r)])
	switch c := props.Class(); c {
	case bidi.B, bidi.S:
		return bidi.WS
	case bidi.L, bidi.R, bidi.EN, bidi.ES, bidi.ET, bidi.AN, bidi.CS, bidi.WS, bidi.ON, bidi.NSM, bidi.AL:
		return c
	}
	return bidi.BN
}

// paragraph is a line on its way through the rules.
type paragraph struct {
	at                []int // where in the line each of the others stands
	text              []rune
	classes, original []bidi.Class
	own               bidi.Class // L or R: the direction of the whole, and what stands before and after it
}

// resolve turns classes into levels: rules I1, I2 and, for spaces at the end,
// L1. What has no class of its own goes with what stands before it.
func (p *paragraph) resolve(levels []uint8) {
	whole := uint8(0)
	if p.own == bidi.R {
		whole = 1
	}
	end := len(p.classes)
	for end > 0 && p.original[end-1] == bidi.WS {
		end--
	}
	last, next := whole, 0
	for i := range levels {
		if next < len(p.at) && p.at[next] == i {
			last = whole
			switch c := p.classes[next]; {
			case next >= end:
			case c == bidi.EN, c == bidi.AN:
				last = 2
			case c != p.own:
				last++
			}
			next++
		}
		levels[i] = last
	}
}

// Mirror is the character that stands for r where text runs from right to left,
// r itself for most: brackets and pointed signs.
func Mirror(r rune) rune {
	const left, right = "<«‹≤≪≺", ">»›≥≫≻"
	if i := strings.IndexRune(left, r); i >= 0 {
		r, _ = utf8.DecodeRuneInString(right[i:])
		return r
	}
	if i := strings.IndexRune(right, r); i >= 0 {
		r, _ = utf8.DecodeRuneInString(left[i:])
		return r
	}
	r, _ = utf8.DecodeRuneInString(bidi.ReverseString(string(r)))
	return r
}
