package photo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"testing"
)

// noisy is a photo of noise; light and colours go to their ends.
func noisy(r image.Rectangle, ratio image.YCbCrSubsampleRatio) *image.YCbCr {
	rnd := rand.New(rand.NewPCG(uint64(r.Dx()), uint64(ratio)))
	p := image.NewYCbCr(r, ratio)
	for _, plane := range [][]byte{p.Y, p.Cb, p.Cr} {
		for i := range plane {
			plane[i] = [4]byte{byte(rnd.IntN(256)), byte(rnd.IntN(256)), 0, 255}[rnd.IntN(4)]
		}
	}
	return p
}

// A photo's pixels are the same as those of image/draw, from any corner on.
func TestPaint_AsImageDraw(t *testing.T) {
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio440} {
		photo := noisy(image.Rect(0, 0, 131, 77), ratio)
		for _, part := range []image.Rectangle{photo.Rect, image.Rect(1, 1, 130, 77), image.Rect(3, 2, 4, 3), image.Rect(40, 31, 97, 60), image.Rect(130, 76, 131, 77)} {
			want := image.NewRGBA(image.Rectangle{Max: part.Size()})
			draw.Draw(want, want.Rect, photo, part.Min, draw.Src)
			if got := shrunk(photo, part, 1); !bytes.Equal(got.Pix, want.Pix) {
				t.Errorf("%v, %v: not what image/draw gives", ratio, part)
			}
		}
	}
}

// A shrunk photo has the mean brightness of each square and the colour of its
// middle.
func TestShrunk_Photo(t *testing.T) {
	photo := noisy(image.Rect(0, 0, 131, 77), image.YCbCrSubsampleRatio420)
	for by := 2; by <= 5; by++ {
		part := image.Rect(3, 5, 120, 70)
		got := shrunk(photo, part, by)
		for y := range got.Rect.Dy() {
			for x := range got.Rect.Dx() {
				sum, at := 0, part.Min.Add(image.Pt(x*by, y*by))
				for i := range by * by {
					sum += int(photo.Y[photo.YOffset(at.X+i%by, at.Y+i/by)])
				}
				c := photo.YCbCrAt(at.X+by/2, at.Y+by/2)
				c.Y = byte(sum / (by * by))
				if want := color.RGBAModel.Convert(c); got.RGBAAt(x, y) != want {
					t.Fatalf("by %d, %d, %d: %v, want %v", by, x, y, got.RGBAAt(x, y), want)
				}
			}
		}
	}
}

// Every pixel goes where its orientation says (Exif 2.32, section 4.6.4), whatever the
// size.
func TestTurned_EveryPixel(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {1, 40}, {40, 1}, {17, 16}, {33, 50}} {
		src := image.NewRGBA(image.Rectangle{Max: size})
		for i := range src.Pix {
			src.Pix[i] = byte(i * 7)
		}
		w, h := size.X, size.Y
		for turn := 1; turn <= 8; turn++ {
			// where an upright pixel is stored
			stored := map[int]func(x, y int) (int, int){
				1: func(x, y int) (int, int) { return x, y }, 2: func(x, y int) (int, int) { return w - 1 - x, y },
				3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y }, 4: func(x, y int) (int, int) { return x, h - 1 - y },
				5: func(x, y int) (int, int) { return y, x }, 6: func(x, y int) (int, int) { return y, h - 1 - x },
				7: func(x, y int) (int, int) { return w - 1 - y, h - 1 - x }, 8: func(x, y int) (int, int) { return w - 1 - y, x },
			}[turn]
			got := turned(src, turn)
			for i := range w * h {
				x, y := i%got.Rect.Dx(), i/got.Rect.Dx()
				if sx, sy := stored(x, y); got.RGBAAt(x, y) != src.RGBAAt(sx, sy) {
					t.Fatalf("%v, orientation %d: pixel %d, %d is not the stored %d, %d", size, turn, x, y, sx, sy)
				}
			}
		}
	}
}

// BenchmarkNewPicture is what a photo costs once it is decoded.
func BenchmarkNewPicture(b *testing.B) {
	for _, size := range []image.Point{{1600, 1200}, {4032, 3024}} {
		photo := noisy(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for b.Loop() {
				newPicture(photo, 6)
			}
		})
	}
}
