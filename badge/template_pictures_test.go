package badge_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"hallpass/badge"
)

func folder(template string, files map[string][]byte) fstest.MapFS {
	fsys := fstest.MapFS{"shows/lumen/badge.json": {Data: []byte(template)}}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: data}
	}
	return fsys
}

func opened(t testing.TB, fsys fs.FS) *badge.Renderer {
	t.Helper()
	template, err := badge.OpenTemplate(fsys, "shows/lumen/badge.json")
	if err != nil {
		t.Fatal(err)
	}
	fonts, err := sharedFonts()
	if err != nil {
		t.Fatal(err)
	}
	r, err := badge.New(template, fonts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// plain is a picture of one colour.
func plain(w, h int, c color.Color) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		img.Set(i%w, i/w, c)
	}
	return img
}

// Pictures come from beside the template or out of it; one behind everything is
// under texts, which are then black or white as it needs.
func TestOpenTemplate_PicturesStandWhereTheyAreSaid(t *testing.T) {
	red, navy := color.NRGBA{200, 20, 20, 255}, color.NRGBA{10, 20, 60, 255}
	embedded := base64.StdEncoding.EncodeToString(encoded(t, plain(40, 20, red)))
	r := opened(t, folder(`{"width": 60, "height": 50, "items": [
		{"kind": "picture", "box": [0, 0, 60, 50], "file": "sea.png", "fit": "cover", "behind": true},
		{"kind": "text", "text": "name", "box": [2, 2, 25, 10], "size": {"best": 20, "floor": 8}, "colour": "#14181F"},
		{"kind": "picture", "box": [2, 20, 20, 20], "data": "`+embedded+`"},
		{"kind": "qr", "box": [28, 15, 30, 30]}]}`, map[string][]byte{"shows/lumen/sea.png": encoded(t, plain(90, 90, navy))}))
	pdf, _ := mustPDF(t, r, pageOf(people["chinese"]))
	if n := bytes.Count(pdf, []byte("/Subtype /Image")); n != 2 {
		t.Errorf("%d pictures in the PDF, want 2", n)
	}
	img := shot(t, pdf, 254)[0] // 10 dots a mm
	at := func(x, y int) color.NRGBA { return color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA) }
	for _, c := range []struct {
		name string
		x, y int
		want color.NRGBA
	}{
		{"the sea fills the page", 590, 490, navy}, {"and its corner", 2, 2, navy},
		{"a picture twice as wide as high stands in the middle", 120, 300, red}, {"so the sea is above it", 120, 230, navy},
		{"the code's quiet zone is white", 285, 155, color.NRGBA{255, 255, 255, 255}},
	} {
		if got := at(c.x, c.y); got != c.want {
			t.Errorf("%s: %v at %d, %d, want %v", c.name, got, c.x, c.y, c.want)
		}
	}
	light := 0
	for x := 20; x < 270; x++ {
		for y := 20; y < 120; y++ {
			if c := at(x, y); c.R > 230 && c.G > 230 {
				light++
			}
		}
	}
	if light < 1000 {
		t.Errorf("the name has %d white dots on the dark picture", light)
	}
	sides, _, err := r.Bitmaps(pageOf(people["chinese"]), 203)
	if err != nil {
		t.Fatal(err)
	}
	if dark := sides[0].ColorIndexAt(470, 390); dark != 0 {
		t.Error("a picture behind everything is on the label")
	}
}

// A portrait fills its box with its middle, in the corners the template gives.
func TestTemplate_PortraitFillsItsBox(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 90, 30)) // red, green and blue thirds
	for i := range 90 * 30 {
		img.Set(i%90, i/90, [3]color.NRGBA{{255, 0, 0, 255}, {0, 160, 0, 255}, {0, 0, 255, 255}}[i%90/30])
	}
	portrait, err := badge.ParsePicture(encoded(t, img))
	if err != nil {
		t.Fatal(err)
	}
	r := written(t, `{"width": 60, "height": 50, "items": [{"kind": "portrait", "box": [2, 2, 20, 20], "fit": "cover", "radius": 10},
		{"kind": "qr", "box": [28, 15, 30, 30]}]}`)
	page := pageOf(badge.Person{Portrait: portrait})
	pdf, _ := mustPDF(t, r, page)
	got := shot(t, pdf, 254)[0]
	for _, c := range []struct {
		x, y int
		want [3]uint32
	}{{120, 120, [3]uint32{0, 160, 0}}, {30, 120, [3]uint32{0, 160, 0}}, {22, 22, [3]uint32{255, 255, 255}}, {215, 215, [3]uint32{255, 255, 255}}} {
		r, g, b, _ := got.At(c.x, c.y).RGBA()
		if rgb := [3]uint32{r >> 8, g >> 8, b >> 8}; rgb != c.want {
			t.Errorf("%v at %d, %d, want %v", rgb, c.x, c.y, c.want)
		}
	}
	without, _ := mustPDF(t, r, pageOf(badge.Person{}))
	if bytes.Contains(without, []byte("/Subtype /Image")) {
		t.Error("a person without a portrait has one")
	}
}

// A see-through logo shows the colour under it and is no white box.
func TestTemplate_LogoIsTransparentOnColour(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 40, 40)) // a black square in clear
	for i := range 20 * 20 {
		img.Set(10+i%20, 10+i/20, color.Black)
	}
	logo, err := badge.ParsePicture(encoded(t, img))
	if err != nil {
		t.Fatal(err)
	}
	r := written(t, `{"width": 60, "height": 50, "items": [{"kind": "rect", "box": [0, 0, 24, 24], "fill": "#FFD54A"},
		{"kind": "logo", "box": [2, 2, 20, 20]}, {"kind": "qr", "box": [28, 15, 30, 30]}]}`)
	page := pageOf(badge.Person{})
	page.Show.Logo = logo
	pdf, _ := mustPDF(t, r, page)
	run(t, "qpdf", "--check", save(t, pdf))
	got := shot(t, pdf, 254)[0]
	if c := color.NRGBAModel.Convert(got.At(40, 40)).(color.NRGBA); c != (color.NRGBA{0xFF, 0xD5, 0x4A, 255}) {
		t.Errorf("beside the square stands %v", c)
	}
	if c := color.NRGBAModel.Convert(got.At(120, 120)).(color.NRGBA); c != (color.NRGBA{0, 0, 0, 255}) {
		t.Errorf("the square is %v", c)
	}
}

// P9: a template whose pictures are missing, broken, too many, too large or
// elsewhere is refused when it is read, with a sentence.
func TestOpenTemplate_RefusesBadPictures_P9(t *testing.T) {
	const qr = `{"kind": "qr", "box": [28, 15, 30, 30]}`
	with := func(picture string) string { return `{"width": 60, "height": 50, "items": [` + picture + qr + `]}` }
	file := func(name string) string {
		return with(`{"kind": "picture", "box": [2, 2, 10, 10], "file": "` + name + `"},`)
	}
	var many strings.Builder
	for range 17 {
		many.WriteString(`{"kind": "picture", "behind": true, "box": [2, 2, 10, 10], "file": "good.png"},`)
	}
	files := map[string][]byte{
		"shows/lumen/good.png": encoded(t, plain(4, 4, color.Black)), "shows/lumen/bomb.png": claims(50_000, 50_000),
		"shows/lumen/heavy.png": make([]byte, 8<<20+1), "shows/lumen/text.png": []byte("no picture"), "shows/secret.png": encoded(t, plain(4, 4, color.Black)),
	}
	for name, c := range map[string]struct{ template, want string }{
		"absent":      {file("logo.png"), "item 1 (picture): open shows/lumen/logo.png"},
		"bomb":        {file("bomb.png"), "50000×50000 pixels"},
		"heavy":       {file("heavy.png"), "more than 8388608 bytes"},
		"text":        {file("text.png"), "no PNG or JPEG"},
		"outside":     {file("../secret.png"), "beside the template"},
		"rooted":      {file("/etc/hostname"), "beside the template"},
		"backslashes": {file(`..\\secret.png`), "beside the template"},
		"itself":      {file("badge.json"), "no PNG or JPEG"},
		"a folder":    {file("."), "beside the template"},
		"no base64":   {with(`{"kind": "picture", "box": [2, 2, 10, 10], "data": "!!!!"},`), "illegal base64"},
		"base64 bomb": {with(`{"kind": "picture", "box": [2, 2, 10, 10], "data": "` + base64.StdEncoding.EncodeToString(claims(50_000, 50_000)) + `"},`), "50000×50000 pixels"},
		"seventeen":   {with(many.String()), "more than 16 pictures"},
		"label rule":  {with(`{"kind": "picture", "behind": true, "mono": "sharp", "box": [2, 2, 10, 10], "file": "good.png"},`), "never on a label"},
		"megabytes":   {with("") + strings.Repeat(" ", 4<<20), "more than 4194304 bytes"},
	} {
		_, err := badge.OpenTemplate(folder(c.template, files), "shows/lumen/badge.json")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: err = %v, want one with %q", name, err, c.want)
		}
	}
	if _, err := badge.OpenTemplate(folder("", nil), "shows/none.json"); err == nil || !strings.Contains(err.Error(), "none.json") {
		t.Errorf("an absent template: %v", err)
	}
	if _, err := badge.ParseTemplate([]byte(file("good.png"))); err == nil || !strings.Contains(err.Error(), "embed it") {
		t.Errorf("a file beside nothing: %v", err)
	}
}
