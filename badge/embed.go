package badge

import "fmt"

// Codes of characters in a PDF: consecutive in the order of their first use,
// from where single-byte codes end to where UTF-16's surrogates begin, which
// gofpdf cannot write.
const firstCode, lastCode = 0x0100, 0xD7FF

// documentFont is one font that a document embeds: what it shows of all faces
// that measure alike.
type documentFont struct {
	family string
	codes  map[coded]uint16
	picks  []outlineOf // by code, from firstCode
	texts  []string    // what each code stands for
}

type coded struct {
	outlineOf
	text string
}

// documentFonts finds the font by its units per em.
type documentFonts struct {
	ordered []*documentFont // by first use, which is also the order of their families
	byUnits map[float64]*documentFont
}

func fontsOf(plans []*plan) (*documentFonts, error) {
	fonts := &documentFonts{byUnits: map[float64]*documentFont{}}
	for _, p := range plans {
		for _, s := range p.sides {
			if err := fonts.useAll(s.lines); err != nil {
				return nil, err
			}
		}
	}
	return fonts, nil
}

func (d *documentFonts) useAll(lines []textLine) error {
	for _, line := range lines {
		for _, g := range line.glyphs {
			if err := d.of(g).use(g); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *documentFonts) of(g glyph) *documentFont {
	f := d.byUnits[g.face.unitsPerEm]
	if f == nil {
		f = &documentFont{family: fmt.Sprintf("badge%02d", len(d.ordered)), codes: map[coded]uint16{}}
		d.byUnits[g.face.unitsPerEm] = f
		d.ordered = append(d.ordered, f)
	}
	return f
}

func (f *documentFont) use(g glyph) error {
	key := coded{outlineOf{g.face, g.index}, g.text}
	if _, ok := f.codes[key]; ok {
		return nil
	}
	if firstCode+len(f.picks) > lastCode {
		return fmt.Errorf("badge: more than %d different characters; print fewer badges at once", lastCode-firstCode+1)
	}
	f.codes[key] = uint16(firstCode + len(f.picks))
	f.picks, f.texts = append(f.picks, key.outlineOf), append(f.texts, g.text)
	return nil
}

// code stands for a glyph that use has seen.
func (f *documentFont) code(g glyph) rune {
	return rune(f.codes[coded{outlineOf{g.face, g.index}, g.text}])
}
