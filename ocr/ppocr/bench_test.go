//go:build cgo

package ppocr_test

import (
	"context"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"hallpass/ocr"
)

// view is a sample card, drawn flat.
func view(b *testing.B) *image.RGBA {
	b.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "simplified.jpg"))
	if err != nil {
		b.Fatal(err)
	}
	e := open(b, 2, 2)
	defer e.Close()
	card, err := (&ocr.Reader{Engine: e}).Read(b.Context(), data)
	if err != nil {
		b.Fatal(err)
	}
	return card.View
}

// BenchmarkLines reads a card's view with two threads, and with the tesseract
// program, which is what the figure is compared with.
func BenchmarkLines(b *testing.B) {
	v := view(b)
	b.Run("ppocr", func(b *testing.B) {
		e := open(b, 2, 2)
		defer e.Close()
		for b.Loop() {
			if _, err := e.Lines(context.Background(), v); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("tesseract-program", func(b *testing.B) {
		file := filepath.Join(b.TempDir(), "view.png")
		out, err := os.Create(file)
		if err != nil {
			b.Fatal(err)
		}
		if err := png.Encode(out, v); err != nil {
			b.Fatal(err)
		}
		if err := out.Close(); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if err := exec.Command("tesseract", file, "-", "-l", "chi_sim+eng").Run(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
