package badge

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Flags of a composite glyph's component, OpenType specification, table glyf.
const (
	argsAreWords   = 1 << 0
	hasScale       = 1 << 3
	moreComponents = 1 << 5
	hasXYScale     = 1 << 6
	has2x2         = 1 << 7
)

// maxComponents bounds what one badge may pull in through composite glyphs.
const maxComponents = 4096

// cut returns a TrueType font with just the characters of codes, each under
// the code it is keyed by (1–0xFFFE). Every code gets a glyph of its own, in
// the order of the codes, so the bytes depend on the arguments alone.
func (f *face) cut(codes map[uint16]uint16) ([]byte, error) {
	ordered := make([]uint16, 0, len(codes))
	for code := range codes {
		ordered = append(ordered, code)
	}
	slices.Sort(ordered)
	old := []uint16{0} // new glyph → old glyph
	for _, code := range ordered {
		old = append(old, codes[code])
	}
	outlines, old, err := f.collect(old)
	if err != nil {
		return nil, err
	}
	tables, err := f.copied("head", "hhea", "maxp", "cvt ", "fpgm", "prep")
	if err != nil {
		return nil, err
	}
	tables["cmap"] = format4(ordered)
	tables["glyf"], tables["loca"] = joinOutlines(outlines)
	tables["hmtx"] = f.metrics(old)
	tables["name"] = []byte{0, 0, 0, 0, 0, 6}
	tables["post"] = append([]byte{0, 3, 0, 0}, make([]byte, 28)...)
	clear(tables["head"][8:12]) // the checksum of another file
	binary.BigEndian.PutUint16(tables["head"][50:], 1)
	binary.BigEndian.PutUint16(tables["hhea"][34:], uint16(len(old)))
	binary.BigEndian.PutUint16(tables["maxp"][4:], uint16(len(old)))
	return assemble(tables), nil
}

// collect reads the outlines of the glyphs in old and of the components they
// are made of, which it appends to old and renumbers. Glyph 0, what a viewer
// shows for a character without a glyph, becomes empty: never a box.
func (f *face) collect(old []uint16) (outlines [][]byte, all []uint16, err error) {
	number := map[uint16]uint16{}
	for i := 0; i < len(old); i++ {
		var data []byte
		if i > 0 {
			if data, err = f.outline(old[i]); err != nil {
				return nil, nil, err
			}
		}
		err = components(data, func(at int) {
			part := u16(data, at)
			if _, ok := number[part]; !ok {
				number[part] = uint16(len(old))
				old = append(old, part)
			}
			binary.BigEndian.PutUint16(data[at:], number[part])
		})
		if err != nil || len(old) > 0xFFFF || len(number) > maxComponents {
			return nil, nil, fmt.Errorf("%w: glyph %d is made of wrong parts", errFont, old[i])
		}
		outlines = append(outlines, data)
	}
	return outlines, old, nil
}

// components calls part with the place of each component's glyph number in a
// composite glyph; a simple glyph has none.
func components(outline []byte, part func(at int)) error {
	if len(outline) < 10 || int16(u16(outline, 0)) >= 0 {
		return nil
	}
	for at := 10; ; {
		if at+4 > len(outline) {
			return errFont
		}
		flags := u16(outline, at)
		part(at + 2)
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
		if flags&moreComponents == 0 {
			return nil
		}
	}
}

// copied returns private copies; the hinting tables may be absent.
func (f *face) copied(names ...string) (map[string][]byte, error) {
	tables := map[string][]byte{}
	for _, name := range names {
		if _, ok := f.tables[name]; !ok {
			continue
		}
		data, err := f.load(name, 0)
		if err != nil {
			return nil, err
		}
		tables[name] = data
	}
	return tables, nil
}

func (f *face) metrics(glyphs []uint16) []byte {
	data := make([]byte, 0, 4*len(glyphs))
	for _, g := range glyphs {
		advance, bearing := f.metric(g)
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
