package badge

import (
	"image"
	"math"
	"sync"

	"golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

// pen turns paths into coverage, 0–255 a pixel. Its memory is used again: a
// mask holds until the next one.
type pen struct {
	raster vector.Rasterizer
	mask   image.Alpha
}

// pens lends pens, so that a badge need not find memory for its masks.
type pens struct{ idle sync.Pool }

func (p *pens) get() *pen {
	if idle, ok := p.idle.Get().(*pen); ok {
		return idle
	}
	return &pen{}
}

func (p *pens) put(back *pen) { p.idle.Put(back) }

// glyph returns how much of each pixel a glyph covers whose origin is at x, y,
// in place on the page; nil if nothing of it is within bounds. A negative size,
// in pixels an em, turns it by 180°.
func (p *pen) glyph(g *glyphShape, size, x, y float64, bounds image.Rectangle) *image.Alpha {
	if len(g.strokes) == 0 {
		return nil
	}
	if !p.start(g.bounds(size, x, y).Intersect(bounds)) {
		return nil
	}
	z, em := &p.raster, float32(size)
	dx, dy := float32(x-float64(p.mask.Rect.Min.X)), float32(y-float64(p.mask.Rect.Min.Y))
	for _, t := range g.strokes {
		switch t.kind {
		case moveTo:
			z.ClosePath()
			z.MoveTo(dx+t.x*em, dy+t.y*em)
		case lineTo:
			z.LineTo(dx+t.x*em, dy+t.y*em)
		case curveTo:
			z.QuadTo(dx+t.cx*em, dy+t.cy*em, dx+t.x*em, dy+t.y*em)
		}
	}
	return p.finish()
}

// bounds is the pixels around a glyph, as pen.glyph draws it.
func (o *glyphShape) bounds(size, x, y float64) image.Rectangle {
	at := func(ex, ey float32) (float64, float64) { return x + float64(ex)*size, y + float64(ey)*size }
	x1, y1 := at(o.left, o.top)
	x2, y2 := at(o.right, o.bottom)
	return around(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
}

// path is glyph for a shape.
func (p *pen) path(s shape, perMM float64, bounds image.Rectangle) *image.Alpha {
	b := s.box
	if !p.start(around(b.X*perMM, b.Y*perMM, (b.X+b.W)*perMM, (b.Y+b.H)*perMM).Intersect(bounds)) {
		return nil
	}
	z, left, top := &p.raster, float64(p.mask.Rect.Min.X), float64(p.mask.Rect.Min.Y)
	px := func(mm float64) float32 { return float32(mm*perMM - left) }
	py := func(mm float64) float32 { return float32(mm*perMM - top) }
	for _, t := range s.path {
		switch t.op {
		case 'M':
			z.MoveTo(px(t.x), py(t.y))
		case 'L':
			z.LineTo(px(t.x), py(t.y))
		case 'C':
			z.CubeTo(px(t.x1), py(t.y1), px(t.x2), py(t.y2), px(t.x), py(t.y))
		case 'Z':
			z.ClosePath()
		}
	}
	return p.finish()
}

// around is the pixels that an area touches.
func around(left, top, right, bottom float64) image.Rectangle {
	return image.Rect(int(math.Floor(left)), int(math.Floor(top)), int(math.Ceil(right)), int(math.Ceil(bottom)))
}

// start takes these pixels.
func (p *pen) start(r image.Rectangle) bool {
	if r.Empty() {
		return false
	}
	if n := r.Dx() * r.Dy(); cap(p.mask.Pix) < n {
		p.mask.Pix = make([]byte, n)
	} else {
		p.mask.Pix = p.mask.Pix[:n]
	}
	p.mask.Stride, p.mask.Rect = r.Dx(), r
	p.raster.Reset(r.Dx(), r.Dy())
	return true
}

func (p *pen) finish() *image.Alpha {
	p.raster.ClosePath()
	place := p.mask.Rect
	p.mask.Rect = p.raster.Bounds() // where both agree, Draw takes eight pixels at a time
	p.raster.DrawOp = draw.Src
	p.raster.Draw(&p.mask, p.mask.Rect, image.Opaque, image.Point{})
	p.mask.Rect = place
	return &p.mask
}
