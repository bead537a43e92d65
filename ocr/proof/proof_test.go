package proof_test

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/plane"
	"hallpass/ocr/proof"
)

func white(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	return img
}

// changed are the pixels of a part that differ from white.
func changed(img image.Image, part image.Rectangle) (n int) {
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if img.At(x, y) != (color.RGBA{255, 255, 255, 255}) {
				n++
			}
		}
	}
	return n
}

func TestOutline_OverThePhoto(t *testing.T) {
	photo := white(400, 300)
	quad := &plane.Quad{{X: 100, Y: 100}, {X: 700, Y: 100}, {X: 700, Y: 500}, {X: 100, Y: 500}}
	got := proof.Outline(photo, quad, 0.5) // the photo is half the source's size
	for _, edge := range []image.Rectangle{image.Rect(60, 48, 340, 52), image.Rect(60, 248, 340, 252), image.Rect(48, 60, 52, 240), image.Rect(348, 60, 352, 240)} {
		if changed(got, edge) < 100 {
			t.Errorf("nothing is drawn along %v", edge)
		}
	}
	if n := changed(got, image.Rect(60, 60, 340, 240)); n != 0 {
		t.Errorf("%d pixels drawn within the outline", n)
	}
	if changed(photo, photo.Rect) != 0 {
		t.Error("the photo itself was drawn on")
	}
	if got := proof.Outline(photo, nil, 1); changed(got, got.Rect) != 0 {
		t.Error("something is drawn without an outline")
	}
}

func TestView_MarksFieldsByConfidence(t *testing.T) {
	card := ocr.Card{
		View:  white(500, 300),
		Lines: []ocr.Line{{Text: "Ada Quill", Box: image.Rect(50, 60, 200, 90)}, {Text: "slogan", Box: image.Rect(50, 200, 200, 220)}},
		Fields: map[string]ocr.Field{
			"name":  {Text: "Ada Quill", Confidence: 0.95, Box: image.Rect(50, 60, 200, 90)},
			"title": {Text: "Maker", Confidence: 0.4, Box: image.Rect(300, 2, 498, 20)}, // no room beside
			"email": {Text: "a@b.example", Confidence: 0.4},                             // nobody knows where
		},
	}
	got := proof.View(card)
	at := func(x, y int) color.RGBA { return got.RGBAAt(x, y) }
	sure, unsure, unused := at(100, 58), at(380, 21), at(100, 199)
	if sure == unsure || sure == unused || unsure == unused || sure.G < sure.R || unsure.R < unsure.G {
		t.Errorf("colours: sure %v, unsure %v, unused %v", sure, unsure, unused)
	}
	if changed(got, image.Rect(52, 62, 198, 88)) != 0 {
		t.Error("something is drawn over the print")
	}
	for _, beside := range []image.Rectangle{image.Rect(204, 68, 260, 82), image.Rect(502, 4, 560, 18)} {
		if changed(got, beside) < 200 {
			t.Errorf("no name stands beside the box, at %v", beside)
		}
	}
	if changed(card.View, card.View.Rect) != 0 {
		t.Error("the view itself was drawn on")
	}
	if proof.View(ocr.Card{}) != nil {
		t.Error("a card without a view gave a picture")
	}
}

// Boxes and corners outside of the picture draw what can be drawn.
func TestView_BoxesOutside(t *testing.T) {
	card := ocr.Card{View: white(60, 40), Fields: map[string]ocr.Field{"company": {Text: "x", Box: image.Rect(-50, -50, 500, 500)}}}
	if got := proof.View(card); !card.View.Rect.In(got.Rect) {
		t.Errorf("size %v", got.Rect)
	}
	far := &plane.Quad{{X: -1e9, Y: 0}, {X: 1e9, Y: 0}, {X: 1e9, Y: 1e9}, {X: 0, Y: 1e9}}
	if got := proof.Outline(white(60, 40), far, 1); got.Rect != image.Rect(0, 0, 60, 40) {
		t.Errorf("size %v", got.Rect)
	}
}
