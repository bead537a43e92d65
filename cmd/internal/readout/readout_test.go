package readout_test

import (
	"bytes"
	"errors"
	"image"
	"reflect"
	"strings"
	"testing"
	"time"

	"hallpass/cmd/internal/readout"
	"hallpass/ocr"
	"hallpass/ocr/plane"
	"hallpass/ocr/qr"
)

func card() ocr.Card {
	return ocr.Card{
		Engine: "ppocr", Turn: 3, Code: &qr.Code{Text: "MECARD:N:Quill;;", Box: image.Rect(70, 30, 85, 45)},
		Quad: &plane.Quad{{X: 1.04, Y: 2}, {X: 90, Y: 2}, {X: 90, Y: 52}, {X: 1, Y: 52.26}},
		View: image.NewRGBA(image.Rect(0, 0, 89, 50)),
		Fields: map[string]ocr.Field{"name": {
			Text: "Ada <Quill>", Confidence: 0.98765, Box: image.Rect(1, 2, 4, 8), Why: []string{"largest line"},
			More: []ocr.Alternative{{Text: "A. Quill", Confidence: 0.5}},
		}},
		Lines: []ocr.Line{
			{Text: "Ada <Quill>", Confidence: 0.123456, Box: image.Rect(1, 2, 4, 8), Weakest: 0.5, At: []int{1, 2, 3}, Sure: []float64{1, 0.5, 0.125}, Second: ocr.Reading{Text: "Ada Quil1", Confidence: 0.25}},
			{Text: "柳青", Confidence: 1, Box: image.Rect(40, 2, 50, 40), Upright: true},
		},
	}
}

// The form is what programs rely on: a change is seen here.
func TestWrite_Form(t *testing.T) {
	var out bytes.Buffer
	if err := readout.Write(&out, readout.Of("a/b.jpg", card(), 1234567*time.Microsecond)); err != nil {
		t.Fatal(err)
	}
	want := `{"file":"a/b.jpg","ms":1234.6,"engine":"ppocr","view":[89,50],"quad":[[1,2],[90,2],[90,52],[1,52.3]],"turn":3,"code":{"text":"MECARD:N:Quill;;","box":[70,30,15,15]},` +
		`"fields":{"name":{"text":"Ada <Quill>","confidence":0.988,"box":[1,2,3,6],"why":["largest line"],"more":[{"text":"A. Quill","confidence":0.5}]}},` +
		`"lines":[{"text":"Ada <Quill>","confidence":0.123456,"box":[1,2,3,6],"weakest":0.5,"at":[1,2,3],"sure":[1,0.5,0.125],"second":{"text":"Ada Quil1","confidence":0.25}},` +
		`{"text":"柳青","confidence":1,"box":[40,2,10,38],"upright":true}]}` + "\n"
	if out.String() != want {
		t.Errorf("got  %s\nwant %s", out.String(), want)
	}
}

// P9: what failed is a line too, with every key that a program looks for.
func TestWrite_Failed(t *testing.T) {
	var out bytes.Buffer
	if err := readout.Write(&out, readout.Failed("x.jpg", "none", errors.New("no picture"))); err != nil {
		t.Fatal(err)
	}
	if want := `{"file":"x.jpg","ms":0,"engine":"none","fields":{},"lines":[],"error":"no picture"}` + "\n"; out.String() != want {
		t.Errorf("got %s want %s", out.String(), want)
	}
}

// What was written and read again decides as the engine's own lines did.
func TestReadAll_LinesComeBack(t *testing.T) {
	var out bytes.Buffer
	for _, file := range []string{"one.jpg", "two.jpg"} {
		if err := readout.Write(&out, readout.Of(file, card(), time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	all, err := readout.ReadAll(strings.NewReader("\n" + out.String()))
	if err != nil || len(all) != 2 || all[0].File != "one.jpg" || all[1].File != "two.jpg" {
		t.Fatalf("ReadAll = %v, %v", all, err)
	}
	if got, want := all[1].Print(), card().Lines; !reflect.DeepEqual(got, want) {
		t.Errorf("lines = %+v\nwant %+v", got, want)
	}
}

func TestReadAll_NamesTheLine(t *testing.T) {
	for _, bad := range []string{`{"file":`, `{"ms":3}`, `[1]`} {
		_, err := readout.ReadAll(strings.NewReader(`{"file":"a"}` + "\n" + bad + "\n"))
		if err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("ReadAll(%s) = %v, want line 2 named", bad, err)
		}
	}
}

// Whatever comes in, it is refused or comes out again as the same.
func FuzzReadAll(f *testing.F) {
	var out bytes.Buffer
	_ = readout.Write(&out, readout.Of("one.jpg", card(), time.Second))
	f.Add(out.String())
	f.Add(`{"file":"a","fields":{"name":{"text":"x"}},"error":"e"}`)
	f.Fuzz(func(t *testing.T, s string) {
		all, err := readout.ReadAll(strings.NewReader(s))
		if err != nil {
			return
		}
		var out bytes.Buffer
		for _, r := range all {
			if err := readout.Write(&out, r); err != nil {
				t.Fatal(err)
			}
		}
		again, err := readout.ReadAll(&out)
		if err != nil || len(again) != len(all) {
			t.Fatalf("%d results became %d: %v", len(all), len(again), err)
		}
	})
}
