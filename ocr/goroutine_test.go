package ocr_test

import (
	"bytes"
	"fmt"
	"image"
	"runtime"
	"sync"
	"testing"

	"golang.org/x/image/draw"

	"hallpass/ocr"
	"hallpass/ocr/scenetest"
)

// The race detector makes everything in this package ten times slower, so "make
// test" has it look at this test alone. It comes by every place where this
// package, photo, flat and qr divide work (go test ./cmd -run Raceless holds it to
// that), and what is seen on a card is the same however it was divided.
func TestReader_GoroutinesShareNothing(t *testing.T) {
	photo := scenetest.Scene{Size: image.Pt(660, 400), Cards: []scenetest.Card{{Quad: scenetest.Turned(330, 200, 520, 310, 4)}}}.Draw()
	large := image.NewRGBA(image.Rect(0, 0, 3300, 2000)) // is shrunk
	code := scenetest.Turned(490, 210, 120, 120, 4)
	scenetest.Coded(t, photo, scenetest.VCard, code, scenetest.Black, scenetest.White)
	draw.NearestNeighbor.Scale(large, large.Rect, photo, photo.Rect, draw.Src, nil)
	scenetest.Coded(t, photo, "?", code, scenetest.White, scenetest.White) // none is found, so it is looked for in two ways
	for name, c := range map[string]struct {
		picture []byte
		atOnce  int
	}{
		"TurnedPhoto": {scenetest.WithExif(scenetest.JPEG(t, photo), 6), 2}, "LargePhoto": {scenetest.JPEG(t, large), 1}, "LargeScan": {scenetest.PNG(t, large), 1},
	} {
		t.Run(name, func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			want := seen(t, c.picture)
			if want.Quad == nil || (want.Code == nil) != (name == "TurnedPhoto") {
				t.Fatalf("outline %v, code %v", want.Quad, want.Code)
			}
			runtime.GOMAXPROCS(3)
			var all sync.WaitGroup
			for range c.atOnce {
				all.Go(func() {
					got := seen(t, c.picture)
					if got.Quad == nil || *got.Quad != *want.Quad || !bytes.Equal(got.View.Pix, want.View.Pix) || fmt.Sprint(got.Fields) != fmt.Sprint(want.Fields) {
						t.Errorf("divided: %v with %v; alone: %v with %v", got.Quad, got.Fields, want.Quad, want.Fields)
					}
				})
			}
			all.Wait()
		})
	}
}

// seen reads a picture with an engine that says one line.
func seen(t *testing.T, picture []byte) ocr.Card {
	engine := &fake{lines: []ocr.Line{{Text: "Ada Harbor", Confidence: 0.9, Box: image.Rect(40, 100, 300, 140)}}}
	card, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), picture)
	if err != nil {
		t.Error(err)
	}
	return card
}
