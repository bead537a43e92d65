package flat_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"golang.org/x/image/draw"

	"hallpass/ocr/flat"
	"hallpass/ocr/plane"
	"hallpass/ocr/scenetest"
)

// outlineOf is the outline of any picture.
func outlineOf(img image.Image) (plane.Quad, bool) {
	pix := image.NewRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(pix, pix.Rect, img, img.Bounds().Min, draw.Src)
	found, ok := flat.Find(pix)
	return found.Quad, ok
}

func TestOutline_Photos(t *testing.T) {
	for _, name := range []string{"simplified", "traditional", "english", "dark"} {
		q, ok := outlineOf(scenetest.Picture(t, name))
		if !ok {
			t.Errorf("%s: no outline found", name)
			continue
		}
		if off := scenetest.Farthest(q, scenetest.TruthOf(t, name).Quad, 1); off > 6 {
			t.Errorf("%s: a corner is %.1f pixels off, want at most 6", name, off)
		}
	}
}

func TestOutline_NothingToSee(t *testing.T) {
	for name, img := range map[string]image.Image{
		"paper":    scenetest.Paper(800, 600),
		"tiny":     scenetest.Paper(20, 20),
		"one line": image.NewGray(image.Rect(5, 5, 405, 6)),
	} {
		if q, ok := outlineOf(img); ok {
			t.Errorf("%s: Outline = %v, want none", name, q)
		}
	}
}

func TestPreview_Advice(t *testing.T) {
	photo := scenetest.Picture(t, "english")
	for _, c := range []struct {
		situation string
		frame     image.Image
		want      string
	}{
		{"Good", scenetest.Shrunk(photo, 640, 480), ""},
		{"Dark", dimmed(scenetest.Shrunk(photo, 640, 480), 8), "too_dark"},
		{"Empty", scenetest.Paper(640, 480), "no_card"},
		{"Far", far(), "too_far"},
		{"Blurred", scenetest.Shrunk(scenetest.Shrunk(photo, 100, 75), 640, 480), "blurred"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			var frame bytes.Buffer
			if err := jpeg.Encode(&frame, c.frame, nil); err != nil {
				t.Fatal(err)
			}
			got, err := flat.Preview(frame.Bytes())
			if err != nil || got.Advice != c.want {
				t.Fatalf("Preview = %+v, %v; want advice %q", got, err, c.want)
			}
			if c.want != "" {
				return
			}
			if off := scenetest.Farthest(got.Quad, scenetest.TruthOf(t, "english").Quad, 0.4); !got.Found || off > 6 {
				t.Errorf("a corner is %.1f pixels off, want at most 6", off)
			}
		})
	}
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

// BenchmarkPreview is one frame of the preview, and the decoding of its
// JPEG alone beside it.
func BenchmarkPreview(b *testing.B) {
	var frame bytes.Buffer
	if err := jpeg.Encode(&frame, scenetest.Shrunk(scenetest.Picture(b, "english"), 640, 480), nil); err != nil {
		b.Fatal(err)
	}
	b.Run("find", func(b *testing.B) {
		for b.Loop() {
			if r, err := flat.Preview(frame.Bytes()); err != nil || !r.Found {
				b.Fatalf("Preview = %+v, %v", r, err)
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
