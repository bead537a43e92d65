package scenetest

import (
	"image"
	"image/color"
	"testing"

	"github.com/skip2/go-qrcode"
)

// VCard is the vCard of nobody.
const VCard = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Harbor;Ada;;;\r\nFN:Ada Harbor\r\nORG:Northwind Tide Ltd\r\nTEL;TYPE=CELL:+44 7700 900123\r\nEMAIL:ada@harbor.example\r\nEND:VCARD\r\n"

// Coded draws a code onto a picture, as seen through a quad.
func Coded(t testing.TB, dst *image.RGBA, text string, quad [4][2]float64, dark, light color.RGBA) {
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
				dst.SetRGBA(x, y, color.RGBA{Level(sum[0] / 9), Level(sum[1] / 9), Level(sum[2] / 9), 255})
			}
		}
	}
}

// PrintedCard is a card's view with rows of print and a code at its right.
func PrintedCard(t testing.TB, text string) *image.RGBA {
	img := Scene{Size: image.Pt(900, 540), Cards: []Card{{Quad: Turned(450, 270, 1000, 640, 0)}}}.Draw()
	Coded(t, img, text, Turned(760, 300, 220, 220, 0), Black, White)
	return img
}
