package ocr

import (
	"math"
	"testing"
)

// heardLine is a line of sure characters, but for one.
func heardLine(text string, at int, sure float64, also ...Guess) Line {
	l := Line{Text: text}
	for i := range []rune(text) {
		l.Sure, l.At, l.Also = append(l.Sure, 0.99), append(l.At, 30*i), append(l.Also, nil)
		if i == at {
			l.Sure[i], l.Also[i] = sure, also
		}
	}
	l.judge()
	return l
}

func TestWeigh(t *testing.T) {
	taiwan := Line{Text: "+886 2 7054 3420 臺灣"}
	for _, c := range []struct {
		situation string
		line      Line
		want      string
		weakest   float64
	}{
		{"FormsCountAsOne", heardLine("二段299号", 5, 0.6, Guess{'號', 0.36}), "二段299號", 0.96},
		{"FormsTogetherBeatTheFirst", heardLine("圖文傅真", 2, 0.4, Guess{'傳', 0.3}, Guess{'传', 0.2}), "圖文傳真", 0.5},
		{"OnlyTheOtherMakesAWord", heardLine("圖文傅真", 2, 0.8, Guess{'傳', 0.15}), "圖文傳真", fitted},
		{"BothFormsAreTraditional", heardLine("售后服務", 1, 0.72, Guess{'後', 0.27}), "售後服務", 0.99},
		{"HardlyTheOtherForm", heardLine("台中市", 0, 0.9, Guess{'臺', 0.06}), "台中市", 0.96},
		{"LongWordNeedsLess", heardLine("執行副絕裁", 3, 0.7, Guess{'總', 0.03}), "執行副總裁", fitted},
		{"TooUnlikely", heardLine("圖文傅真", 2, 0.94, Guess{'傳', 0.02}), "圖文傅真", 0.94},
		{"FirstMakesAWordToo", heardLine("海棠里", 1, 0.6, Guess{'業', 0.3}), "海棠里", 0.6},
		{"LatinIsLeftAlone", heardLine("TI棟", 1, 0.5, Guess{'1', 0.4}), "TI棟", 0.5},
	} {
		t.Run(c.situation, func(t *testing.T) {
			lines := []Line{taiwan, c.line}
			weigh(lines)
			if got := lines[1]; got.Text != c.want || math.Abs(got.Weakest-c.weakest) > 0.011 {
				t.Errorf("%s weakest %.2f, want %s %.2f", got.Text, got.Weakest, c.want, c.weakest)
			}
		})
	}
}

// A simplified card keeps the form that was likelier.
func TestWeigh_Simplified(t *testing.T) {
	lines := []Line{{Text: "电话 +86 10 6554 3210"}, heardLine("展览中心66号", 6, 0.55, Guess{'號', 0.4})}
	weigh(lines)
	if got := lines[1]; got.Text != "展览中心66号" || got.Weakest < 0.94 {
		t.Errorf("%s weakest %.2f", got.Text, got.Weakest)
	}
}

// A line that does not say what else it may be stays as it is.
func TestWeigh_NothingElseTold(t *testing.T) {
	lines := []Line{{Text: "圖文傅真", Sure: []float64{.9, .9, .5, .9}, Confidence: .8, Weakest: .5}, {}}
	weigh(lines)
	if lines[0].Text != "圖文傅真" || lines[0].Confidence != .8 {
		t.Errorf("%+v", lines[0])
	}
}
