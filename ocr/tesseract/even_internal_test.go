package tesseract

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"testing"
)

// slowly is what even answers, worked out pixel by pixel and window by window.
type slowly struct {
	grey        [][]int
	w, h        int
	level, gain map[image.Point]int
	light       map[image.Point]bool
}

func evenSlowly(view *image.RGBA) *image.Gray {
	s := slowly{w: view.Rect.Dx(), h: view.Rect.Dy(), level: map[image.Point]int{}, gain: map[image.Point]int{}, light: map[image.Point]bool{}}
	s.grey = plane(s.w, s.h, func(x, y int) int {
		c := view.RGBAAt(x, y)
		return (299*int(c.R) + 587*int(c.G) + 114*int(c.B) + 500) / 1000
	})
	s.each(func(c image.Point) { s.level[c] = s.quantile(s.grey, c, 1, 2) })
	s.surfaces()
	evened := plane(s.w, s.h, func(x, y int) int {
		if x < rim || y < rim || x >= s.w-rim || y >= s.h-rim {
			return 255
		}
		v, level := s.grey[y][x]+lift, s.at(s.level, x, y)+lift
		if s.light[image.Pt(x/cell, y/cell)] {
			v, level = level, v
		}
		return min(255, 255*v/level)
	})
	s.gains(evened)
	out := image.NewGray(image.Rect(0, 0, s.w, s.h))
	for i := range out.Pix {
		x, y := i%s.w, i/s.w
		out.Pix[i] = byte(max(0, 255-(255-evened[y][x])*s.at(s.gain, x, y)/unit))
	}
	return out
}

func plane(w, h int, at func(x, y int) int) [][]int {
	out := make([][]int, h)
	for y := range out {
		out[y] = make([]int, w)
		for x := range out[y] {
			out[y][x] = at(x, y)
		}
	}
	return out
}

// last is the cell in the lower right corner.
func (s *slowly) last() image.Point { return image.Pt((s.w-1)/cell, (s.h-1)/cell) }

func (s *slowly) each(do func(image.Point)) {
	for y := range s.last().Y + 1 {
		for x := range s.last().X + 1 {
			do(image.Pt(x, y))
		}
	}
}

// square is the cells up to n away.
func (s *slowly) square(c image.Point, n int) image.Rectangle {
	return image.Rect(max(0, c.X-n), max(0, c.Y-n), min(c.X+n, s.last().X)+1, min(c.Y+n, s.last().Y)+1)
}

// quantile looks at every second pixel of every second row around a cell.
func (s *slowly) quantile(of [][]int, c image.Point, num, den int) int {
	window := s.square(c, reach)
	var hist [64]int
	total := 0
	for y := window.Min.Y * cell; y < min(s.h, window.Max.Y*cell); y += 2 {
		for x := window.Min.X*cell + y/2%2; x < min(s.w, window.Max.X*cell); x += 2 {
			hist[of[y][x]/4]++
			total++
		}
	}
	i, seen := 0, hist[0]
	for ; den*seen < num*total; seen += hist[i] {
		i++
	}
	return 4*i + 2
}

// surfaces joins cells of nearly one level until nothing more joins.
func (s *slowly) surfaces() {
	surface := map[image.Point]image.Point{}
	s.each(func(c image.Point) { surface[c] = c })
	for again := true; again; {
		again = false
		s.each(func(c image.Point) {
			for _, d := range []image.Point{{1, 0}, {0, 1}, {-1, 0}, {0, -1}} {
				n := c.Add(d)
				if of, ok := surface[n]; ok && absInt(s.level[c]-s.level[n]) <= step && (of.Y < surface[c].Y || of.Y == surface[c].Y && of.X < surface[c].X) {
					surface[c], again = of, true
				}
			}
		})
	}
	lighter := map[image.Point]int{}
	for y := range s.h {
		for x := range s.w {
			c := image.Pt(x/cell, y/cell)
			v, level := s.grey[y][x]+lift, s.level[c]+lift
			switch {
			case 5*v < 4*level:
				lighter[surface[c]] -= 256 * (level - v) / level
			case 4*v > 5*level:
				lighter[surface[c]] += 256 * (v - level) / v
			}
		}
	}
	s.each(func(c image.Point) { s.light[c] = lighter[surface[c]] > 0 })
}

// at is bilinear between the middles of cells.
func (s *slowly) at(of map[image.Point]int, x, y int) int {
	x, y = max(0, x-cell/2), max(0, y-cell/2)
	next := func(x, y int) int { return of[image.Pt(min(x, s.last().X), min(y, s.last().Y))] }
	cx, cy, fx, fy := x/cell, y/cell, x%cell, y%cell
	top := next(cx, cy)*(cell-fx) + next(cx+1, cy)*fx
	low := next(cx, cy+1)*(cell-fx) + next(cx+1, cy+1)*fx
	return (top*(cell-fy) + low*fy) / (cell * cell)
}

// gains is how much the print around each cell is deepened.
func (s *slowly) gains(evened [][]int) {
	soft := plane(s.w, s.h, func(x, y int) int {
		if x == 0 || y == 0 || x == s.w-1 || y == s.h-1 {
			return evened[y][x]
		}
		sum := 8
		for i := range 9 {
			dx, dy := i%3-1, i/3-1
			sum += evened[y+dy][x+dx] * (2 - absInt(dx)) * (2 - absInt(dy))
		}
		return sum / 16
	})
	calm := map[image.Point]int{}
	s.each(func(c image.Point) { calm[c] = s.quantile(soft, c, 25, 100) })
	s.each(func(c image.Point) {
		bare := 0
		for around, y := s.square(c, 12), 0; y < around.Dy(); y++ {
			for x := range around.Dx() {
				bare = max(bare, calm[around.Min.Add(image.Pt(x, y))])
			}
		}
		s.gain[c] = unit
		if dark := s.quantile(soft, c, 3, 100); dark <= faintest && 255-dark > 7*(254-bare)/2+20 {
			s.gain[c] = min(255, 225*unit/(255-dark))
		}
	})
}

// cardPhoto is a card as a phone sees it.
func cardPhoto(t testing.TB) *image.RGBA {
	t.Helper()
	data, err := os.ReadFile("../testdata/bilingual.jpg")
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

// scratched is a surface with a gradient, print of a grey, and noise.
func scratched(w, h int, from, to, ink uint8, noise int) *image.RGBA {
	rnd := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	v := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			grey := int(from) + (int(to)-int(from))*(x+y)/max(1, w+h-2)
			if x%90 > 20 && y%40 > 24 && (x/5+y/7)%3 == 0 {
				grey = int(ink)
			}
			at := func() uint8 { return uint8(max(0, min(255, grey+rnd.IntN(2*noise+1)-noise))) }
			v.SetRGBA(x, y, color.RGBA{at(), at(), at(), 255})
		}
	}
	return v
}

// The quick way answers bit for bit what the slow one does.
func TestEven_BitForBit(t *testing.T) {
	halves := scratched(420, 300, 250, 120, 20, 6)
	draw.Draw(halves, image.Rect(190, 0, 420, 210), scratched(300, 300, 30, 60, 240, 9), image.Point{}, draw.Src)
	photo := cardPhoto(t)
	for _, c := range []struct {
		situation string
		view      *image.RGBA
	}{
		{"Photo", photo},
		{"LightOnDarkBesideDarkOnLight", halves},
		{"Faint", scratched(333, 217, 245, 235, 200, 4)},
		{"FaintNoise", scratched(200, 200, 200, 200, 190, 25)},
		{"Noise", scratched(257, 131, 128, 128, 128, 128)},
		{"White", scratched(120, 90, 255, 255, 255, 0)},
		{"Black", scratched(120, 90, 0, 0, 0, 0)},
		{"Part", photo.SubImage(image.Rect(300, 200, 511, 333)).(*image.RGBA)},
		{"Narrow", scratched(11, 300, 220, 180, 10, 9)},
		{"Low", scratched(300, 11, 220, 180, 10, 9)},
		{"RimOnly", scratched(10, 40, 220, 180, 10, 9)},
		{"OneCell", scratched(8, 8, 220, 180, 10, 9)},
		{"Line", scratched(50, 1, 220, 180, 10, 9)},
		{"Column", scratched(2, 50, 220, 180, 10, 9)},
		{"Pixel", scratched(1, 1, 220, 180, 10, 9)},
	} {
		t.Run(c.situation, func(t *testing.T) {
			view := image.NewRGBA(image.Rectangle{Max: c.view.Rect.Size()})
			draw.Draw(view, view.Rect, c.view, c.view.Rect.Min, draw.Src)
			got, want := even(c.view), evenSlowly(view)
			if !bytes.Equal(got.Pix, want.Pix) {
				wrong := 0
				for i := range want.Pix {
					if got.Pix[i] != want.Pix[i] {
						wrong++
					}
				}
				t.Errorf("%d of %d pixels differ", wrong, len(want.Pix))
			}
		})
	}
}

// BenchmarkEven evens a view of the usual size.
func BenchmarkEven(b *testing.B) {
	view := scratched(1300, 820, 240, 200, 30, 6)
	for b.Loop() {
		even(view)
	}
}
