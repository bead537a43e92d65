//go:build cgo

package tesseract

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"testing"
)

// printed draws rows of letter-like marks, h high, into an area.
func printed(dst draw.Image, area image.Rectangle, h int, ink color.Color) {
	for y := area.Min.Y; y+h <= area.Max.Y; y += 2 * h {
		for x := area.Min.X; x+h/2 <= area.Max.X; x += h * 7 / 10 {
			draw.Draw(dst, image.Rect(x, y, x+h/2, y+h), image.NewUniform(ink), image.Point{}, draw.Src)
			draw.Draw(dst, image.Rect(x+h/8, y+h/4, x+h/2, y+h*3/4), image.NewUniform(dst.At(area.Max.X+9, area.Min.Y)), image.Point{}, draw.Src)
		}
	}
}

func surfaceOf(w, h int, c color.Color) *image.RGBA {
	v := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(v, v.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	return v
}

// Whatever the paper and the ink, evened print is dark on white.
func TestEven_DarkOnWhite(t *testing.T) {
	grey := func(v uint8) color.RGBA { return color.RGBA{v, v, v, 255} }
	for _, c := range []struct {
		situation  string
		paper, ink color.RGBA
	}{
		{"BlackOnWhite", grey(255), grey(0)},
		{"WhiteOnBlack", grey(20), grey(240)},
		{"WhiteOnBlue", color.RGBA{20, 40, 120, 255}, grey(250)},
		{"GoldOnRed", color.RGBA{140, 10, 20, 255}, color.RGBA{220, 180, 90, 255}},
		{"FaintGrey", grey(245), grey(190)},
		{"InTheDark", grey(70), grey(20)},
	} {
		t.Run(c.situation, func(t *testing.T) {
			view := surfaceOf(640, 400, c.paper)
			printed(view, image.Rect(60, 60, 400, 300), 24, c.ink)
			out := even(view)
			if v := out.GrayAt(61, 62).Y; v > 90 {
				t.Errorf("print is %d, want dark", v)
			}
			for _, at := range []image.Point{{30, 30}, {500, 200}, {600, 380}, {2, 2}} {
				if v := out.GrayAt(at.X, at.Y).Y; v < 235 {
					t.Errorf("bare paper at %v is %d, want white", at, v)
				}
			}
		})
	}
}

// A shadow over half of the card is gone after evening.
func TestEven_Shadow(t *testing.T) {
	view := surfaceOf(640, 400, color.RGBA{250, 250, 250, 255})
	printed(view, image.Rect(60, 60, 560, 300), 24, color.RGBA{30, 30, 30, 255})
	for i := range view.Pix {
		if x := i / 4 % 640; i%4 != 3 {
			view.Pix[i] = uint8(int(view.Pix[i]) * (640 - x/2) / 640)
		}
	}
	out := even(view)
	for x := 20; x < 620; x += 40 {
		if v := out.GrayAt(x, 30).Y; v < 235 {
			t.Errorf("bare paper at %d is %d, want white", x, v)
		}
	}
}

func TestFind_Rows(t *testing.T) {
	black := color.RGBA{0, 0, 0, 255}
	for _, c := range []struct {
		situation string
		areas     []image.Rectangle
		height    int
		want      int
	}{
		{"Bare", nil, 0, 0},
		{"OneRow", []image.Rectangle{image.Rect(60, 60, 400, 84)}, 24, 1},
		{"FiveRows", []image.Rectangle{image.Rect(60, 60, 400, 276)}, 24, 5},
		{"TwoColumns", []image.Rectangle{image.Rect(40, 60, 260, 156), image.Rect(360, 60, 600, 156)}, 24, 4},
		{"SmallPrint", []image.Rectangle{image.Rect(60, 60, 400, 120)}, 12, 3},
	} {
		t.Run(c.situation, func(t *testing.T) {
			view := surfaceOf(640, 400, color.White)
			for _, a := range c.areas {
				printed(view, a, c.height, black)
			}
			boxes := find(even(view))
			if len(boxes) != c.want {
				t.Fatalf("%d rows, want %d: %v", len(boxes), c.want, boxes)
			}
			for _, b := range boxes {
				if !b.In(view.Rect) || b.Dy() < c.height-3 || b.Dy() > c.height+6 {
					t.Errorf("row %v is %d high, want about %d", b, b.Dy(), c.height)
				}
			}
		})
	}
}

// Rules, frames and solid logos are not print.
func TestFind_NoPrint(t *testing.T) {
	view := surfaceOf(640, 400, color.White)
	for _, r := range []image.Rectangle{
		image.Rect(30, 200, 610, 203), image.Rect(320, 30, 323, 370), image.Rect(500, 40, 590, 130),
	} {
		draw.Draw(view, r, image.Black, image.Point{}, draw.Src)
	}
	if boxes := find(even(view)); len(boxes) != 0 {
		t.Errorf("find = %v, want none", boxes)
	}
}

// A view full of specks costs no more than the fullest card, and its print is
// still found: the specks are the smaller parts.
func TestFind_Specks(t *testing.T) {
	view := surfaceOf(1300, 1300, color.White)
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 30_000 {
		x, y := rnd.IntN(1290), rnd.IntN(1290)
		draw.Draw(view, image.Rect(x, y, x+4, y+4), image.Black, image.Point{}, draw.Src)
	}
	draw.Draw(view, image.Rect(80, 580, 1000, 640), image.White, image.Point{}, draw.Src)
	printed(view, image.Rect(100, 600, 900, 624), 24, color.RGBA{0, 0, 0, 255})
	grey := even(view)
	if n := len(largest(components(blurred(grey)))); n > most {
		t.Errorf("%d parts are looked at, want at most %d", n, most)
	}
	print := false
	for _, b := range find(grey) {
		print = print || image.Rect(300, 605, 700, 619).In(b)
		if !b.In(view.Rect) {
			t.Errorf("row %v outside the view", b)
		}
	}
	if !print {
		t.Error("the row of print is not found")
	}
}

// A line alone is cut with white around it, also at the view's edge.
func TestCut(t *testing.T) {
	g := even(surfaceOf(100, 60, color.White))
	for _, b := range []image.Rectangle{image.Rect(20, 20, 60, 40), image.Rect(0, 0, 100, 60), image.Rect(90, 50, 100, 60)} {
		out := cut(g, b)
		if out.Rect.Dx() != b.Dx()+2*margin || out.Rect.Dy() != b.Dy()+2*margin {
			t.Errorf("cut(%v) is %v", b, out.Rect)
		}
		if v := out.GrayAt(0, 0).Y; v != 255 {
			t.Errorf("the rim of cut(%v) is %d", b, v)
		}
	}
}

// A patterned band at a card's edge is no row: it leaves the print beside it,
// small marks and all, in rows of its own.
func TestFind_BesideAPatternedBand(t *testing.T) {
	view := image.NewGray(image.Rect(0, 0, 1050, 630))
	draw.Draw(view, view.Rect, image.White, image.Point{}, draw.Src)
	for y := 5; y < 625; y++ { // slanted stripes, each as high as large print
		for x := 5; x < 86; x++ {
			if (x+y)%46 < 20 {
				view.SetGray(x, y, color.Gray{Y: 60})
			}
		}
	}
	const rows, high = 6, 28
	for i := range rows {
		top := 60 + i*80
		draw.Draw(view, image.Rect(124, top+20, 132, top+28), image.Black, image.Point{}, draw.Src) // a dot
		printed(view, image.Rect(142, top, 700, top+high), high, color.Black)
	}
	found := 0
	for _, b := range find(view) {
		if b.Dy() > 2*high && b.Max.X > 142 {
			t.Errorf("row %v holds more than a row of print", b)
		}
		if b.Min.X >= 90 && b.Max.X > 650 {
			found++
		}
	}
	if found != rows {
		t.Errorf("%d rows found, want %d", found, rows)
	}
}
