//go:build linux && cgo

package heif_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"os"
	"sync"
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/heif"
	"hallpass/ocr/photo"
)

// The files of testdata were made with heif-enc 1.15.1: a card that fills a
// part of 961 × 721 pixels; the same in grey of eight bits, in colours of ten,
// and as AVIF; and four colours stored on their side, with an irot box.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func decoded(t testing.TB, d *heif.Decoder, name string) image.Image {
	t.Helper()
	data := sample(t, name)
	conf, err := d.Config(data)
	if err != nil {
		t.Fatalf("Config(%s): %v", name, err)
	}
	img, err := d.Decode(data)
	if err != nil {
		t.Fatalf("Decode(%s): %v", name, err)
	}
	if size := img.Bounds().Size(); size != image.Pt(conf.Width, conf.Height) {
		t.Errorf("%s: Config says %d × %d, and it is %v", name, conf.Width, conf.Height, size)
	}
	return img
}

// lines is an engine that reads one line everywhere.
type lines struct{}

func (lines) Name() string { return "fake" }
func (lines) Close() error { return nil }
func (lines) Lines(context.Context, *image.RGBA) ([]ocr.Line, error) {
	return []ocr.Line{{Text: "Ada Harbor", Confidence: 0.9, Box: image.Rect(10, 10, 90, 30)}}, nil
}

// A phone's photo is read like any other: its card is found where it lies.
func TestDecoder_CardIsFound(t *testing.T) {
	r := &ocr.Reader{Engine: lines{}, HEIC: new(heif.Decoder)}
	got, err := r.Read(t.Context(), sample(t, "card.heic"))
	if err != nil || got.Width != 961 || got.Height != 721 || got.Quad == nil {
		t.Fatalf("Read = %d × %d, outline %v, %v", got.Width, got.Height, got.Quad, err)
	}
	photo, err := os.ReadFile("../testdata/english.jpg")
	if err != nil {
		t.Fatal(err)
	}
	want, err := r.Read(t.Context(), photo)
	if err != nil || want.Quad == nil {
		t.Fatal("the photo that it was made of has no outline", err)
	}
	for i, p := range got.Quad {
		w, f := want.Quad[i], float64(want.Width)/961
		if dx, dy := p.X*f-w.X, p.Y*f-w.Y; dx*dx+dy*dy > 5*5 {
			t.Errorf("corner %d at %.0f, %.0f of the photo, want %v", i, p.X*f, p.Y*f, w)
		}
	}
}

// How the phone was held stands in the file, and is undone once.
func TestDecoder_Upright(t *testing.T) {
	img := decoded(t, new(heif.Decoder), "turned.heic")
	for at, want := range map[image.Point]color.RGBA{
		{20, 20}: {30, 30, 220, 255}, {70, 20}: {220, 30, 30, 255}, {20, 100}: {240, 240, 240, 255}, {70, 100}: {30, 200, 30, 255},
	} {
		got := color.RGBAModel.Convert(img.At(at.X, at.Y)).(color.RGBA)
		for _, d := range []int{int(got.R) - int(want.R), int(got.G) - int(want.G), int(got.B) - int(want.B)} {
			if d > 12 || d < -12 {
				t.Errorf("%v is %v, want about %v", at, got, want)
				break
			}
		}
	}
}

// Grey, ten bits and AVIF show the same scene.
func TestDecoder_Kinds(t *testing.T) {
	d := new(heif.Decoder)
	grey := func(img image.Image, x, y int) int { return int(color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y) }
	want := decoded(t, d, "card.heic")
	for _, name := range []string{"grey.heic", "deep.heic", "grey.avif"} {
		got, off, n := decoded(t, d, name), 0, 0
		for y := 10; y < 110; y += 4 {
			for x := 10; x < 150; x += 4 {
				var mean int // of the pixels that became one
				for i := range 36 {
					mean += grey(want, x*6+i%6, y*6+i/6)
				}
				off += max(grey(got, x, y)-mean/36, mean/36-grey(got, x, y))
				n++
			}
		}
		if off > 8*n {
			t.Errorf("%s: %d grey levels off in the mean", name, off/n)
		}
	}
}

// P9: without the library, a photo is refused with the sentence that says what to
// do, and nothing else changes.
func TestDecoder_NoLibrary(t *testing.T) {
	d := &heif.Decoder{Name: "libheif-that-is-not-there.so.1"}
	data := sample(t, "card.heic")
	if _, err := d.Config(data); !errors.Is(err, photo.ErrHEIC) {
		t.Errorf("Config = %v, want ErrHEIC", err)
	}
	if _, err := d.Decode(data); !errors.Is(err, photo.ErrHEIC) {
		t.Errorf("Decode = %v, want ErrHEIC", err)
	}
	if _, err := (&ocr.Reader{Engine: lines{}, HEIC: d}).Read(t.Context(), data); !errors.Is(err, photo.ErrHEIC) {
		t.Errorf("Read = %v, want ErrHEIC", err)
	}
	if _, err := (&heif.Decoder{Name: "libm.so.6"}).Config(data); !errors.Is(err, photo.ErrHEIC) {
		t.Errorf("Config with another library = %v, want ErrHEIC", err)
	}
}

// P9: what is cut off, empty or damaged is an error or a picture of the size it
// told, never the end of the process.
func TestDecoder_BadFiles(t *testing.T) {
	d := new(heif.Decoder)
	whole := sample(t, "deep.heic")
	bad := [][]byte{nil, {}, []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), bytes.Repeat([]byte("ftypheic"), 64)}
	for n := 1; n < len(whole); n += 41 {
		bad = append(bad, whole[:n])
	}
	head := bytes.Index(whole, []byte("mdat"))
	for i := 4; i < head; i += 3 {
		flipped := bytes.Clone(whole)
		flipped[i] ^= 0x55
		bad = append(bad, flipped)
	}
	refused := 0
	for _, data := range bad {
		conf, err := d.Config(data)
		if err == nil && conf.Width*conf.Height <= 1<<20 {
			_, err = d.Decode(data)
		}
		if err != nil {
			refused++
			if errors.Is(err, photo.ErrHEIC) {
				t.Fatalf("a broken file is %v, want an error of its own", err)
			}
		}
	}
	if refused < len(bad)/2 {
		t.Errorf("%d of %d bad files were refused", refused, len(bad))
	}
	if _, err := (&ocr.Reader{Engine: lines{}, HEIC: d}).Read(t.Context(), whole[:len(whole)-200]); !errors.Is(err, ocr.ErrNotPicture) || errors.Is(err, photo.ErrHEIC) {
		t.Errorf("Read of a cut-off file = %v, want ErrNotPicture", err)
	}
}

// One decoder serves all workers.
func TestDecoder_AtOnce(t *testing.T) {
	d := new(heif.Decoder)
	var wait sync.WaitGroup
	for _, name := range []string{"grey.heic", "deep.heic", "turned.heic", "grey.avif"} {
		wait.Go(func() {
			for range 5 {
				data := sample(t, name)
				if _, err := d.Decode(data); err != nil {
					t.Errorf("Decode(%s): %v", name, err)
				}
			}
		})
	}
	wait.Wait()
}

// BenchmarkDecode decodes a small photo.
func BenchmarkDecode(b *testing.B) {
	data, d := sample(b, "card.heic"), new(heif.Decoder)
	for b.Loop() {
		if _, err := d.Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}
