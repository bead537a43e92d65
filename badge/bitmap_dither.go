package badge

import (
	"bytes"
	"image"
	"math"
)

// ground is no dot of a picture: what lies under it stays.
const ground = 2

// picture sets the dots of a picture. Those of a show's logo are reckoned once.
func (d *dots) picture(img *image.RGBA, mask *image.Alpha, m mono) {
	var made []uint8
	if mask == nil {
		made = d.kept.dots(img, m)
	} else {
		made = dither(img, mask, m)
	}
	r := img.Rect
	for y := range r.Dy() {
		out := d.img.Pix[d.img.PixOffset(r.Min.X, r.Min.Y+y):][:r.Dx()]
		for x, dot := range made[y*r.Dx():][:r.Dx()] {
			if dot != ground {
				out[x] = dot
			}
		}
	}
}

// dither makes dots of a picture, row by row, that are as dark on average (Floyd
// and Steinberg, 1976), each row in the other direction; where it is transparent,
// the ground stays.
func dither(img *image.RGBA, mask *image.Alpha, m mono) []uint8 {
	r := img.Rect
	made := bytes.Repeat([]byte{ground}, r.Dx()*r.Dy())
	shown := func(p image.Point, alpha uint8) bool {
		return alpha >= 128 && (mask == nil || mask.AlphaAt(p.X, p.Y).A >= mostlyCovered)
	}
	now, next := make([]float64, r.Dx()+2), make([]float64, r.Dx()+2) // errors, from column -1
	for y := r.Min.Y; y < r.Max.Y; y++ {
		clear(next)
		step, x := 1, 0
		if y%2 == 1 {
			step, x = -1, r.Dx()-1
		}
		for ; x >= 0 && x < r.Dx(); x += step {
			p := image.Pt(r.Min.X+x, y)
			c := (*[4]uint8)(img.Pix[img.PixOffset(p.X, p.Y):])
			if !shown(p, c[3]) {
				continue
			}
			want := darkness(c, m) + now[x+1]
			ink := math.Round(min(1, max(0, want)))
			made[(y-r.Min.Y)*r.Dx()+x] = uint8(ink)
			if m == monoSharp {
				continue
			}
			e := (want - ink) / 16
			now[x+1+step] += e * 7
			next[x+1-step] += e * 3
			next[x+1] += e * 5
			next[x+1+step] += e
		}
		now, next = next, now
	}
	return made
}

// darkness is how much ink a colour on white is worth, 0–1. Near white and near
// black are what they nearly are: a logo's ground must not be dusted.
func darkness(c *[4]uint8, m mono) float64 {
	const light, dark = 0.92, 0.12
	over := 255 - c[3] // colours are premultiplied
	flat := colour{c[0] + over, c[1] + over, c[2] + over}
	if m == monoSharp {
		if m.black(flat) {
			return 1
		}
		return 0
	}
	l := (0.299*float64(flat.r) + 0.587*float64(flat.g) + 0.114*float64(flat.b)) / 255 // Rec. 601 luma
	return 1 - min(1, max(0, (l-dark)/(light-dark)))
}
