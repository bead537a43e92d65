package ocr_test

import (
	"context"
	"errors"
	"image"
	"strings"
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/scenetest"
)

// opinion answers each ask with its script's letter and its box's place.
type opinion struct {
	asks []ocr.Ask
	err  error
	say  func(ocr.Ask) string
}

func (o *opinion) Reread(_ context.Context, _ *image.RGBA, asks []ocr.Ask) ([]ocr.Line, error) {
	o.asks = append(o.asks, asks...)
	out := make([]ocr.Line, len(asks))
	for i, a := range asks {
		out[i] = ocr.Line{Text: o.say(a), Confidence: 0.7, Box: a.Box}
	}
	return out, o.err
}

// evenly places so many characters over a box.
func evenly(box image.Rectangle, n int) (at []int) {
	for i := range n {
		at = append(at, box.Min.X+box.Dx()*(2*i+1)/(2*n))
	}
	return at
}

func asked(t *testing.T, second *opinion, lines ...ocr.Line) (ocr.Card, error) {
	t.Helper()
	for i := range lines {
		if lines[i].Box.Empty() {
			lines[i].Box = image.Rect(100, 40*i, 400, 40*i+30)
		}
	}
	reader := &ocr.Reader{Engine: &fake{lines: lines}, Second: second}
	return reader.Read(t.Context(), scenetest.Sample(t, "english.jpg"))
}

func TestReader_AsksAgainWhatIsDoubtful(t *testing.T) {
	second := &opinion{say: func(a ocr.Ask) string {
		return map[ocr.Script]string{ocr.Latin: "L", ocr.Simplified: "S", ocr.Traditional: "T"}[a.Script]
	}}
	box := image.Rect(100, 0, 520, 30)
	mixed := ocr.Line{Text: "手机13800001111", Weakest: 0.6, Box: box, At: evenly(box, 13)}
	card, err := asked(t, second,
		mixed,
		ocr.Line{Text: "ada@harbor.example", Weakest: 0.8},
		ocr.Line{Text: "Harbor House", Weakest: 0.999}, // sure
		ocr.Line{Text: "王小明", Weakest: 0.5},
		ocr.Line{Text: "竖排", Weakest: 0.5, Upright: true},     // a column
		ocr.Line{Text: "电话 021-5550 1234", Weakest: 0.5},      // no telling where the number stands: all of it is asked
		ocr.Line{Text: strings.Repeat("长", 30), Weakest: 0.5}, // an address: too long to be worth it
	)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"手机L", "L", "", "S", "", "S", ""} {
		if got := card.Lines[i].Second.Text; got != want {
			t.Errorf("%q: second reading %q, want %q", card.Lines[i].Text, got, want)
		}
	}
	if b := second.asks[0].Box; b.Min.X <= 100+420*1/13 || b.Min.X >= 100+420*5/26 || b.Max.X != box.Max.X {
		t.Errorf("of %v the number was asked at %v", box, b)
	}
}

// The place a card comes from tells the script of its Chinese.
func TestReader_AsksForTheScriptOfThePlace(t *testing.T) {
	second := &opinion{say: func(a ocr.Ask) string {
		return map[ocr.Script]string{ocr.Simplified: "S", ocr.Traditional: "T"}[a.Script]
	}}
	card, err := asked(t, second, ocr.Line{Text: "馬永康", Weakest: 0.5}, ocr.Line{Text: "+886 2 2555 0100", Weakest: 0.99})
	if err != nil || card.Lines[0].Second.Text != "T" {
		t.Errorf("second reading %+v, %v, want the traditional one", card.Lines, err)
	}
}

// P9: a second engine that fails, or answers something else, costs nothing but
// its opinion; an ended wait ends the reading.
func TestReader_GoesOnWithoutASecondOpinion(t *testing.T) {
	doubtful := ocr.Line{Text: "Ada Harbor", Weakest: 0.5}
	for _, err := range []error{ocr.ErrBusy, errors.New("out of memory")} {
		second := &opinion{err: err, say: func(ocr.Ask) string { return "Eve" }}
		if card, err := asked(t, second, doubtful); err != nil || card.Lines[0].Second.Text != "" {
			t.Errorf("Read = %+v, %v, want the first reading alone", card.Lines, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	second := &opinion{say: func(ocr.Ask) string { cancel(); return "late" }}
	reader := &ocr.Reader{Engine: &fake{lines: []ocr.Line{doubtful}}, Second: second}
	if _, err := reader.Read(ctx, scenetest.Sample(t, "english.jpg")); !errors.Is(err, context.Canceled) {
		t.Errorf("Read = %v, want %v", err, context.Canceled)
	}
}

// A page of print does not become a hundred questions.
func TestReader_AsksOnlySoMuch(t *testing.T) {
	var lines []ocr.Line
	for range 60 {
		lines = append(lines, ocr.Line{Text: "doubtful words", Weakest: 0.5})
	}
	second := &opinion{say: func(ocr.Ask) string { return "x" }}
	if _, err := asked(t, second, lines...); err != nil || len(second.asks) != 16 {
		t.Errorf("%d asks, %v, want 16", len(second.asks), err)
	}
}

// apart moves what follows a character away from it.
func apart(l ocr.Line, from int) ocr.Line {
	for i := from; i < len(l.At); i++ {
		l.At[i] += 8
	}
	l.Box.Max.X += 8
	return l
}

// Who is sure is not asked: the less, the sooner the card is read.
func TestReader_LeavesAloneWhatIsSure(t *testing.T) {
	for _, c := range []struct {
		line ocr.Line
		want bool
	}{
		{ocr.Line{Text: "Ada Harbor", Weakest: 0.94}, true},
		{ocr.Line{Text: "Ada Harbor", Weakest: 0.96}, false},
		{ocr.Line{Text: "+44 20 7946 0123", Weakest: 0.96}, false},
		{ocr.Line{Text: "王小明", Weakest: 0.88}, true},
		{ocr.Line{Text: "王小明", Weakest: 0.92}, false},
		{ocr.Line{Text: "ada@harbor.example", Weakest: 0.88}, true},
		{ocr.Line{Text: "ada@harbor.example", Weakest: 0.92}, false},
		{ocr.Line{Text: "网址 www.harbor.example", Weakest: 0.92}, false},
		{ocr.Line{Text: "Wexample.com", Weakest: 1}, true}, // W may be its label
		{ocr.Line{Text: "Email: ada@harbor.example", Weakest: 1}, false},
		{heard("ada@hil.example", nil), false},
		{apart(heard("ada@hil.example", nil), 7), true}, // may have lost a doubled letter
		{apart(heard("Ada Hil", nil), 7), false},
	} {
		second := &opinion{say: func(ocr.Ask) string { return "" }}
		if _, err := asked(t, second, c.line); err != nil {
			t.Fatal(err)
		}
		if got := len(second.asks) > 0; got != c.want {
			t.Errorf("%q, weakest %.2f: asked %v, want %v", c.line.Text, c.line.Weakest, got, c.want)
		}
	}
}

// A Chinese line whose letters and digits are sure is read by the Chinese
// model alone.
func TestReader_AsksForChineseAlone(t *testing.T) {
	line := func(sure float64) ocr.Line {
		text := []rune("东区3楼")
		l := ocr.Line{Text: string(text), Weakest: 0.6, Sure: []float64{0.6, 0.9, sure, 0.9}, Box: image.Rect(100, 0, 220, 30)}
		l.At = evenly(l.Box, len(text))
		return l
	}
	for sure, want := range map[float64]bool{0.99: true, 0.7: false} {
		second := &opinion{say: func(ocr.Ask) string { return "" }}
		if _, err := asked(t, second, line(sure)); err != nil || len(second.asks) != 1 {
			t.Fatalf("asked %d times, %v", len(second.asks), err)
		}
		if second.asks[0].Pure != want {
			t.Errorf("with a digit as sure as %.2f the line is asked with Pure %v, want %v", sure, second.asks[0].Pure, want)
		}
	}
}
