//go:build cgo

package tesseract

import (
	"image"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/otiai10/gosseract/v2"
)

// word is one of 30 pixels a character, Chinese or 15, Latin, that begins at x.
func word(text string, x int, conf float64) gosseract.BoundingBox {
	wide := 15
	if hanIn(text) > 0 {
		wide = 30
	}
	return gosseract.BoundingBox{Word: text, Confidence: conf, Box: image.Rect(x, 10, x+wide*utf8.RuneCountInString(text), 40)}
}

func texts(words []gosseract.BoundingBox) string {
	var out []string
	for _, w := range words {
		out = append(out, w.Word)
	}
	return strings.Join(out, " ")
}

// Where the Chinese model found letters and digits, the Latin model's reading
// of that stretch counts, unless the Chinese one was clearly surer.
func TestMix(t *testing.T) {
	for _, c := range []struct {
		situation  string
		han, latin []gosseract.BoundingBox
		want       string
	}{
		{"NothingRead", nil, nil, ""},
		{"OnlyChinese", []gosseract.BoundingBox{word("白塔", 0, 90)}, []gosseract.BoundingBox{word("BK", 0, 30)}, "白塔"},
		{"NumberAfterALabel", []gosseract.BoundingBox{word("电话", 0, 90), word("O25-6l23", 80, 70)}, []gosseract.BoundingBox{word("fig", 0, 30), word("025-6123", 80, 92)}, "电话 025-6123"},
		{"ChineseSurerOfTheNumber", []gosseract.BoundingBox{word("电话", 0, 90), word("025-6123", 80, 95)}, []gosseract.BoundingBox{word("O25-6I23", 80, 60)}, "电话 025-6123"},
		{"LatinReadNothingThere", []gosseract.BoundingBox{word("电话", 0, 90), word("025", 80, 70)}, nil, "电话 025"},
		{"NumberBetweenChinese", []gosseract.BoundingBox{word("路", 0, 90), word("l8", 40, 60), word("号", 90, 90)}, []gosseract.BoundingBox{word("W", 0, 20), word("18", 42, 90), word("S", 95, 20)}, "路 18 号"},
		{"TwoStretches", []gosseract.BoundingBox{word("a1", 0, 50), word("号", 60, 90), word("b2", 120, 50)}, []gosseract.BoundingBox{word("A1", 0, 90), word("B2", 120, 90)}, "A1 号 B2"},
		{"CharacterSpreadOverANumber", []gosseract.BoundingBox{{Word: "一", Confidence: 60, Box: image.Rect(0, 10, 200, 40)}}, []gosseract.BoundingBox{word("163 1234", 10, 90)}, "163 1234"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			if got := texts(mix(c.han, c.latin)); got != c.want {
				t.Errorf("mix = %q, want %q", got, c.want)
			}
		})
	}
}

func TestJoin(t *testing.T) {
	at := func(text string, x, y, w, h int) gosseract.BoundingBox {
		return gosseract.BoundingBox{Word: text, Confidence: 80, Box: image.Rect(x, y, x+w, y+h)}
	}
	for _, c := range []struct {
		situation string
		words     []gosseract.BoundingBox
		want      []string
	}{
		{"None", nil, nil},
		{"BlanksAndEmptyBoxes", []gosseract.BoundingBox{at(" ", 0, 0, 10, 10), at("x", 5, 5, 0, 0)}, nil},
		{"LatinWords", []gosseract.BoundingBox{at("Ada", 0, 0, 40, 20), at("Castell", 50, 0, 80, 20)}, []string{"Ada Castell"}},
		{"ChineseWithoutBlanks", []gosseract.BoundingBox{at("白", 0, 0, 20, 20), at("塔", 22, 0, 20, 20)}, []string{"白塔"}},
		{"ChineseFarApart", []gosseract.BoundingBox{at("周", 0, 0, 20, 20), at("青", 40, 0, 20, 20)}, []string{"周 青"}},
		{"ChineseBesideANumber", []gosseract.BoundingBox{at("路", 0, 0, 20, 20), at("18", 22, 0, 20, 20), at("号", 44, 0, 20, 20)}, []string{"路18号"}},
		{"WordsGoBack", []gosseract.BoundingBox{at("right", 200, 0, 50, 20), at("left", 0, 30, 50, 20)}, []string{"right", "left"}},
		{"OtherRow", []gosseract.BoundingBox{at("one", 0, 0, 30, 20), at("two", 40, 30, 30, 20)}, []string{"one", "two"}},
		{"WideGapBetweenColumns", []gosseract.BoundingBox{at("one", 0, 0, 30, 20), at("two", 300, 0, 30, 20)}, []string{"one", "two"}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			var got []string
			for _, l := range join(c.words) {
				got = append(got, l.Text)
			}
			if strings.Join(got, "|") != strings.Join(c.want, "|") {
				t.Errorf("join = %q, want %q", got, c.want)
			}
		})
	}
}

// Confidence is by character, so that one long word outweighs a speck.
func TestJoin_ConfidenceByCharacter(t *testing.T) {
	lines := join([]gosseract.BoundingBox{word("a", 0, 10), word("Castellano", 30, 90)})
	if len(lines) != 1 || lines[0].Confidence < 0.8 || lines[0].Confidence > 0.9 {
		t.Errorf("join = %+v, want one line near 0.83", lines)
	}
}
