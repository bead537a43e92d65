package main

import (
	"bytes"
	"flag"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hallpass/cmd/internal/readout"
	"hallpass/ocr"
	"hallpass/ocr/plane"
	"hallpass/ocr/qr"
)

var update = flag.Bool("update", false, "write what is printed or read now to testdata")

// quill is a card as a reader would give it, with what a card can have.
func quill() reading {
	card := ocr.Card{
		Engine: "ppocr", Width: 800, Height: 600, Turn: 2, Others: 1,
		Code: &qr.Code{Text: "https://quillon.example/ada", Box: image.Rect(600, 400, 700, 500)},
		Quad: &plane.Quad{{X: 10, Y: 10}, {X: 790, Y: 10}, {X: 790, Y: 590}, {X: 10, Y: 590}},
		View: image.NewRGBA(image.Rect(0, 0, 780, 580)),
		Lines: []ocr.Line{
			{Text: "柳青禾", Confidence: 0.99, Box: image.Rect(60, 60, 240, 120), Second: ocr.Reading{Text: "柳青禾", Confidence: 0.9}},
			{Text: "Ada Quill", Confidence: 0.97, Box: image.Rect(60, 130, 240, 160), Second: ocr.Reading{Text: "Ada Quil1", Confidence: 0.6}},
			{Text: "T 020 7946 0160 / 0161", Confidence: 0.96, Box: image.Rect(60, 300, 400, 330)},
			{Text: "ada@quillon.example", Confidence: 0.98, Box: image.Rect(60, 340, 400, 370)},
			{Text: "info@quillon.example", Confidence: 0.98, Box: image.Rect(60, 420, 400, 450)},
			{Text: "—·—", Confidence: 0.9, Box: image.Rect(60, 380, 100, 390)},
			{Text: "tho ligbt of trust", Confidence: 0.31, Box: image.Rect(60, 500, 300, 530)},
			{Text: "~ since then ~", Confidence: 0.95, Box: image.Rect(400, 500, 420, 560), Upright: true},
		},
		Fields: map[string]ocr.Field{
			"name":    {Text: "柳青禾", Confidence: 0.97, Box: image.Rect(60, 60, 240, 120), Why: []string{"largest line", "two engines agree"}},
			"name_en": {Text: "Ada Quill", Confidence: 0.72, Box: image.Rect(60, 130, 240, 160)},
			"phone":   {Text: "020 7946 0160", Confidence: 0.95, Box: image.Rect(60, 300, 250, 330), More: []ocr.Alternative{{Text: "020 7946 0161", Confidence: 0.8}}},
			"email":   {Text: "ada@quillon.example", Confidence: 0.4, Box: image.Rect(60, 340, 400, 370)},
		},
	}
	return reading{readout.Of("cards/quill.jpg", card, 512e6), card, nil}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
	}
}

// Each field has its confidence in words, its reasons, its lines and what the
// second engine said; each line left over has a reason.
func TestExplain_EveryFieldAndEveryLine(t *testing.T) {
	var out bytes.Buffer
	if err := explain(&out, quill()); err != nil {
		t.Fatal(err)
	}
	golden(t, "explain.golden.txt", out.String())
	for i := range quill().card.Lines {
		if want := "line " + string(rune('1'+i)) + " "; !strings.Contains(out.String(), want) {
			t.Errorf("%s is not accounted for", want)
		}
	}
}

func TestSheet_IsATable(t *testing.T) {
	var out bytes.Buffer
	for _, one := range []reading{quill(), {Result: readout.Failed("noise.jpg", "ppocr", ocr.ErrNotPicture)}} {
		if err := sheet(&out, one); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "sheet.golden.txt", out.String())
}

func TestInWords_TheBarOfTheScreen(t *testing.T) {
	for confidence, want := range map[float64]string{1: "sure", ocr.Bar: "sure", ocr.Bar - 0.001: "please check", 0.2: "a guess, please check"} {
		if got := inWords(confidence); got != want {
			t.Errorf("inWords(%v) = %q, want %q", confidence, got, want)
		}
	}
}

// Fields without a place, a card without anything: no line is blamed wrongly.
func TestOrigins_OfLittle(t *testing.T) {
	if o := originsOf(ocr.Card{}); len(o.fields)+len(o.unused) != 0 {
		t.Errorf("origins of nothing: %+v", o)
	}
	card := ocr.Card{
		Lines:  []ocr.Line{{Text: "Quillon", Confidence: 1, Box: image.Rect(0, 0, 50, 10)}},
		Fields: map[string]ocr.Field{"company": {Text: "Quillon", Confidence: 1}}, // from a code on the card
	}
	if o := originsOf(card); len(o.fields["company"]) != 0 || len(o.unused) != 1 {
		t.Errorf("origins of a field without a place: %+v", o)
	}
	var out bytes.Buffer
	one := reading{readout.Of("x.jpg", ocr.Card{Engine: "none", Lines: card.Lines}, 0), ocr.Card{Lines: card.Lines}, nil}
	if err := explain(&out, one); err != nil || !strings.Contains(out.String(), "No line fits a field") || !strings.Contains(out.String(), "no outline found") {
		t.Errorf("explain = %v, %s", err, out.String())
	}
}
