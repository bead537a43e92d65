package main

import (
	"encoding/binary"
	"slices"
)

// Flags of a composite glyph's parts (OpenType specification, table glyf).
const (
	argsAreWords     = 1 << 0
	hasScale         = 1 << 3
	moreComponents   = 1 << 5
	hasXYScale       = 1 << 6
	has2x2           = 1 << 7
	haveInstructions = 1 << 8
)

// unhinted returns a copy of an outline without instructions, and of a
// composite glyph where in it the numbers of its parts stand.
func unhinted(outline []byte) (copied []byte, parts []int, err error) {
	if len(outline) == 0 {
		return nil, nil, nil
	}
	if len(outline) < 12 {
		return nil, nil, errFont
	}
	out := slices.Clone(outline)
	contours := int(int16(u16(out, 0)))
	if contours < 0 {
		return composite(out)
	}
	at := 10 + 2*contours
	if at+2 > len(out) {
		return nil, nil, errFont
	}
	rest := at + 2 + int(u16(out, at))
	if rest > len(out) {
		return nil, nil, errFont
	}
	clear(out[at : at+2])
	return append(out[:at+2], out[rest:]...), nil, nil
}

func composite(out []byte) (copied []byte, parts []int, err error) {
	for at := 10; at+6 <= len(out); {
		flags := u16(out, at)
		binary.BigEndian.PutUint16(out[at:], flags&^haveInstructions)
		parts = append(parts, at+2)
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
		if flags&moreComponents == 0 && at <= len(out) {
			return out[:at], parts, nil
		}
	}
	return nil, nil, errFont
}
