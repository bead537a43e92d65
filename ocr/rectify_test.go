package ocr_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/scenetest"
)

// markIn is the middle of what is dark in the lower right part of a view.
func markIn(t *testing.T, v *image.RGBA) (x, y float64) {
	t.Helper()
	w, h := v.Rect.Dx(), v.Rect.Dy()
	var n, sx, sy float64
	for py := h * 2 / 3; py < h*19/20; py++ {
		for px := w * 7 / 10; px < w*19/20; px++ {
			if v.RGBAAt(px, py).G < 128 {
				n, sx, sy = n+1, sx+float64(px)+.5, sy+float64(py)+.5
			}
		}
	}
	if n == 0 {
		t.Fatal("the mark is not in the view")
	}
	return sx / n, sy / n
}

// The view is the card with half a millimetre around, flat and upright: a mark at four fifths of its
// width and height is there in the view too, however the card lay.
func TestReader_FlattensTheCard(t *testing.T) {
	for _, c := range []struct {
		situation     string
		quad          [4][2]float64
		width, height float64 // of the view; the sides' means
	}{
		{"Straight", scenetest.Turned(400, 300, 560, 336, 0), 560, 336},
		{"Turned", scenetest.Turned(400, 300, 540, 324, 20), 540, 324},
		{"TurnedBack", scenetest.Turned(400, 300, 520, 312, -28), 520, 312},
		{"Upright", scenetest.Turned(400, 300, 300, 500, 4), 300, 500},
		{"SeenFromBelow", [4][2]float64{{190, 130}, {610, 130}, {700, 480}, {100, 480}}, 510, 361},
		{"SeenFromTheSide", [4][2]float64{{120, 110}, {650, 170}, {650, 440}, {120, 500}}, 533, 330},
	} {
		t.Run(c.situation, func(t *testing.T) {
			photo := scenetest.Scene{Size: image.Pt(800, 600), Cards: []scenetest.Card{{Quad: c.quad}}}.Draw()
			card, view := viewOf(t, scenetest.PNG(t, photo))
			if card.Quad == nil {
				t.Fatal("no outline")
			}
			w, h := float64(view.Rect.Dx()), float64(view.Rect.Dy())
			if math.Abs(w-c.width) > 8 || math.Abs(h-c.height) > 8 {
				t.Errorf("view %.0f × %.0f, want %.0f × %.0f", w, h, c.width, c.height)
			}
			if x, y := markIn(t, view); math.Hypot(x-scenetest.MarkU*w, y-scenetest.MarkV*h) > 4 {
				t.Errorf("the mark is at %.1f, %.1f of %.0f × %.0f; want %.1f, %.1f", x, y, w, h, scenetest.MarkU*w, scenetest.MarkV*h)
			}
			right, low := view.Rect.Dx()-8, view.Rect.Dy()-8
			for _, at := range []image.Point{{7, 7}, {right, 7}, {right, low}, {7, low}} {
				wantColour(t, view, at.X, at.Y, color.RGBA{246, 244, 238, 255})
			}
		})
	}
}

// A large photo is worked on in a smaller copy: its outline is told in the
// photo's own pixels and the view is no larger than the engines use.
func TestReader_LargePhotos(t *testing.T) {
	const f = 3.4 // 1000 × 300 pixels drawn, 3400 × 1020 photographed
	drawn := scenetest.Turned(500, 150, 410, 246, 3)
	photo := scenetest.Shrunk(scenetest.Scene{Size: image.Pt(1000, 300), Cards: []scenetest.Card{{Quad: drawn}}}.Draw(), 3400, 1020)
	card, view := viewOf(t, scenetest.JPEG(t, photo))
	if card.Width != 3400 || card.Height != 1020 || card.Quad == nil {
		t.Fatalf("%d × %d, outline %v", card.Width, card.Height, card.Quad)
	}
	if off := scenetest.Farthest(*card.Quad, drawn, f); off > 7 {
		t.Errorf("a corner is %.1f of 3400 pixels off", off)
	}
	if long := max(view.Rect.Dx(), view.Rect.Dy()); long != 1300 {
		t.Errorf("the view is %d pixels long, want 1300", long)
	}
}

// A field's picture lies in the view, whatever box the engine gave.
func TestCard_CropLiesInTheView(t *testing.T) {
	photo := scenetest.PNG(t, scenetest.Scene{Size: image.Pt(800, 600), Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 560, 336, 5)}}}.Draw())
	boxes := map[string]image.Rectangle{
		"inside": image.Rect(100, 100, 300, 130), "corner": image.Rect(0, 0, 200, 20), "over the right": image.Rect(500, 100, 900, 130),
		"over all": image.Rect(-100, -100, 2000, 2000), "one pixel": image.Rect(50, 50, 51, 51),
	}
	for name, box := range boxes {
		lines := set("手机：163 1234 5678 邮箱：ada@harbor.example", "#周启明", "销售部 / 经理", "T +44 20 7946 0123 | F +44 20 7946 0124")
		for i := range lines {
			lines[i].Box = box
		}
		card, err := (&ocr.Reader{Engine: &fake{lines: lines}}).Read(t.Context(), photo)
		if err != nil {
			t.Fatal(err)
		}
		if len(card.Fields) < 6 {
			t.Errorf("%s: only %d fields", name, len(card.Fields))
		}
		for field, f := range card.Fields {
			crop := card.Crop(field)
			if f.Box.Intersect(card.View.Rect).Empty() {
				continue
			}
			if crop == nil || crop.Bounds().Empty() || !crop.Bounds().In(card.View.Rect) {
				t.Errorf("%s: crop of %s (%v) is %v of %v", name, field, f.Box, crop, card.View.Rect)
			}
		}
	}
	for name, box := range map[string]image.Rectangle{"none": {}, "far outside": image.Rect(5000, 5000, 5100, 5030), "before": image.Rect(-300, -300, -100, -100)} {
		lines := set("手机：163 1234 5678")
		lines[0].Box = box
		card, err := (&ocr.Reader{Engine: &fake{lines: lines}}).Read(t.Context(), photo)
		if err != nil {
			t.Fatal(err)
		}
		if crop := card.Crop("mobile"); crop != nil {
			t.Errorf("%s: crop %v, want none", name, crop.Bounds())
		}
	}
	if (ocr.Card{Fields: map[string]ocr.Field{"name": {Box: image.Rect(0, 0, 9, 9)}}}).Crop("name") != nil {
		t.Error("a card without a view has a crop")
	}
}

// Two values on one line have a cut-out each, side by side.
func TestExtract_BoxesOfOneLine(t *testing.T) {
	line := ocr.Line{Text: "电话：025-6123 4567 传真：025-6123 4568", Confidence: 0.95, Box: image.Rect(100, 50, 700, 80)}
	fields := ocr.Extract([]ocr.Line{line})
	phone, fax := fields["phone"].Box, fields["fax"].Box
	if !phone.In(line.Box) || !fax.In(line.Box) || phone.Overlaps(fax) || phone.Max.X > fax.Min.X {
		t.Errorf("phone at %v, fax at %v of %v", phone, fax, line.Box)
	}
	if d := phone.Dx() - fax.Dx(); d < -60 || d > 60 {
		t.Errorf("phone %d and fax %d wide, want about half of the line each", phone.Dx(), fax.Dx())
	}
}

// A card that takes a third of a large photo keeps the pixels it has there,
// whichever way the phone was held.
func TestReader_SmallCardOnALargePhoto(t *testing.T) {
	drawn := scenetest.Turned(400, 300, 280, 168, 4)
	photo := scenetest.Shrunk(scenetest.Scene{Size: image.Pt(800, 600), Grain: true, Cards: []scenetest.Card{{Quad: drawn}}}.Draw(), 3600, 2700)
	data := scenetest.JPEG(t, photo)
	for turn := range uint16(9) {
		card, view := viewOf(t, scenetest.WithExif(data, turn))
		if card.Quad == nil {
			t.Fatalf("orientation %d: no outline", turn)
		}
		w, h := view.Rect.Dx(), view.Rect.Dy()
		if long := max(w, h); long < 1240 || long > 1300 {
			t.Errorf("orientation %d: view %d × %d, want 1260 pixels or little more", turn, w, h)
		}
		// The mark is lower right in the picture as it was drawn.
		x, y := []float64{.8, .8, .2, .2, .8, .8, .2, .2, .8}[turn], []float64{.8, .8, .8, .2, .2, .8, .8, .2, .2}[turn]
		wantColour(t, view, int(x*float64(w)), int(y*float64(h)), color.RGBA{30, 32, 40, 255})
	}
}
