package kiosk_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"strings"
	"testing"

	"hallpass/assets"
	"hallpass/badge"
	"hallpass/kiosk"
	"hallpass/sync/record"
)

// drawing draws with a template of its own; its log is given back.
func drawing(tb testing.TB, template string) (*kiosk.Drawing, *bytes.Buffer) {
	tb.Helper()
	fonts, err := badge.OpenFonts(assets.Files(), "fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf")
	if err != nil {
		tb.Fatal(err)
	}
	parsed, err := badge.ParseTemplate([]byte(template))
	if err != nil {
		tb.Fatal(err)
	}
	r, err := badge.New(parsed, fonts)
	if err != nil {
		tb.Fatal(err)
	}
	log := &bytes.Buffer{}
	return &kiosk.Drawing{Renderer: func(string) (*badge.Renderer, error) { return r, nil }, Log: slog.New(slog.NewTextHandler(log, nil))}, log
}

// ink counts the black dots of a label.
func ink(tb testing.TB, d *kiosk.Drawing, show record.Show, e kiosk.Entry) (n int) {
	tb.Helper()
	sides, err := d.Label(show, e, 203)
	if err != nil {
		tb.Fatal(err)
	}
	for _, dot := range sides[0].Pix {
		n += int(dot)
	}
	return n
}

// blackSquare is a logo that leaves much ink.
func blackSquare(tb testing.TB) []byte {
	tb.Helper()
	img := image.NewGray(image.Rect(0, 0, 60, 60))
	img.SetGray(0, 0, color.Gray{})
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// The show's logo is on the badge; a file that is none is said once and costs
// nobody the badge (P9).
func TestDrawing_LogoOfTheShow(t *testing.T) {
	d, log := drawing(t, `{"name":"one","width":60,"height":60,"items":[
		{"kind":"logo","box":[5,42,15,15]},{"kind":"qr","box":[10,2,36,36]}]}`)
	f := open(t, t.TempDir(), nil)
	e := f.register(t)
	show := sampleShow()
	plain := ink(t, d, show, e)
	show.Logo = blackSquare(t)
	if with, room := ink(t, d, show, e), 15*15*64; with < plain+room*9/10 {
		t.Errorf("%d black dots with the logo, %d without; want %d more", with, plain, room)
	}
	show.Logo = []byte("\x89PNG\r\n\x1a\n and then nothing")
	for range 3 {
		if got := ink(t, d, show, e); got != plain {
			t.Errorf("%d black dots with a broken logo, want %d", got, plain)
		}
	}
	if n := strings.Count(log.String(), "logo cannot be printed"); n != 1 {
		t.Errorf("the log says it %d times, want once:\n%s", n, log)
	}
}

// What a visitor answered is what a template may ask for.
func TestDrawing_AnswersAreFlags(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	e := f.register(t) // purpose: buy
	for flag, want := range map[string]bool{"buy": true, "purpose.buy": true, "sell": false, "purpose.sell": false, "purpose": false} {
		d, _ := drawing(t, `{"name":"one","width":60,"height":60,"items":[
			{"kind":"rect","box":[5,42,15,15],"fill":"#000000","if":{"flag":"`+flag+`"}},{"kind":"qr","box":[10,2,36,36]}]}`)
		d2, _ := drawing(t, `{"name":"one","width":60,"height":60,"items":[{"kind":"qr","box":[10,2,36,36]}]}`)
		if got := ink(t, d, sampleShow(), e) > ink(t, d2, sampleShow(), e); got != want {
			t.Errorf("flag %q: printed %v, want %v", flag, got, want)
		}
	}
}
