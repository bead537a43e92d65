package flat_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"hallpass/ocr/flat"
	"hallpass/ocr/scenetest"
)

// The corners are found to within a few pixels of where they were drawn, on
// pictures of 800 × 600.
func TestOutline_DrawnCards(t *testing.T) {
	size := image.Pt(800, 600)
	grey := func(v uint8) color.RGBA { return color.RGBA{v, v, v, 255} }
	for _, c := range []struct {
		situation string
		scene     scenetest.Scene
		most      float64 // pixels
	}{
		{"Straight", scenetest.Scene{Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 560, 336, 0)}}}, 2},
		{"Turned5", scenetest.Scene{Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 560, 336, 5)}}}, 2},
		{"Turned17", scenetest.Scene{Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 540, 324, 17)}}}, 2},
		{"Turned30", scenetest.Scene{Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 520, 312, 30)}}}, 2},
		{"TurnedBack25", scenetest.Scene{Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 520, 312, -25)}}}, 2},
		{"Upright", scenetest.Scene{Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 300, 500, 3)}}}, 2},
		{"Square", scenetest.Scene{Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 420, 400, 4)}}}, 2},
		{"SeenFromBelow", scenetest.Scene{Cards: []scenetest.Card{{Quad: [4][2]float64{{190, 130}, {610, 130}, {700, 480}, {100, 480}}}}}, 2.5},
		{"SeenFromTheSide", scenetest.Scene{Cards: []scenetest.Card{{Quad: [4][2]float64{{120, 110}, {650, 170}, {650, 440}, {120, 500}}}}}, 2.5},
		{"SeenFromACorner", scenetest.Scene{Cards: []scenetest.Card{{Quad: [4][2]float64{{90, 200}, {600, 90}, {720, 420}, {170, 540}}}}}, 2.5},
		{"OffTheMiddle", scenetest.Scene{Cards: []scenetest.Card{{Quad: scenetest.Turned(290, 210, 400, 240, 8)}}}, 2},
		{"Noise", scenetest.Scene{Noise: 12, Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 560, 336, 9)}}}, 2.5},
		{"Wood", scenetest.Scene{Grain: true, Noise: 4, Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 560, 336, -9)}}}, 2.5},
		{"LittleContrast", scenetest.Scene{Table: grey(214), Noise: 2, Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 560, 336, 7)}}}, 2.5},
		{"DarkCardOnALightTable", scenetest.Scene{Table: grey(220), Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 560, 336, 6), Paper: grey(40), Ink: grey(230)}}}, 2},
		{"SameBrightnessOtherColour", scenetest.Scene{Table: color.RGBA{90, 120, 90, 255}, Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 560, 336, 6), Paper: color.RGBA{190, 70, 90, 255}}}}, 2.5},
		{"Unprinted", scenetest.Scene{Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 560, 336, 11), Bare: true}}}, 2},
		{"PrintedBand", scenetest.Scene{Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 560, 336, -6), Band: true}}}, 2.5},
		{"PrintedPanel", scenetest.Scene{Grain: true, Noise: 3, Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 560, 336, 7), Panel: true}}}, 3},
		{"PrintedPanelOnChecks", scenetest.Scene{Check: true, Noise: 3, Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 560, 336, -8), Panel: true}}}, 3},
		{"Checks", scenetest.Scene{Check: true, Noise: 3, Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 520, 312, 5)}}}, 3},
		{"Small", scenetest.Scene{Cards: []scenetest.Card{{Quad: scenetest.Turned(400, 300, 320, 192, 12)}}}, 2.5},
	} {
		t.Run(c.situation, func(t *testing.T) {
			c.scene.Size = size
			q, ok := outlineOf(c.scene.Draw())
			if !ok {
				t.Fatal("no outline found")
			}
			if off := scenetest.Farthest(q, c.scene.Cards[0].Quad, 1); off > c.most {
				t.Errorf("a corner is %.1f pixels off, want at most %.1f: %.0f", off, c.most, q)
			}
		})
	}
}

// Whoever lays two cards down gets one of them, not a mixture: the larger. On a
// table without any grain the picture may as well be a scan with two panels, so
// nothing is cut off.
func TestOutline_TwoCards(t *testing.T) {
	large, small := scenetest.Turned(280, 300, 440, 264, 4), scenetest.Turned(650, 300, 230, 138, -3)
	for _, c := range []struct {
		situation string
		cards     []scenetest.Card
		want      [4][2]float64
	}{
		{"LargerFirst", []scenetest.Card{{Quad: large}, {Quad: small}}, large},
		{"LargerLast", []scenetest.Card{{Quad: small}, {Quad: large}}, large},
		{"OneOnTheOther", []scenetest.Card{{Quad: scenetest.Turned(400, 300, 240, 140, 20), Paper: color.RGBA{180, 200, 230, 255}}, {Quad: scenetest.Turned(400, 300, 640, 400, 2)}}, scenetest.Turned(400, 300, 640, 400, 2)},
	} {
		t.Run(c.situation, func(t *testing.T) {
			photo := scenetest.Scene{Size: image.Pt(800, 600), Grain: true, Noise: 3, Cards: c.cards}
			q, ok := outlineOf(photo.Draw())
			if !ok {
				t.Fatal("no outline found")
			}
			if off := scenetest.Farthest(q, c.want, 1); off > 3 {
				t.Errorf("a corner is %.1f pixels off the larger card: %.0f", off, q)
			}
		})
	}
	for want, cards := range [][]scenetest.Card{
		{{Quad: large}},
		{{Quad: scenetest.Turned(250, 300, 380, 228, 4)}, {Quad: scenetest.Turned(620, 300, 280, 168, -3)}},
	} {
		if found, ok := flat.Find(scenetest.Scene{Size: image.Pt(800, 600), Grain: true, Noise: 3, Cards: cards}.Draw()); !ok || found.Others != want {
			t.Errorf("Others = %d, %v; want %d", found.Others, ok, want)
		}
	}
	plain := scenetest.Scene{Size: image.Pt(800, 600), Cards: []scenetest.Card{{Quad: large}, {Quad: small}}}
	if q, ok := outlineOf(plain.Draw()); ok {
		t.Errorf("two cards on a plain surface: Find = %.0f, want none", q)
	}
}

// A card may come close to the picture's rim, and its corners may be out of
// sight: they are where its sides would meet.
func TestOutline_CardAtTheRim(t *testing.T) {
	for _, c := range []struct {
		situation string
		quad      [4][2]float64
		most      float64
	}{
		{"NearTheLeft", scenetest.Turned(290, 300, 560, 336, 0), 3},
		{"NearTheTop", scenetest.Turned(400, 180, 560, 336, 0), 3},
		{"InTheCorner", scenetest.Turned(292, 180, 560, 336, 1), 6},
		{"CornersCutByTheRim", scenetest.Turned(400, 300, 740, 420, 10), 8},
	} {
		t.Run(c.situation, func(t *testing.T) {
			q, ok := outlineOf(scenetest.Scene{Size: image.Pt(800, 600), Cards: []scenetest.Card{{Quad: c.quad}}}.Draw())
			if !ok {
				t.Fatal("no outline found")
			}
			if off := scenetest.Farthest(q, c.quad, 1); off > c.most {
				t.Errorf("a corner is %.1f pixels off, want at most %.0f: %.0f", off, c.most, q)
			}
		})
	}
}

// Of a card with an end out of sight no outline is made up there; what is found
// is the card or nothing.
func TestOutline_SideOutOfSight(t *testing.T) {
	for _, quad := range [][4][2]float64{scenetest.Turned(270, 300, 560, 336, 2), scenetest.Turned(620, 420, 560, 336, 5)} {
		q, ok := outlineOf(scenetest.Scene{Size: image.Pt(800, 600), Cards: []scenetest.Card{{Quad: quad}}}.Draw())
		if off := scenetest.Farthest(q, quad, 1); ok && off > 8 {
			t.Errorf("card %.0f: outline %.0f, want none or the card's", quad, q)
		}
	}
}

// Tables, cloth and pages are no cards, and neither is what cannot be one.
func TestOutline_NoCard(t *testing.T) {
	size := image.Pt(640, 480)
	triangle := scenetest.Card{Quad: [4][2]float64{{320, 80}, {330, 80}, {560, 420}, {90, 420}}, Bare: true}
	for _, c := range []struct {
		situation string
		scene     scenetest.Scene
	}{
		{"BareTable", scenetest.Scene{}},
		{"Noise", scenetest.Scene{Noise: 30}},
		{"Wood", scenetest.Scene{Grain: true, Noise: 3}},
		{"Dark", scenetest.Scene{Table: color.RGBA{4, 4, 4, 255}, Noise: 2}},
		{"Triangle", scenetest.Scene{Cards: []scenetest.Card{triangle}}},
		{"Strip", scenetest.Scene{Cards: []scenetest.Card{{Quad: scenetest.Turned(320, 240, 560, 60, 0), Bare: true}}}},
		{"TooSmall", scenetest.Scene{Cards: []scenetest.Card{{Quad: scenetest.Turned(320, 240, 90, 56, 5)}}}},
		{"Edge", scenetest.Scene{Cards: []scenetest.Card{{Quad: [4][2]float64{{-100, -100}, {300, -100}, {300, 600}, {-100, 600}}, Bare: true}}}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			c.scene.Size = size
			if q, ok := outlineOf(c.scene.Draw()); ok {
				t.Errorf("Find = %.0f, want none", q)
			}
		})
	}
}

// The first corner is the upper left one and the rest follow clockwise,
// whatever the card's turn: the view is never mirrored.
func TestOutline_CornersInOrder(t *testing.T) {
	for degrees := -40.0; degrees <= 40; degrees += 20 {
		q, ok := outlineOf(scenetest.Scene{Size: image.Pt(640, 480), Cards: []scenetest.Card{{Quad: scenetest.Turned(320, 240, 380, 228, degrees)}}}.Draw())
		if !ok {
			t.Errorf("%v°: no outline found", degrees)
			continue
		}
		var area float64
		for i := range q {
			p, next := q[i], q[(i+1)%4]
			area += (p.X*next.Y - p.Y*next.X) / 2
		}
		if math.Abs(area-380*228) > 0.04*380*228 {
			t.Errorf("%v°: area %.0f, want %d, positive for clockwise corners", degrees, area, 380*228)
		}
		if up := q[0].Y + q[1].Y; up > q[2].Y+q[3].Y || q[0].X+q[3].X > q[1].X+q[2].X {
			t.Errorf("%v°: corners %.0f do not begin at the upper left", degrees, q)
		}
	}
}
