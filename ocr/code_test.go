package ocr_test

import (
	"errors"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/skip2/go-qrcode"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"hallpass/ocr"
)

const vcardText = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Harbor;Ada;;;\r\nFN:Ada Harbor\r\nORG:Northwind Tide Ltd\r\nTEL;TYPE=CELL:+44 7700 900123\r\nEMAIL:ada@harbor.example\r\nEND:VCARD\r\n"

// coded draws a code onto a picture, as seen through a quad.
func coded(t testing.TB, dst *image.RGBA, text string, quad [4][2]float64, dark, light color.RGBA) {
	t.Helper()
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	modules := q.Bitmap() // with four modules of quiet zone
	n := float64(len(modules))
	unit := backward(quad)
	for y := range dst.Rect.Dy() {
		for x := range dst.Rect.Dx() {
			var sum [3]float64
			hit := 0
			for k := range 9 {
				u, v := unit(float64(x)+(float64(k%3)+.5)/3, float64(y)+(float64(k/3)+.5)/3)
				if u < 0 || v < 0 || u >= 1 || v >= 1 {
					continue
				}
				c := light
				if modules[int(v*n)][int(u*n)] {
					c = dark
				}
				for i, l := range rgb(c) {
					sum[i] += l
				}
				hit++
			}
			if hit == 9 {
				dst.SetRGBA(x, y, color.RGBA{level(sum[0] / 9), level(sum[1] / 9), level(sum[2] / 9), 255})
			}
		}
	}
}

// printedCard is a card's view with rows of print and a code at its right.
func printedCard(t testing.TB, text string) *image.RGBA {
	img := scene{size: image.Pt(900, 540), cards: []drawnCard{{quad: turnedCard(450, 270, 1000, 640, 0)}}}.draw()
	coded(t, img, text, turnedCard(760, 300, 220, 220, 0), black, white)
	return img
}

func spoilt(img *image.RGBA, noise, falloff float64) *image.RGBA {
	rnd := rand.New(rand.NewPCG(3, 4))
	for i := 0; i < len(img.Pix); i += 4 {
		x := float64(i % img.Stride / 4)
		f := 1 - falloff*x/float64(img.Rect.Dx())
		n := rnd.NormFloat64() * noise
		for k := range 3 {
			img.Pix[i+k] = level(float64(img.Pix[i+k])*f + n)
		}
	}
	return img
}

func TestFindCode_Scenes(t *testing.T) {
	size := image.Rect(0, 0, 900, 540)
	navy, cream := color.RGBA{20, 30, 80, 255}, color.RGBA{240, 230, 210, 255}
	for _, c := range []struct {
		situation string
		draw      func() *image.RGBA
	}{
		{"BesidePrint", func() *image.RGBA { return printedCard(t, vcardText) }},
		{"OnADarkCard", func() *image.RGBA {
			img := paper(900, 540)
			draw.Draw(img, img.Rect, image.NewUniform(navy), image.Point{}, draw.Src)
			coded(t, img, vcardText, turnedCard(700, 270, 240, 240, 0), black, cream)
			return img
		}},
		{"LightOnDark", func() *image.RGBA {
			img := paper(900, 540)
			draw.Draw(img, img.Rect, image.NewUniform(navy), image.Point{}, draw.Src)
			coded(t, img, vcardText, turnedCard(700, 270, 240, 240, 0), cream, navy)
			return img
		}},
		{"Turned7", func() *image.RGBA { return turnedCode(t, size, 7) }},
		{"Turned45", func() *image.RGBA { return turnedCode(t, size, 45) }},
		{"Turned90", func() *image.RGBA { return turnedCode(t, size, 90) }},
		{"Turned180", func() *image.RGBA { return turnedCode(t, size, 180) }},
		{"Slanted", func() *image.RGBA {
			img := paper(900, 540)
			coded(t, img, vcardText, [4][2]float64{{560, 120}, {800, 150}, {780, 400}, {590, 380}}, black, white)
			return img
		}},
		{"ThreePixelsAModule", func() *image.RGBA {
			img := paper(900, 540)
			coded(t, img, vcardText, turnedCard(700, 270, 3*53, 3*53, 2), black, white)
			return img
		}},
		{"NoiseAndShade", func() *image.RGBA { return spoilt(printedCard(t, vcardText), 12, 0.6) }},
		{"LittleContrast", func() *image.RGBA {
			img := paper(900, 540)
			coded(t, img, vcardText, turnedCard(700, 270, 260, 260, 0), color.RGBA{150, 150, 150, 255}, color.RGBA{200, 200, 200, 255})
			return img
		}},
		{"Blurred", func() *image.RGBA { return shrunk(shrunk(printedCard(t, vcardText), 450, 270), 900, 540) }},
		{"LargePicture", func() *image.RGBA { return shrunk(printedCard(t, vcardText), 3200, 1920) }},
		{"BesideAChatLink", func() *image.RGBA {
			img := paper(900, 540)
			coded(t, img, "https://u.wechat.com/EAbc123", turnedCard(200, 270, 200, 200, 0), black, white)
			coded(t, img, vcardText, turnedCard(680, 270, 240, 240, 0), black, white)
			return img
		}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got, ok := ocr.FindCode(c.draw())
			if !ok || got.Text != vcardText {
				t.Fatalf("FindCode = %q, %v", got.Text, ok)
			}
			if f := got.Fields()["email"]; f.Text != "ada@harbor.example" || f.Confidence < ocr.Bar {
				t.Errorf("email = %+v", f)
			}
		})
	}
}

func turnedCode(t testing.TB, size image.Rectangle, degrees float64) *image.RGBA {
	img := paper(size.Dx(), size.Dy())
	coded(t, img, vcardText, turnedCard(600, 270, 250, 250, degrees), black, white)
	return img
}

func TestFindCode_TellsWhere(t *testing.T) {
	got, ok := ocr.FindCode(printedCard(t, vcardText))
	if want := image.Rect(670, 210, 850, 390); !ok || !want.In(got.Box) || got.Box.Dx() > 240 {
		t.Errorf("Box = %v, want a little more than %v", got.Box, want)
	}
}

func TestFindCode_NoCode(t *testing.T) {
	squares := paper(900, 540)
	for y := 20; y < 500; y += 60 { // marks everywhere, and no code
		for x := 20; x < 860; x += 60 {
			for i, c := range []color.Color{black, white, black} {
				inset := []int{0, 6, 12}[i]
				draw.Draw(squares, image.Rect(x, y, x+42, y+42).Inset(inset), image.NewUniform(c), image.Point{}, draw.Src)
			}
		}
	}
	for situation, img := range map[string]image.Image{
		"Print":   scene{size: image.Pt(900, 540), cards: []drawnCard{{quad: turnedCard(450, 270, 800, 480, 3)}}}.draw(),
		"Noise":   scene{size: image.Pt(900, 540), noise: 40}.draw(),
		"Squares": squares,
		"Tiny":    paper(30, 30),
		"Photo":   picture(t, "simplified"),
	} {
		if c, ok := ocr.FindCode(img); ok {
			t.Errorf("%s: FindCode = %q, want none", situation, c.Text)
		}
	}
}

// Codes seldom say which characters their bytes are.
func TestFindCode_Characters(t *testing.T) {
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String("BEGIN:VCARD\nFN:欧阳海港\nORG:北辰海港贸易有限公司\nEND:VCARD")
	if err != nil {
		t.Fatal(err)
	}
	big5, err := traditionalchinese.Big5.NewEncoder().String("MECARD:N:林海港;ORG:港灣貿易股份有限公司;;")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ situation, text, name string }{
		{"UTF8", "MECARD:N:欧阳海港;;", "欧阳海港"},
		{"Mark", "\ufeffMECARD:N:欧阳海港;;", "欧阳海港"},
		{"GB18030", gbk, "欧阳海港"},
		{"Big5", big5, "林海港"},
		{"Digits", "MECARD:TEL:13800001111;N:Ada Harbor;;", "Ada Harbor"},
	} {
		img := paper(600, 600)
		coded(t, img, c.text, turnedCard(300, 300, 440, 440, 0), black, white)
		got, _ := ocr.FindCode(img)
		if name := got.Fields()["name"].Text; name != c.name {
			t.Errorf("%s: name = %q, want %q (text %q)", c.situation, name, c.name, got.Text)
		}
	}
}

// P9: what a code holds may be anything.
func TestFindCode_HostilePayloads(t *testing.T) {
	binary := make([]byte, 300)
	for i := range binary {
		binary[i] = byte(i)
	}
	for situation, text := range map[string]string{
		"Binary":     string(binary),
		"Long":       "BEGIN:VCARD\nNOTE:" + strings.Repeat("x", 1800) + "\nFN:Ada Harbor\nEND:VCARD",
		"ManyFields": "MECARD:" + strings.Repeat("TEL:1;", 300),
		"Wifi":       "WIFI:S:hall;T:WPA;P:secret;;",
	} {
		img := paper(1000, 1000)
		coded(t, img, text, turnedCard(500, 500, 960, 960, 0), black, white)
		got, ok := ocr.FindCode(img)
		if !ok {
			t.Errorf("%s: the code was not read", situation)
		}
		if f := got.Fields(); len(f) > 1 || situation == "Long" && f["name"].Text != "Ada Harbor" {
			t.Errorf("%s: Fields = %v", situation, f)
		}
	}
}

// BenchmarkFindCode is what every card pays, with a code and without.
func BenchmarkFindCode(b *testing.B) {
	for name, img := range map[string]image.Image{
		"code":    shrunk(printedCard(b, vcardText), 1300, 780),
		"without": shrunk(picture(b, "simplified"), 1300, 975),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, ok := ocr.FindCode(img); ok != (name == "code") {
					b.Fatal(ok)
				}
			}
		})
	}
}

// The code is heard beside the print, and what an engine reads into its squares
// is not.
func TestReader_HearsTheCode(t *testing.T) {
	engine := &fake{lines: []ocr.Line{
		{Text: "Ada Harbor", Confidence: 0.9, Box: image.Rect(80, 150, 300, 180)},
		{Text: "M +44 7700 900 123", Confidence: 0.9, Box: image.Rect(80, 250, 300, 280)},
		{Text: "E ada@harb0r.exarnple", Confidence: 0.8, Box: image.Rect(80, 300, 300, 330)},
		{Text: "回回 8888 Quay", Confidence: 0.4, Box: image.Rect(690, 280, 820, 320)},
	}}
	card, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), encodePNG(t, printedCard(t, vcardText)))
	if err != nil {
		t.Fatal(err)
	}
	if card.Code == nil || card.Code.Text != vcardText {
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
	img := paper(900, 540)
	coded(t, img, vcardText, turnedCard(450, 270, 300, 300, 0), black, white)
	card, err := (&ocr.Reader{Engine: &fake{}}).Read(t.Context(), encodePNG(t, img))
	if err != nil || card.Fields["name"].Text != "Ada Harbor" {
		t.Errorf("name = %+v, %v", card.Fields["name"], err)
	}
	img = paper(900, 540)
	coded(t, img, "https://u.wechat.com/EAbc123", turnedCard(450, 270, 300, 300, 0), black, white)
	if _, err := (&ocr.Reader{Engine: &fake{}}).Read(t.Context(), encodePNG(t, img)); !errors.Is(err, ocr.ErrBlank) {
		t.Errorf("a link alone: %v, want %v", err, ocr.ErrBlank)
	}
}
