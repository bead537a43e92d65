package flat

import (
	"math"
	"slices"

	"hallpass/ocr/plane"
)

const (
	// tied is how much less than the best an outline may score that is looked
	// at more closely.
	tied = 0.15
	// runsOn is the evidence from which a side is taken to go on to a corner
	// farther out, and leastOuter that for the side there.
	runsOn, leastOuter = 0.55, 0.55
	// endsHere is the evidence below which a side is taken to have ended.
	endsHere = 0.5
	// likeCard and likeTable are shares of a strip's colours that are also
	// found on the table: below the one the strip is of the card, above the
	// other of the table.
	likeCard, likeTable = 0.4, 0.85
)

// rival is an outline with one side elsewhere that explains the picture better.
// Farther out if the strip between is not like the table and its ends are
// edges: the nearer side was that of a panel printed on the card. Nearer if
// the strip is like the table.
func (e *edges) rival(f frame, all []frame) frame {
	best, most := f, 0.0
	// A card is held nearer than that, so it is rather the photograph on it.
	small := f.quad.Area() < 0.2*float64(e.w*e.h)
	for _, g := range all {
		if g.score < f.score-tied {
			continue
		}
		if i, on := f.within(g); i >= 0 && on >= runsOn {
			if outer := g.on(i); outer >= leastOuter && on+outer > most && (small || e.table(f.quad, g.quad) < likeCard) {
				best, most = g, on+outer
			}
		}
		if i, on := g.within(f); i >= 0 && on < endsHere {
			if inner := g.on(i); inner > f.on(i)+0.1 && inner+1-on > most && e.table(g.quad, f.quad) > likeTable {
				best, most = g, inner+1-on
			}
		}
	}
	return best
}

// table is the share of the strip between two outlines whose colours are found
// around the outer one.
func (e *edges) table(inner, outer plane.Quad) float64 {
	near, far, middle, rim := outer.Grown(0.04), outer.Grown(0.3), inner.Grown(0.02), outer.Grown(-0.02)
	var around, strip [][3]int
	for y := 2; y < e.h-2; y += 3 {
		for x := 2; x < e.w-2; x += 3 {
			p := plane.Pt(float64(x), float64(y))
			px := e.small.Pix[y*e.small.Stride+4*x:]
			c := [3]int{int(px[0]), int(px[1]), int(px[2])}
			switch {
			case rim.Holds(p) && !middle.Holds(p):
				strip = append(strip, c)
			case far.Holds(p) && !near.Holds(p):
				around = append(around, c)
			}
		}
	}
	if len(strip) == 0 || len(around) < 20 {
		return 0.5
	}
	found := 0
	for _, c := range strip {
		if slices.ContainsFunc(around, func(d [3]int) bool {
			return abs(c[0]-d[0]) < 20 && abs(c[1]-d[1]) < 20 && abs(c[2]-d[2]) < 20
		}) {
			found++
		}
	}
	return float64(found) / float64(len(strip))
}

// within says that g is f with side i farther out, and the lesser evidence of
// the stretches that its neighbours gain; i is -1 otherwise.
func (f frame) within(g frame) (i int, on float64) {
	const same, moved = 7, 8 // pixels
	for i := range f.quad {
		k := (i + 1) % 4
		p, q := f.quad[i], f.quad[k]
		if f.quad[(i+2)%4].Distance(g.quad[(i+2)%4]) > same || f.quad[(i+3)%4].Distance(g.quad[(i+3)%4]) > same {
			continue
		}
		across := q.Sub(p)
		far := func(to, from plane.Point) float64 {
			return -across.Cross(to.Sub(from)) / math.Hypot(across.X, across.Y)
		}
		if a, b := far(g.quad[i], p), far(g.quad[k], q); max(a, b) < moved || min(a, b) < -2 {
			continue
		}
		on = 1
		if p.Distance(g.quad[i]) > 5 {
			on = min(on, g.sides[(i+3)%4].between(p, g.quad[i]))
		}
		if q.Distance(g.quad[k]) > 5 {
			on = min(on, g.sides[k].between(q, g.quad[k]))
		}
		return i, on
	}
	return -1, 0
}

const (
	// leastAside is the score of a further card, and of what is kept to compare.
	leastAside = 0.6
	// leastSide is the evidence that each of its sides must have: lines that
	// belong to several things easily make a fourth.
	leastSide = 0.8
)

// beside counts the outlines that share nothing with f and with one another,
// and are not much smaller.
func (f frame) beside(all []frame) int {
	known := []frame{f}
	for _, g := range all {
		apart := !slices.ContainsFunc(known, func(k frame) bool { return meet(k.quad, g.quad) })
		if apart && g.quad.Area() > f.quad.Area()/3 && min(g.on(0), g.on(1), g.on(2), g.on(3)) >= leastSide {
			known = append(known, g)
		}
	}
	return len(known) - 1
}

// meet says that a corner or the middle of one lies in the other.
func meet(q, o plane.Quad) bool {
	a, b := q.Grown(-0.06), o.Grown(-0.06)
	for i := range a {
		if a.Holds(b[i]) || b.Holds(a[i]) || a.Holds(b[i].Toward(b[(i+2)%4], 0.5)) {
			return true
		}
	}
	return false
}

// on is the evidence for side i.
func (f frame) on(i int) float64 {
	m, _ := f.sides[i].side(f.quad[i], f.quad[(i+1)%4])
	return m
}

// between is the evidence on a stretch without its ends.
func (s *straight) between(from, to plane.Point) float64 {
	a, b := s.step(from), s.step(to)
	pad := math.Copysign(2, b-a)
	m, _ := s.support(a+pad, b-pad)
	return float64(m)
}
