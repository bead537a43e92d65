package badge

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Flags of a composite glyph's component, OpenType specification, table glyf.
const (
	argsAreWords     = 1 << 0
	hasScale         = 1 << 3
	moreComponents   = 1 << 5
	hasXYScale       = 1 << 6
	has2x2           = 1 << 7
	haveInstructions = 1 << 8
)

// outlineOf names an outline among several fonts.
type outlineOf struct {
	face  *face
	glyph uint16
}

// cut returns a TrueType font in which code first+i shows picks[i]. The picks
// may come from several fonts with the same units per em, so that a document
// embeds one font where it shows two weights. The bytes depend on the
// arguments alone. Hinting is left out: it belongs to a whole font, and badges
// are printed at 203 dpi and more.
func cut(first uint16, picks []outlineOf) ([]byte, error) {
	if len(picks) == 0 {
		return nil, errors.New("a subset of no characters")
	}
	outlines, all, err := collect(append([]outlineOf{{picks[0].face, 0}}, picks...))
	if err != nil {
		return nil, err
	}
	codes := make([]uint16, len(picks))
	for i := range codes {
		codes[i] = first + uint16(i)
	}
	tables, err := picks[0].face.copied("head", "hhea", "maxp")
	if err != nil {
		return nil, err
	}
	tables["cmap"] = format4(codes)
	tables["glyf"], tables["loca"] = joinOutlines(outlines)
	tables["hmtx"] = metrics(all)
	tables["name"] = []byte{0, 0, 0, 0, 0, 6}
	tables["post"] = append([]byte{0, 3, 0, 0}, make([]byte, 28)...)
	clear(tables["head"][8:12]) // the checksum of another file
	binary.BigEndian.PutUint16(tables["head"][50:], 1)
	binary.BigEndian.PutUint16(tables["hhea"][34:], uint16(len(all)))
	if err := raiseLimits(tables["maxp"], all); err != nil {
		return nil, err
	}
	return assemble(tables), nil
}

// collect reads the outlines of wanted and of the components they are made of,
// which follow them, and renumbers the components. Glyph 0, what a viewer shows
// for a character without a glyph, becomes empty: never a box.
func collect(wanted []outlineOf) (outlines [][]byte, all []outlineOf, err error) {
	number := map[outlineOf]uint16{}
	for i := 0; i < len(wanted); i++ {
		from, data := wanted[i].face, []byte(nil)
		if i > 0 {
			if data, err = from.outline(wanted[i].glyph); err != nil {
				return nil, nil, err
			}
		}
		data, err = Unhinted(data, func(part uint16) uint16 {
			source := outlineOf{from, part}
			if _, ok := number[source]; !ok {
				number[source] = uint16(len(wanted))
				wanted = append(wanted, source)
			}
			return number[source]
		})
		if err != nil || len(wanted) > 0xFFFF {
			return nil, nil, fmt.Errorf("%w: glyph %d is damaged", errFont, wanted[i].glyph)
		}
		outlines = append(outlines, data)
	}
	return outlines, wanted, nil
}

// Unhinted returns a glyph's outline, as the table glyf has it, without its
// instructions; the parts of a composite glyph get the numbers that renumber
// gives, in their order. It writes into outline. An outline that ends too early
// is an error; one without points is nil.
func Unhinted(outline []byte, renumber func(uint16) uint16) ([]byte, error) {
	if len(outline) < 12 {
		return nil, nil // a space
	}
	contours := int(int16(u16(outline, 0)))
	if contours < 0 {
		return recomposed(outline, renumber)
	}
	at := 10 + 2*contours
	if at+2 > len(outline) {
		return nil, errFont
	}
	length := int(u16(outline, at))
	if at+2+length > len(outline) {
		return nil, errFont
	}
	rest := outline[at+2+length:]
	clear(outline[at : at+2])
	return append(outline[:at+2], rest...), nil
}

// recomposed walks over the parts of a composite glyph.
func recomposed(outline []byte, renumber func(uint16) uint16) ([]byte, error) {
	for at := 10; at+6 <= len(outline); {
		flags := u16(outline, at)
		binary.BigEndian.PutUint16(outline[at:], flags&^haveInstructions)
		binary.BigEndian.PutUint16(outline[at+2:], renumber(u16(outline, at+2)))
		at += 6
		if flags&argsAreWords != 0 {
			at += 2
		}
		switch {
		case flags&hasScale != 0:
			at += 2
		case flags&hasXYScale != 0:
			at += 4
		case flags&has2x2 != 0:
			at += 8
		}
		if flags&moreComponents == 0 && at <= len(outline) {
			return outline[:at], nil
		}
	}
	return nil, errFont
}

// copied returns private copies of tables that parseFace has seen.
func (f *face) copied(names ...string) (map[string][]byte, error) {
	tables := map[string][]byte{}
	for _, name := range names {
		data, err := f.load(name, 0)
		if err != nil {
			return nil, err
		}
		tables[name] = data
	}
	return tables, nil
}

// raiseLimits sets the number of glyphs in a maxp table and raises its limits
// to those of every font that outlines come from.
func raiseLimits(maxp []byte, all []outlineOf) error {
	seen := map[*face]bool{}
	for _, from := range all {
		if seen[from.face] {
			continue
		}
		seen[from.face] = true
		other, err := from.face.load("maxp", 6)
		if err != nil {
			return err
		}
		for at := 6; at+2 <= min(len(maxp), len(other)); at += 2 {
			binary.BigEndian.PutUint16(maxp[at:], max(u16(maxp, at), u16(other, at)))
		}
	}
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(all)))
	return nil
}

func metrics(glyphs []outlineOf) []byte {
	data := make([]byte, 0, 4*len(glyphs))
	for _, g := range glyphs {
		advance, bearing := g.face.metric(g.glyph)
		data = binary.BigEndian.AppendUint16(data, advance)
		data = binary.BigEndian.AppendUint16(data, bearing)
	}
	return data
}

func joinOutlines(outlines [][]byte) (glyf, loca []byte) {
	for _, data := range outlines {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, data...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	return glyf, binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
}
