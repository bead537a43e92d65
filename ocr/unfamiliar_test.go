package ocr_test

import (
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/scenetest"
)

// A card that the reader was not made for is read as far as it goes, but none
// of its words is taken as sure.
func TestReader_DoubtsACardInAnotherLanguage(t *testing.T) {
	contact := ocr.Line{Text: "E-mail: haru@lumen.example", Confidence: 0.98}
	for _, c := range []struct {
		situation string
		lines     []ocr.Line
		want      bool
	}{
		{"Japanese", []ocr.Line{{Text: "株式会社ルーメン", Confidence: 0.97}, {Text: "営業部マネージャー", Confidence: 0.97}}, true},
		{"KoreanReadAsJunk", []ocr.Line{{Text: "요도人므동", Confidence: 0.35}, {Text: "叶早日哈可工", Confidence: 0.4}, {Text: "三上吕 口工丁", Confidence: 0.3}}, true},
		{"ChineseWithABrandOfKana", []ocr.Line{{Text: "上海光の家展览有限公司", Confidence: 0.97}}, false},
		{"English", []ocr.Line{{Text: "Lumen Lighting Ltd.", Confidence: 0.95}}, false},
	} {
		t.Run(c.situation, func(t *testing.T) {
			lines := append([]ocr.Line{}, c.lines...)
			if !c.want || c.situation == "Japanese" {
				lines = append(lines, contact)
			}
			card, err := (&ocr.Reader{Engine: &fake{lines: lines}}).Read(t.Context(), scenetest.Sample(t, "english.jpg"))
			if err != nil {
				t.Fatal(err)
			}
			if card.Unfamiliar != c.want {
				t.Errorf("Unfamiliar = %v, want %v", card.Unfamiliar, c.want)
			}
			for name, f := range card.Fields {
				if c.want && name != "email" && f.Confidence >= ocr.Bar {
					t.Errorf("%s %q is taken as sure: %.2f", name, f.Text, f.Confidence)
				}
			}
			if c.situation == "Japanese" && card.Fields["email"].Confidence < ocr.Bar {
				t.Errorf("the e-mail is doubted: %+v", card.Fields["email"])
			}
		})
	}
}
