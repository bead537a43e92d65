package ppocr

import (
	"cmp"
	"slices"
)

const (
	// inside is the network's answer from which a pixel belongs to a line.
	inside = 0.3
	// aLine is the mean answer over a line's rectangle from which it is one.
	aLine = 0.5
	// unclip is how far a line's core is grown to its print: times area by
	// circumference.
	unclip = 1.6
	// lowest is the least height of a line's core, in pixels of the map.
	lowest = 3
	// mostLines is four times what the fullest card has; a newspaper's page
	// or a stippled surface is cut off there, largest lines first.
	mostLines = 160
)

// heat is the answer of detection: for each pixel how sure it is to be in the
// core of a line, 0–1.
type heat struct {
	v    []float32
	w, h int
}

// slabs gives the lines of the map, in its pixels.
func (m heat) slabs() []slab {
	seen := make([]bool, len(m.v))
	var out []slab
	for i, v := range m.v {
		if v <= inside || seen[i] {
			continue
		}
		s := enclosing(hullOf(m.outline(i, seen)))
		if min(s.W, s.H) < lowest || m.mean(s) < aLine {
			continue
		}
		out = append(out, s.grown(s.W*s.H*unclip/(2*(s.W+s.H))))
	}
	if len(out) > mostLines {
		slices.SortFunc(out, func(a, b slab) int { return cmp.Compare(b.W*b.H, a.W*a.H) })
		out = out[:mostLines]
	}
	return out
}

// outline walks the blob that start is in, marks it as seen, and gives the
// ends of its rows, by y and then x.
func (m heat) outline(start int, seen []bool) []point {
	top := start / m.w // the scan comes from above
	var left, right []int
	stack := []int{start}
	seen[start] = true
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		x, y := i%m.w, i/m.w
		for y-top >= len(left) {
			left, right = append(left, m.w), append(right, -1)
		}
		left[y-top], right[y-top] = min(left[y-top], x), max(right[y-top], x)
		for ny := max(0, y-1); ny <= min(m.h-1, y+1); ny++ {
			for nx := max(0, x-1); nx <= min(m.w-1, x+1); nx++ {
				if k := ny*m.w + nx; m.v[k] > inside && !seen[k] {
					seen[k] = true
					stack = append(stack, k)
				}
			}
		}
	}
	return corners(left, right, top)
}

// corners are those of the pixels at the ends of the rows.
func corners(left, right []int, top int) []point {
	var out []point
	for i := 0; i <= len(left); i++ {
		lo, hi := 1<<30, -1
		for _, k := range []int{i - 1, i} {
			if k >= 0 && k < len(left) {
				lo, hi = min(lo, left[k]), max(hi, right[k]+1)
			}
		}
		y := float64(top + i)
		out = append(out, point{float64(lo), y}, point{float64(hi), y})
	}
	return out
}

// mean is the mean answer in a rectangle.
func (m heat) mean(s slab) float64 {
	box := s.upright()
	sum, n := 0.0, 0
	for y := max(0, box.Min.Y); y < min(m.h, box.Max.Y); y++ {
		for x := max(0, box.Min.X); x < min(m.w, box.Max.X); x++ {
			dx, dy := float64(x)+.5-s.X, float64(y)+.5-s.Y
			a, c := dx*s.UX+dy*s.UY, dy*s.UX-dx*s.UY
			if max(a, -a) <= s.W/2 && max(c, -c) <= s.H/2 {
				sum += float64(m.v[y*m.w+x])
				n++
			}
		}
	}
	return sum / float64(max(n, 1))
}
