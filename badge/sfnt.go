package badge

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// format4 is a cmap table that gives the n-th of the sorted codes glyph n+1,
// one segment for each row of neighbouring codes.
func format4(codes []uint16) []byte {
	type segment struct{ first, last, delta uint16 }
	var segments []segment
	for i, code := range codes {
		if n := len(segments); n > 0 && code == segments[n-1].last+1 {
			segments[n-1].last = code
			continue
		}
		segments = append(segments, segment{code, code, uint16(i+1) - code})
	}
	segments = append(segments, segment{0xFFFF, 0xFFFF, 1})
	n := len(segments)
	search := 2 << (bits.Len(uint(n)) - 1)
	words := []uint16{
		0, 1, 3, 1, 0, 12, // one subtable: Windows, Unicode, at byte 12
		4, uint16(16 + 8*n), 0, uint16(2 * n), uint16(search), uint16(bits.Len(uint(n)) - 1), uint16(2*n - search),
	}
	for _, s := range segments {
		words = append(words, s.last)
	}
	words = append(words, 0)
	for _, s := range segments {
		words = append(words, s.first)
	}
	for _, s := range segments {
		words = append(words, s.delta)
	}
	words = append(words, make([]uint16, n)...) // no glyph arrays
	table := make([]byte, 0, 2*len(words))
	for _, w := range words {
		table = binary.BigEndian.AppendUint16(table, w)
	}
	return table
}

// assemble writes a TrueType file with its directory sorted by table name.
// Table checksums are correct; the file's own is left 0, as PDF allows.
func assemble(tables map[string][]byte) []byte {
	names := make([]string, 0, len(tables))
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	n := len(names)
	search := 16 << (bits.Len(uint(n)) - 1)
	file := []byte{0, 1, 0, 0}
	for _, w := range []int{n, search, bits.Len(uint(n)) - 1, 16*n - search} {
		file = binary.BigEndian.AppendUint16(file, uint16(w))
	}
	at := 12 + 16*n
	for _, name := range names {
		data := tables[name]
		file = append(file, name...)
		for _, v := range []uint32{checksum(data), uint32(at), uint32(len(data))} {
			file = binary.BigEndian.AppendUint32(file, v)
		}
		at += (len(data) + 3) &^ 3
	}
	for _, name := range names {
		file = append(file, tables[name]...)
		file = append(file, make([]byte, -len(tables[name])&3)...)
	}
	return file
}

func checksum(data []byte) (sum uint32) {
	for len(data) >= 4 {
		sum += binary.BigEndian.Uint32(data)
		data = data[4:]
	}
	var rest [4]byte
	copy(rest[:], data)
	return sum + binary.BigEndian.Uint32(rest[:])
}
