package ocr_test

import (
	"context"
	"image"
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/scenetest"
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
	photo := scenetest.Scene{Size: image.Pt(800, 600), Grain: true, Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 560, 336, 5)}}}
	engine := &wholeOnly{size: image.Pt(800, 600)}
	card, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), scenetest.PNG(t, photo.Draw()))
	if err != nil || len(card.Lines) != 1 || card.Quad != nil || engine.asked != 2 {
		t.Errorf("lines %v, outline %v, asked %d times, %v; want what the second look found", card.Lines, card.Quad, engine.asked, err)
	}
}

// panel is an engine that reads a word in one view and a card in another.
type panel struct {
	wholeOnly
	onCard []ocr.Line
}

func (p *panel) Lines(_ context.Context, v *image.RGBA) ([]ocr.Line, error) {
	p.asked++
	if v.Rect.Size() != p.size {
		return []ocr.Line{{Text: "Ada Harbor", Confidence: 0.9, Box: image.Rect(10, 10, 90, 30)}}, nil
	}
	return p.onCard, nil
}

// cutter is an engine whose lines run off the left side of all views but the
// whole picture.
type cutter struct {
	wholeOnly
	left int
}

func (c *cutter) Lines(_ context.Context, v *image.RGBA) ([]ocr.Line, error) {
	c.asked++
	left, begins := c.left, 4 // letters lost
	if v.Rect.Size() == c.size {
		left, begins = 40, 0
	}
	var lines []ocr.Line
	for i, text := range []string{"Ada Harbor", "Harbor Optical Works", "12 Quay Street, Dunmore", "ada.harbor@harbor.example"} {
		lines = append(lines, ocr.Line{Text: text[begins:], Confidence: 0.95, Box: image.Rect(left, 10+40*i, 200, 40+40*i)})
	}
	return lines, nil
}

// An outline that runs through the print is none: the card is read without it.
func TestReader_LooksBeyondACut(t *testing.T) {
	photo := scenetest.PNG(t, scenetest.Scene{Size: image.Pt(800, 600), Grain: true, Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 560, 336, 0)}}}.Draw())
	for left, want := range map[int]int{0: 2, 2: 2, 3: 1, 60: 1} {
		engine := &cutter{wholeOnly{size: image.Pt(800, 600)}, left}
		card, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), photo)
		if err != nil || engine.asked != want || (card.Quad == nil) != (want == 2) {
			t.Errorf("print from %d on: asked %d times, outline %v, %v; want %d times", left, engine.asked, card.Quad, err, want)
		}
		if mail := card.Fields["email"].Text; (mail == "ada.harbor@harbor.example") != (want == 2) {
			t.Errorf("print from %d on: mail %q", left, mail)
		}
	}
}

// A bright panel on a dark card on a dark table is not all of the card: what
// reads much better counts.
func TestReader_LooksBesideAPanel(t *testing.T) {
	photo := scenetest.Scene{Size: image.Pt(800, 600), Grain: true, Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 330, 300, 0)}}}.Draw()
	full := []ocr.Line{{Text: "Ada Harbor", Confidence: 0.9}, {Text: "ada.harbor@harbor.example", Confidence: 0.9}}
	for _, c := range []struct {
		situation string
		onCard    []ocr.Line
		want      int
	}{
		{"MoreBesideIt", full, 2},
		{"NothingBesideIt", full[:1], 1},
	} {
		t.Run(c.situation, func(t *testing.T) {
			engine := &panel{wholeOnly{size: image.Pt(800, 600)}, c.onCard}
			card, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), scenetest.PNG(t, photo))
			if err != nil || len(card.Lines) != c.want || (card.Quad == nil) != (c.want == 2) || engine.asked != 2 {
				t.Errorf("lines %v, outline %v, asked %d times, %v", card.Lines, card.Quad, engine.asked, err)
			}
		})
	}
}
