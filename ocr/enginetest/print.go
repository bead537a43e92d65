package enginetest

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// plain is what card prints, from top to bottom.
var plain = []string{"Registration Desk 42", "Anna Berg", "anna.berg@example.com", "Tel +44 20 7946 0160"}

// blank is a white view.
func blank(w, h int) *image.RGBA {
	v := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(v, v.Rect, image.White, image.Point{}, draw.Src)
	return v
}

// printed is a white view with lines in letters so many pixels high, the first
// at a quarter of its height.
func printed(t testing.TB, w, h int, size float64, lines ...string) *image.RGBA {
	t.Helper()
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	v := blank(w, h)
	d := font.Drawer{Dst: v, Src: image.NewUniform(color.Gray{Y: 30}), Face: face}
	for i, line := range lines {
		d.Dot = fixed.P(w/12, h/4+int(1.8*size*float64(i)))
		d.DrawString(line)
	}
	return v
}

// card is a view as large as the Reader's, with four lines of print.
func card(t testing.TB) *image.RGBA {
	t.Helper()
	return printed(t, 1000, 600, 40, plain...)
}
