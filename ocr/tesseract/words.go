//go:build cgo

package tesseract

import (
	"image"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/otiai10/gosseract/v2"

	"hallpass/ocr"
)

// join makes lines of words that come in reading order. A new line begins
// where the words go back, leave the row, or leave a gap as between columns.
func join(words []gosseract.BoundingBox) []ocr.Line {
	var lines []ocr.Line
	var weight float64
	var last image.Rectangle
	for _, w := range words {
		text := strings.TrimSpace(w.Word)
		if text == "" || w.Box.Empty() {
			continue
		}
		n := float64(utf8.RuneCountInString(text))
		conf := w.Confidence / 100
		if len(lines) == 0 || !follows(lines[len(lines)-1].Box, last, w.Box) {
			lines = append(lines, ocr.Line{Text: text, Confidence: conf, Box: w.Box})
			weight, last = n, w.Box
			continue
		}
		l := &lines[len(lines)-1]
		if spaced(l.Text, text, w.Box.Min.X-last.Max.X, min(w.Box.Dy(), l.Box.Dy())) {
			l.Text += " "
		}
		l.Text += text
		l.Confidence = (l.Confidence*weight + conf*n) / (weight + n)
		l.Box = l.Box.Union(w.Box)
		weight, last = weight+n, w.Box
	}
	return lines
}

func follows(line, last, next image.Rectangle) bool {
	shared := min(line.Max.Y, next.Max.Y) - max(line.Min.Y, next.Min.Y)
	height := min(line.Dy(), next.Dy())
	gap := next.Min.X - last.Max.X
	return next.Min.X > last.Min.X && 2*shared > height && gap < 3*max(line.Dy(), next.Dy())
}

// spaced says whether a blank belongs between two words: always between Latin
// ones, and beside Chinese only where a whole character's width is empty.
func spaced(before, after string, gap, height int) bool {
	a, _ := utf8.DecodeLastRuneInString(before)
	b, _ := utf8.DecodeRuneInString(after)
	if wide(a) && wide(b) {
		return 3*gap > 2*height
	}
	if wide(a) || wide(b) {
		return 3*gap > height
	}
	return true
}

func wide(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xff60
}

// merged puts what should have been one line back together.
func merged(lines []ocr.Line) ocr.Line {
	out := lines[0]
	for _, l := range lines[1:] {
		n, m := float64(len(out.Text)), float64(len(l.Text))
		out.Confidence = (out.Confidence*n + l.Confidence*m) / (n + m)
		out.Text += " " + l.Text
		out.Box = out.Box.Union(l.Box)
	}
	return out
}
