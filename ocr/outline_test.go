package ocr_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"testing"

	"golang.org/x/image/draw"

	"hallpass/ocr"
)

// truth is what stands beside a sample picture.
type truth struct {
	Quad   [4][2]float64
	Fields map[string][]string
}

func truthOf(t testing.TB, name string) (out truth) {
	t.Helper()
	if err := json.Unmarshal(sample(t, name+".json"), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func picture(t testing.TB, name string) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(sample(t, name+".jpg")))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestOutline_Photos(t *testing.T) {
	for _, name := range []string{"simplified", "traditional", "english", "dark"} {
		q, ok := ocr.Outline(picture(t, name))
		if !ok {
			t.Errorf("%s: no outline found", name)
			continue
		}
		if off := farthest(q, truthOf(t, name).Quad, 1); off > 6 {
			t.Errorf("%s: a corner is %.1f pixels off, want at most 6", name, off)
		}
	}
}

func TestOutline_NothingToSee(t *testing.T) {
	for name, img := range map[string]image.Image{
		"paper":    paper(800, 600),
		"tiny":     paper(20, 20),
		"one line": image.NewGray(image.Rect(5, 5, 405, 6)),
	} {
		if q, ok := ocr.Outline(img); ok {
			t.Errorf("%s: Outline = %v, want none", name, q)
		}
	}
}

func farthest(q ocr.Quad, want [4][2]float64, scale float64) (off float64) {
	for i, p := range q {
		off = max(off, math.Hypot(p.X-want[i][0]*scale, p.Y-want[i][1]*scale))
	}
	return off
}

func TestFindOutline_Advice(t *testing.T) {
	photo := picture(t, "english")
	for _, c := range []struct {
		situation string
		frame     image.Image
		want      string
	}{
		{"Good", shrunk(photo, 640, 480), ""},
		{"Dark", dimmed(shrunk(photo, 640, 480), 8), "too_dark"},
		{"Empty", paper(640, 480), "no_card"},
		{"Far", far(), "too_far"},
		{"Blurred", shrunk(shrunk(photo, 100, 75), 640, 480), "blurred"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			var frame bytes.Buffer
			if err := jpeg.Encode(&frame, c.frame, nil); err != nil {
				t.Fatal(err)
			}
			got, err := ocr.FindOutline(frame.Bytes())
			if err != nil || got.Advice != c.want {
				t.Fatalf("FindOutline = %+v, %v; want advice %q", got, err, c.want)
			}
			if c.want != "" {
				return
			}
			if off := farthest(got.Quad, truthOf(t, "english").Quad, 0.4); !got.Found || off > 6 {
				t.Errorf("a corner is %.1f pixels off, want at most 6", off)
			}
		})
	}
}

func shrunk(src image.Image, w, h int) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.BiLinear.Scale(dst, dst.Rect, src, src.Bounds(), draw.Src, nil)
	return dst
}

func dimmed(img *image.RGBA, by uint8) *image.RGBA {
	for i := range img.Pix {
		if i%4 != 3 {
			img.Pix[i] /= by
		}
	}
	return img
}

// far is a small white card on a large dark table.
func far() *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, 640, 480))
	draw.Draw(dst, dst.Rect, image.NewUniform(color.RGBA{60, 50, 40, 255}), image.Point{}, draw.Src)
	draw.Draw(dst, image.Rect(210, 165, 420, 305), image.White, image.Point{}, draw.Src)
	return dst
}

// BenchmarkFindOutline is one frame of the preview, and the decoding of its
// JPEG alone beside it.
func BenchmarkFindOutline(b *testing.B) {
	var frame bytes.Buffer
	if err := jpeg.Encode(&frame, shrunk(picture(b, "english"), 640, 480), nil); err != nil {
		b.Fatal(err)
	}
	b.Run("find", func(b *testing.B) {
		for b.Loop() {
			if r, err := ocr.FindOutline(frame.Bytes()); err != nil || !r.Found {
				b.Fatalf("FindOutline = %+v, %v", r, err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			if _, err := jpeg.Decode(bytes.NewReader(frame.Bytes())); err != nil {
				b.Fatal(err)
			}
		}
	})
}
