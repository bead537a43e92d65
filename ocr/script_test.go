package ocr_test

import (
	"context"
	"image"
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/scenetest"
)

// saying answers every ask with one text.
type saying struct {
	text string
	conf float64
}

func (s *saying) Reread(_ context.Context, _ *image.RGBA, asks []ocr.Ask) ([]ocr.Line, error) {
	out := make([]ocr.Line, len(asks))
	for i, a := range asks {
		out[i] = ocr.Line{Text: s.text, Confidence: s.conf, Box: a.Box}
	}
	return out, nil
}

// read gives the text of the first line, of a card with the others below it.
func read(t *testing.T, second ocr.Rereader, first string, others ...string) string {
	t.Helper()
	lines := []ocr.Line{heard(first, nil)}
	lines[0].Weakest = 0.9
	for i, o := range others {
		l := heard(o, nil)
		l.Box = l.Box.Add(image.Pt(0, 50*(i+1)))
		lines = append(lines, l)
	}
	card, err := (&ocr.Reader{Engine: &fake{lines: lines}, Second: second}).Read(t.Context(), scenetest.Sample(t, "english.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	return card.Lines[0].Text
}

const taipei = "+886 2 2555 0100"

// A network taught simplified print answers so where it lacks the printed
// form. What stands on a card from Taiwan, Hong Kong or Macau is put back.
func TestReader_RestoresTraditionalForms(t *testing.T) {
	for read1, want := range map[string]string{
		"马颖瑶":      "馬穎瑤",
		"電话":       "電話",
		"业務總监":     "業務總監",
		"台北市信義區":   "台北市信義區", // 台 is printed so
		"范雅婷":      "范雅婷",    // a surname, no 範圍
		"示范中心":     "示範中心",
		"钟声":       "鐘聲", // not the surname
		"钟怡君":      "鍾怡君",
		"皇后大道":     "皇后大道",
		"文咸東街":     "文咸東街", // no salt
		"葵涌":       "葵涌",
		"标准检驗":     "標準檢驗",
		"旅游顾问":     "旅遊顧問",
		"松岳路":      "松岳路",
		"周思源":      "周思源", // 週思 is a word, but here stands a surname
		"周年活动":     "週年活動",
		"Ada 2026": "Ada 2026",
	} {
		if got := read(t, nil, read1, taipei); got != want {
			t.Errorf("%q is printed %q, want %q", read1, got, want)
		}
	}
}

func TestReader_LeavesSimplifiedPrint(t *testing.T) {
	for _, mainland := range [][]string{{"+86 21 5550 1234"}, {"上海展览有限公司", "销售经理"}, {"ada@harbor.cn"}} {
		if got := read(t, nil, "马颖瑶", mainland...); got != "马颖瑶" {
			t.Errorf("beside %q: %q, want it as read", mainland, got)
		}
	}
}

// Print in one script outweighs a phone number from elsewhere.
func TestReader_TellsTheScriptByThePrint(t *testing.T) {
	if got := read(t, nil, "马颖瑶", "展覽設計有限公司", "業務經理", "+86 21 5550 1234"); got != "馬穎瑤" {
		t.Errorf("on a traditional card with a mainland number: %q", got)
	}
}

// Of several forms the other engine's counts, if it is one of them.
func TestReader_TakesTheFormThatTheSecondEngineRead(t *testing.T) {
	for second, want := range map[string]string{"鐘怡君": "鐘怡君", "鍾怡君": "鍾怡君", "金怡君": "鍾怡君"} {
		if got := read(t, says(second, 0.8), "钟怡君", taipei); got != want {
			t.Errorf("beside %q: %q, want %q", second, got, want)
		}
	}
}
