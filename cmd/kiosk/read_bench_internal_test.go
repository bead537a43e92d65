//go:build cgo

package main

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"hallpass/ocr"
)

// BenchmarkRead is a photographed card from bytes to fields with each way of
// reading, beside the tesseract program on the same photo, which is started
// anew for every card as it always is; "ratio" is the first over the second.
// Run it with OMP_THREAD_LIMIT=1, as "make bench" does.
func BenchmarkRead(b *testing.B) {
	photo := filepath.Join("..", "..", "ocr", "testdata", "simplified.jpg")
	for _, engine := range []string{"auto", "tesseract"} {
		b.Run(engine, func(b *testing.B) {
			reader, stop, err := newReader(b.Context(), engine, 1)
			if err != nil {
				b.Fatal(err)
			}
			defer func() {
				if err := stop(); err != nil {
					b.Error(err)
				}
			}()
			benchmarkRead(b, reader, photo)
		})
	}
}

func benchmarkRead(b *testing.B, reader *ocr.Reader, photo string) {
	if first := readOne(b.Context(), reader, photo); first.Error != "" {
		b.Fatal(first.Error)
	}
	var own, program time.Duration
	for b.Loop() {
		start := time.Now()
		if one := readOne(b.Context(), reader, photo); one.Error != "" {
			b.Fatal(one.Error)
		}
		own += time.Since(start)
		start = time.Now()
		cmd := exec.CommandContext(b.Context(), "tesseract", photo, "-", "-l", "chi_sim+eng")
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
		program += time.Since(start)
	}
	b.ReportMetric(float64(own.Milliseconds())/float64(b.N), "ms/card")
	b.ReportMetric(own.Seconds()/program.Seconds(), "ratio")
}
