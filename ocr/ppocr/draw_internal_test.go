package ppocr

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
)

// noisy is a view in which neighbours have nothing in common.
func noisy(w, h int) *image.RGBA {
	rnd := rand.New(rand.NewPCG(1, 2))
	v := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range v.Pix {
		v.Pix[i] = byte(rnd.IntN(256))
	}
	return v
}

// plainly reads one colour of one place between the pixels, with nothing but the
// definition.
func plainly(v *image.RGBA, x, y float64, colour int) float64 {
	x, y = max(0, min(x-.5, float64(v.Rect.Dx()-1))), max(0, min(y-.5, float64(v.Rect.Dy()-1)))
	at := func(px, py int) float64 {
		return float64(v.Pix[min(py, v.Rect.Dy()-1)*v.Stride+4*min(px, v.Rect.Dx()-1)+colour])
	}
	x0, y0 := int(x), int(y)
	fx, fy := x-float64(x0), y-float64(y0)
	return (at(x0, y0)*(1-fx)+at(x0+1, y0)*fx)*(1-fy) + (at(x0, y0+1)*(1-fx)+at(x0+1, y0+1)*fx)*fy
}

// plainlyDrawn averages places as draw does, for one colour of one pixel.
func plainlyDrawn(v *image.RGBA, s slab, w, h, x, y, colour int) (sum float64) {
	sx, sy := s.W/float64(w), s.H/float64(h)
	tx, ty := taps(sx), taps(sy)
	for j := range ty {
		for i := range tx {
			px, py := s.at((float64(x)+(float64(i)+.5)/float64(tx))*sx, (float64(y)+(float64(j)+.5)/float64(ty))*sy)
			sum += plainly(v, px, py, colour)
		}
	}
	return sum / float64(tx*ty)
}

func TestDraw(t *testing.T) {
	lean := math.Pi / 11
	bytes := norm{scale: [3]float32{1, 1, 1}}
	for _, c := range []struct {
		situation string
		view      *image.RGBA
		s         slab
		w, h      int
	}{
		{"WholeView", noisy(70, 40), slab{35, 20, 1, 0, 70, 40}, 32, 18},
		{"Enlarged", noisy(70, 40), slab{30, 20, 1, 0, 24, 10}, 110, 48},
		{"Leaning", noisy(90, 90), slab{45, 45, math.Cos(lean), math.Sin(lean), 60, 20}, 144, 48},
		{"OverTheEdge", noisy(40, 30), slab{38, 3, math.Cos(lean), -math.Sin(lean), 30, 20}, 48, 32},
		{"ShrunkTwentyTimes", noisy(400, 300), slab{200, 150, 1, 0, 400, 300}, 20, 15},
		{"OneColumn", noisy(1, 30), slab{.5, 15, 1, 0, 1, 30}, 8, 48},
		{"OneRow", noisy(30, 1), slab{15, .5, 1, 0, 30, 1}, 64, 48},
		{"OnePixel", noisy(1, 1), slab{.5, .5, 1, 0, 1, 1}, 8, 8},
	} {
		t.Run(c.situation, func(t *testing.T) {
			const left, right = 3, 2 // columns that belong to others
			stride := left + c.w + right
			out := make([]float32, 3*stride*c.h)
			draw(c.view, c.s, left, c.w, c.h, stride, bytes, out)
			for i, got := range out {
				plane, y, x := i/(stride*c.h), i/stride%c.h, i%stride-left
				want := 0.0
				if x >= 0 && x < c.w {
					want = plainlyDrawn(c.view, c.s, c.w, c.h, x, y, 2-plane)
				}
				if math.Abs(float64(got)-want) > 2.5 { // of 255, where neighbours differ by all: 256ths of a place
					t.Fatalf("plane %d, x %d, y %d = %.2f, want %.2f", plane, x, y, got, want)
				}
			}
		})
	}
}

func TestHalf(t *testing.T) {
	view := noisy(7, 5)
	got := half(view)
	if got.Rect != image.Rect(0, 0, 3, 2) {
		t.Fatalf("half of 7×5 is %v", got.Rect)
	}
	for i, v := range got.Pix {
		at := i/got.Stride*2*view.Stride + i%got.Stride/4*8 + i%4
		sum := int(view.Pix[at]) + int(view.Pix[at+4]) + int(view.Pix[at+view.Stride]) + int(view.Pix[at+view.Stride+4])
		if int(v) != (sum+2)/4 {
			t.Errorf("byte %d = %d, want %d", i, v, (sum+2)/4)
		}
	}
}

func TestLikeliest(t *testing.T) {
	for _, c := range []struct {
		shares []float32
		best   int
		sure   float64
	}{
		{[]float32{.25, .5, .25}, 1, .5},
		{[]float32{.75, .125, .125}, 0, .75},
		{[]float32{.125, .25, .375, .25}, 2, .375},
		{[]float32{.125, .25, .625}, 2, .625},
	} {
		if best, sure := likeliest(c.shares); best != c.best || sure != c.sure {
			t.Errorf("likeliest(%v) = %d, %v, want %d, %v", c.shares, best, sure, c.best, c.sure)
		}
	}
}

// Numbers given back are lent again, if they are not too many to keep.
func TestSpares(t *testing.T) {
	s := make(spares, 1)
	in, out, giveBack := s.borrow(4, 6)
	if len(in) != 4 || len(out) != 6 {
		t.Fatalf("borrowed %d and %d numbers, want 4 and 6", len(in), len(out))
	}
	_, _, another := s.borrow(4, 6) // while the first are lent
	giveBack()
	another() // one too many
	again, fewer, giveBack := s.borrow(3, 9)
	if len(again) != 3 || &again[0] != &in[0] || len(fewer) != 9 {
		t.Errorf("borrowed %d numbers, not the first 3 of those given back; %d, want 9", len(again), len(fewer))
	}
	giveBack()
	_, _, giveBack = s.borrow(1, largestSpare+1)
	giveBack()
	if kept := <-s; kept.out != nil {
		t.Errorf("an answer of %d numbers is kept", cap(kept.out))
	}
}
