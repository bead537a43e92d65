package ocr_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"hallpass/ocr"
)

// The corners are found to within a few pixels of where they were drawn, on
// pictures of 800 × 600.
func TestOutline_DrawnCards(t *testing.T) {
	size := image.Pt(800, 600)
	grey := func(v uint8) color.RGBA { return color.RGBA{v, v, v, 255} }
	for _, c := range []struct {
		situation string
		scene     scene
		most      float64 // pixels
	}{
		{"Straight", scene{cards: []drawnCard{{quad: turnedCard(400, 300, 560, 336, 0)}}}, 2},
		{"Turned5", scene{cards: []drawnCard{{quad: turnedCard(400, 300, 560, 336, 5)}}}, 2},
		{"Turned17", scene{cards: []drawnCard{{quad: turnedCard(400, 300, 540, 324, 17)}}}, 2},
		{"Turned30", scene{cards: []drawnCard{{quad: turnedCard(400, 300, 520, 312, 30)}}}, 2},
		{"TurnedBack25", scene{cards: []drawnCard{{quad: turnedCard(400, 300, 520, 312, -25)}}}, 2},
		{"Upright", scene{cards: []drawnCard{{quad: turnedCard(400, 300, 300, 500, 3)}}}, 2},
		{"Square", scene{cards: []drawnCard{{quad: turnedCard(400, 300, 420, 400, 4)}}}, 2},
		{"SeenFromBelow", scene{cards: []drawnCard{{quad: [4][2]float64{{190, 130}, {610, 130}, {700, 480}, {100, 480}}}}}, 2.5},
		{"SeenFromTheSide", scene{cards: []drawnCard{{quad: [4][2]float64{{120, 110}, {650, 170}, {650, 440}, {120, 500}}}}}, 2.5},
		{"SeenFromACorner", scene{cards: []drawnCard{{quad: [4][2]float64{{90, 200}, {600, 90}, {720, 420}, {170, 540}}}}}, 2.5},
		{"OffTheMiddle", scene{cards: []drawnCard{{quad: turnedCard(290, 210, 400, 240, 8)}}}, 2},
		{"Noise", scene{noise: 12, cards: []drawnCard{{quad: turnedCard(400, 300, 560, 336, 9)}}}, 2.5},
		{"Wood", scene{grain: true, noise: 4, cards: []drawnCard{{quad: turnedCard(400, 300, 560, 336, -9)}}}, 2.5},
		{"LittleContrast", scene{table: grey(214), noise: 2, cards: []drawnCard{{quad: turnedCard(400, 300, 560, 336, 7)}}}, 2.5},
		{"DarkCardOnALightTable", scene{table: grey(220), cards: []drawnCard{{quad: turnedCard(400, 300, 560, 336, 6), paper: grey(40), ink: grey(230)}}}, 2},
		{"SameBrightnessOtherColour", scene{table: color.RGBA{90, 120, 90, 255}, cards: []drawnCard{{quad: turnedCard(400, 300, 560, 336, 6), paper: color.RGBA{190, 70, 90, 255}}}}, 2.5},
		{"Unprinted", scene{cards: []drawnCard{{quad: turnedCard(400, 300, 560, 336, 11), bare: true}}}, 2},
		{"PrintedBand", scene{cards: []drawnCard{{quad: turnedCard(400, 300, 560, 336, -6), band: true}}}, 2.5},
		{"PrintedPanel", scene{grain: true, noise: 3, cards: []drawnCard{{quad: turnedCard(400, 300, 560, 336, 7), panel: true}}}, 3},
		{"PrintedPanelOnChecks", scene{check: true, noise: 3, cards: []drawnCard{{quad: turnedCard(400, 300, 560, 336, -8), panel: true}}}, 3},
		{"Checks", scene{check: true, noise: 3, cards: []drawnCard{{quad: turnedCard(400, 300, 520, 312, 5)}}}, 3},
		{"Small", scene{cards: []drawnCard{{quad: turnedCard(400, 300, 320, 192, 12)}}}, 2.5},
	} {
		t.Run(c.situation, func(t *testing.T) {
			c.scene.size = size
			q, ok := ocr.Outline(c.scene.draw())
			if !ok {
				t.Fatal("no outline found")
			}
			if off := farthest(q, c.scene.cards[0].quad, 1); off > c.most {
				t.Errorf("a corner is %.1f pixels off, want at most %.1f: %.0f", off, c.most, q)
			}
		})
	}
}

// Whoever lays two cards down gets one of them, not a mixture: the larger. On a
// table without any grain the picture may as well be a scan with two panels, so
// nothing is cut off.
func TestOutline_TwoCards(t *testing.T) {
	large, small := turnedCard(280, 300, 440, 264, 4), turnedCard(650, 300, 230, 138, -3)
	for _, c := range []struct {
		situation string
		cards     []drawnCard
		want      [4][2]float64
	}{
		{"LargerFirst", []drawnCard{{quad: large}, {quad: small}}, large},
		{"LargerLast", []drawnCard{{quad: small}, {quad: large}}, large},
		{"OneOnTheOther", []drawnCard{{quad: turnedCard(400, 300, 240, 140, 20), paper: color.RGBA{180, 200, 230, 255}}, {quad: turnedCard(400, 300, 640, 400, 2)}}, turnedCard(400, 300, 640, 400, 2)},
	} {
		t.Run(c.situation, func(t *testing.T) {
			photo := scene{size: image.Pt(800, 600), grain: true, noise: 3, cards: c.cards}
			q, ok := ocr.Outline(photo.draw())
			if !ok {
				t.Fatal("no outline found")
			}
			if off := farthest(q, c.want, 1); off > 3 {
				t.Errorf("a corner is %.1f pixels off the larger card: %.0f", off, q)
			}
		})
	}
	engine := &fake{lines: []ocr.Line{{Text: "Ada Harbor", Confidence: 0.9}}}
	for want, cards := range [][]drawnCard{
		{{quad: large}},
		{{quad: turnedCard(250, 300, 380, 228, 4)}, {quad: turnedCard(620, 300, 280, 168, -3)}},
	} {
		photo := scene{size: image.Pt(800, 600), grain: true, noise: 3, cards: cards}
		card, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), encodePNG(t, photo.draw()))
		if err != nil || card.Others != want {
			t.Errorf("Others = %d, %v; want %d", card.Others, err, want)
		}
	}
	plain := scene{size: image.Pt(800, 600), cards: []drawnCard{{quad: large}, {quad: small}}}
	if q, ok := ocr.Outline(plain.draw()); ok {
		t.Errorf("two cards on a plain surface: Outline = %.0f, want none", q)
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
		{"NearTheLeft", turnedCard(290, 300, 560, 336, 0), 3},
		{"NearTheTop", turnedCard(400, 180, 560, 336, 0), 3},
		{"InTheCorner", turnedCard(292, 180, 560, 336, 1), 6},
		{"CornersCutByTheRim", turnedCard(400, 300, 740, 420, 10), 8},
	} {
		t.Run(c.situation, func(t *testing.T) {
			q, ok := ocr.Outline(scene{size: image.Pt(800, 600), cards: []drawnCard{{quad: c.quad}}}.draw())
			if !ok {
				t.Fatal("no outline found")
			}
			if off := farthest(q, c.quad, 1); off > c.most {
				t.Errorf("a corner is %.1f pixels off, want at most %.0f: %.0f", off, c.most, q)
			}
		})
	}
}

// Of a card with an end out of sight no outline is made up there; what is found
// is the card or nothing.
func TestOutline_SideOutOfSight(t *testing.T) {
	for _, quad := range [][4][2]float64{turnedCard(270, 300, 560, 336, 2), turnedCard(620, 420, 560, 336, 5)} {
		q, ok := ocr.Outline(scene{size: image.Pt(800, 600), cards: []drawnCard{{quad: quad}}}.draw())
		if off := farthest(q, quad, 1); ok && off > 8 {
			t.Errorf("card %.0f: outline %.0f, want none or the card's", quad, q)
		}
	}
}

// Tables, cloth and pages are no cards, and neither is what cannot be one.
func TestOutline_NoCard(t *testing.T) {
	size := image.Pt(640, 480)
	triangle := drawnCard{quad: [4][2]float64{{320, 80}, {330, 80}, {560, 420}, {90, 420}}, bare: true}
	for _, c := range []struct {
		situation string
		scene     scene
	}{
		{"BareTable", scene{}},
		{"Noise", scene{noise: 30}},
		{"Wood", scene{grain: true, noise: 3}},
		{"Dark", scene{table: color.RGBA{4, 4, 4, 255}, noise: 2}},
		{"Triangle", scene{cards: []drawnCard{triangle}}},
		{"Strip", scene{cards: []drawnCard{{quad: turnedCard(320, 240, 560, 60, 0), bare: true}}}},
		{"TooSmall", scene{cards: []drawnCard{{quad: turnedCard(320, 240, 90, 56, 5)}}}},
		{"Edge", scene{cards: []drawnCard{{quad: [4][2]float64{{-100, -100}, {300, -100}, {300, 600}, {-100, 600}}, bare: true}}}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			c.scene.size = size
			if q, ok := ocr.Outline(c.scene.draw()); ok {
				t.Errorf("Outline = %.0f, want none", q)
			}
		})
	}
}

// The first corner is the upper left one and the rest follow clockwise,
// whatever the card's turn: the view is never mirrored.
func TestOutline_CornersInOrder(t *testing.T) {
	for degrees := -40.0; degrees <= 40; degrees += 20 {
		q, ok := ocr.Outline(scene{size: image.Pt(640, 480), cards: []drawnCard{{quad: turnedCard(320, 240, 380, 228, degrees)}}}.draw())
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
