package ocr

import (
	"image"
	"math"
	"slices"
)

// tilt is how lines of print descend to the right, by their boxes: pixels down
// for one to the right, about a point.
type tilt struct {
	slope  float64
	middle image.Point
}

const (
	leastTilt = 0.06 // below it rows are told apart as they are
	mostTilt  = 0.35
	tiltLines = 6 // as few tell
)

// levelled turns the boxes of a card that was drawn askew level, so that what
// stands in one row or one column is seen to. The lines are copied.
func levelled(lines []Line) ([]Line, tilt) {
	t := tilt{slope: steepness(lines)}
	if t.slope < leastTilt || t.slope > mostTilt {
		return lines, tilt{}
	}
	var all image.Rectangle
	for _, l := range lines {
		all = all.Union(l.Box)
	}
	t.middle = all.Min.Add(all.Max).Div(2)
	other := tilt{-t.slope, t.middle}
	one, two := t.apply(lines), other.apply(lines)
	switch a, b := inRows(one), inRows(two); {
	case a > b:
		return one, t
	case b > a:
		return two, other
	}
	return lines, tilt{}
}

// steepness is how much higher boxes are the longer their lines are: the tilt
// without its sign, 0 where few lines tell.
func steepness(lines []Line) float64 {
	var w, h []float64
	for _, l := range lines {
		if x, y := float64(l.Box.Dx()), float64(l.Box.Dy()); !l.Upright && runes(l.Text) > 4 && x > 2.4*y && y > 0 {
			w, h = append(w, x), append(h, y)
		}
	}
	if len(w) < tiltLines {
		return 0
	}
	var steep []float64 // of every pair of lines: the middle one is not led astray by large print
	for i := range w {
		for k := range i {
			if d := w[i] - w[k]; math.Abs(d) > 40 {
				steep = append(steep, (h[i]-h[k])/d)
			}
		}
	}
	if len(steep) < tiltLines {
		return 0
	}
	slices.Sort(steep)
	return steep[len(steep)/2]
}

// apply turns all boxes level.
func (t tilt) apply(lines []Line) []Line {
	out := slices.Clone(lines)
	for i, l := range out {
		w, h := float64(l.Box.Dx()), float64(l.Box.Dy())
		s := math.Abs(t.slope)
		if l.Upright {
			w = max(w-s*h, w/3)
		} else {
			h = max(h-s*w, h/3)
		}
		x, y := t.turn(l.Box, -1)
		out[i].Box = image.Rect(int(x-w/2), int(y-h/2), int(x+w/2), int(y+h/2))
	}
	return out
}

// back gives a level box its place in the view again.
func (t tilt) back(b image.Rectangle) image.Rectangle {
	if t.slope == 0 || b.Empty() {
		return b
	}
	x, y := t.turn(b, 1)
	w, h := float64(b.Dx()), float64(b.Dy())+math.Abs(t.slope)*float64(b.Dx())
	return image.Rect(int(x-w/2), int(y-h/2), int(x+w/2), int(y+h/2))
}

// turn is where a box's middle comes to, to the slope or from it.
func (t tilt) turn(b image.Rectangle, sign float64) (x, y float64) {
	x, y = float64(b.Min.X+b.Max.X)/2, float64(b.Min.Y+b.Max.Y)/2
	dx, dy := x-float64(t.middle.X), y-float64(t.middle.Y)
	return x - sign*t.slope*dy, y + sign*t.slope*dx
}

// inRows counts the pairs of lines that stand in one row, or begin or end in one
// column.
func inRows(lines []Line) (n int) {
	near := func(a, b, high int) bool { return abs(a-b)*4 < high }
	for i, a := range lines {
		for _, b := range lines[:i] {
			high := min(a.Box.Dy(), b.Box.Dy())
			if near(a.Box.Min.Y+a.Box.Max.Y, b.Box.Min.Y+b.Box.Max.Y, 2*high) {
				n++
			}
			if near(a.Box.Min.X, b.Box.Min.X, high) || near(a.Box.Max.X, b.Box.Max.X, high) {
				n++
			}
		}
	}
	return n
}
