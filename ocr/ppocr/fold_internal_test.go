//go:build cgo

package ppocr

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	ort "github.com/yalue/onnxruntime_go"

	"hallpass/ocr/ppocr/fold"
)

// both are a network as its makers gave it, and folded.
func both(tb testing.TB, name string) (plain, folded *network) {
	tb.Helper()
	pack, err := Find("")
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := load(pack.Runtime); err != nil {
		tb.Fatal(err)
	}
	model, err := os.ReadFile(filepath.Join(pack.Dir, name))
	if err != nil {
		tb.Fatal(err)
	}
	smaller, err := fold.Network(model)
	if err != nil {
		tb.Fatal(err)
	}
	for _, n := range []struct {
		at    **network
		model []byte
	}{{&plain, model}, {&folded, smaller}} {
		if *n.at, err = openNetwork(n.model, 1); err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { (*n.at).close() })
	}
	return plain, folded
}

// picture is white with rows of dark strokes, as print looks from afar, under
// a little noise.
func picture(w, h int) []float32 {
	r := rand.New(rand.NewPCG(1, uint64(w)))
	in := make([]float32, 3*w*h)
	for i := range in {
		x, y := i%w, i/w%h
		in[i] = 2 + 0.1*r.Float32()
		if y%48 >= 16 && y%48 < 34 && x%7 < 3 && x/40%4 != 3 {
			in[i] -= 3.5
		}
	}
	return in
}

// A folded network answers what the whole one answers.
func TestFold_SameAnswer(t *testing.T) {
	for _, c := range []struct {
		name  string
		w, h  int
		shape ort.Shape
	}{
		{detectFile, 640, 384, ort.NewShape(1, 1, 384, 640)},
		{detectFile, 160, 96, ort.NewShape(1, 1, 96, 160)},
		{recognizeFile, 320, 48, ort.NewShape(1, 40, 6625)},
		{recognizeFile, 1312, 48, ort.NewShape(1, 164, 6625)},
	} {
		plain, folded := both(t, c.name)
		want, got := make([]float32, c.shape.FlattenedSize()), make([]float32, c.shape.FlattenedSize())
		in := picture(c.w, c.h)
		if err := plain.run(c.w, c.h, in, c.shape, want); err != nil {
			t.Fatal(err)
		}
		if err := folded.run(c.w, c.h, in, c.shape, got); err != nil {
			t.Fatal(err)
		}
		most, peak := 0.0, 0.0
		for i := range want {
			most = max(most, math.Abs(float64(want[i]-got[i])))
			peak = max(peak, float64(want[i]))
		}
		if most > 1e-3 || peak < 0.01 {
			t.Errorf("%s %d×%d: answers differ by up to %g, highest %g", c.name, c.w, c.h, most, peak)
		}
	}
}

// BenchmarkFold prints the time of a folded network as a share of the whole
// one's, run beside it.
func BenchmarkFold(b *testing.B) {
	for _, c := range []struct {
		what, name string
		w, h       int
		shape      ort.Shape
	}{
		{"lines", detectFile, 640, 384, ort.NewShape(1, 1, 384, 640)},
		{"row", recognizeFile, 448, 48, ort.NewShape(1, 56, 6625)},
	} {
		b.Run(c.what, func(b *testing.B) {
			plain, folded := both(b, c.name)
			in, out := picture(c.w, c.h), make([]float32, c.shape.FlattenedSize())
			var times [2]time.Duration
			for b.Loop() {
				for i, n := range []*network{plain, folded} {
					start := time.Now()
					if err := n.run(c.w, c.h, in, c.shape, out); err != nil {
						b.Fatal(err)
					}
					times[i] += time.Since(start)
				}
			}
			b.ReportMetric(float64(times[1])/float64(times[0]), "of-whole")
		})
	}
}
