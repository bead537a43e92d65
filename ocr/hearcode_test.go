package ocr_test

import (
	"errors"
	"image"
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/scenetest"
)

// The code is heard beside the print, and what an engine reads into its squares
// is not.
func TestReader_HearsTheCode(t *testing.T) {
	engine := &fake{lines: []ocr.Line{
		{Text: "Ada Harbor", Confidence: 0.9, Box: image.Rect(80, 150, 300, 180)},
		{Text: "M +44 7700 900 123", Confidence: 0.9, Box: image.Rect(80, 250, 300, 280)},
		{Text: "E ada@harb0r.exarnple", Confidence: 0.8, Box: image.Rect(80, 300, 300, 330)},
		{Text: "回回 8888 Quay", Confidence: 0.4, Box: image.Rect(690, 280, 820, 320)},
	}}
	card, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), scenetest.PNG(t, scenetest.PrintedCard(t, scenetest.VCard)))
	if err != nil {
		t.Fatal(err)
	}
	if card.Code == nil || card.Code.Text != scenetest.VCard {
		t.Fatalf("Code = %v", card.Code)
	}
	if f := card.Fields["email"]; f.Text != "ada@harbor.example" || f.Confidence < ocr.Bar {
		t.Errorf("email = %+v, want the code's", f)
	}
	if f := card.Fields["mobile"]; f.Text != "+44 7700 900 123" || f.Confidence < ocr.Bar {
		t.Errorf("mobile = %+v, want it as printed", f)
	}
	if len(card.Lines) != 3 {
		t.Errorf("%d lines, want those outside the code", len(card.Lines))
	}
}

// The back of a card may hold a code and nothing else.
func TestReader_OnlyACode(t *testing.T) {
	img := scenetest.Paper(900, 540)
	scenetest.Coded(t, img, scenetest.VCard, scenetest.Turned(450, 270, 300, 300, 0), scenetest.Black, scenetest.White)
	card, err := (&ocr.Reader{Engine: &fake{}}).Read(t.Context(), scenetest.PNG(t, img))
	if err != nil || card.Fields["name"].Text != "Ada Harbor" {
		t.Errorf("name = %+v, %v", card.Fields["name"], err)
	}
	img = scenetest.Paper(900, 540)
	scenetest.Coded(t, img, "https://u.wechat.com/EAbc123", scenetest.Turned(450, 270, 300, 300, 0), scenetest.Black, scenetest.White)
	if _, err := (&ocr.Reader{Engine: &fake{}}).Read(t.Context(), scenetest.PNG(t, img)); !errors.Is(err, ocr.ErrBlank) {
		t.Errorf("a link alone: %v, want %v", err, ocr.ErrBlank)
	}
}
