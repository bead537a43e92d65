//go:build cgo

package tesseract_test

import (
	"context"
	"errors"
	"image"
	"image/draw"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/tesseract"
)

// Two pools started at the same moment both read, and the process keeps its
// stderr: the library redirects it while a client loads.
func TestNew_TwiceAtOnce(t *testing.T) {
	var before, after syscall.Stat_t
	if err := syscall.Fstat(2, &before); err != nil {
		t.Fatal(err)
	}
	view := image.NewRGBA(image.Rect(0, 0, 300, 200))
	draw.Draw(view, view.Rect, image.White, image.Point{}, draw.Src)
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			e, err := tesseract.New(t.Context(), tesseract.Options{Workers: 1})
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := e.Lines(t.Context(), view); err != nil {
				t.Error(err)
			}
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if err := syscall.Fstat(2, &after); err != nil {
		t.Fatal(err)
	}
	if before.Dev != after.Dev || before.Ino != after.Ino {
		t.Error("stderr is another file than before")
	}
}

func TestNew_StoppedAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if e, err := tesseract.New(ctx, tesseract.Options{Workers: 4}); !errors.Is(err, context.Canceled) || e != nil {
		t.Errorf("New = %v, %v; want %v", e, err, context.Canceled)
	}
}

// A kiosk without the language data is told what to install, and one with
// broken data starts without a reader; neither dies of it.
func TestNew_WithoutLanguageData(t *testing.T) {
	for _, c := range []struct {
		situation string
		files     map[string]string
		want      string
	}{
		{"NoFolder", nil, "install"},
		{"EnglishMissing", map[string]string{"chi_sim.traineddata": "x"}, "install tesseract-ocr"},
		{"ChineseMissing", map[string]string{"eng.traineddata": "x"}, "install tesseract-ocr-chi-sim"},
		{"Broken", map[string]string{"eng.traineddata": "no model", "chi_sim.traineddata": "no model"}, "start tesseract"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range c.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("TESSDATA_PREFIX", dir)
			e, err := tesseract.New(t.Context(), tesseract.Options{Workers: 1})
			if err == nil {
				t.Fatal(errors.Join(errors.New("New started without its data"), e.Close()))
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("New = %q, want a sentence with %q", err, c.want)
			}
		})
	}
}

// Views of any size and content are read or have no lines.
func TestEngine_StrangeViews(t *testing.T) {
	e := engine(t)
	full := image.NewRGBA(image.Rect(0, 0, 400, 240))
	draw.Draw(full, full.Rect, image.White, image.Point{}, draw.Src)
	speckled := image.NewRGBA(image.Rect(0, 0, 400, 240))
	rnd := rand.New(rand.NewPCG(3, 4))
	for i := range speckled.Pix {
		speckled.Pix[i] = uint8(rnd.Uint32())
	}
	stripes := image.NewRGBA(image.Rect(0, 0, 400, 240))
	for i := range stripes.Pix {
		stripes.Pix[i] = uint8(i / 4 / 400 / 3 % 2 * 255)
	}
	for _, c := range []struct {
		situation string
		view      *image.RGBA
	}{
		{"Nothing", image.NewRGBA(image.Rectangle{})},
		{"OnePixel", image.NewRGBA(image.Rect(0, 0, 1, 1))},
		{"OneRow", image.NewRGBA(image.Rect(0, 0, 400, 1))},
		{"OneColumn", image.NewRGBA(image.Rect(0, 0, 1, 400))},
		{"SmallerThanItsRim", image.NewRGBA(image.Rect(0, 0, 9, 9))},
		{"Black", image.NewRGBA(image.Rect(0, 0, 400, 240))},
		{"White", full},
		{"Part", full.SubImage(image.Rect(101, 51, 300, 200)).(*image.RGBA)},
		{"Noise", speckled},
		{"Stripes", stripes},
	} {
		t.Run(c.situation, func(t *testing.T) {
			lines, err := e.Lines(t.Context(), c.view)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range lines {
				if l.Text == "" || l.Box.Empty() || !(l.Confidence >= 0 && l.Confidence <= 1) {
					t.Errorf("line %+v", l)
				}
			}
			if _, err := e.Reread(t.Context(), c.view, []ocr.Ask{{Box: c.view.Rect}, {}, {Box: image.Rect(-9, -9, 9999, 9999), Script: ocr.Traditional}}); err != nil {
				t.Errorf("Reread: %v", err)
			}
		})
	}
}
