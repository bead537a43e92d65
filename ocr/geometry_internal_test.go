package ocr

import (
	"image"
	"image/color"
	"math"
	"testing"
)

// The map takes the rectangle's corners to the quad's, its diagonals' crossing
// to theirs, and straight lines to straight lines.
func TestHomography(t *testing.T) {
	for _, q := range []Quad{
		{{0, 0}, {100, 0}, {100, 60}, {0, 60}},
		{{50, 20}, {150, 40}, {140, 110}, {30, 90}},
		{{190, 130}, {610, 130}, {700, 480}, {100, 480}},
		{{-20, -10}, {610, 130}, {500, 480}, {100, 400}},
	} {
		const w, h = 90.0, 54.0
		m := onto(q, w, h)
		for i, c := range [4]Point{{0, 0}, {w, 0}, {w, h}, {0, h}} {
			if p := m.at(c.X, c.Y); p.distance(q[i]) > 1e-9*1000 {
				t.Errorf("%v: corner %d goes to %v, want %v", q, i, p, q[i])
			}
		}
		middle, ok := crossing([2]Point{q[0], q[2]}, [2]Point{q[1], q[3]})
		if p := m.at(w/2, h/2); !ok || p.distance(middle) > 1e-6 {
			t.Errorf("%v: the middle goes to %v, want %v", q, p, middle)
		}
		a, b, c := m.at(10, 5), m.at(40, 20), m.at(70, 35)
		if off := b.sub(a).cross(c.sub(a)) / a.distance(c); math.Abs(off) > 1e-6 {
			t.Errorf("%v: a straight line bends by %v", q, off)
		}
	}
}

func TestQuad_AreaAndInside(t *testing.T) {
	q := Quad{{10, 10}, {110, 20}, {100, 80}, {5, 70}}
	mirrored := Quad{q[1], q[0], q[3], q[2]}
	if a, b := q.area(), mirrored.area(); a <= 0 || a != -b {
		t.Errorf("area %v, mirrored %v; want opposite, the first positive", a, b)
	}
	for p, in := range map[Point]bool{{50, 50}: true, {10, 10}: true, {0, 0}: false, {120, 50}: false, {50, 5}: false, {50, 90}: false} {
		if q.holds(p) != in {
			t.Errorf("holds(%v) = %v, want %v", p, !in, in)
		}
	}
	if g := q.grown(0.1); g.area() < 1.2*q.area() || g.area() > 1.22*q.area() {
		t.Errorf("grown by a tenth: area %.0f of %.0f, want 1.21 times", g.area(), q.area())
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
		p    Point
		want uint8
	}{
		{Point{0.5, 0.5}, 0}, {Point{3.5, 2.5}, 220}, {Point{2, 0.5}, 30}, {Point{1.5, 1}, 60},
		{Point{-100, -100}, 0}, {Point{100, 100}, 220}, {Point{100, 0.5}, 60}, {Point{math.NaN(), math.NaN()}, 0},
		{Point{math.Inf(1), math.Inf(-1)}, 60},
	} {
		if got := source(img).at(c.p.X, c.p.Y); got != uint32(c.want)|255<<24 {
			t.Errorf("at %v is %#x, want red %d", c.p, got, c.want)
		}
	}
}

// Small pictures are means of whole areas, and no pixel is left out.
func TestThumb(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {640, 1}, {1, 640}, {321, 200}, {1000, 999}, {320, 240}} {
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
