package ocr_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"slices"
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/pixels"
	"hallpass/ocr/scenetest"
)

// marked is 3×2 pixels, each of its own colour.
func marked() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, 3, 2))
	for i := range 6 {
		m.SetRGBA(i%3, i/3, color.RGBA{R: uint8(10 * i), A: 255})
	}
	return m
}

func reds(m *image.RGBA) (out []uint8) {
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			out = append(out, m.RGBAAt(x+m.Rect.Min.X, y+m.Rect.Min.Y).R)
		}
	}
	return out
}

func TestTurn_Clockwise(t *testing.T) {
	for quarters, want := range [][]uint8{
		{0, 10, 20, 30, 40, 50},
		{30, 0, 40, 10, 50, 20},
		{50, 40, 30, 20, 10, 0},
		{20, 50, 10, 40, 0, 30},
	} {
		got := pixels.Turn(marked(), quarters)
		if !slices.Equal(reds(got), want) || got.Rect.Min != (image.Point{}) {
			t.Errorf("Turn(%d) = %v in %v, want %v", quarters, reds(got), got.Rect, want)
		}
	}
	wide := image.NewRGBA(image.Rect(0, 0, 9, 7))
	part := wide.SubImage(image.Rect(2, 3, 5, 5)).(*image.RGBA)
	copy(part.Pix, marked().Pix[:12])
	copy(part.Pix[part.Stride:], marked().Pix[12:])
	if got := reds(pixels.Turn(part, 1)); !slices.Equal(got, []uint8{30, 0, 40, 10, 50, 20}) {
		t.Errorf("Turn of a part = %v", got)
	}
}

// sideways is an engine that wants its first view turned, and perhaps each.
type sideways struct {
	fake
	quarters int
	always   bool
	worse    bool // nothing can be read of the turned view
	read     bool // the lines are the turned view's
	views    []image.Rectangle
}

func (s *sideways) Lines(_ context.Context, v *image.RGBA) ([]ocr.Line, error) {
	s.views = append(s.views, v.Rect)
	if s.always || len(s.views) == 1 {
		return s.lines, &ocr.Turned{Quarters: s.quarters, Read: s.read}
	}
	if s.worse {
		return nil, nil
	}
	return s.lines, nil
}

func TestReader_TurnsACardOnItsSide(t *testing.T) {
	lines := []ocr.Line{{Text: "Ada Harbor", Confidence: 0.9}}
	for _, c := range []struct {
		situation string
		engine    *sideways
		turn      int
	}{
		{"OnItsSide", &sideways{quarters: 1}, 1},
		{"UpsideDown", &sideways{quarters: 2}, 2},
		{"NeverContent", &sideways{quarters: 3, always: true}, 3},
	} {
		t.Run(c.situation, func(t *testing.T) {
			c.engine.lines = lines
			card, err := (&ocr.Reader{Engine: c.engine}).Read(t.Context(), scenetest.Sample(t, "english.jpg"))
			if err != nil {
				t.Fatal(err)
			}
			first, second := c.engine.views[0], c.engine.views[1]
			if c.turn%2 == 1 {
				second.Max.X, second.Max.Y = second.Max.Y, second.Max.X
			}
			if len(c.engine.views) != 2 || first != second || card.Turn != c.turn {
				t.Errorf("views %v, Turn %d, want two and %d", c.engine.views, card.Turn, c.turn)
			}
			if card.View.Rect != c.engine.views[1] || len(card.Lines) != 1 {
				t.Errorf("the card shows %v with %d lines", card.View.Rect, len(card.Lines))
			}
		})
	}
	t.Run("ReadsWorseTurned", func(t *testing.T) {
		engine := &sideways{quarters: 2, worse: true}
		engine.lines = lines
		card, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), scenetest.Sample(t, "english.jpg"))
		if err != nil || card.Turn != 0 || card.View.Rect != engine.views[0] || len(card.Lines) != 1 {
			t.Errorf("Turn %d with %d lines, %v, want the card as it was", card.Turn, len(card.Lines), err)
		}
	})
	t.Run("ReadTurned", func(t *testing.T) {
		engine := &sideways{quarters: 3, always: true, read: true}
		engine.lines = lines
		card, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), scenetest.Sample(t, "english.jpg"))
		if err != nil || card.Turn != 3 || len(engine.views) != 1 || card.View.Rect.Max != image.Pt(engine.views[0].Dy(), engine.views[0].Dx()) {
			t.Errorf("Turn %d, asked for %v, %v, want the card turned and one view", card.Turn, engine.views, err)
		}
	})
	if s := (&ocr.Turned{Quarters: 2}).Error(); s == "" || errors.Is(&ocr.Turned{}, ocr.ErrBlank) {
		t.Errorf("Turned says %q", s)
	}
}
