package badge

import (
	"math"
	"slices"
)

// add puts a shape over the others. plain paths are upright boxes.
func (a *arranger) add(path []segment, plain bool, c colour, m mono) {
	a.side.shapes = append(a.side.shapes, shape{path: path, box: bounds(path), plain: plain, colour: c, mono: m})
}

func bounds(path []segment) Box {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, s := range path {
		if s.op != 'Z' { // quarter ellipses end at their extremes
			left, right, top, bottom = min(left, s.x), max(right, s.x), min(top, s.y), max(bottom, s.y)
		}
	}
	return Box{left, top, right - left, bottom - top}
}

// putShape fills a rect or an ellipse, and draws its outline inside its box.
func (a *arranger) putShape(it item, box Box) {
	path := func(b Box, inward float64) []segment {
		if it.Kind == "ellipse" {
			return ellipsePath(b.grow(-inward))
		}
		return rectPath(b.grow(-inward), max(0, it.Radius-inward))
	}
	plain := it.Kind == "rect" && it.Radius == 0
	if it.Fill != "" {
		filled := box
		if plain && it.Stroke == 0 {
			filled = box.bleed(a.paper)
		}
		a.add(path(filled, 0), plain, a.colours.resolve(it.Fill), it.Mono)
	}
	if it.Outline != "" {
		a.add(outline(path(box, 0), path(box, it.Stroke)), false, a.colours.resolve(it.Outline), it.Mono)
	}
}

// putPicture fits a picture into its box, or fills the box with its middle.
func (a *arranger) putPicture(it item, picture *Picture) {
	if picture == nil {
		return
	}
	box := it.Box.box()
	clip := rectPath(box, it.Radius)
	p := placed{picture: picture, mono: it.Mono, clip: shape{path: clip, box: box, plain: it.Radius == 0}}
	scale := min(box.W/picture.w, box.H/picture.h)
	if it.Fit == "cover" {
		if p.clip.plain {
			box = box.bleed(a.paper)
			p.clip = boxShape(box, white)
		}
		scale = max(box.W/picture.w, box.H/picture.h)
	}
	w, h := picture.w*scale, picture.h*scale
	p.box = Box{box.X + middle(it.Align)*(box.W-w), box.Y + middle(it.Valign)*(box.H-h), w, h}
	if it.Fit != "cover" {
		p.clip = shape{path: rectPath(p.box, it.Radius), box: p.box, plain: it.Radius == 0}
	}
	if it.Behind {
		p.mono = monoAbsent
		a.side.under = append(a.side.under, p)
		return
	}
	p.paper = a.onPaper(p.box)
	a.side.pictures = append(a.side.pictures, p)
}

// middle is share for pictures, which stand in the middle if nothing is said.
func middle(word string) float64 {
	if word == "" {
		return 0.5
	}
	return share(word)
}

// onPaper tells that nothing lies under a place.
func (a *arranger) onPaper(box Box) bool {
	hit := func(b Box) bool { return b.rect().overlaps(box.rect()) }
	return !slices.ContainsFunc(a.side.shapes, func(s shape) bool { return hit(s.box) }) &&
		!slices.ContainsFunc(a.side.under, func(p placed) bool { return hit(p.clip.box) })
}

// groundOf is the colour under a place, and whether a label printer has it
// black. An outline's middle is not its own.
func (a *arranger) groundOf(box Box) (c colour, m mono) {
	c, m = white, monoWhite
	for _, p := range a.side.under {
		if p.clip.box.holds(box) {
			c = p.picture.mean(Box{(box.X - p.box.X) / p.box.W, (box.Y - p.box.Y) / p.box.H, box.W / p.box.W, box.H / p.box.H})
		}
	}
	for _, s := range a.side.shapes {
		if !s.box.holds(box) || s.hollow() {
			continue
		}
		c = s.colour
		switch {
		case s.mono == monoAbsent:
		case s.mono.black(c):
			m = monoBlack
		default:
			m = monoWhite
		}
	}
	return c, m
}

// hollow tells an outline, which has two parts.
func (s shape) hollow() bool {
	parts := 0
	for _, p := range s.path {
		if p.op == 'M' {
			parts++
		}
	}
	return parts > 1
}

// readable keeps a text's colour if it stands out from its ground as WCAG 2.2
// asks of large text, and takes black or white otherwise.
func readable(c, ground colour) colour {
	const enough = 3
	if contrast(c, ground) >= enough {
		return c
	}
	return on(ground)
}

// grain rounds to 0.01 mm, finer than any printer.
func grain(mm float64) float64 { return math.Round(mm*100) / 100 }

// share is how much of the free room lies before a text.
func share(word string) float64 {
	switch word {
	case "center", "middle":
		return 0.5
	case "right", "bottom":
		return 1
	}
	return 0
}
