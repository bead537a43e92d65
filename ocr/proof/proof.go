// Package proof draws what was read over what was seen, for a person who wants
// to know why a card was read as it was: the outline over the photo, and boxes
// with the fields' names over the flat view. It decides nothing and keeps
// nothing; its pictures hold personal data as the card itself does. A card
// without outline or view gives a picture without drawing or nil, no error.
package proof

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"slices"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"hallpass/ocr"
	"hallpass/ocr/plane"
)

// The colours of boxes: sure is a field from ocr.Bar on, unsure one below, and
// unused a line that no field came from.
var (
	sure    = color.RGBA{0x12, 0x8a, 0x3c, 0xff}
	unsure  = color.RGBA{0xd9, 0x3a, 0x00, 0xff}
	unused  = color.RGBA{0x5a, 0x6a, 0x8a, 0xff}
	outline = color.RGBA{0xff, 0x00, 0xaa, 0xff}
)

// Outline draws the card's outline over the upright photo. A nil quad leaves
// the photo as it is.
func Outline(photo image.Image, quad *plane.Quad, factor float64) *image.RGBA {
	out := clone(photo)
	if quad == nil {
		return out
	}
	thick := max(2, max(out.Rect.Dx(), out.Rect.Dy())/400)
	for i := range quad {
		a, b := quad[i], quad[(i+1)%4]
		stroke(out, a.X*factor, a.Y*factor, b.X*factor, b.Y*factor, thick)
	}
	return out
}

// margin is what a view gets on its right for the names of fields whose box
// ends there: "company_en 0.97" takes 111 pixels.
const margin = 120

// View draws each line's box over the flat card, and beside each field's its
// name and confidence. It is nil for a card without a view.
func View(card ocr.Card) *image.RGBA {
	if card.View == nil {
		return nil
	}
	out := image.NewRGBA(image.Rect(0, 0, card.View.Rect.Dx()+margin, card.View.Rect.Dy()))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, card.View, card.View.Rect.Min, draw.Src)
	for _, l := range card.Lines {
		frame(out, l.Box, unused, 1)
	}
	names := make([]string, 0, len(card.Fields))
	for name := range card.Fields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f := card.Fields[name]
		c := unsure
		if f.Confidence >= ocr.Bar {
			c = sure
		}
		frame(out, f.Box, c, 3)
		label(out, f.Box, fmt.Sprintf("%s %.2f", name, f.Confidence), c)
	}
	return out
}

func clone(img image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

// frame draws a box so many pixels outside of what it holds.
func frame(dst *image.RGBA, box image.Rectangle, c color.RGBA, thick int) {
	if box.Empty() {
		return
	}
	out := box.Inset(-thick)
	for _, side := range []image.Rectangle{
		{out.Min, image.Pt(out.Max.X, box.Min.Y)}, {image.Pt(out.Min.X, box.Max.Y), out.Max},
		{out.Min, image.Pt(box.Min.X, out.Max.Y)}, {image.Pt(box.Max.X, out.Min.Y), out.Max},
	} {
		draw.Draw(dst, side, image.NewUniform(c), image.Point{}, draw.Src)
	}
}

// label writes on a ground of its own on the right of a box.
func label(dst *image.RGBA, box image.Rectangle, text string, c color.RGBA) {
	if box.Empty() {
		return
	}
	face := basicfont.Face7x13
	w, h := font.MeasureString(face, text).Ceil()+6, face.Height+2
	at := image.Pt(box.Max.X+3, (box.Min.Y+box.Max.Y-h)/2)
	at.X, at.Y = max(0, min(at.X, dst.Rect.Dx()-w)), max(0, min(at.Y, dst.Rect.Dy()-h))
	ground := image.Rect(at.X, at.Y, at.X+w, at.Y+h)
	draw.Draw(dst, ground, image.NewUniform(c), image.Point{}, draw.Src)
	pen := font.Drawer{Dst: dst, Src: image.White, Face: face, Dot: fixed.P(at.X+3, at.Y+face.Ascent+1)}
	pen.DrawString(text)
}

// stroke draws a line as squares of its thickness.
func stroke(dst *image.RGBA, x0, y0, x1, y1 float64, thick int) {
	steps := int(max(abs(x1-x0), abs(y1-y0))) + 1
	if steps > 4*(dst.Rect.Dx()+dst.Rect.Dy()) { // an outline far outside of the photo
		return
	}
	for i := range steps + 1 {
		f := float64(i) / float64(steps)
		x, y := int(x0+(x1-x0)*f), int(y0+(y1-y0)*f)
		square := image.Rect(x-thick/2, y-thick/2, x+thick-thick/2, y+thick-thick/2)
		draw.Draw(dst, square, image.NewUniform(outline), image.Point{}, draw.Src)
	}
}

func abs(v float64) float64 { return max(v, -v) }
