package ocr_test

import (
	"image"
	"testing"
	"unicode/utf8"

	"hallpass/ocr"
	"hallpass/ocr/scenetest"
)

// heard is a line as an engine gives it that tells each character's
// confidence: sure of all but those at doubt.
func heard(text string, doubts map[int]float64) ocr.Line {
	n := utf8.RuneCountInString(text)
	box := image.Rect(100, 100, 100+20*n, 130)
	l := ocr.Line{Text: text, Confidence: 0.99, Box: box, At: evenly(box, n), Weakest: 0.99}
	for i := range n {
		v := 0.99
		if d, ok := doubts[i]; ok {
			v = d
		}
		l.Sure = append(l.Sure, v)
		l.Weakest = min(l.Weakest, v)
	}
	return l
}

// says answers every ask with one text.
func says(text string, conf float64) *saying { return &saying{text, conf} }

func TestReader_JoinsTwoReadings(t *testing.T) {
	for _, c := range []struct {
		situation string
		line      ocr.Line
		second    *saying
		want      string
		weakest   [2]float64 // what the weakest character must lie between
	}{
		{"TheSecondKnowsBetter", heard("财务总盟", map[int]float64{3: 0.4}), says("财务总监", 0.8), "财务总监", [2]float64{0.4, 0.6}},
		{"TheSecondIsNoSurer", heard("财务总监", map[int]float64{3: 0.4}), says("财务总盟", 0.5), "财务总监", [2]float64{0.2, 0.4}},
		{"TheFirstWasSure", heard("王小明", map[int]float64{0: 0.89}), says("玉小明", 0.9), "王小明", [2]float64{0.6, 0.7}},
		{"BothAgree", heard("王小明", map[int]float64{1: 0.6}), says("王小明", 0.7), "王小明", [2]float64{0.88, 0.95}},
		{"AnotherTraditionalForm", heard("鐘承翰", map[int]float64{0: 0.85}), says("鍾承翰", 0.8), "鍾承翰", [2]float64{0.7, 0.9}},
		{"AnotherTraditionalFormUnsure", heard("鐘承翰", map[int]float64{0: 0.85}), says("鍾承翰", 0.5), "鐘承翰", [2]float64{0.9, 1}},
		{"SpecksAtTheEnds", heard("ada@harbor.example", map[int]float64{3: 0.7}), says("‘ada@harbor.example-", 0.9), "ada@harbor.example", [2]float64{0.9, 1}},
		{"AnotherScript", heard("Ada Harbor", map[int]float64{0: 0.3}), says("人da Harbor", 0.9), "Ada Harbor", [2]float64{0.2, 0.3}},
		{"NothingRead", heard("Ada Harbor", map[int]float64{0: 0.3}), says("", 0.9), "Ada Harbor", [2]float64{0.3, 0.3}},
		{"SomethingElseEntirely", heard("Ada Harbor", map[int]float64{0: 0.9}), says("~~ -- ~~", 0.2), "Ada Harbor", [2]float64{0.8, 0.9}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			card, err := (&ocr.Reader{Engine: &fake{lines: []ocr.Line{c.line}}, Second: c.second}).Read(t.Context(), scenetest.Sample(t, "english.jpg"))
			if err != nil {
				t.Fatal(err)
			}
			got := card.Lines[0]
			if got.Text != c.want || got.Weakest < c.weakest[0]-1e-9 || got.Weakest > c.weakest[1]+1e-9 {
				t.Errorf("%q and %q give %q with a weakest of %.2f, want %q and %v", c.line.Text, c.second.text, got.Text, got.Weakest, c.want, c.weakest)
			}
			if n := utf8.RuneCountInString(got.Text); len(got.Sure) != n || len(got.At) != n {
				t.Errorf("%d characters, %d confidences, %d places", n, len(got.Sure), len(got.At))
			}
		})
	}
}

// A character that the first engine passed over leaves a gap.
func TestReader_FillsAGap(t *testing.T) {
	l := heard("张明", map[int]float64{1: 0.8})
	for _, gap := range []struct {
		pixels int
		want   string
	}{{20, "张明科技"}, {60, "张小明科技"}} {
		l = heard("张明科技", map[int]float64{1: 0.8})
		for i := 1; i < 4; i++ {
			l.At[i] += gap.pixels - 20
		}
		l.Box.Max.X += gap.pixels
		reader := &ocr.Reader{Engine: &fake{lines: []ocr.Line{l}}, Second: says("张小明科技", 0.8)}
		card, err := reader.Read(t.Context(), scenetest.Sample(t, "english.jpg"))
		if err != nil || card.Lines[0].Text != gap.want {
			t.Errorf("with %d pixels between: %q, %v, want %q", gap.pixels, card.Lines[0].Text, err, gap.want)
		}
	}
}

// A blank that only the second engine saw is one where the letters stand apart.
func TestReader_FillsABlank(t *testing.T) {
	l := heard("SalesManager", map[int]float64{0: 0.8})
	for i := 5; i < 12; i++ {
		l.At[i] += 12
	}
	reader := &ocr.Reader{Engine: &fake{lines: []ocr.Line{l}}, Second: says("Sal es Manager", 0.8)}
	card, err := reader.Read(t.Context(), scenetest.Sample(t, "english.jpg"))
	if err != nil || card.Lines[0].Text != "Sales Manager" {
		t.Errorf("%q, %v, want %q", card.Lines[0].Text, err, "Sales Manager")
	}
}

// A letter that a network joined with its like, and a character at the rim
// that it was never taught, leave less room.
func TestReader_FillsWhatANetworkDrops(t *testing.T) {
	wider := func(l ocr.Line, from, by int) ocr.Line {
		for i := from; i < len(l.At); i++ {
			l.At[i] += by
		}
		l.Box.Max.X += by
		return l
	}
	for _, c := range []struct {
		situation, second, want string
		line                    ocr.Line
	}{
		{"DoubledLetter", "ada@hill.example", "ada@hill.example", wider(heard("ada@hil.example", nil), 7, 8)},
		{"NoRoomForIt", "ada@hill.example", "ada@hil.example", heard("ada@hil.example", nil)},
		{"FirstCharacter", "麥詠珊", "麥詠珊", wider(heard("詠珊", map[int]float64{0: 0.9}), 0, 18)},
		{"RareForCommon", "鳳棲國際", "鳳棲國際", heard("鳯棲國際", map[int]float64{0: 0.6})},
		{"CommonForRare", "淩霄國際", "凌霄國際", heard("凌霄國際", map[int]float64{0: 0.4})},
	} {
		t.Run(c.situation, func(t *testing.T) {
			reader := &ocr.Reader{Engine: &fake{lines: []ocr.Line{c.line}}, Second: says(c.second, 0.8)}
			card, err := reader.Read(t.Context(), scenetest.Sample(t, "english.jpg"))
			if err != nil || card.Lines[0].Text != c.want {
				t.Errorf("%q beside %q: %q, %v, want %q", c.line.Text, c.second, card.Lines[0].Text, err, c.want)
			}
		})
	}
}

// Chinese with a hole in it is asked again, however sure the engine is.
func TestReader_AsksWhereACharacterIsMissing(t *testing.T) {
	l := heard("若水體股份有限公司", nil)
	for i := 2; i < len(l.At); i++ {
		l.At[i] += 20
	}
	second := &opinion{say: func(ocr.Ask) string { return "若水軟體股份有限公司" }}
	card, err := (&ocr.Reader{Engine: &fake{lines: []ocr.Line{l}}, Second: second}).Read(t.Context(), scenetest.Sample(t, "english.jpg"))
	if err != nil || card.Lines[0].Text != "若水軟體股份有限公司" {
		t.Errorf("%q, %v after %d asks", card.Lines[0].Text, err, len(second.asks))
	}
}

// perhaps adds what a character may be instead.
func perhaps(l ocr.Line, at int, also ...ocr.Guess) ocr.Line {
	l.Also = make([][]ocr.Guess, len(l.Sure))
	l.Also[at] = also
	return l
}

// What both engines thought of, or what makes a word, is believed sooner.
func TestReader_BelievesWhatBothThinkPossible(t *testing.T) {
	apart := heard("麥珊", map[int]float64{1: 0.8})
	apart.Box.Max.X += 20
	apart.At[1] += 20
	for _, c := range []struct {
		situation, second, want string
		conf                    float64
		line                    ocr.Line
	}{
		{"ThoughtPossible", "卓宥廷", "卓宥廷", 0.6, perhaps(heard("卓有廷", map[int]float64{1: 0.5}), 1, ocr.Guess{Rune: '宥', Sure: 0.3})},
		{"HardlyThoughtPossible", "卓宥廷", "卓有廷", 0.6, perhaps(heard("卓有廷", map[int]float64{1: 0.5}), 1, ocr.Guess{Rune: '宥', Sure: 0.05})},
		{"MakesAWord", "電話：營業時間", "電話：營業時間", 0.6, heard("電話：營案時間", map[int]float64{4: 0.7})},
		{"MakesAWordOfASureOne", "電話：營業時間", "電話：營案時間", 0.6, heard("電話：營案時間", map[int]float64{0: 0.7})},
		{"MakesNoWord", "攻興西街", "長興西街", 0.79, heard("長興西街", map[int]float64{0: 0.7})},
		{"NameOfTwoWithAHole", "麥詠珊", "麥詠珊", 0.8, apart},
	} {
		t.Run(c.situation, func(t *testing.T) {
			phone := heard("+886 2 7054 3420", nil)
			phone.Box = phone.Box.Add(image.Pt(0, 60))
			reader := &ocr.Reader{Engine: &fake{lines: []ocr.Line{c.line, phone}}, Second: says(c.second, c.conf)}
			card, err := reader.Read(t.Context(), scenetest.Sample(t, "english.jpg"))
			if err != nil || card.Lines[0].Text != c.want || card.Lines[0].Also != nil {
				t.Errorf("%q beside %q: %q, %v, want %q", c.line.Text, c.second, card.Lines[0].Text, err, c.want)
			}
		})
	}
}

// Between a Chinese character and a digit the step is wider than among digits;
// that is no room for another one.
func TestReader_NothingIsMissingWhereTheScriptChanges(t *testing.T) {
	l := heard("紅星中路578號", map[int]float64{5: 0.8})
	for i, x := 0, 115; i < len(l.At); i++ {
		l.At[i] = x
		x += 30
		if i > 3 && i < 6 {
			x -= 14
		}
		if i == 3 {
			x -= 6
		}
	}
	l.Box.Max.X = l.At[7] + 15
	for _, second := range []*saying{says("紅星中路1578號", 0.7), says("紅星中路57 8號", 0.1), says("紅星中路5786號", 0.2)} {
		card, err := (&ocr.Reader{Engine: &fake{lines: []ocr.Line{l}}, Second: second}).Read(t.Context(), scenetest.Sample(t, "english.jpg"))
		if err != nil || card.Lines[0].Text != "紅星中路578號" {
			t.Errorf("beside %q: %q, %v", second.text, card.Lines[0].Text, err)
		}
	}
}

// Of three characters the middle one may leave the only gap there is.
func TestReader_AsksForAHoleInAShortLine(t *testing.T) {
	l := heard("商業部", nil)
	l.At[2] += 44
	l.Box.Max.X += 44
	second := &opinion{say: func(ocr.Ask) string { return "商業訴訟部" }}
	card, err := (&ocr.Reader{Engine: &fake{lines: []ocr.Line{l}}, Second: second}).Read(t.Context(), scenetest.Sample(t, "english.jpg"))
	if err != nil || card.Lines[0].Text != "商業訴訟部" {
		t.Errorf("%q, %v after %d asks", card.Lines[0].Text, err, len(second.asks))
	}
}
