// Package flat finds the outline of a card on an upright photo and draws the card
// flat, and tells a person at the camera what to do next. It reads nothing; where
// no outline stands out it says so, and the whole picture is the view.
package flat

import (
	"image"
	"math"

	"hallpass/ocr/photo"
	"hallpass/ocr/plane"
)

// Found is the outline of a card.
type Found struct {
	// Quad is where the card lies, in the picture's pixels.
	Quad plane.Quad
	// Others is how many further outlines stand out beside this one.
	Others int
}

// Find looks for the card in an upright picture, the largest near the middle if
// there are several. It returns false when no outline stands out, as in a scan
// that shows nothing but the card.
func Find(pix *image.RGBA) (Found, bool) {
	found, ok := outline(pix)
	if !ok {
		return Found{}, false
	}
	return Found{refine(pix, found.quad), found.others}, true
}

// outline searches a small copy and answers in src's pixels, good to about one
// pixel of the small copy.
func outline(src *image.RGBA) (frame, bool) {
	small, factor := thumb(src, thumbSide)
	if small.Rect.Dx() < photo.MinSide/2 || small.Rect.Dy() < photo.MinSide/2 {
		return frame{}, false
	}
	e := findEdges(small)
	f := e.bestQuad()
	if f.score < leastScore || plainRim(small) && (f.score < leastPlain || printOutside(e, f.quad)) {
		return frame{}, false
	}
	for i := range f.quad { // the gradient sits on pixel centres
		f.quad[i] = f.quad[i].Add(plane.Pt(.5, .5))
	}
	f.quad = f.quad.Scaled(factor)
	return f, true
}

const (
	// leastScore: true outlines reach 0.87 and more, also under a finger or on
	// newspaper; panels of a card that fills the picture reach 0.83, few more.
	leastScore = 0.86
	// leastPlain is for a picture with a plain rim. It may be a scan, where
	// columns of print pretend to be sides (up to 0.87); a card on a plain
	// table shows its sides well (1.02 and more).
	leastPlain = 0.95
)

// frame is an outline with the lines of its sides: top, right, bottom, left.
type frame struct {
	quad  plane.Quad
	sides [4]*straight
	score float64 // about 0–1
	// others is how many further outlines stand out beside this one.
	others int
}

// bestQuad tries all fours of two flat and two steep lines.
func (e *edges) bestQuad() frame {
	flat, steep := e.straights()
	meet := e.corners(flat, steep)
	var best frame
	var all []frame
	both := make([]*straight, 0, len(steep)) // those that both flat ones meet
	for i, a := range flat {
		for j, b := range flat[i+1:] {
			top, low := a, b
			on, under := meet[i], meet[i+1+j]
			if mid := float64(e.w) / 2; (a.rho-a.nx*mid)/a.ny > (b.rho-b.nx*mid)/b.ny {
				top, low, on, under = b, a, under, on
			}
			both = both[:0]
			for _, c := range steep {
				if on[c.rank].ok && under[c.rank].ok {
					both = append(both, c)
				}
			}
			for k, c := range both {
				for _, d := range both[k+1:] {
					left, right := c, d
					if mid := float64(e.h) / 2; (c.rho-c.ny*mid)/c.nx > (d.rho-d.ny*mid)/d.nx {
						left, right = d, c
					}
					f := frame{
						quad:  plane.Quad{on[left.rank].at, on[right.rank].at, under[right.rank].at, under[left.rank].at},
						sides: [4]*straight{top, right, low, left},
					}
					f.score = e.judge(&f)
					if f.score > best.score {
						best = f
					}
					if f.score > leastAside {
						all = append(all, f)
					}
				}
			}
		}
	}
	for range 3 { // up to three sides
		next := e.rival(best, all)
		if next == best {
			break
		}
		best = next
	}
	best.others = best.beside(all)
	return best
}

// crossing point of two lines; ok when it lies in the picture or nearly so.
type met struct {
	at plane.Point
	ok bool
}

// corners gives where each flat line meets each steep one, and ranks those.
func (e *edges) corners(flat, steep []*straight) [][]met {
	out := make([][]met, len(flat))
	for i, a := range flat {
		out[i] = make([]met, len(steep))
		for k, c := range steep {
			c.rank = k
			p, ok := a.meet(c)
			out[i][k] = met{p, ok && e.nearly(p)}
		}
	}
	return out
}

// judge scores an outline; 0 is none.
func (e *edges) judge(f *frame) float64 {
	shape := e.shape(f.quad)
	if shape == 0 {
		return 0
	}
	var total, least, over float64 = 0, 1, 0
	for i, side := range f.sides {
		s, o := side.side(f.quad[i], f.quad[(i+1)%4])
		if s < 0.3 {
			return 0
		}
		total += s / 4
		least = min(least, s)
		over += o / 4
	}
	return (0.5*total+0.5*least-0.2*over)*shape + 0.4*math.Sqrt(f.quad.Area()/float64(e.w*e.h))
}

// nearly allows corners a little outside: a card may touch the picture's rim.
func (e *edges) nearly(p plane.Point) bool {
	mx, my := 0.04*float64(e.w), 0.04*float64(e.h)
	return p.X > -mx && p.Y > -my && p.X < float64(e.w)+mx && p.Y < float64(e.h)+my
}

// side gives the evidence along a side, without its rounded corners, and the
// mean evidence just beyond both ends: tiles and printed rules go on, a card
// does not.
func (s *straight) side(from, to plane.Point) (on, over float64) {
	a, b := s.step(from), s.step(to)
	pad := 0.04 * (b - a)
	m, _ := s.support(a+pad, b-pad)
	ext := math.Copysign(18, b-a)
	gap := math.Copysign(4, b-a)
	before, n1 := s.support(a-ext, a-gap)
	after, n2 := s.support(b+gap, b+ext)
	if n1+n2 < 8 {
		return float64(m), 0
	}
	return float64(m), float64((before*n1 + after*n2) / (n1 + n2))
}

// shape is 1 for a likely card and 0 for what cannot be one. Cards run from
// 85 × 54 mm (1.57) to 90 × 50 mm (1.8); a slanted view and square cards widen
// that.
func (e *edges) shape(q plane.Quad) float64 {
	if q.Area() < 0.07*float64(e.w*e.h) {
		return 0
	}
	var sides [4]plane.Point
	var long [4]float64
	for i := range q {
		sides[i] = q[(i+1)%4].Sub(q[i])
		long[i] = math.Hypot(sides[i].X, sides[i].Y)
	}
	for i, in := range [4]int{3, 0, 1, 2} {
		l := long[in] * long[i]
		if l < 400 || abs(sides[in].Dot(sides[i])) > 0.5*l { // corners of 60°–120°
			return 0
		}
		if r := long[i] / long[(i+2)%4]; r < 0.55 || r > 1.8 {
			return 0
		}
	}
	w, h := (long[0]+long[2])/2, (long[3]+long[1])/2
	r := max(w, h) / min(w, h)
	switch {
	case r > 3:
		return 0
	case r > 1.9:
		return 1 - 0.6*(r-1.9)
	case r < 1.3:
		return 1 - 0.5*(1.3-r)
	}
	return 1
}

// printOutside says that a quad is only a part of a card that fills a plain
// picture: the surroundings are smooth, but a share of the fine detail lies
// outside.
func printOutside(e *edges, q plane.Quad) bool {
	grown := q.Grown(0.06)
	var in, out int
	for y := 2; y < e.h-2; y++ {
		for x := 2; x < e.w-2; x++ {
			if i := y*e.w + x; e.mag[i] > 2*e.level {
				if grown.Holds(plane.Pt(float64(x), float64(y))) {
					in++
				} else {
					out++
				}
			}
		}
	}
	return out > (in+out)/20
}

// plainRim says whether the outermost pixels are all of nearly one brightness.
func plainRim(small *image.RGBA) bool {
	w, h := small.Rect.Dx(), small.Rect.Dy()
	var n, sum, squares float64
	add := func(x, y int) {
		v := float64(small.Pix[y*small.Stride+4*x+1])
		n, sum, squares = n+1, sum+v, squares+v*v
	}
	for x := range w {
		add(x, 1)
		add(x, h-2)
	}
	for y := range h {
		add(1, y)
		add(w-2, y)
	}
	mean := sum / n
	return squares/n-mean*mean < 8*8
}
