package badge

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// pdfDate stands in every document: a badge's file must not say when its
// holder registered, and equal badges must be equal files.
var pdfDate = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func write(w io.Writer, plans []*plan) error {
	fonts, err := fontsOf(plans)
	if err != nil {
		return err
	}
	first := plans[0].sides[0]
	doc := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", Size: gofpdf.SizeType{Wd: first.w, Ht: first.h}})
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
		for _, s := range p.sides {
			doc.AddPageFormat("P", gofpdf.SizeType{Wd: s.w, Ht: s.h})
			drawSide(doc, s, fonts)
		}
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

func drawSide(doc *gofpdf.Fpdf, s side, fonts *documentFonts) {
	for _, p := range s.under {
		drawPicture(doc, p, s.h)
	}
	for _, shape := range s.shapes {
		doc.SetFillColor(int(shape.colour.r), int(shape.colour.g), int(shape.colour.b))
		doc.RawWriteStr(pathOperators(shape.path, s.h) + " f\n")
	}
	for _, p := range s.pictures {
		drawPicture(doc, p, s.h)
	}
	for _, line := range s.lines {
		doc.SetTextColor(int(line.colour.r), int(line.colour.g), int(line.colour.b))
		if !line.turned {
			drawLine(doc, line, fonts)
			continue
		}
		doc.TransformBegin()
		doc.TransformRotate(180, line.x, line.baseline)
		drawLine(doc, line, fonts)
		doc.TransformEnd()
	}
	for _, code := range s.codes {
		doc.RawWriteStr("q " + drawCode(code.modules, code.box, s.h) + " Q\n")
	}
}

func drawPicture(doc *gofpdf.Fpdf, p placed, pageHeight float64) {
	name, form := p.picture.on(p.paper)
	options := gofpdf.ImageOptions{ImageType: form.kind, AllowNegativePosition: true}
	if doc.GetImageInfo(name) == nil {
		doc.RegisterImageOptionsReader(name, options, bytes.NewReader(form.data))
	}
	doc.TransformBegin() // which keeps the clip to this picture, too
	doc.RawWriteStr(pathOperators(p.clip.path, pageHeight) + " W n\n")
	if p.turned {
		doc.TransformRotate(180, p.box.X+p.box.W/2, p.box.Y+p.box.H/2)
	}
	doc.ImageOptions(name, p.box.X, p.box.Y, p.box.W, p.box.H, false, options, 0, "")
	doc.TransformEnd()
}

// pathOperators are a path's PDF operators, ISO 32000-1 section 8.5.2.
func pathOperators(path []segment, pageHeight float64) string {
	var ops []byte
	point := func(x, y float64) {
		for _, mm := range [2]float64{x, pageHeight - y} {
			ops = append(strconv.AppendFloat(ops, mm/mmPerPoint, 'f', 3, 64), ' ')
		}
	}
	for _, s := range path {
		switch s.op {
		case 'M', 'L':
			point(s.x, s.y)
			ops = append(ops, s.op|0x20, ' ')
		case 'C':
			point(s.x1, s.y1)
			point(s.x2, s.y2)
			point(s.x, s.y)
			ops = append(ops, "c "...)
		case 'Z':
			ops = append(ops, "h "...)
		}
	}
	return string(ops)
}

// drawLine writes the neighbours of one font together, as far as each glyph
// stands where the one before it ends.
func drawLine(doc *gofpdf.Fpdf, line textLine, fonts *documentFonts) {
	const near = 1e-4 // ems, less than any viewer draws
	em := line.size * mmPerPoint
	pen := 0.0
	var font *documentFont
	var codes []rune
	var x, y, end float64 // of codes, in ems
	flush := func() {
		if len(codes) > 0 {
			doc.SetFont(font.family, "", line.size)
			doc.Text(line.x+x*em, line.baseline-y*em, string(codes))
			codes = codes[:0]
		}
	}
	for _, g := range line.glyphs {
		of, at := fonts.of(g), pen+g.dx
		if of != font || math.Abs(at-end) > near || math.Abs(g.dy-y) > near {
			flush()
			font, x, y = of, at, g.dy
		}
		codes = append(codes, font.code(g))
		end = at + g.face.advance(g.index)
		pen += g.advance
	}
	flush()
}
