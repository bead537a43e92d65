package badge

import "math"

// shape is a filled area. Outlines are areas too: an outer path and an inner
// one the other way round.
type shape struct {
	path   []segment // closed parts, non-zero winding
	box    Box       // around the path
	plain  bool      // the path is the box
	colour colour
	mono   mono
}

// segment is a step of a path in millimetres.
type segment struct {
	op             byte    // 'M' move to, 'L' line to, 'C' cubic Bézier curve to, 'Z' close
	x1, y1, x2, y2 float64 // the control points of a curve
	x, y           float64
}

// round is how far a quarter circle's control points lie from its ends.
const round = 0.5522847498 // 4/3·(√2−1)

func boxShape(b Box, c colour) shape {
	return shape{path: rectPath(b, 0), box: b, plain: true, colour: c}
}

func rectPath(b Box, radius float64) []segment {
	r := max(0, min(radius, b.W/2, b.H/2))
	return cornered(b, r, r)
}

func ellipsePath(b Box) []segment { return cornered(b, b.W/2, b.H/2) }

// cornered goes clockwise round a box whose corners are quarter ellipses.
func cornered(b Box, rx, ry float64) []segment {
	left, top, right, bottom := b.X, b.Y, b.X+b.W, b.Y+b.H
	if rx <= 0 || ry <= 0 {
		return []segment{
			{op: 'M', x: left, y: top}, {op: 'L', x: right, y: top}, {op: 'L', x: right, y: bottom}, {op: 'L', x: left, y: bottom}, {op: 'Z'},
		}
	}
	kx, ky := rx*(1-round), ry*(1-round)
	return []segment{
		{op: 'M', x: left + rx, y: top},
		{op: 'L', x: right - rx, y: top}, {'C', right - kx, top, right, top + ky, right, top + ry},
		{op: 'L', x: right, y: bottom - ry}, {'C', right, bottom - ky, right - kx, bottom, right - rx, bottom},
		{op: 'L', x: left + rx, y: bottom}, {'C', left + kx, bottom, left, bottom - ky, left, bottom - ry},
		{op: 'L', x: left, y: top + ry}, {'C', left, top + ky, left + kx, top, left + rx, top},
		{op: 'Z'},
	}
}

// outline leaves only a rim of a closed path: inner is the same path smaller.
func outline(outer, inner []segment) []segment {
	mirrored := make([]segment, len(inner))
	left, right := math.Inf(1), math.Inf(-1)
	for _, s := range inner {
		if s.op != 'Z' {
			left, right = min(left, s.x), max(right, s.x)
		}
	}
	for i, s := range inner { // a mirrored box or ellipse is itself, the other way round
		s.x, s.x1, s.x2 = left+right-s.x, left+right-s.x1, left+right-s.x2
		mirrored[i] = s
	}
	return append(append([]segment(nil), outer...), mirrored...)
}

// linePath is a stroke of a width from one point to another.
func linePath(x1, y1, x2, y2, width float64) []segment {
	length := math.Hypot(x2-x1, y2-y1)
	dx, dy := (y1-y2)/length*width/2, (x2-x1)/length*width/2
	return []segment{
		{op: 'M', x: x1 + dx, y: y1 + dy}, {op: 'L', x: x2 + dx, y: y2 + dy},
		{op: 'L', x: x2 - dx, y: y2 - dy}, {op: 'L', x: x1 - dx, y: y1 - dy}, {op: 'Z'},
	}
}

// mapped is the shape with every point and its box moved.
func (s shape) mapped(point func(x, y float64) (float64, float64), box func(Box) Box) shape {
	path := make([]segment, len(s.path))
	for i, p := range s.path {
		p.x, p.y = point(p.x, p.y)
		p.x1, p.y1 = point(p.x1, p.y1)
		p.x2, p.y2 = point(p.x2, p.y2)
		path[i] = p
	}
	s.path, s.box = path, box(s.box)
	return s
}

// bleed carries a box that touches an edge of the page beyond it, so that no
// white line shows where a printer or a viewer rounds.
func (b Box) bleed(page Box) Box {
	const over = 1 // mm
	right, bottom := b.X+b.W, b.Y+b.H
	if b.X <= page.X {
		b.X = page.X - over
	}
	if b.Y <= page.Y {
		b.Y = page.Y - over
	}
	if right >= page.X+page.W {
		right = page.X + page.W + over
	}
	if bottom >= page.Y+page.H {
		bottom = page.Y + page.H + over
	}
	return Box{b.X, b.Y, right - b.X, bottom - b.Y}
}
