package badge

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// pdfDate stands in every document: a badge's file must not say when its
// holder registered, and equal badges must be equal files.
var pdfDate = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Private-use codes stand for characters beyond U+FFFF, which gofpdf cannot
// write; the subset font maps them back to the right glyphs.
const firstPrivate, lastPrivate = 0xE000, 0xF8FF

func write(w io.Writer, t Template, plans []*plan) error {
	fonts, err := fontsOf(plans)
	if err != nil {
		return err
	}
	doc := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", Size: gofpdf.SizeType{Wd: t.WidthMM, Ht: t.HeightMM}})
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.SetCreationDate(pdfDate)
	doc.SetModificationDate(pdfDate)
	doc.SetCatalogSort(true)
	doc.SetProducer("Hallpass", false)
	for _, f := range fonts.ordered {
		doc.AddUTF8FontFromBytes(f.face.name, "", f.subset)
	}
	for _, p := range plans {
		doc.AddPage()
		drawPage(doc, t, p, fonts)
	}
	if err := doc.Error(); err != nil {
		return fmt.Errorf("badge: make the PDF: %w", err)
	}
	return doc.Output(w)
}

func drawPage(doc *gofpdf.Fpdf, t Template, p *plan, fonts *documentFonts) {
	for _, f := range p.fills {
		doc.SetFillColor(int(f.colour.r), int(f.colour.g), int(f.colour.b))
		box := f.box.bleed(t)
		doc.Rect(box.X, box.Y, box.W, box.H, "F")
	}
	if p.logo != nil {
		name, options := p.logo.name, gofpdf.ImageOptions{ImageType: "PNG"}
		if doc.GetImageInfo(name) == nil {
			doc.RegisterImageOptionsReader(name, options, bytes.NewReader(p.logo.png))
		}
		doc.ImageOptions(name, p.logoBox.X, p.logoBox.Y, p.logoBox.W, p.logoBox.H, false, options, 0, "")
	}
	for _, line := range p.lines {
		doc.SetTextColor(int(line.colour.r), int(line.colour.g), int(line.colour.b))
		drawLine(doc, line, fonts)
	}
	doc.RawWriteStr("q " + drawCode(p.code, p.codeBox, t.HeightMM) + " Q\n")
}

// bleed carries a fill that touches an edge of the page beyond it, so that no
// white line shows where a printer or a viewer rounds.
func (b Box) bleed(t Template) Box {
	const over = 1 // mm
	right, bottom := b.X+b.W, b.Y+b.H
	if b.X <= 0 {
		b.X = -over
	}
	if b.Y <= 0 {
		b.Y = -over
	}
	if right >= t.WidthMM {
		right += over
	}
	if bottom >= t.HeightMM {
		bottom += over
	}
	return Box{b.X, b.Y, right - b.X, bottom - b.Y}
}

// drawLine writes the neighbours of one font together.
func drawLine(doc *gofpdf.Fpdf, line textLine, fonts *documentFonts) {
	x := line.x
	for start := 0; start < len(line.glyphs); {
		face, end := line.glyphs[start].face, start
		var codes []rune
		for end < len(line.glyphs) && line.glyphs[end].face == face {
			codes = append(codes, rune(fonts.byFace[face].code[line.glyphs[end].r]))
			end++
		}
		doc.SetFont(face.name, "", line.size)
		doc.Text(x, line.baseline, string(codes))
		x += width(line.glyphs[start:end]) * line.size * mmPerPoint
		start = end
	}
}

// documentFonts are the subsets that one document embeds.
type documentFonts struct {
	ordered []*documentFont // by first use
	byFace  map[*face]*documentFont
}

type documentFont struct {
	face   *face
	glyphs map[rune]uint16
	code   map[rune]uint16 // what stands in the PDF for a character
	subset []byte
}

func fontsOf(plans []*plan) (*documentFonts, error) {
	fonts := &documentFonts{byFace: map[*face]*documentFont{}}
	for _, p := range plans {
		for _, line := range p.lines {
			for _, g := range line.glyphs {
				fonts.use(g)
			}
		}
	}
	for _, f := range fonts.ordered {
		if err := f.cut(); err != nil {
			return nil, fmt.Errorf("badge: subset of the %s font: %w", f.face.name, err)
		}
	}
	return fonts, nil
}

func (d *documentFonts) use(g glyph) {
	f := d.byFace[g.face]
	if f == nil {
		f = &documentFont{face: g.face, glyphs: map[rune]uint16{}, code: map[rune]uint16{}}
		d.byFace[g.face] = f
		d.ordered = append(d.ordered, f)
	}
	f.glyphs[g.r] = g.index
}

// cut gives each character its code and makes the subset. More than 6,400
// different characters beyond U+FFFF in one font have no room.
func (f *documentFont) cut() (err error) {
	runes := make([]rune, 0, len(f.glyphs))
	for r := range f.glyphs {
		runes = append(runes, r)
	}
	slices.Sort(runes)
	codes := make(map[uint16]uint16, len(runes))
	private := firstPrivate
	for _, r := range runes {
		code := uint16(r)
		if r > 0xFFFF {
			if private > lastPrivate {
				return fmt.Errorf("more than %d rare characters; print fewer badges at once", lastPrivate-firstPrivate+1)
			}
			code = uint16(private)
			private++
		}
		f.code[r], codes[code] = code, f.glyphs[r]
	}
	f.subset, err = f.face.cut(codes)
	return err
}
