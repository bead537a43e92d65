package ppocr

import (
	"image"
	"image/color"
	"math"
	"testing"
)

// painted is a map with bars of full heat: middle, length, height, lean.
func painted(w, h int, bars ...slab) heat {
	m := heat{make([]float32, w*h), w, h}
	for i := range m.v {
		for _, b := range bars {
			dx, dy := float64(i%w)+.5-b.X, float64(i/w)+.5-b.Y
			if a, c := dx*b.UX+dy*b.UY, dy*b.UX-dx*b.UY; math.Abs(a) <= b.W/2 && math.Abs(c) <= b.H/2 {
				m.v[i] = 0.9
			}
		}
	}
	return m
}

func leaning(x, y, w, h, degrees float64) slab {
	s, c := math.Sincos(degrees * math.Pi / 180)
	return slab{x, y, c, s, w, h}
}

func TestHeat_Slabs(t *testing.T) {
	for _, want := range []slab{
		leaning(150, 80, 200, 12, 0), leaning(150, 80, 200, 12, 8), leaning(150, 80, 200, 12, -20),
		leaning(150, 80, 14, 120, 0), leaning(40, 40, 20, 20, 0),
	} {
		found := painted(320, 160, want).slabs()
		if len(found) != 1 {
			t.Errorf("%+v: %d slabs", want, len(found))
			continue
		}
		rim := want.W * want.H * unclip / (2 * (want.W + want.H))
		got := found[0].grown(-rim)
		if d := max(math.Abs(got.X-want.X), math.Abs(got.Y-want.Y), math.Abs(got.W-want.W), math.Abs(got.H-want.H)); d > 3.5 || math.Abs(got.UY-want.UY) > 0.02 {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func TestHeat_SlabsRefuses(t *testing.T) {
	faint := painted(320, 160, leaning(150, 80, 200, 12, 0))
	for i, v := range faint.v {
		faint.v[i] = v * 0.4 // over the edge, but no line
	}
	for name, m := range map[string]heat{
		"nothing": painted(320, 160), "speck": painted(320, 160, leaning(50, 50, 2, 2, 0)), "faint": faint,
	} {
		if got := m.slabs(); len(got) != 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
	var many []slab
	for i := range 400 {
		many = append(many, leaning(float64(10+i%20*30), float64(10+i/20*12), 20, 5, 0))
	}
	if got := len(painted(640, 260, many...).slabs()); got != mostLines {
		t.Errorf("of 400 lines %d are kept, want %d", got, mostLines)
	}
}

func TestSlab_AtAndTurned(t *testing.T) {
	s := leaning(100, 50, 80, 20, 30)
	x, y := s.at(s.W, s.H/2) // the right end of its middle line
	if math.Abs(x-(100+40*s.UX)) > 1e-9 || math.Abs(y-(50+40*s.UY)) > 1e-9 {
		t.Errorf("right end at %v, %v", x, y)
	}
	if got := s.turned(4); math.Abs(got.UX-s.UX)+math.Abs(got.UY-s.UY)+math.Abs(got.W-s.W) > 1e-9 {
		t.Errorf("four quarters make %+v of %+v", got, s)
	}
	if got := leaning(0, 0, 80, 20, 0).turned(1); got.UY != -1 || got.W != 20 {
		t.Errorf("a quarter makes %+v", got)
	}
}

// column draws n black squares above one another.
func column(n, size, gap int) *image.RGBA {
	v := image.NewRGBA(image.Rect(0, 0, 2*size, n*(size+gap)+2*size))
	for y := range v.Rect.Dy() {
		for x := range v.Rect.Dx() {
			v.Set(x, y, color.White)
			i := y - size
			if i >= 0 && i/(size+gap) < n && i%(size+gap) < size && x >= size/2 && x < size/2+size && (x+y)%3 > 0 {
				v.Set(x, y, color.Black)
			}
		}
	}
	return v
}

func TestCells(t *testing.T) {
	for _, c := range []struct{ n, size, gap int }{{2, 30, 4}, {3, 40, 25}, {6, 24, 2}, {12, 30, 3}} {
		v := column(c.n, c.size, c.gap)
		b := v.Rect
		s := slab{float64(b.Dx()) / 2, float64(b.Dy()) / 2, 1, 0, float64(b.Dx()), float64(b.Dy())}
		cuts := cells(v, s)
		if len(cuts) == 0 || len(cuts[0]) != c.n {
			t.Errorf("%+v is cut into %d ways %v", c, len(cuts), cuts)
			continue
		}
		for i, got := range cuts[0] {
			want := float64(c.size) + (float64(i)+.5)*float64(c.size+c.gap) - float64(c.gap)/2
			if math.Abs(got.Y-want) > float64(c.size)/5 {
				t.Errorf("%+v: character %d stands at %.0f, want %.0f", c, i, got.Y, want)
			}
		}
	}
}

func TestStacked(t *testing.T) {
	name := []slab{leaning(500, 50, 30, 32, 0), leaning(502, 90, 30, 60, 0), leaning(499, 145, 32, 34, 0)}
	if got := stacked(append([]slab{leaning(200, 300, 300, 30, 0)}, name...)); len(got) != 2 {
		t.Errorf("a column in three pieces and a row make %d lines: %v", len(got), got)
	}
	labels := []slab{
		leaning(50, 50, 24, 24, 0), leaning(50, 82, 24, 24, 0), leaning(50, 114, 24, 24, 0),
		leaning(180, 50, 200, 24, 0), leaning(180, 82, 180, 24, 0), leaning(180, 114, 210, 24, 0),
	}
	if got := stacked(labels); len(got) != 6 {
		t.Errorf("labels beside their values make %d lines: %v", len(got), got)
	}
	company := []slab{leaning(50, 50, 24, 24, 0), leaning(50, 150, 26, 180, 0), leaning(50, 255, 24, 28, 0), leaning(51, 282, 25, 26, 0)}
	if got := stacked(append(company, labels[3:]...)); len(got) != 4 {
		t.Errorf("a long column beside rows, in four pieces, makes %d lines with three rows: %v", len(got), got)
	}
}
