package badge

import (
	"image"
	"math"
)

// dots is a surface of black and white.
type dots struct {
	img *image.Paletted
	ink uint8 // of the letters that follow

	letters *stamps   // that were made dots of before
	kept    *pictures // and pictures
}

const whiteDot, blackDot = 0, 1

// A letter's coverage of a dot, of 255, from which it becomes black; and from
// which it does where strokes would break otherwise. Chosen by eye on prints of
// 6 to 9 points at 203 dpi: below 0.45 Chinese characters fill in, above 0.55
// Latin hairlines break.
const (
	mostlyCovered = 122
	hairline      = 56
)

// Rules for light shapes whose template leaves it to their colour.
const (
	frame     = 2    // dots; they keep an outline
	thinLine  = 12   // dots; a box that is a line, not a ground, is black
	nearWhite = 0.85 // luminance from which neither holds
)

func (d *dots) blackAndWhite() bool { return true }

func (d *dots) fill(r image.Rectangle, s shape) {
	black, framed := inkOf(s)
	switch thin := min(r.Dx(), r.Dy()) <= thinLine; {
	case black, framed && thin:
		d.set(r, blackDot)
	case framed:
		d.set(r, blackDot)
		d.set(r.Intersect(d.img.Rect).Inset(frame), whiteDot)
	default:
		d.set(r, whiteDot)
	}
}

// inkOf tells whether a shape becomes black; if not, whether it keeps a frame.
func inkOf(s shape) (black, framed bool) {
	black = s.mono.black(s.colour)
	return black, !black && s.mono == monoAuto && luminance(s.colour) < nearWhite
}

func (d *dots) set(r image.Rectangle, ink uint8) {
	r = r.Intersect(d.img.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := d.img.Pix[d.img.PixOffset(r.Min.X, y):][:r.Dx()]
		for x := range row {
			row[x] = ink
		}
	}
}

func (d *dots) blot(mask *image.Alpha, s shape) {
	black, framed := inkOf(s)
	covered := func(x, y int) bool { return mask.AlphaAt(x, y).A >= mostlyCovered }
	y := mask.Rect.Min.Y
	d.eachRow(mask, func(out, row []byte) {
		for i, v := range row {
			if v < mostlyCovered {
				continue
			}
			out[i] = whiteDot
			x := mask.Rect.Min.X + i
			if black || framed && !(covered(x-frame, y) && covered(x+frame, y) && covered(x, y-frame) && covered(x, y+frame)) {
				out[i] = blackDot
			}
		}
		y++
	})
}

// eachRow calls f with the dots and the coverage of each row of a mask.
func (d *dots) eachRow(mask *image.Alpha, f func(out, row []byte)) {
	w := mask.Rect.Dx()
	for y := mask.Rect.Min.Y; y < mask.Rect.Max.Y; y++ {
		f(d.img.Pix[d.img.PixOffset(mask.Rect.Min.X, y):][:w], mask.Pix[mask.PixOffset(mask.Rect.Min.X, y):][:w])
	}
}

func (d *dots) line(l textLine) {
	d.ink = blackDot
	if l.mono.black(l.ground) {
		d.ink = whiteDot
	}
}

// letter sets the dots of one that lies on the page; of another it cuts what is
// seen.
func (d *dots) letter(p *pen, l letter) {
	l.x, l.y = math.Round(l.x), math.Round(l.y)
	if !l.bounds().In(d.img.Rect) {
		if mask := p.glyph(l.shape, l.size, l.x, l.y, d.img.Rect); mask != nil {
			d.print(newStamp(mask), image.Point{})
		}
		return
	}
	d.print(d.letters.of(stampOf{l.of, l.size}, l.shape, p), image.Pt(int(l.x), int(l.y)))
}

// ridge tells whether a pixel is part of a thin stroke that would be lost: the
// most covered one across the stroke, which is half a dot wide or more, and the
// stroke goes on to both sides of it. A bump of an edge does not.
func ridge(mask *image.Alpha, x, y int) bool {
	w, h := mask.Rect.Dx(), mask.Rect.Dy()
	at := func(x, y int) int {
		if x < 0 || y < 0 || x >= w || y >= h {
			return 0
		}
		return int(mask.Pix[y*w+x])
	}
	v := at(x, y)
	left, right, up, down := at(x-1, y), at(x+1, y), at(x, y-1), at(x, y+1)
	across := func(before, after int) bool {
		return v > before && v >= after && before < mostlyCovered && after < mostlyCovered && v+max(before, after) >= mostlyCovered
	}
	return across(left, right) && min(up, down) >= hairline || across(up, down) && min(left, right) >= hairline
}
