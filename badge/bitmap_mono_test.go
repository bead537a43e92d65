package badge_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"testing"

	"hallpass/badge"
)

// The rules by which colours become black and white, on a page with each kind.
func TestBitmaps_ColoursBecomeBlackAndWhite(t *testing.T) {
	r := rendererOf(t, `{"name": "grounds", "width": 60, "height": 80, "items": [
		{"kind": "band", "box": [0, 0, 60, 12], "text": "name", "fill": "#0B57D0", "size": {"best": 20, "floor": 10, "lines": 1}},
		{"kind": "band", "box": [0, 14, 60, 12], "text": "name", "fill": "#FFD54A", "size": {"best": 20, "floor": 10, "lines": 1}},
		{"kind": "text", "box": [0, 28, 60, 10], "text": "name", "colour": "#FFD54A", "size": {"best": 20, "floor": 10, "lines": 1}},
		{"kind": "rule", "box": [0, 40, 60, 0.6], "fill": "#FFD54A"},
		{"kind": "rule", "box": [0, 42, 60, 4], "fill": "#F6F8FA"},
		{"kind": "qr", "box": [10, 48, 30, 30]}]}`)
	sides, report := mustBitmaps(t, r, pageOf(people["chinese"]), 203)
	img := sides[0]
	black := func(x, y, w, h float64) float64 {
		n, area := 0, in(badge.Box{X: x, Y: y, W: w, H: h}, 203, 0)
		for y := area.Min.Y; y < area.Max.Y; y++ {
			for x := area.Min.X; x < area.Max.X; x++ {
				n += int(img.ColorIndexAt(x, y))
			}
		}
		return float64(n) / float64(area.Dx()*area.Dy())
	}
	for name, c := range map[string]struct{ got, least, most float64 }{
		"a dark ground":               {black(40, 1, 18, 10), 1, 1},
		"a light ground":              {black(40, 15, 18, 10), 0, 0},
		"its frame":                   {black(0, 14, 60, 0.2), 1, 1},
		"a light line":                {black(0, 40, 60, 0.6), 1, 1},
		"a ground that is near white": {black(0, 42, 60, 4), 0, 0},
		"white text":                  {black(report.Fields[0].Box.X, 1, report.Fields[0].Box.W, 10), 0.6, 0.95},
		"text on a light ground":      {black(report.Fields[1].Box.X+1, 15, report.Fields[1].Box.W, 10), 0.05, 0.4},
		"light text on paper":         {black(report.Fields[2].Box.X, 28, report.Fields[2].Box.W, 10), 0.05, 0.4},
	} {
		if c.got < c.least || c.got > c.most {
			t.Errorf("%s: %.2f of it black, want %.2f to %.2f", name, c.got, c.least, c.most)
		}
	}
}

// A picture's greys are as dark in dots as they were; its white ground stays
// clean, its black is solid.
func TestBitmaps_PicturesAreDithered(t *testing.T) {
	r := rendererOf(t, `{"name": "logo", "width": 80, "height": 80, "items": [
		{"kind": "heading", "box": [0, 0, 80, 30], "size": {"best": 10, "floor": 7, "lines": 1}},
		{"kind": "qr", "box": [10, 40, 30, 30]}]}`)
	page := pageOf(people["nobody"])
	page.Show.Logo = logo(t, 300, 300)
	page.Show.Name, page.Show.Detail = "", ""
	sides, _ := mustBitmaps(t, r, page, 203)
	area := in(badge.Box{W: 30, H: 30}, 203, 0)
	dark := make([]float64, area.Dx()) // black share of each column, among the dots of the disc
	for x := range area.Dx() {
		height := 2 * math.Sqrt(max(0, 0.25-math.Pow(float64(x)/float64(area.Dx())-0.5, 2))) * float64(area.Dy())
		for y := range area.Dy() {
			if sides[0].ColorIndexAt(x, y) == 0 {
				continue
			}
			if dx, dy := float64(x)/float64(area.Dx())-0.5, float64(y)/float64(area.Dy())-0.5; math.Hypot(dx, dy) > 0.51 {
				t.Fatalf("a black dot at %d, %d, on the picture's white ground", x, y)
			}
			dark[x] += 1 / height
		}
	}
	mean := func(from, to float64) (sum float64) {
		part := dark[int(from*float64(len(dark))):int(to*float64(len(dark)))]
		for _, v := range part {
			sum += v / float64(len(part))
		}
		return sum
	}
	for _, c := range [...]struct{ from, to, least, most float64 }{
		{0.05, 0.12, 0.98, 1.05}, {0.28, 0.34, 0.7, 0.85}, {0.48, 0.54, 0.44, 0.6}, {0.68, 0.74, 0.18, 0.32}, {0.94, 0.97, 0, 0},
	} {
		if got := mean(c.from, c.to); got < c.least || got > c.most {
			t.Errorf("from %.2f to %.2f of the disc %.2f is black, want %.2f to %.2f", c.from, c.to, got, c.least, c.most)
		}
	}
}

// logo is a disc from black to white on white.
func logo(t testing.TB, w, h int) *badge.Picture {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for y := range h {
		for x := range w {
			if math.Hypot(float64(x)/float64(w)-0.5, float64(y)/float64(h)-0.5) < 0.5 {
				v := uint8(255 * x / w)
				img.SetRGBA(x, y, color.RGBA{v, v, v, 255})
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	picture, err := badge.ParsePicture(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return picture
}
