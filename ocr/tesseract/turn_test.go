//go:build cgo

package tesseract_test

import (
	"errors"
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/pixels"
)

// A card held the wrong way is told, with the turn that puts it right; the
// samples as they are never are.
func TestEngine_TellsACardOnItsSide(t *testing.T) {
	e := engine(t)
	for _, name := range []string{"english.jpg", "simplified.jpg", "traditional.jpg", "dark.jpg", "bilingual.jpg"} {
		card, err := (&ocr.Reader{Engine: e}).Read(t.Context(), sample(t, name))
		if err != nil || card.Turn != 0 {
			t.Errorf("%s: turned by %d, %v", name, card.Turn, err)
			continue
		}
		for quarters := 1; quarters <= 3; quarters++ {
			_, err := e.Lines(t.Context(), pixels.Turn(card.View, quarters))
			var turned *ocr.Turned
			if !errors.As(err, &turned) || turned.Quarters != 4-quarters {
				t.Errorf("%s after %d quarter turns: %v, want %d more", name, quarters, err, 4-quarters)
			}
		}
	}
}
