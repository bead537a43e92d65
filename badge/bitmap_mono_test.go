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

// furnished has every kind of shape and picture, also folded over.
const furnished = `{"name": "furnished", "width": 80, "height": 90, "items": [
	{"kind": "rect", "box": [0, 0, 80, 20], "fill": "#0E7A4B"},
	{"kind": "rect", "box": [4, 24, 30, 20], "fill": "#FFD54A", "radius": 6},
	{"kind": "ellipse", "box": [36, 24, 20, 20], "outline": "#B3261E", "stroke": 1.5},
	{"kind": "line", "from": [58, 26], "to": [76, 42], "stroke": 1, "colour": "#14181F"},
	{"kind": "logo", "box": [4, 4, 30, 12], "align": "left"},
	{"kind": "portrait", "box": [4, 50, 30, 30], "fit": "cover", "radius": 15},
	{"kind": "text", "box": [40, 4, 38, 12], "text": "name", "size": {"best": 20, "floor": 10, "lines": 1}},
	{"kind": "qr", "box": [40, 47, 36, 36]}],
	"back": {"on": "below", "items": [
		{"kind": "portrait", "box": [10, 10, 40, 20], "fit": "cover"},
		{"kind": "logo", "box": [10, 40, 40, 20], "fit": "contain", "mono": "sharp"},
		{"kind": "text", "box": [10, 70, 60, 12], "text": "company", "size": {"best": 20, "floor": 10, "lines": 1}}]}}`

func furnishedPage(t testing.TB) badge.Page {
	page := pageOf(people["chinese"])
	page.Show.Logo, page.Person.Portrait = logo(t, 300, 120), logo(t, 200, 260)
	return page
}

// Shapes, cut and turned pictures and what is transparent look as in the PDF.
func TestImages_ShapesAndPicturesLookLikeThePDF(t *testing.T) {
	r := rendererOf(t, furnished)
	page := furnishedPage(t)
	pdf, _ := mustPDF(t, r, page)
	sides, _, err := r.Images(page, 150)
	if err != nil {
		t.Fatal(err)
	}
	want := pdfPictures(t, pdf, 150)
	if len(sides) != 1 || len(want) != 1 {
		t.Fatalf("%d sides and %d pages, want a folded one", len(sides), len(want))
	}
	if mean, most := difference(sides[0], want[0]); mean > 5 || most > 50 {
		t.Errorf("%.2f grey levels apart, one part of it %.2f", mean, most)
	}
}

// A picture that is cut prints no dot beyond its edge, a turned one is the
// upright one turned, and a sharp one is not dithered.
func TestBitmaps_PicturesAreCutAndTurned(t *testing.T) {
	sides, _ := mustBitmaps(t, rendererOf(t, furnished), furnishedPage(t), 203)
	img := sides[0]
	circle := in(badge.Box{X: 4, Y: 50, W: 30, H: 30}, 203, 0)
	middle, radius := circle.Min.Add(circle.Size().Div(2)), float64(circle.Dx())/2
	inside := 0
	for y := circle.Min.Y; y < circle.Max.Y; y++ {
		for x := circle.Min.X; x < circle.Max.X; x++ {
			if img.ColorIndexAt(x, y) == 0 {
				continue
			}
			if inside++; math.Hypot(float64(x-middle.X), float64(y-middle.Y)) > radius+1 {
				t.Fatalf("a dot at %d, %d, outside the circle", x, y)
			}
		}
	}
	if inside < 1000 {
		t.Errorf("%d dots of the portrait", inside)
	}
	// A light shape that is no box keeps a frame, too.
	for x, want := range map[float64]uint8{4.1: 1, 5: 0, 19: 0, 33.9: 1} {
		if p := in(badge.Box{X: x, Y: 34}, 203, 0).Min; img.ColorIndexAt(p.X, p.Y) != want {
			t.Errorf("the light shape is %d at %g mm, want %d", img.ColorIndexAt(p.X, p.Y), x, want)
		}
	}
	// The sharp logo's left half is dark; upside down it is the right one.
	sharp := in(badge.Box{X: 80 - 10 - 40, Y: 180 - 40 - 20, W: 40, H: 20}, 203, 0)
	dark := func(r image.Rectangle) (n int) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				n += int(img.ColorIndexAt(x, y))
			}
		}
		return n
	}
	half := sharp.Dx() / 2
	left, right := dark(image.Rect(sharp.Min.X, sharp.Min.Y, sharp.Min.X+half, sharp.Max.Y)), dark(image.Rect(sharp.Max.X-half, sharp.Min.Y, sharp.Max.X, sharp.Max.Y))
	if left*5 > right || right < 1000 {
		t.Errorf("%d dark dots left of the turned logo's middle, %d right of it", left, right)
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
