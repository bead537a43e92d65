package badge

import (
	"fmt"
	"math"
	"slices"
)

// checkPlaces makes sure that nothing leaves the page and that nothing hides or
// half covers another thing that could be on the same badge.
func checkPlaces(items []item, page Box) error {
	for i, it := range items {
		if !page.holds(it.bounds()) {
			return fmt.Errorf("item %d (%s): box %.5g leaves the page", i+1, it.Kind, it.bounds().rect())
		}
		for j, other := range items[:i] {
			if never(it.shown(), other.shown()) {
				continue
			}
			if err := clash(other, it, j+1, i+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// shown is when there is anything of an item to see.
func (it item) shown() *condition {
	var c condition
	if it.If != nil {
		c = *it.If
	}
	switch it.Kind {
	case "logo", "portrait":
		c.Has = append(slices.Clone(c.Has), it.Kind)
	case "text":
		if it.Text != "" {
			c.Has = append(slices.Clone(c.Has), it.Text)
		}
	}
	return &c
}

// clash lets shapes lie under each other and under all else; a text must lie
// wholly on a shape or wholly beside it.
func clash(a, b item, ia, ib int) error {
	switch shapeA, shapeB := a.under(), b.under(); {
	case shapeA && shapeB:
	case shapeB:
		return clash(b, a, ib, ia)
	case shapeA:
		if b.hasText() && !a.apart(b.bounds()) && !a.around(b.bounds()) {
			return fmt.Errorf("item %d (%s) lies half on item %d (%s); move it on or off", ib, b.Kind, ia, a.Kind)
		}
	case a.Box.overlaps(b.Box):
		return fmt.Errorf("items %d (%s) and %d (%s) overlap", ia, a.Kind, ib, b.Kind)
	}
	return nil
}

// under tells what lies under other things.
func (it item) under() bool {
	return it.Kind == "rect" || it.Kind == "ellipse" || it.Kind == "line" || it.Kind == "picture" && it.Behind
}

// hasText tells what has a text without a ground of its own.
func (it item) hasText() bool { return it.Kind == "text" || it.Kind == "stack" || it.Kind == "heading" }

// bounds is the item's box, also a line's.
func (it item) bounds() Box {
	if it.Kind != "line" {
		return it.Box.box()
	}
	b := Box{min(it.From[0], it.To[0]), min(it.From[1], it.To[1]), math.Abs(it.From[0] - it.To[0]), math.Abs(it.From[1] - it.To[1])}
	if b.W > 0 && b.H > 0 { // the corners of an oblique stroke
		return b.grow(it.Stroke / 2)
	}
	if b.W == 0 {
		return Box{b.X - it.Stroke/2, b.Y, it.Stroke, b.H}
	}
	return Box{b.X, b.Y - it.Stroke/2, b.W, it.Stroke}
}

// apart tells that a box lies beside the shape.
func (it item) apart(b Box) bool {
	switch it.Kind {
	case "ellipse":
		return it.farthest(b, false) >= 1
	case "line":
		return !it.crosses(b.grow(it.Stroke / 2))
	}
	return !it.Box.overlaps(b.rect())
}

// around tells that a box lies on the shape, clear of its corners and outline.
func (it item) around(b Box) bool {
	it.Box = it.Box.box().grow(-it.Stroke).rect()
	switch it.Kind {
	case "ellipse":
		return it.farthest(b, true) <= 1
	case "line":
		return false
	}
	return it.Box.box().holds(b) && it.clearOfCorners(b, it.Radius-it.Stroke)
}

// farthest is the distance of a box's farthest or nearest point from the
// ellipse's centre, as a share of the ellipse's radius in that direction.
func (it item) farthest(b Box, most bool) float64 {
	e := it.Box.box()
	cx, cy := e.X+e.W/2, e.Y+e.H/2
	x, y := min(max(cx, b.X), b.X+b.W), min(max(cy, b.Y), b.Y+b.H) // the nearest
	if most {
		x, y = b.X, b.Y
		if cx-b.X < b.X+b.W-cx {
			x = b.X + b.W
		}
		if cy-b.Y < b.Y+b.H-cy {
			y = b.Y + b.H
		}
	}
	return math.Hypot((x-cx)/(e.W/2), (y-cy)/(e.H/2))
}

// clearOfCorners tells that the corners of b are not in what rounding a corner
// of the shape takes away.
func (it item) clearOfCorners(b Box, radius float64) bool {
	s := it.Box.box()
	r := max(0, min(radius, s.W/2, s.H/2))
	for _, p := range [4]point{{b.X, b.Y}, {b.X + b.W, b.Y}, {b.X, b.Y + b.H}, {b.X + b.W, b.Y + b.H}} {
		dx := max(s.X+r-p[0], p[0]-(s.X+s.W-r), 0)
		dy := max(s.Y+r-p[1], p[1]-(s.Y+s.H-r), 0)
		if math.Hypot(dx, dy) > r+1e-9 {
			return false
		}
	}
	return true
}

// crosses tells that the middle of a line meets a box (Liang and Barsky's
// clipping).
func (it item) crosses(b Box) bool {
	enter, leave := 0.0, 1.0
	for axis, side := range [2][2]float64{{b.X, b.X + b.W}, {b.Y, b.Y + b.H}} {
		from, step := it.From[axis], it.To[axis]-it.From[axis]
		if step == 0 {
			if from <= side[0] || from >= side[1] {
				return false
			}
			continue
		}
		near, far := (side[0]-from)/step, (side[1]-from)/step
		enter, leave = max(enter, min(near, far)), min(leave, max(near, far))
	}
	return enter < leave
}

func (a rect) overlaps(b rect) bool {
	return a[0] < b[0]+b[2] && b[0] < a[0]+a[2] && a[1] < b[1]+b[3] && b[1] < a[1]+a[3]
}

func (b rect) box() Box { return Box{b[0], b[1], b[2], b[3]} }

func (b Box) rect() rect { return rect{b.X, b.Y, b.W, b.H} }

func (b Box) grow(mm float64) Box { return Box{b.X - mm, b.Y - mm, b.W + 2*mm, b.H + 2*mm} }

func (b Box) inset(x float64) Box { return Box{b.X + x, b.Y, b.W - 2*x, b.H} }

func (b Box) holds(in Box) bool {
	const grain = 1e-9
	return in.X >= b.X-grain && in.Y >= b.Y-grain && in.X+in.W <= b.X+b.W+grain && in.Y+in.H <= b.Y+b.H+grain
}
