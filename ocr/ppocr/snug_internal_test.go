package ppocr

import (
	"image"
	"image/color"
	"math"
	"testing"
)

// ruled is a view of 400 by 80 with strokes from one height to another.
func ruled(from, to int) *image.RGBA {
	v := image.NewRGBA(image.Rect(0, 0, 400, 80))
	for i := range v.Pix {
		v.Pix[i] = 255
	}
	for y := from; y < to; y++ {
		for x := 10; x < 390; x += 8 {
			v.SetRGBA(x, y, color.RGBA{A: 255})
			v.SetRGBA(x+1, y, color.RGBA{A: 255})
		}
	}
	return v
}

func TestSnug(t *testing.T) {
	whole := slab{X: 200, Y: 40, UX: 1, W: 400, H: 80}
	for _, c := range []struct {
		situation string
		view      *image.RGBA
		y, h      float64
	}{
		{"PrintInTheMiddle", ruled(20, 60), 40, 48},
		{"PrintAbove", ruled(12, 44), 28, 38.4},
		{"FullOfPrint", ruled(0, 80), 40, 88},
		{"NothingPrinted", ruled(0, 0), 41, 32},
		{"PrintTooLow", ruled(38, 42), 40, 32},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got := snug(c.view, whole)
			if math.Abs(got.Y-c.y) > 2.1 || math.Abs(got.H-c.h) > 3 || got.X != whole.X || got.W != whole.W {
				t.Errorf("snug = %+v, want the middle at %v and %v high", got, c.y, c.h)
			}
		})
	}
}

// The neighbouring line's feet at the rim of a slab are not part of the print.
func TestSnug_NeighbourAtTheRim(t *testing.T) {
	v := ruled(26, 56)
	feet := ruled(0, 6)
	for i := range v.Pix[:6*v.Stride] {
		v.Pix[i] = feet.Pix[i]
	}
	got := snug(v, slab{X: 200, Y: 40, UX: 1, W: 400, H: 80})
	if top := got.Y - got.H/2; top < 18 {
		t.Errorf("snug = %+v, begins at %v", got, top)
	}
}

// A row that leans is cut along its lean.
func TestSnug_Leans(t *testing.T) {
	s := slab{X: 200, Y: 40, UX: math.Cos(0.05), UY: math.Sin(0.05), W: 300, H: 70}
	if got := snug(ruled(28, 52), s); got.UX != s.UX || got.UY != s.UY || math.Abs(got.Y-40) > 3 {
		t.Errorf("snug = %+v of %+v", got, s)
	}
}
