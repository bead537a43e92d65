package badge_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"hallpass/badge"
)

func encoded(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// claims is a PNG whose header promises w × h pixels and that holds none.
func claims(w, h uint32) []byte { return claimsOf(w, h, 8, 0) }

// claimsOf has pixels of another depth and PNG colour type.
func claimsOf(w, h uint32, bits, kind byte) []byte {
	header := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	header = binary.BigEndian.AppendUint32(header, h)
	header = append(header, bits, kind, 0, 0, 0)
	out := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), uint32(len(header)-4))
	out = append(out, header...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(header))
	return append(out, "\x00\x00\x00\x00IDAT\x35\xaf\x06\x1e"...)
}

// P9: each refusal of a logo says what is wrong with it, and a header that
// promises more than may be read is refused before any of it is made.
func TestParsePicture_RefusesWithASentence(t *testing.T) {
	var asGIF bytes.Buffer
	if err := gif.Encode(&asGIF, image.NewGray(image.Rect(0, 0, 40, 20)), nil); err != nil {
		t.Fatal(err)
	}
	sound := encoded(t, picture(60, 20))
	for _, c := range []struct {
		name, want string
		data       []byte
	}{
		{"Nothing", "is no PNG or JPEG", nil},
		{"SVG", "is no PNG or JPEG", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
		{"GIF", "is no PNG or JPEG", asGIF.Bytes()},
		{"OneByteTooLarge", "the limit is 8388608", make([]byte, 8<<20+1)},
		{"PromisesTooMuch", "100000×100000 pixels; the limit is 40000000", claims(100_000, 100_000)},
		{"OnePixelTooMany", "40000001×1 pixels", claims(40_000_001, 1)},
		{"PromisesDeepColours", "the limit is 20000000", claimsOf(5000, 5000, 16, 6)},
		{"PromisesNothing", "is no PNG or JPEG", claims(0, 0)},
		{"NoPixels", "decode the picture", claims(30, 10)},
		{"CutShort", "decode the picture", sound[:len(sound)-30]},
		{"ALine", "far too long", encoded(t, image.NewGray(image.Rect(0, 0, 4000, 8)))},
		{"AnUprightLine", "far too long", encoded(t, image.NewGray(image.Rect(0, 0, 8, 4000)))},
	} {
		logo, err := badge.ParsePicture(c.data)
		if err == nil || logo != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// Whatever shape a good logo has, it stays in the heading, keeps its shape and
// leaves the show's name its room.
func TestParsePicture_AnyShapeFits(t *testing.T) {
	for i, side := range [][2]int{{1, 1}, {480, 1}, {1, 480}, {600, 45}, {45, 600}, {300, 300}} {
		logo, err := badge.ParsePicture(encoded(t, picture(side[0], side[1])))
		if err != nil {
			t.Errorf("%v: %v", side, err)
			continue
		}
		template := templates[i%len(templates)]
		page := pageOf(people["long"])
		page.Show.Logo = logo
		page.Show.Name = strings.Repeat("2027 流明照明展 ", 6)
		pdf, reports := mustPDF(t, renderer(t, template), page)
		checkBoxes(t, template, reports[0])
		if f := field(reports[0], "show"); f.Lines == nil || !bytes.Contains(pdf, []byte("/Subtype /Image")) {
			t.Errorf("%v on %s: the heading is %+v", side, template, f)
		}
	}
}

// Two shows' logos in one document are two pictures; the same twice is one, and
// transparency is paper.
func TestParsePicture_IsItsPixels(t *testing.T) {
	clear := image.NewNRGBA(image.Rect(0, 0, 40, 20)) // wholly transparent
	paper := image.NewNRGBA(clear.Rect)
	for i := range paper.Pix {
		paper.Pix[i] = 0xFF
	}
	ink := image.NewUniform(color.Black)
	black := image.NewNRGBA(clear.Rect)
	for y := range 20 {
		for x := range 40 {
			black.Set(x, y, ink.C)
		}
	}
	images := func(pictures ...image.Image) int {
		var pages []badge.Page
		for _, img := range pictures {
			logo, err := badge.ParsePicture(encoded(t, img))
			if err != nil {
				t.Fatal(err)
			}
			page := pageOf(people["chinese"])
			page.Show.Logo = logo
			pages = append(pages, page)
		}
		pdf, _ := mustPDF(t, renderer(t, "a6"), pages...)
		return bytes.Count(pdf, []byte("/Subtype /Image"))
	}
	if n := images(clear, paper, paper); n != 1 {
		t.Errorf("%d pictures of clear and white, want one", n)
	}
	if n := images(paper, black); n != 2 {
		t.Errorf("%d pictures of white and black, want two", n)
	}
	var asJPEG bytes.Buffer
	if err := jpeg.Encode(&asJPEG, image.NewCMYK(image.Rect(0, 0, 40, 20)).SubImage(image.Rect(0, 0, 40, 20)), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := badge.ParsePicture(asJPEG.Bytes()); err != nil {
		t.Errorf("a JPEG: %v", err)
	}
}
