package flat

import (
	"image"
	"image/color"
	"math"
	"testing"

	"hallpass/ocr/plane"
)

// The map takes the rectangle's corners to the quad's, its diagonals' crossing
// to theirs, and straight lines to straight lines.
func TestHomography(t *testing.T) {
	for _, q := range []plane.Quad{
		{{X: 0, Y: 0}, {X: 100, Y: 0}, {X: 100, Y: 60}, {X: 0, Y: 60}},
		{{X: 50, Y: 20}, {X: 150, Y: 40}, {X: 140, Y: 110}, {X: 30, Y: 90}},
		{{X: 190, Y: 130}, {X: 610, Y: 130}, {X: 700, Y: 480}, {X: 100, Y: 480}},
		{{X: -20, Y: -10}, {X: 610, Y: 130}, {X: 500, Y: 480}, {X: 100, Y: 400}},
	} {
		const w, h = 90.0, 54.0
		m := onto(q, w, h)
		for i, c := range [4]plane.Point{{X: 0, Y: 0}, {X: w, Y: 0}, {X: w, Y: h}, {X: 0, Y: h}} {
			if p := m.at(c.X, c.Y); p.Distance(q[i]) > 1e-9*1000 {
				t.Errorf("%v: corner %d goes to %v, want %v", q, i, p, q[i])
			}
		}
		middle, ok := crossing([2]plane.Point{q[0], q[2]}, [2]plane.Point{q[1], q[3]})
		if p := m.at(w/2, h/2); !ok || p.Distance(middle) > 1e-6 {
			t.Errorf("%v: the middle goes to %v, want %v", q, p, middle)
		}
		a, b, c := m.at(10, 5), m.at(40, 20), m.at(70, 35)
		if off := b.Sub(a).Cross(c.Sub(a)) / a.Distance(c); math.Abs(off) > 1e-6 {
			t.Errorf("%v: a straight line bends by %v", q, off)
		}
	}
}

// A third of the samples may lie: they found print, or another card's edge.
func TestFit_Outliers(t *testing.T) {
	var ts, offs []float64
	for i := range 60 {
		x := float64(i) / 59
		off := 2 - 3*x
		if i%3 == 0 {
			off = 9 - float64(i%7)
		}
		ts, offs = append(ts, x), append(offs, off)
	}
	if a, b := fit(ts, offs); math.Abs(a-2) > 0.05 || math.Abs(b+3) > 0.1 {
		t.Errorf("fit = %.3f %+.3f·t, want 2 -3·t", a, b)
	}
	if a, b := fit(ts[:7], offs[:7]); a != 0 || b != 0 {
		t.Errorf("seven samples: fit = %v, %v; want the side as it was", a, b)
	}
	if a, b := fit(make([]float64, 20), make([]float64, 20)); a != 0 || b != 0 {
		t.Errorf("all at one place: fit = %v, %v", a, b)
	}
}

// Outside of the picture its edge goes on, and what is no number is its first
// pixel.
func TestSample_Edges(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 4, 3))
	for i := range 12 {
		img.SetRGBA(i%4, i/4, color.RGBA{uint8(20 * i), 0, 0, 255})
	}
	for _, c := range []struct {
		p    plane.Point
		want uint8
	}{
		{plane.Pt(0.5, 0.5), 0}, {plane.Pt(3.5, 2.5), 220}, {plane.Pt(2, 0.5), 30}, {plane.Pt(1.5, 1), 60},
		{plane.Pt(-100, -100), 0}, {plane.Pt(100, 100), 220}, {plane.Pt(100, 0.5), 60}, {plane.Pt(math.NaN(), math.NaN()), 0},
		{plane.Pt(math.Inf(1), math.Inf(-1)), 60},
	} {
		if got := source(img).at(c.p.X, c.p.Y); got != uint32(c.want)|255<<24 {
			t.Errorf("at %v is %#x, want red %d", c.p, got, c.want)
		}
	}
}

// Small pictures are means of whole areas, and no pixel is left out.
func TestThumb(t *testing.T) {
	for _, size := range []image.Point{{X: 1, Y: 1}, {X: 640, Y: 1}, {X: 1, Y: 640}, {X: 321, Y: 200}, {X: 1000, Y: 999}, {X: 320, Y: 240}} {
		img := image.NewRGBA(image.Rectangle{Max: size})
		for i := range img.Pix {
			img.Pix[i] = 90
		}
		small, factor := thumb(img, 320)
		b := small.Rect
		if max(b.Dx(), b.Dy()) > 320 || b.Empty() || factor < 1 {
			t.Errorf("%v: thumb %v, factor %v", size, b, factor)
		}
		for i, v := range small.Pix {
			if i%4 != 3 && v != 90 {
				t.Fatalf("%v: a grey of 90 became %d", size, v)
			}
		}
	}
}
