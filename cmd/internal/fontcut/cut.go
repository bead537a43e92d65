package main

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"unicode"

	"hallpass/badge"
	"hallpass/badge/script"
)

// cut returns a font file with the characters in keep that another has, and how
// many they are. With layout it keeps the tables that shape and place glyphs,
// and what these can make of the characters; glyphs then keep their numbers, and
// the others lose their outlines. Without, glyphs are renumbered.
func cut(file []byte, keep map[rune]bool, layout bool) (font []byte, count int, err error) {
	f, err := parse(file)
	if err != nil {
		return nil, 0, err
	}
	chars := characters(f["cmap"])
	maps.DeleteFunc(chars, func(r rune, glyph int) bool {
		outline, err := f.outline(glyph)
		blank := err == nil && len(outline) == 0 && unicode.IsLetter(r) // some fonts have letters without ink
		return !keep[r] || blank
	})
	if len(chars) == 0 {
		return nil, 0, errors.New("it has none of the characters to keep")
	}
	order := slices.Sorted(maps.Keys(chars))
	wanted := []int{0}
	for _, r := range order {
		wanted = append(wanted, chars[r])
	}
	out := sfnt{"head": slices.Clone(f["head"]), "hhea": slices.Clone(f["hhea"]), "maxp": slices.Clone(f["maxp"])}
	if layout {
		reachable, err := script.Reachable(file, wanted)
		if err != nil {
			return nil, 0, err
		}
		wanted = reachable
		for _, table := range []string{"GDEF", "GSUB", "GPOS"} {
			if data, ok := f[table]; ok {
				out[table] = data
			}
		}
	}
	number, err := out.copyGlyphs(f, wanted, layout)
	if err != nil {
		return nil, 0, err
	}
	for r, glyph := range chars {
		chars[r] = number[glyph]
	}
	out["cmap"] = format12(order, chars)
	out["post"] = append([]byte{0, 3, 0, 0}, make([]byte, 28)...)
	out["name"] = []byte{0, 0, 0, 0, 0, 6}
	return out.assemble(), len(order), nil
}

// copyGlyphs copies the wanted glyphs and the parts they are made of, and
// returns their new numbers.
func (f sfnt) copyGlyphs(from sfnt, wanted []int, sameNumbers bool) (number map[int]int, err error) {
	number = map[int]int{}
	outlines := map[int][]byte{}
	for i := 0; i < len(wanted); i++ {
		old := wanted[i]
		if _, ok := number[old]; ok {
			continue
		}
		number[old] = len(number)
		if sameNumbers {
			number[old] = old
		}
		outline, err := from.outline(old)
		if err != nil {
			return nil, err
		}
		if old == 0 {
			continue // never a box
		}
		outlines[old], err = badge.Unhinted(slices.Clone(outline), func(part uint16) uint16 {
			wanted = append(wanted, int(part))
			return part
		})
		if err != nil {
			return nil, err
		}
	}
	for _, outline := range outlines {
		if _, err := badge.Unhinted(outline, func(part uint16) uint16 { return uint16(number[int(part)]) }); err != nil {
			return nil, err
		}
	}
	f.setGlyphs(from, number, outlines, sameNumbers)
	return number, nil
}

// setGlyphs writes the tables that hold outlines and widths.
func (f sfnt) setGlyphs(from sfnt, number map[int]int, outlines map[int][]byte, sameNumbers bool) {
	count := len(number)
	if sameNumbers {
		count = from.glyphs()
	}
	old := make([]int, count)
	for o, n := range number {
		old[n] = o
	}
	var glyf, loca, hmtx []byte
	for n := range count {
		o := old[n]
		if sameNumbers {
			o = n
		}
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, outlines[o]...)
		glyf = append(glyf, make([]byte, -len(glyf)&1)...)
		advance, bearing := from.metric(o)
		hmtx = binary.BigEndian.AppendUint16(hmtx, advance)
		hmtx = binary.BigEndian.AppendUint16(hmtx, bearing)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	binary.BigEndian.PutUint16(f["head"][50:], 1)
	if len(glyf) < 1<<17 {
		loca = halved(loca)
		binary.BigEndian.PutUint16(f["head"][50:], 0)
	}
	f["glyf"], f["loca"], f["hmtx"] = glyf, loca, hmtx
	binary.BigEndian.PutUint16(f["hhea"][34:], uint16(count))
	binary.BigEndian.PutUint16(f["maxp"][4:], uint16(count))
}

// halved is loca's short form.
func halved(long []byte) (short []byte) {
	for at := 0; at < len(long); at += 4 {
		short = binary.BigEndian.AppendUint16(short, uint16(u32(long, at)/2))
	}
	return short
}
