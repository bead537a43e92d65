package ppocr

import (
	"image"
	"math"
)

// slab is a line's place: a rectangle that may lean. Its middle is (X, Y), the
// unit vector (UX, UY) points along the print, W is its length that way, H its
// height, all in pixels.
type slab struct{ X, Y, UX, UY, W, H float64 }

// upright is the smallest rectangle of whole pixels that holds the slab.
func (s slab) upright() image.Rectangle {
	dx := (math.Abs(s.UX)*s.W + math.Abs(s.UY)*s.H) / 2
	dy := (math.Abs(s.UY)*s.W + math.Abs(s.UX)*s.H) / 2
	return image.Rect(int(math.Floor(s.X-dx)), int(math.Floor(s.Y-dy)), int(math.Ceil(s.X+dx)), int(math.Ceil(s.Y+dy)))
}

// at is the place in the view of a point of the slab: along its length from
// its left end, and across from its upper edge.
func (s slab) at(along, across float64) (x, y float64) {
	a, c := along-s.W/2, across-s.H/2
	return s.X + a*s.UX - c*s.UY, s.Y + a*s.UY + c*s.UX
}

// grown is the slab with a rim added on all sides.
func (s slab) grown(rim float64) slab {
	s.W += 2 * rim
	s.H += 2 * rim
	return s
}

// scaled is the slab in pixels that are fx and fy times as many.
func (s slab) scaled(fx, fy float64) slab {
	ux, uy := s.UX*fx, s.UY*fy
	l := math.Hypot(ux, uy)
	vx, vy := -s.UY*fx, s.UX*fy
	return slab{s.X * fx, s.Y * fy, ux / l, uy / l, s.W * l, s.H * math.Hypot(vx, vy)}
}

type point struct{ x, y float64 }

// enclosing is the smallest rectangle around the hull. One that barely leans,
// or that is hardly smaller than the straight one, is straightened: the lean
// of a short word is noise.
func enclosing(hull []point) slab {
	straight := around(hull, 1, 0)
	best := straight
	for i, p := range hull {
		q := hull[(i+1)%len(hull)]
		l := math.Hypot(q.x-p.x, q.y-p.y)
		if l == 0 {
			continue
		}
		ux, uy := (q.x-p.x)/l, (q.y-p.y)/l
		if s := around(hull, ux, uy); s.W*s.H < best.W*best.H {
			best = s
		}
	}
	if best.W*best.H > 0.9*straight.W*straight.H {
		return straight
	}
	return best
}

// around is the rectangle around the hull whose sides run along u; its length
// is turned to within 45 degrees of the horizontal.
func around(hull []point, ux, uy float64) slab {
	if math.Abs(ux) < math.Abs(uy) {
		ux, uy = -uy, ux
	}
	if ux < 0 {
		ux, uy = -ux, -uy
	}
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, p := range hull {
		a, c := p.x*ux+p.y*uy, p.y*ux-p.x*uy
		lo.x, hi.x = min(lo.x, a), max(hi.x, a)
		lo.y, hi.y = min(lo.y, c), max(hi.y, c)
	}
	a, c := (lo.x+hi.x)/2, (lo.y+hi.y)/2
	return slab{a*ux - c*uy, a*uy + c*ux, ux, uy, hi.x - lo.x, hi.y - lo.y}
}

// hullOf is the convex hull of points sorted by y and then x (Andrew's
// monotone chain).
func hullOf(sorted []point) []point {
	half := func(next func(i int) point) []point {
		var h []point
		for i := range sorted {
			p := next(i)
			for len(h) > 1 && cross(h[len(h)-2], h[len(h)-1], p) <= 0 {
				h = h[:len(h)-1]
			}
			h = append(h, p)
		}
		return h[:len(h)-1]
	}
	return append(half(func(i int) point { return sorted[i] }),
		half(func(i int) point { return sorted[len(sorted)-1-i] })...)
}

func cross(a, b, c point) float64 { return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x) }
