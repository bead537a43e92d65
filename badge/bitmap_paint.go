package badge

import (
	"image"
	"image/color"

	"golang.org/x/image/draw"
)

// paint is a surface in colour.
type paint struct {
	img *image.RGBA
	ink *image.Uniform // of the letters that follow
}

func newPaper(bounds image.Rectangle) *image.RGBA {
	img := image.NewRGBA(bounds)
	for i := range img.Pix {
		img.Pix[i] = 0xFF
	}
	return img
}

func (c colour) uniform() *image.Uniform {
	return image.NewUniform(color.RGBA{c.r, c.g, c.b, 0xFF})
}

func (p *paint) blackAndWhite() bool { return false }

func (p *paint) fill(r image.Rectangle, s shape) {
	draw.Draw(p.img, r, s.colour.uniform(), image.Point{}, draw.Src)
}

func (p *paint) line(l textLine) { p.ink = l.colour.uniform() }

func (p *paint) letter(pen *pen, l letter) {
	if mask := pen.glyph(l.shape, l.size, l.x, l.y, p.img.Rect); mask != nil {
		p.through(mask, p.ink)
	}
}

func (p *paint) blot(mask *image.Alpha, s shape) { p.through(mask, s.colour.uniform()) }

func (p *paint) through(mask *image.Alpha, ink image.Image) {
	draw.DrawMask(p.img, mask.Rect, ink, mask.Rect.Min, mask, mask.Rect.Min, draw.Over)
}

func (p *paint) picture(img *image.RGBA, mask *image.Alpha, _ mono) {
	if mask == nil {
		draw.Draw(p.img, img.Rect, img, img.Rect.Min, draw.Over)
		return
	}
	r := mask.Rect.Intersect(img.Rect)
	draw.DrawMask(p.img, r, img, r.Min, mask, r.Min, draw.Over)
}
