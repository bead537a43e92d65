package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
)

// sfnt is a TrueType file as its tables.
type sfnt map[string][]byte

var errFont = errors.New("not a TrueType font that can be cut")

func parse(data []byte) (sfnt, error) {
	if len(data) < 12 || u32(data, 0) != 0x00010000 {
		return nil, errFont
	}
	f := sfnt{}
	for i := range int(u16(data, 4)) {
		at := 12 + 16*i
		if at+16 > len(data) {
			return nil, errFont
		}
		start, size := u32(data, at+8), u32(data, at+12)
		if uint64(start)+uint64(size) > uint64(len(data)) {
			return nil, fmt.Errorf("%w: table %q ends after the file", errFont, data[at:at+4])
		}
		f[string(data[at:at+4])] = data[start : start+size]
	}
	for table, least := range map[string]int{"head": 54, "hhea": 36, "maxp": 6, "hmtx": 4, "loca": 4, "glyf": 0, "cmap": 4} {
		if data, ok := f[table]; !ok || len(data) < least {
			return nil, fmt.Errorf("%w: table %q is absent or too short", errFont, table)
		}
	}
	return f, nil
}

func (f sfnt) glyphs() int { return int(u16(f["maxp"], 4)) }

// outline is a glyph's bytes, none for a space.
func (f sfnt) outline(glyph int) ([]byte, error) {
	at := func(i int) int {
		if u16(f["head"], 50) == 1 {
			return int(u32(f["loca"], 4*i))
		}
		return 2 * int(u16(f["loca"], 2*i))
	}
	width := 2 + 2*int(u16(f["head"], 50))
	if glyph >= f.glyphs() || width*(glyph+2) > len(f["loca"]) {
		return nil, fmt.Errorf("%w: glyph %d of %d", errFont, glyph, f.glyphs())
	}
	start, end := at(glyph), at(glyph+1)
	if start > end || end > len(f["glyf"]) {
		return nil, fmt.Errorf("%w: glyph %d lies outside its table", errFont, glyph)
	}
	return f["glyf"][start:end], nil
}

// metric is a glyph's advance and left side bearing.
func (f sfnt) metric(glyph int) (advance, bearing uint16) {
	wide := int(u16(f["hhea"], 34))
	if glyph < wide {
		return u16(f["hmtx"], 4*glyph), u16(f["hmtx"], 4*glyph+2)
	}
	return u16(f["hmtx"], 4*(wide-1)), u16(f["hmtx"], 4*wide+2*(glyph-wide))
}

// assemble writes the file, its directory sorted by name and all checksums in
// place (OpenType specification, "Calculating Checksums").
func (f sfnt) assemble() []byte {
	var names []string
	for name := range f {
		names = append(names, name)
	}
	slices.Sort(names)
	n := len(names)
	exponent := bits.Len(uint(n)) - 1
	file := []byte{0, 1, 0, 0}
	for _, w := range []int{n, 16 << exponent, exponent, 16*n - 16<<exponent} {
		file = binary.BigEndian.AppendUint16(file, uint16(w))
	}
	clear(f["head"][8:12])
	at, head := 12+16*n, 0
	for _, name := range names {
		if name == "head" {
			head = at
		}
		file = append(file, name...)
		for _, v := range []int{int(checksum(f[name])), at, len(f[name])} {
			file = binary.BigEndian.AppendUint32(file, uint32(v))
		}
		at += (len(f[name]) + 3) &^ 3
	}
	for _, name := range names {
		file = append(file, f[name]...)
		file = append(file, make([]byte, -len(f[name])&3)...)
	}
	binary.BigEndian.PutUint32(file[head+8:], 0xB1B0AFBA-checksum(file))
	return file
}

func checksum(data []byte) (sum uint32) {
	for ; len(data) >= 4; data = data[4:] {
		sum += u32(data, 0)
	}
	var rest [4]byte
	copy(rest[:], data)
	return sum + u32(rest[:], 0)
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
