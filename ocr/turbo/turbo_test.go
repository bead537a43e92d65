//go:build linux && cgo

package turbo_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"hallpass/ocr/turbo"
)

// decode asks for the size that Go's decoder finds in the header.
func decode(d *turbo.Decoder, data []byte) (image.Image, error) {
	conf, _ := jpeg.DecodeConfig(bytes.NewReader(data))
	return d.Decode(data, image.Pt(conf.Width, conf.Height))
}

func photos(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../testdata/*.jpg")
	if err != nil || len(names) == 0 {
		t.Fatal("no photos", err)
	}
	all := map[string][]byte{"odd sides": encoded(t, scene(333, 211)), "smallest": encoded(t, scene(64, 65))}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(name)] = data
	}
	return all
}

// scene is smooth with some edges, as photos are.
func scene(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{byte(x * 255 / w), byte(y * 255 / h), byte((x + y) * 2), 255}
			if (x/20+y/30)%5 == 0 {
				c = color.RGBA{20, 20, 30, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func encoded(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Both decoders show the same picture: of all samples none is more than two
// levels off, and not one of fifty one.
func TestDecoder_AsGo(t *testing.T) {
	d, tried := new(turbo.Decoder), 0
	for name, data := range photos(t) {
		ref, err := jpeg.Decode(bytes.NewReader(data))
		want, ok := ref.(*image.YCbCr)
		if err != nil || !ok {
			continue
		}
		img, err := decode(d, data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := img.(*image.YCbCr)
		if tried++; got.Rect != want.Rect || got.SubsampleRatio != want.SubsampleRatio {
			t.Errorf("%s: %v %v, want %v %v", name, got.Rect, got.SubsampleRatio, want.Rect, want.SubsampleRatio)
			continue
		}
		most, sum := 0, 0
		for y := range want.Rect.Dy() {
			for x := range want.Rect.Dx() {
				i, j, k, l := got.YOffset(x, y), want.YOffset(x, y), got.COffset(x, y), want.COffset(x, y)
				for _, p := range [][2]byte{{got.Y[i], want.Y[j]}, {got.Cb[k], want.Cb[l]}, {got.Cr[k], want.Cr[l]}} {
					off := max(int(p[0])-int(p[1]), int(p[1])-int(p[0]))
					most, sum = max(most, off), sum+off
				}
			}
		}
		if n := 3 * want.Rect.Dx() * want.Rect.Dy(); most > 2 || sum*50 > n {
			t.Errorf("%s: at most %d levels off, %.4f in the mean", name, most, float64(sum)/float64(n))
		}
	}
	if tried < 5 {
		t.Fatalf("only %d photos were compared", tried)
	}
}

// P9: what is cut off, damaged or of another kind is left to the decoder that has
// a sentence for it.
func TestDecoder_LeavesToOthers(t *testing.T) {
	whole := encoded(t, scene(320, 200))
	grey := encoded(t, image.NewGray(image.Rect(0, 0, 80, 80)))
	noise := bytes.Clone(whole)
	for i := 700; i < len(noise); i += 40 {
		noise[i] ^= 0x55
	}
	d := new(turbo.Decoder)
	if _, err := d.Decode(whole, image.Pt(321, 200)); !errors.Is(err, turbo.ErrNotMine) {
		t.Errorf("of another size: %v, want ErrNotMine", err)
	}
	for name, data := range map[string][]byte{
		"nothing": nil, "text": []byte("a card"), "start": whole[:2], "header": whole[:200], "half": whole[:len(whole)/2],
		"without its end": whole[:len(whole)-30], "grey": grey, "noise": noise,
	} {
		if img, err := decode(d, data); !errors.Is(err, turbo.ErrNotMine) {
			t.Errorf("%s: %v, %v, want ErrNotMine", name, img, err)
		}
	}
}

// A machine without the library decodes with Go's decoder alone.
func TestDecoder_NoLibrary(t *testing.T) {
	d := &turbo.Decoder{Name: "libnone-such.so.0"}
	if _, err := decode(d, encoded(t, scene(80, 80))); !errors.Is(err, turbo.ErrNotMine) {
		t.Fatalf("Decode = %v, want ErrNotMine", err)
	}
	d = &turbo.Decoder{Name: "libc.so.6"} // has none of the calls
	if _, err := decode(d, encoded(t, scene(80, 80))); !errors.Is(err, turbo.ErrNotMine) {
		t.Fatalf("Decode = %v, want ErrNotMine", err)
	}
}

func TestDecoder_Together(t *testing.T) {
	d, data := new(turbo.Decoder), encoded(t, scene(500, 301))
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 5 {
				if img, err := decode(d, data); err != nil || img.Bounds() != image.Rect(0, 0, 500, 301) {
					t.Errorf("Decode = %v, %v", img.Bounds(), err)
				}
			}
		})
	}
	wait.Wait()
}

// Whatever is damaged, nothing but a picture of the size that is told or
// ErrNotMine comes out.
func TestDecoder_P9_Damaged(t *testing.T) {
	d, rng := new(turbo.Decoder), rand.New(rand.NewPCG(1, 2))
	whole := encoded(t, scene(160, 120))
	for range 2000 {
		data := bytes.Clone(whole)
		for range 1 + rng.IntN(4) {
			data[rng.IntN(len(data))] = byte(rng.Uint32())
		}
		conf, bad := jpeg.DecodeConfig(bytes.NewReader(data))
		if bad != nil || conf.Width*conf.Height > 4<<20 {
			continue // refused before it comes here
		}
		img, err := d.Decode(data, image.Pt(conf.Width, conf.Height))
		if err == nil && img.Bounds().Size() != image.Pt(conf.Width, conf.Height) || err != nil && !errors.Is(err, turbo.ErrNotMine) {
			t.Fatalf("Decode = %v, %v; the header says %d × %d", img.Bounds(), err, conf.Width, conf.Height)
		}
	}
}

// BenchmarkDecode is a photographed card beside Go's decoder on the same photo.
func BenchmarkDecode(b *testing.B) {
	data, err := os.ReadFile("../testdata/simplified.jpg")
	if err != nil {
		b.Fatal(err)
	}
	d := new(turbo.Decoder)
	var own, other float64
	for b.Loop() {
		start := b.Elapsed()
		if _, err := decode(d, data); err != nil {
			b.Fatal(err)
		}
		between := b.Elapsed()
		if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
		own, other = own+(between-start).Seconds(), other+(b.Elapsed()-between).Seconds()
	}
	b.ReportMetric(1000*own/float64(b.N), "ms/photo")
	b.ReportMetric(own/other, "ratio")
}
