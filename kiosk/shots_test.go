package kiosk_test

import (
	"context"
	"image"
	"image/color"
	"testing"

	"hallpass/ocr"
	"hallpass/sync/fault"
)

// sides are pictures by name: what is read off each, on paper of its own grey.
var sides = map[string]map[string]ocr.Field{
	"front":    {"name": {Text: "潘俊杰", Confidence: 0.95}, "mobile": {Text: "13912345678", Confidence: 0.7}},
	"back":     {"name": {Text: "Helen Pan", Confidence: 0.9}, "email": {Text: "pan@dingrui.example", Confidence: 0.96}},
	"again":    {"name": {Text: "潘俊木", Confidence: 0.5}, "mobile": {Text: "13912345678", Confidence: 0.96}},
	"stranger": {"name": {Text: "林晓", Confidence: 0.95}, "mobile": {Text: "18600001111", Confidence: 0.9}},
}

func sided(_ context.Context, picture []byte) (ocr.Card, error) {
	side := string(picture)
	view := image.NewRGBA(image.Rect(0, 0, 100, 60))
	for i := range view.Pix {
		view.Pix[i] = side[0]
	}
	fields := map[string]ocr.Field{}
	for name, f := range sides[side] {
		f.Box = image.Rect(10, 10, 60, 24)
		fields[name] = f
	}
	return ocr.Card{Engine: "stand-in", View: view, Fields: fields}, nil
}

// Two sides and a second shot become one card; each field shows the picture it
// was read from, and nothing of the single ones is remembered (P7).
func TestReadMore_OneCard(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	f.Desk.Reader = reader(sided)
	c, err := f.ReadCard(t.Context(), []byte("front"))
	if err != nil || c.Pictures != 1 {
		t.Fatal(c.Pictures, err)
	}
	front := c.ID
	for i, side := range []string{"back", "again"} {
		before := c.ID
		var other bool
		if c, other, err = f.ReadMore(t.Context(), c.ID, []byte(side)); err != nil || other || c.Pictures != i+2 || c.ID == before {
			t.Fatalf("%s = %+v, %v, %v", side, c, other, err)
		}
		if _, err := f.Card(before); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("the card before %s is remembered still", side)
		}
	}
	for name, want := range map[string]struct {
		text, side string
	}{"name": {"潘俊杰", "front"}, "name_en": {"Helen Pan", "back"}, "email": {"pan@dingrui.example", "back"}, "mobile": {"13912345678", "again"}} {
		if got := c.Fields[name].Text; got != want.text {
			t.Errorf("%s = %q, want %q", name, got, want.text)
		}
		crop, err := f.Crop(c.ID, name)
		if err != nil {
			t.Fatal(err)
		}
		if got := color.RGBAModel.Convert(crop.At(crop.Bounds().Min.X, crop.Bounds().Min.Y)).(color.RGBA); got.R != want.side[0] {
			t.Errorf("%s is cut out of another picture than %s", name, want.side)
		}
	}
	if m := c.Fields["mobile"].Confidence; m < ocr.Bar {
		t.Errorf("mobile, sure on the second shot, has %v", m)
	}
	if _, _, err := f.ReadMore(t.Context(), front, []byte("back")); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("a card that became another = %v, want not found", err)
	}
}

// The card of somebody else is a card of its own, and the first stays.
func TestReadMore_SomebodyElse(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	f.Desk.Reader = reader(sided)
	first, err := f.ReadCard(t.Context(), []byte("front"))
	if err != nil {
		t.Fatal(err)
	}
	c, other, err := f.ReadMore(t.Context(), first.ID, []byte("stranger"))
	if err != nil || !other || c.Pictures != 1 || c.Fields["name"].Text != "林晓" || len(c.Fields) != 2 {
		t.Errorf("ReadMore = %+v, %v, %v", c, other, err)
	}
	if got, err := f.Card(first.ID); err != nil || got.Fields["name"].Text != "潘俊杰" || len(got.Fields) != 2 {
		t.Errorf("the first = %+v, %v", got, err)
	}
}

func TestReadMore_Limits(t *testing.T) { // P7, P9
	f := open(t, t.TempDir(), nil)
	f.Desk.Reader = reader(sided)
	c, err := f.ReadCard(t.Context(), []byte("front"))
	for err == nil && c.Pictures < 9 {
		c, _, err = f.ReadMore(t.Context(), c.ID, []byte("back"))
	}
	if fault.CodeOf(err) != fault.TooMany {
		t.Errorf("after many pictures = %v, want too many", err)
	}
	c, err = f.ReadCard(t.Context(), []byte("front"))
	if err != nil {
		t.Fatal(err)
	}
	f.Desk.Reader = reader(func(ctx context.Context, picture []byte) (ocr.Card, error) {
		f.ForgetCard(c.ID) // the visitor leaves while the second side is read
		return sided(ctx, picture)
	})
	got, _, err := f.ReadMore(t.Context(), c.ID, []byte("back"))
	if fault.CodeOf(err) != fault.NotFound || got.ID != "" {
		t.Errorf("left meanwhile = %q, %v, want not found", got.ID, err)
	}
}

// A back with nothing on it leaves the front as it was read.
func TestReadMore_BlankBack(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	f.Desk.Reader = reader(sided)
	c, err := f.ReadCard(t.Context(), []byte("front"))
	if err != nil {
		t.Fatal(err)
	}
	f.Desk.Reader = reader(func(context.Context, []byte) (ocr.Card, error) { return ocr.Card{}, ocr.ErrBlank })
	if _, _, err := f.ReadMore(t.Context(), c.ID, []byte("back")); fault.CodeOf(err) != fault.CardBlank {
		t.Errorf("blank = %v", err)
	}
	if got, err := f.Card(c.ID); err != nil || len(got.Fields) != 2 {
		t.Errorf("the front = %+v, %v", got, err)
	}
}
