// Package qr finds and reads the QR codes on a card, and what they say of a
// person: vCard, MeCard, BizCard, a mail or web address, a number. What cannot be
// read is no code, and what says nothing about a person says nothing.
package qr

import (
	"image"
	"strings"
	"unicode/utf8"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"hallpass/ocr/plane"
)

// Code is a QR code on a card.
type Code struct {
	// Text is what it holds, up to 4296 characters, as UTF-8.
	Text string
	// Box is where it stands in the picture, in its pixels.
	Box image.Rectangle
}

const (
	// codeSide is the longest side codes are looked for in. A code of 45
	// modules that takes a fifth of a card's width has five pixels a module.
	codeSide = 1400
	// smallModule is the module below which a code is enlarged first.
	smallModule = 3.5
	// leastLook is the shorter side of the least picture that is looked at.
	leastLook = 64
	// mostCodes is how many codes of one card are read.
	mostCodes = 3
)

// Find reads the QR codes of a picture, up to three, dark on light or light on
// dark, at any turn. A picture without codes costs a few milliseconds. It looks
// at two scales: a window of the threshold that suits a small code sees nothing
// but black within the marks of a large one.
func Find(src *image.RGBA) []Code {
	if min(src.Rect.Dx(), src.Rect.Dy()) < leastLook {
		return nil
	}
	s, by := shadeOf(src, codeSide)
	if codes := s.codes(by, 40); len(codes) > 0 {
		return codes
	}
	again := (max(s.w, s.h) + codeSide/3 - 1) / (codeSide / 3)
	return s.shrunk(again).codes(again*by, 16)
}

// codes reads all codes of a picture that was shrunk by a factor, with a
// window of the threshold of that share of its longest side.
func (s shade) codes(by, share int) (codes []Code) {
	factor := float64(by)
	bits := s.bits(max(12, max(s.w, s.h)/share))
	for _, c := range corners(marks(bits, s.w, s.h)) {
		if len(codes) == mostCodes {
			break
		}
		if within(codes, c.corner.at.Times(factor)) || !c.timed(bits, s.w, s.h) {
			continue
		}
		box := c.box(image.Rect(0, 0, s.w, s.h))
		if text, ok := s.read(c, box); ok {
			codes = append(codes, Code{text, scaledRect(box, factor)})
		}
	}
	return codes
}

func within(codes []Code, p plane.Point) bool {
	for _, c := range codes {
		if image.Pt(int(p.X), int(p.Y)).In(c.Box) {
			return true
		}
	}
	return false
}

func scaledRect(r image.Rectangle, f float64) image.Rectangle {
	at := func(p image.Point) image.Point { return image.Pt(int(float64(p.X)*f), int(float64(p.Y)*f)) }
	return image.Rectangle{at(r.Min), at(r.Max)}
}

// box is what a code with this corner covers, with its quiet zone.
func (c corner) box(all image.Rectangle) image.Rectangle {
	far := c.right.at.Add(c.below.at).Sub(c.corner.at)
	pad := 7 * c.corner.module
	x0, x1 := min(c.corner.at.X, c.right.at.X, c.below.at.X, far.X), max(c.corner.at.X, c.right.at.X, c.below.at.X, far.X)
	y0, y1 := min(c.corner.at.Y, c.right.at.Y, c.below.at.Y, far.Y), max(c.corner.at.Y, c.right.at.Y, c.below.at.Y, far.Y)
	return image.Rect(int(x0-pad), int(y0-pad), int(x1+pad), int(y1+pad)).Intersect(all)
}

// read tries the code with two widths of the threshold's window.
func (s shade) read(c corner, box image.Rectangle) (string, bool) {
	part := s.cut(box)
	by := 1.0
	if c.corner.module < smallModule {
		part, by = part.doubled(), 2
	}
	m := c.corner.module * by
	move := func(k mark) *detector.FinderPattern {
		return detector.NewFinderPattern1((k.at.X-float64(box.Min.X))*by, (k.at.Y-float64(box.Min.Y))*by, k.module*by)
	}
	corners := detector.NewFinderPatternInfo(move(c.below), move(c.corner), move(c.right))
	for _, radius := range []float64{6, 3, 14} {
		if text, ok := decodeCode(part, part.bits(max(3, int(radius*m))), c.corner.dark, corners); ok {
			return text, true
		}
	}
	return "", false
}

func (s shade) cut(r image.Rectangle) shade {
	out := shade{w: r.Dx(), h: r.Dy(), pix: make([]uint8, 0, r.Dx()*r.Dy())}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		out.pix = append(out.pix, s.pix[y*s.w+r.Min.X:y*s.w+r.Max.X]...)
	}
	return out
}

// decodeCode hands a code of which the marks are known to the decoder.
func decodeCode(s shade, bits []bool, dark bool, marks *detector.FinderPatternInfo) (text string, ok bool) {
	defer func() {
		// The decoder indexes by what the picture claims; a code drawn to
		// break it is no code.
		if recover() != nil {
			text, ok = "", false
		}
	}()
	m, err := gozxing.NewBitMatrix(s.w, s.h)
	if err != nil {
		return "", false
	}
	for i, b := range bits {
		if b == dark {
			m.Set(i%s.w, i/s.w)
		}
	}
	grid, err := detector.NewDetector(m).ProcessFinderPatternInfo(marks)
	if err != nil {
		return "", false
	}
	// Asked for Latin-1, the decoder gives bytes as they are.
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_CHARACTER_SET: charmap.ISO8859_1}
	result, err := decoder.NewDecoder().Decode(grid.GetBits(), hints)
	if err != nil || result.GetText() == "" {
		return "", false
	}
	return plainText(result.GetText()), true
}

// plainText undoes the reading of bytes as Latin-1. Codes seldom say what their
// bytes mean: most are UTF-8, the rest what was usual where they were made.
func plainText(s string) string {
	raw := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return s // the code named its characters
		}
		raw = append(raw, byte(r))
	}
	return decodeText(raw)
}

func decodeText(raw []byte) string {
	if utf8.Valid(raw) {
		return strings.TrimPrefix(string(raw), "\ufeff")
	}
	for _, e := range []encoding.Encoding{simplifiedchinese.GB18030, traditionalchinese.Big5, japanese.ShiftJIS} {
		if out, err := e.NewDecoder().Bytes(raw); err == nil && !strings.ContainsRune(string(out), utf8.RuneError) {
			return string(out)
		}
	}
	out, _ := charmap.Windows1252.NewDecoder().Bytes(raw)
	return string(out)
}
