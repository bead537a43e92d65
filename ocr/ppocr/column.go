package ppocr

import (
	"cmp"
	"image"
	"math"
	"slices"
)

// A column of Chinese print is cut into its characters, which are then set
// side by side: the network reads rows only.

// tall is from how many times its width a slab is taken for a column.
const tall = 1.5

// isColumn says whether a slab is higher than any row's first character.
func (s slab) isColumn() bool { return s.H >= tall*s.W }

// stacked joins what detection has cut apart: boxes of one or few characters
// above one another. A list's labels or icons stand so too, but are no taller
// than wide and have their values beside them.
func stacked(found []slab) []slab {
	slices.SortFunc(found, func(a, b slab) int { return cmp.Compare(a.Y-a.H/2, b.Y-b.H/2) })
	var stacks [][]slab
	for _, s := range found {
		i := slices.IndexFunc(stacks, func(c []slab) bool { return continues(c[len(c)-1], s) })
		if i < 0 {
			stacks = append(stacks, []slab{s})
			continue
		}
		stacks[i] = append(stacks[i], s)
	}
	var out []slab
	for _, c := range stacks {
		out = append(out, united(found, c)...)
	}
	return out
}

// united joins a stack's boxes: all if one of them is a column already, else
// neighbours that have nothing beside them.
func united(found, stack []slab) []slab {
	sure := slices.ContainsFunc(stack, slab.isColumn)
	out := stack[:1:1]
	for _, s := range stack[1:] {
		if last := &out[len(out)-1]; sure || !beside(found, s) && !beside(found, *last) {
			*last = joined(*last, s)
			continue
		}
		out = append(out, s)
	}
	return out
}

// continues says whether s is the next piece of the column c.
func continues(c, s slab) bool {
	wide, narrow := max(c.W, s.W), min(c.W, s.W)
	gap := (s.Y - s.H/2) - (c.Y + c.H/2)
	return 4*s.H >= 3*s.W && 4*c.H >= 3*c.W && // no rows
		math.Abs(c.X-s.X) < 0.3*wide && narrow > 0.5*wide &&
		gap < 0.5*wide && gap > -0.6*s.H
}

// beside says whether a row begins or ends close to s.
func beside(found []slab, s slab) bool {
	return slices.ContainsFunc(found, func(r slab) bool {
		gap := math.Abs(r.X-s.X) - (r.W+s.W)/2
		shared := min(r.Y+r.H/2, s.Y+s.H/2) - max(r.Y-r.H/2, s.Y-s.H/2)
		return r.W > 1.5*r.H && gap > -0.5*s.W && gap < 2*s.W && shared > 0.5*min(r.H, s.H)
	})
}

func joined(a, b slab) slab {
	left, right := min(a.X-a.W/2, b.X-b.W/2), max(a.X+a.W/2, b.X+b.W/2)
	top, low := min(a.Y-a.H/2, b.Y-b.H/2), max(a.Y+a.H/2, b.Y+b.H/2)
	return slab{X: (left + right) / 2, Y: (top + low) / 2, UX: 1, W: right - left, H: low - top}
}

// cells are the likeliest cuts of a column into characters, best first, at
// most three.
func cells(view *image.RGBA, s slab) [][]slab {
	ink, wide, off := profile(view, s)
	top, low := bounds(ink, 0.08)
	length := float64(low - top)
	if length < 4 || wide < 2 {
		return nil
	}
	type cut struct {
		cost  float64
		cells []slab
	}
	var cuts []cut
	for n := max(1, int(length/(1.9*wide))); n <= int(math.Ceil(length/(0.8*wide))); n++ {
		ys, cost := grid(ink, float64(top), length, wide, n)
		c := cut{cost: cost}
		for i := range n {
			c.cells = append(c.cells, s.cell(off, 1.1*wide, ys[i], ys[i+1]))
		}
		cuts = append(cuts, c)
	}
	slices.SortFunc(cuts, func(a, b cut) int { return cmp.Compare(a.cost, b.cost) })
	var out [][]slab
	for _, c := range cuts[:min(3, len(cuts))] {
		out = append(out, c.cells)
	}
	return out
}

// cell is the part of a column from one height to another, both from its top,
// and so wide around off from its middle.
func (s slab) cell(off, wide, from, to float64) slab {
	x, y := s.at(s.W/2+off, (from+to)/2)
	return slab{x, y, s.UX, s.UY, wide, to - from}
}

// grid places n characters on a column and says how well the ink lies between
// its cuts: 0 is perfect.
func grid(ink []float64, top, length, wide float64, n int) (ys []float64, cost float64) {
	gap := 0.0
	if n > 1 {
		gap = max(0, (length-float64(n)*wide)/float64(n-1))
	}
	high := (length - float64(n-1)*gap) / float64(n)
	pitch := high + gap
	rim := max(1, gap/2, 0.04*pitch)
	ys = append(ys, max(0, top-rim))
	mean := sum(ink) / float64(len(ink))
	for k := 1; k < n; k++ {
		at, least := lightest(ink, top+float64(k)*pitch-gap/2, 0.14*pitch, 0.4*gap)
		ys = append(ys, at)
		cost += least / mean / float64(n-1)
	}
	return append(ys, min(float64(len(ink)), top+length+rim)), cost + 1.2*math.Abs(math.Log(high/wide))
}

// lightest is the place with the least ink around it, and how much a row has
// there; it is looked for so far from at, nearer places being better.
func lightest(ink []float64, at, slack, around float64) (best, least float64) {
	best, least = at, math.Inf(1)
	for y := max(0, int(at-slack)); y <= min(len(ink)-1, int(at+slack)); y++ {
		from, to := max(0, y-int(around)), min(len(ink), y+int(around)+1)
		near := math.Abs(float64(y)-at) / max(1, slack)
		if v := sum(ink[from:to])/float64(to-from)*(1+0.3*near) + 0.01*near; v < least {
			best, least = float64(y)+.5, v
		}
	}
	return best, min(least, 1e6)
}

// profile is the ink of each row of a column, how wide its print is, and how
// far right of its middle.
func profile(view *image.RGBA, s slab) (rows []float64, wide, off float64) {
	w, h := max(1, int(s.W)), max(1, int(s.H))
	grey := make([]int, w*h)
	from := between(view)
	for y := range h {
		to := s.walk(float64(y)+.5, 1)
		for x := range w {
			grey[y*w+x] = from.grey(&to) >> 8
		}
	}
	sorted := slices.Clone(grey)
	slices.Sort(sorted)
	paper := sorted[len(sorted)/2] // print covers less than half
	deep := max(12, max(paper-sorted[len(sorted)/50], sorted[len(sorted)*49/50]-paper)/3)
	rows, cols := make([]float64, h), make([]float64, w)
	for i, v := range grey {
		if d := v - paper; d > deep || -d > deep {
			rows[i/w]++
			cols[i%w]++
		}
	}
	left, right := bounds(cols, 0.15)
	return rows, float64(right - left), float64(left+right)/2 - float64(w)/2
}

// bounds is where a profile first and last exceeds a part of its peak.
func bounds(v []float64, part float64) (from, to int) {
	least := part * slices.Max(v)
	over := func(x float64) bool { return x > least }
	from = slices.IndexFunc(v, over)
	for to = len(v); to > from && to > 0 && !over(v[to-1]); to-- {
	}
	return max(0, from), to
}

func sum(v []float64) (total float64) {
	for _, x := range v {
		total += x
	}
	return total
}
