package flat

import (
	"image"
	"math"
	"slices"

	"hallpass/ocr/plane"
)

// refine moves each side to the strongest change of colour near it, at the
// picture's own resolution.
func refine(src *image.RGBA, q plane.Quad) plane.Quad {
	side := float64(max(src.Rect.Dx(), src.Rect.Dy()))
	reach := max(3, 0.011*side) // about 3.5 pixels of the small copy
	from := source(src)
	var lines [4][2]plane.Point
	for i := range q {
		lines[i] = settle(from, q[i], q[(i+1)%4], reach)
	}
	var out plane.Quad
	for i := range q {
		p, ok := crossing(lines[(i+3)%4], lines[i])
		if !ok || p.Distance(q[i]) > 3*reach {
			return q
		}
		out[i] = p
	}
	return out
}

// settle fits a line through the strongest steps across from→to.
func settle(src *lookup, from, to plane.Point, reach float64) [2]plane.Point {
	d := to.Sub(from)
	l := math.Hypot(d.X, d.Y)
	along, across := d.Times(1/l), plane.Pt(-d.Y/l, d.X/l)
	const samples = 60
	var ts, offs []float64
	for i := range samples {
		t := 0.06 + 0.88*float64(i)/(samples-1)
		if off, ok := strongest(src, from.Toward(to, t), along, across, reach); ok {
			ts, offs = append(ts, t), append(offs, off)
		}
	}
	a, b := fit(ts, offs)
	return [2]plane.Point{from.Add(across.Times(a)), to.Add(across.Times(a + b))}
}

// strongest finds the offset across the side where colour changes most, each
// place averaged over five pixels along the side.
func strongest(src *lookup, p, along, across plane.Point, reach float64) (float64, bool) {
	n := int(2*reach) + 1
	prof := make([][3]float64, n)
	for i := range prof {
		c := p.Add(across.Times(float64(i) - reach))
		for k := -2.0; k <= 2; k++ {
			at := c.Add(along.Times(k))
			px := src.at(at.X, at.Y)
			for j := range 3 {
				prof[i][j] += float64(px>>(8*j)&255) / 5
			}
		}
	}
	best, at := 6.0, -1 // less than this is noise
	for i := 1; i < n-1; i++ {
		var s float64
		for j := range 3 {
			s += abs(prof[i+1][j] - prof[i-1][j])
		}
		// Of two equal steps the one nearer to the first guess is meant.
		s *= 1 - 0.3*abs(float64(i)-reach)/reach
		if s > best {
			best, at = s, i
		}
	}
	return float64(at) - reach, at >= 0
}

// fit is a straight line off = a + b·t, robust against a third of outliers:
// least squares, three times, each on the nearer two thirds.
func fit(ts, offs []float64) (a, b float64) {
	if len(ts) < 8 {
		return 0, 0
	}
	keep := make([]int, len(ts))
	for i := range keep {
		keep[i] = i
	}
	a, b = medianOf(offs), 0
	for range 4 {
		slices.SortFunc(keep, func(i, j int) int {
			di, dj := abs(offs[i]-a-b*ts[i]), abs(offs[j]-a-b*ts[j])
			if di != dj {
				return int(math.Copysign(1, di-dj))
			}
			return i - j
		})
		var n, st, so, stt, sto float64
		for _, i := range keep[:len(keep)*2/3] {
			t, o := ts[i], offs[i]
			n, st, so, stt, sto = n+1, st+t, so+o, stt+t*t, sto+t*o
		}
		det := n*stt - st*st
		if det < 1e-9 {
			return a, b
		}
		b = (n*sto - st*so) / det
		a = (so - b*st) / n
	}
	return a, b
}

func medianOf(v []float64) float64 {
	s := slices.Clone(v)
	slices.Sort(s)
	return s[len(s)/2]
}

func crossing(a, b [2]plane.Point) (plane.Point, bool) {
	da, db := a[1].Sub(a[0]), b[1].Sub(b[0])
	det := da.Cross(db)
	if abs(det) < 1e-6 {
		return plane.Point{}, false
	}
	return a[0].Add(da.Times(b[0].Sub(a[0]).Cross(db) / det)), true
}
