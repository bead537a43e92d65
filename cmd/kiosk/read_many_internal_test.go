package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"hallpass/ocr"
)

// paperEngine reads a fixed set of lines off every view. It stands in where a
// test is about the command and not about reading.
type paperEngine struct {
	lines []ocr.Line
	gate  func(width int) // called while a picture is read, with the view's width
	mu    sync.Mutex
	now   int // pictures read at the moment
	most  int
}

func (*paperEngine) Name() string { return "paper" }
func (*paperEngine) Close() error { return nil }

func (e *paperEngine) Lines(ctx context.Context, view *image.RGBA) ([]ocr.Line, error) {
	e.mu.Lock()
	e.now++
	e.most = max(e.most, e.now)
	e.mu.Unlock()
	if e.gate != nil {
		e.gate(view.Rect.Dx())
	}
	e.mu.Lock()
	e.now--
	e.mu.Unlock()
	return slices.Clone(e.lines), ctx.Err()
}

// drawn writes a picture with stripes for print, so wide, and returns its path.
func drawn(t *testing.T, name string, width int) string {
	t.Helper()
	pix := image.NewRGBA(image.Rect(0, 0, width, 200))
	for y := range 200 {
		for x := range width {
			c := color.RGBA{250, 250, 250, 255}
			if y/10%4 == 1 && x/4%2 == 0 {
				c = color.RGBA{20, 20, 20, 255}
			}
			pix.SetRGBA(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, pix); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The first picture ends last, and still stands first; never more are read at
// once than there are workers.
func TestReadMany_InTheOrderOfTheFiles(t *testing.T) {
	const files, workers = 9, 3
	var names []string
	for i := range files {
		names = append(names, drawn(t, fmt.Sprintf("%d.png", i), 300+i))
	}
	release := make(chan struct{})
	var once sync.Once
	e := &paperEngine{lines: []ocr.Line{{Text: "Ada Quill", Confidence: 1}}, gate: func(width int) {
		switch width {
		case 300:
			<-release
		case 302:
			once.Do(func() { close(release) })
		}
	}}
	var got []string
	err := readMany(t.Context(), &ocr.Reader{Engine: e}, names, workers, func(r reading) error {
		if r.Error != "" || r.Engine != "paper" {
			t.Errorf("%s by %s: %s", r.File, r.Engine, r.Error)
		}
		got = append(got, r.File)
		return nil
	})
	if err != nil || !slices.Equal(got, names) {
		t.Errorf("readMany = %v\n%v, want\n%v", err, got, names)
	}
	if e.most > workers {
		t.Errorf("%d pictures at once, want at most %d", e.most, workers)
	}
}

// When nobody takes the results any more, reading ends and says so.
func TestReadMany_EndsWithItsConsumer(t *testing.T) {
	names := slices.Repeat([]string{drawn(t, "a.png", 300)}, 20)
	e := &paperEngine{lines: []ocr.Line{{Text: "Ada Quill", Confidence: 1}}}
	full := errors.New("disk full")
	shown := 0
	err := readMany(t.Context(), &ocr.Reader{Engine: e}, names, 2, func(reading) error {
		shown++
		return full
	})
	if !errors.Is(err, full) || shown != 1 || e.now != 0 {
		t.Errorf("readMany = %v after %d, %d still at work; want %v after 1", err, shown, e.now, full)
	}
}

func TestReadMany_EndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	e := &paperEngine{gate: func(int) { cancel(); <-ctx.Done() }}
	err := readMany(ctx, &ocr.Reader{Engine: e}, slices.Repeat([]string{drawn(t, "a.png", 300)}, 5), 1, func(reading) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("readMany = %v, want %v", err, context.Canceled)
	}
}
