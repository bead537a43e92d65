//go:build cgo

package ppocr

import (
	"image"
	"slices"
	"unicode"
	"unicode/utf8"
)

// mostFilled is how many cells of a column may lack a character for it to be
// worth reading them; more mean that the cut is wrong.
const mostFilled = 2

// filled reads a column's cells in which nothing was read once more, each by
// itself: among others a dense character is passed over now and then.
func (r *recognizer) filled(view *image.RGBA, a answer) (answer, error) {
	empty := a.empty()
	if a.side || len(empty) > mostFilled || len(empty) >= len(a.signs) {
		return a, nil
	}
	for _, k := range empty {
		one, err := r.row(view, a.cells[k])
		if err != nil {
			return answer{}, err
		}
		if len(one.signs) != 1 || one.signs[0].sure < noise {
			continue
		}
		g := one.signs[0]
		if c, _ := utf8.DecodeRuneInString(g.text); !unicode.Is(unicode.Han, c) {
			continue
		}
		g.step = int((float64(k) + .5) / a.width)
		at, _ := slices.BinarySearchFunc(a.signs, g, func(x, y sign) int { return x.step - y.step })
		a.signs = slices.Insert(a.signs, at, g)
	}
	return a, nil
}

// empty are the cells in which nothing was read.
func (a answer) empty() []int {
	if len(a.cells) == 0 {
		return nil
	}
	full := make([]bool, len(a.cells))
	for _, g := range a.signs {
		full[a.cell(g)] = true
	}
	var out []int
	for k, f := range full {
		if !f {
			out = append(out, k)
		}
	}
	return out
}

// cell is in which cell of a column a character stands.
func (a answer) cell(g sign) int {
	return min(int((float64(g.step)+.5)*a.width), len(a.cells)-1)
}
