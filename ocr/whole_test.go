package ocr_test

import (
	"context"
	"image"
	"testing"

	"hallpass/ocr"
)

// wholeOnly is an engine that finds print only in a view of a given size: it
// stands for an outline that was drawn around the wrong thing.
type wholeOnly struct {
	size  image.Point
	asked int
}

func (w *wholeOnly) Name() string { return "fake" }
func (w *wholeOnly) Close() error { return nil }
func (w *wholeOnly) Lines(_ context.Context, v *image.RGBA) ([]ocr.Line, error) {
	w.asked++
	if v.Rect.Size() != w.size {
		return nil, nil
	}
	return []ocr.Line{{Text: "Ada Harbor", Confidence: 0.9, Box: image.Rect(10, 10, 90, 30)}}, nil
}

// A card is not given up because its outline was taken for something else's.
func TestReader_LooksAtTheWholePicture(t *testing.T) {
	photo := scene{size: image.Pt(800, 600), grain: true, cards: []drawnCard{{quad: turnedCard(400, 300, 560, 336, 5)}}}
	engine := &wholeOnly{size: image.Pt(800, 600)}
	card, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), encodePNG(t, photo.draw()))
	if err != nil || len(card.Lines) != 1 || card.Quad != nil || engine.asked != 2 {
		t.Errorf("lines %v, outline %v, asked %d times, %v; want what the second look found", card.Lines, card.Quad, engine.asked, err)
	}
}
