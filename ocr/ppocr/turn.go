//go:build cgo

package ppocr

import (
	"cmp"
	"image"
	"slices"
)

const (
	// probes is how many of the longest lines tell how a card lies. They are
	// read before the others.
	probes = 4
	// plain is the mean confidence of the probes from which nobody doubts how
	// the card lies; print on its head stays below 0.7.
	plain = 0.8
	// gain is how much surer the print must be when turned, and clear how sure.
	gain, clear = 0.2, 0.75
)

// longest moves the longest slabs to the front and returns how many they are.
func longest(found []slab) int {
	slices.SortStableFunc(found, func(a, b slab) int { return cmp.Compare(max(b.W, b.H), max(a.W, a.H)) })
	return min(probes, len(found))
}

// turned is the slab as it lies when its print stands so many quarter turns
// off: its length runs along the print.
func (s slab) turned(quarters int) slab {
	for range quarters {
		s.UX, s.UY, s.W, s.H = s.UY, -s.UX, s.H, s.W
	}
	return s
}

// quarters is how many quarter turns clockwise make the print upright, as far
// as the probes tell, which are read as upright so far; 0 when in doubt.
func (e *Engine) quarters(view *image.RGBA, probes []slab, upright []answer) (int, error) {
	climbing, order := 0, []int{2, 1, 3}
	for i, a := range upright {
		if a.side { // read, but not as upright
			upright[i].signs = make([]sign, len(a.signs))
		}
		if probes[i].isColumn() {
			climbing++
		}
	}
	if 2*climbing > len(probes) {
		order = []int{1, 3, 2}
	}
	most := certainty(upright)
	if len(probes) == 0 || most >= plain {
		return 0, nil
	}
	for _, q := range order {
		var answers []answer
		for _, s := range probes {
			a, err := e.rec.either(view, s.turned(q))
			if err != nil {
				return 0, err
			}
			answers = append(answers, a)
		}
		if certainty(answers) >= max(most+gain, clear) {
			return q, nil
		}
	}
	return 0, nil
}

// certainty is the mean confidence of all characters of some lines. A line in
// which nothing was read counts as one of none, and so does an empty cell.
func certainty(answers []answer) float64 {
	total, n := 0.0, 0
	for _, a := range answers {
		for _, g := range a.signs {
			total += g.sure
		}
		n += max(1, len(a.signs), len(a.cells))
	}
	return total / float64(max(1, n))
}
