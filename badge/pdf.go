package badge

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// pdfDate stands in every document: a badge's file must not say when its
// holder registered, and equal badges must be equal files.
var pdfDate = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

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
		subset, err := cut(firstCode, f.picks)
		if err != nil {
			return fmt.Errorf("badge: subset the fonts: %w", err)
		}
		doc.AddUTF8FontFromBytes(f.family, "", subset)
	}
	for _, p := range plans {
		doc.AddPage()
		drawPage(doc, t, p, fonts)
	}
	var out bytes.Buffer
	if err := doc.Output(&out); err != nil {
		return fmt.Errorf("badge: make the PDF: %w", err)
	}
	pdf, err := mapToUnicode(out.Bytes(), fonts.ordered)
	if err != nil {
		return err
	}
	_, err = w.Write(pdf)
	return err
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
		font, end := fonts.of(line.glyphs[start]), start
		var codes []rune
		for end < len(line.glyphs) && fonts.of(line.glyphs[end]) == font {
			codes = append(codes, font.code(line.glyphs[end]))
			end++
		}
		doc.SetFont(font.family, "", line.size)
		doc.Text(x, line.baseline, string(codes))
		x += width(line.glyphs[start:end]) * line.size * mmPerPoint
		start = end
	}
}
