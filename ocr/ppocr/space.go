//go:build cgo

package ppocr

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// A blank stands between two letters or digits if the network thinks it as
	// likely as this somewhere between them, and they are so many usual steps
	// apart. It says "no character" where a blank is narrow: in 165 rows read
	// right it told 56 of 210 blanks; so it is 144, and two that are none.
	hinted, apart = 0.05, 1.2
	// blankSure is the confidence of such a blank: nobody need be asked for it.
	blankSure = 0.96
)

// spaced puts in the blanks that the steps between the signs hint at.
func (r *recognizer) spaced(signs []sign, out []float32) []sign {
	usual := usualStep(signs)
	if usual == 0 {
		return signs
	}
	spaced := make([]sign, 0, len(signs)+4)
	for i, g := range signs {
		if i > 0 && letters(signs[i-1], g) && float64(g.step-signs[i-1].step) >= apart*usual {
			if at, sure := r.blank(out, signs[i-1].step+1, g.step); sure >= hinted {
				spaced = append(spaced, sign{text: " ", sure: blankSure, step: at})
			}
		}
		spaced = append(spaced, g)
	}
	return spaced
}

// blank is the step at which a blank is likeliest, and how likely.
func (r *recognizer) blank(out []float32, from, to int) (at int, sure float32) {
	n := len(r.keys)
	for t := from; t < to; t++ {
		if v := out[t*n+n-1]; v > sure {
			at, sure = t, v
		}
	}
	return at, sure
}

// usualStep is the median distance between neighbouring letters and digits, in
// steps; 0 for fewer than three.
func usualStep(signs []sign) float64 {
	var steps []int
	for i := 1; i < len(signs); i++ {
		if letters(signs[i-1], signs[i]) {
			steps = append(steps, signs[i].step-signs[i-1].step)
		}
	}
	if len(steps) < 3 {
		return 0
	}
	slices.Sort(steps)
	n := len(steps)
	return float64(steps[n/2]+steps[(n-1)/2]) / 2
}

// letters says whether two signs are such as have blanks between them: no
// Chinese, no blank, and not the parts of an address.
func letters(a, b sign) bool {
	return a.text[0] < utf8.RuneSelf && b.text[0] < utf8.RuneSelf && !strings.ContainsAny(a.text+b.text, " @_")
}
