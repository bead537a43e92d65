package qr_test

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"hallpass/ocr"
	"hallpass/ocr/qr"
	"hallpass/ocr/scenetest"
)

func spoilt(img *image.RGBA, noise, falloff float64) *image.RGBA {
	rnd := rand.New(rand.NewPCG(3, 4))
	for i := 0; i < len(img.Pix); i += 4 {
		x := float64(i % img.Stride / 4)
		f := 1 - falloff*x/float64(img.Rect.Dx())
		n := rnd.NormFloat64() * noise
		for k := range 3 {
			img.Pix[i+k] = scenetest.Level(float64(img.Pix[i+k])*f + n)
		}
	}
	return img
}

// found is the code of any picture that says most of a person.
func found(img image.Image) (best qr.Code, ok bool) {
	pix := image.NewRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(pix, pix.Rect, img, img.Bounds().Min, draw.Src)
	for _, c := range qr.Find(pix) {
		if !ok || len(ocr.FieldsOf(c)) > len(ocr.FieldsOf(best)) {
			best, ok = c, true
		}
	}
	return best, ok
}

func TestFind_Scenes(t *testing.T) {
	size := image.Rect(0, 0, 900, 540)
	navy, cream := color.RGBA{20, 30, 80, 255}, color.RGBA{240, 230, 210, 255}
	for _, c := range []struct {
		situation string
		draw      func() *image.RGBA
	}{
		{"BesidePrint", func() *image.RGBA { return scenetest.PrintedCard(t, scenetest.VCard) }},
		{"OnADarkCard", func() *image.RGBA {
			img := scenetest.Paper(900, 540)
			draw.Draw(img, img.Rect, image.NewUniform(navy), image.Point{}, draw.Src)
			scenetest.Coded(t, img, scenetest.VCard, scenetest.Turned(700, 270, 240, 240, 0), scenetest.Black, cream)
			return img
		}},
		{"LightOnDark", func() *image.RGBA {
			img := scenetest.Paper(900, 540)
			draw.Draw(img, img.Rect, image.NewUniform(navy), image.Point{}, draw.Src)
			scenetest.Coded(t, img, scenetest.VCard, scenetest.Turned(700, 270, 240, 240, 0), cream, navy)
			return img
		}},
		{"Turned7", func() *image.RGBA { return turnedCode(t, size, 7) }},
		{"Turned45", func() *image.RGBA { return turnedCode(t, size, 45) }},
		{"Turned90", func() *image.RGBA { return turnedCode(t, size, 90) }},
		{"Turned180", func() *image.RGBA { return turnedCode(t, size, 180) }},
		{"Slanted", func() *image.RGBA {
			img := scenetest.Paper(900, 540)
			scenetest.Coded(t, img, scenetest.VCard, [4][2]float64{{560, 120}, {800, 150}, {780, 400}, {590, 380}}, scenetest.Black, scenetest.White)
			return img
		}},
		{"ThreePixelsAModule", func() *image.RGBA {
			img := scenetest.Paper(900, 540)
			scenetest.Coded(t, img, scenetest.VCard, scenetest.Turned(700, 270, 3*53, 3*53, 2), scenetest.Black, scenetest.White)
			return img
		}},
		{"NoiseAndShade", func() *image.RGBA { return spoilt(scenetest.PrintedCard(t, scenetest.VCard), 12, 0.6) }},
		{"LittleContrast", func() *image.RGBA {
			img := scenetest.Paper(900, 540)
			scenetest.Coded(t, img, scenetest.VCard, scenetest.Turned(700, 270, 260, 260, 0), color.RGBA{150, 150, 150, 255}, color.RGBA{200, 200, 200, 255})
			return img
		}},
		{"Blurred", func() *image.RGBA {
			return scenetest.Shrunk(scenetest.Shrunk(scenetest.PrintedCard(t, scenetest.VCard), 450, 270), 900, 540)
		}},
		{"LargePicture", func() *image.RGBA { return scenetest.Shrunk(scenetest.PrintedCard(t, scenetest.VCard), 3200, 1920) }},
		{"BesideAChatLink", func() *image.RGBA {
			img := scenetest.Paper(900, 540)
			scenetest.Coded(t, img, "https://u.wechat.com/EAbc123", scenetest.Turned(200, 270, 200, 200, 0), scenetest.Black, scenetest.White)
			scenetest.Coded(t, img, scenetest.VCard, scenetest.Turned(680, 270, 240, 240, 0), scenetest.Black, scenetest.White)
			return img
		}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got, ok := found(c.draw())
			if !ok || got.Text != scenetest.VCard {
				t.Fatalf("Find = %q, %v", got.Text, ok)
			}
			if f := ocr.FieldsOf(got)["email"]; f.Text != "ada@harbor.example" || f.Confidence < ocr.Bar {
				t.Errorf("email = %+v", f)
			}
		})
	}
}

func turnedCode(t testing.TB, size image.Rectangle, degrees float64) *image.RGBA {
	img := scenetest.Paper(size.Dx(), size.Dy())
	scenetest.Coded(t, img, scenetest.VCard, scenetest.Turned(600, 270, 250, 250, degrees), scenetest.Black, scenetest.White)
	return img
}

func TestFind_TellsWhere(t *testing.T) {
	got, ok := found(scenetest.PrintedCard(t, scenetest.VCard))
	if want := image.Rect(670, 210, 850, 390); !ok || !want.In(got.Box) || got.Box.Dx() > 240 {
		t.Errorf("Box = %v, want a little more than %v", got.Box, want)
	}
}

func TestFind_NoCode(t *testing.T) {
	squares := scenetest.Paper(900, 540)
	for y := 20; y < 500; y += 60 { // marks everywhere, and no code
		for x := 20; x < 860; x += 60 {
			for i, c := range []color.Color{scenetest.Black, scenetest.White, scenetest.Black} {
				inset := []int{0, 6, 12}[i]
				draw.Draw(squares, image.Rect(x, y, x+42, y+42).Inset(inset), image.NewUniform(c), image.Point{}, draw.Src)
			}
		}
	}
	for situation, img := range map[string]image.Image{
		"Print":   scenetest.Scene{Size: image.Pt(900, 540), Cards: []scenetest.Card{{Quad: scenetest.Turned(450, 270, 800, 480, 3)}}}.Draw(),
		"Noise":   scenetest.Scene{Size: image.Pt(900, 540), Noise: 40}.Draw(),
		"Squares": squares,
		"Tiny":    scenetest.Paper(30, 30),
		"Photo":   scenetest.Picture(t, "simplified"),
	} {
		if c, ok := found(img); ok {
			t.Errorf("%s: Find = %q, want none", situation, c.Text)
		}
	}
}

// Codes seldom say which characters their bytes are.
func TestFind_Characters(t *testing.T) {
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
		img := scenetest.Paper(600, 600)
		scenetest.Coded(t, img, c.text, scenetest.Turned(300, 300, 440, 440, 0), scenetest.Black, scenetest.White)
		got, _ := found(img)
		if name := ocr.FieldsOf(got)["name"].Text; name != c.name {
			t.Errorf("%s: name = %q, want %q (text %q)", c.situation, name, c.name, got.Text)
		}
	}
}

// P9: what a code holds may be anything.
func TestFind_HostilePayloads(t *testing.T) {
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
		img := scenetest.Paper(1000, 1000)
		scenetest.Coded(t, img, text, scenetest.Turned(500, 500, 960, 960, 0), scenetest.Black, scenetest.White)
		got, ok := found(img)
		if !ok {
			t.Errorf("%s: the code was not read", situation)
		}
		if f := ocr.FieldsOf(got); len(f) > 1 || situation == "Long" && f["name"].Text != "Ada Harbor" {
			t.Errorf("%s: Fields = %v", situation, f)
		}
	}
}

// BenchmarkFind is what every card pays, with a code and without.
func BenchmarkFind(b *testing.B) {
	for name, img := range map[string]image.Image{
		"code":    scenetest.Shrunk(scenetest.PrintedCard(b, scenetest.VCard), 1300, 780),
		"without": scenetest.Shrunk(scenetest.Picture(b, "simplified"), 1300, 975),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, ok := found(img); ok != (name == "code") {
					b.Fatal(ok)
				}
			}
		})
	}
}
