package main

import "encoding/binary"

// characters reads the map from characters to glyphs, subtable 12 before 4.
func characters(cmap []byte) map[rune]int {
	out := map[rune]int{}
	var short, long []byte
	for i := range int(u16(cmap, 2)) {
		platform, at := u16(cmap, 4+8*i), u32(cmap, 8+8*i)
		if platform != 0 && platform != 3 {
			continue
		}
		switch table := cmap[at:]; u16(table, 0) {
		case 4:
			short = table
		case 12:
			long = table
		}
	}
	if long != nil {
		for i := range int(u32(long, 12)) {
			group := long[16+12*i:]
			for r := u32(group, 0); r <= u32(group, 4); r++ {
				out[rune(r)] = int(u32(group, 8) + r - u32(group, 0))
			}
		}
		return out
	}
	if short == nil {
		return out
	}
	n := int(u16(short, 6)) / 2
	for i := range n {
		last, first := u16(short, 14+2*i), u16(short, 16+2*n+2*i)
		delta, offset := u16(short, 16+4*n+2*i), u16(short, 16+6*n+2*i)
		for r := int(first); r <= int(last) && r != 0xFFFF; r++ {
			glyph := uint16(r)
			if offset != 0 {
				glyph = u16(short, 16+6*n+2*i+int(offset)+2*(r-int(first)))
				if glyph == 0 {
					continue
				}
			}
			if glyph += delta; glyph != 0 {
				out[rune(r)] = int(glyph)
			}
		}
	}
	return out
}

// format12 writes the map, one group for each row of neighbours.
func format12(order []rune, glyphs map[rune]int) []byte {
	type group struct{ first, last, glyph uint32 }
	var groups []group
	for _, r := range order {
		g := uint32(glyphs[r])
		if n := len(groups) - 1; n >= 0 && uint32(r) == groups[n].last+1 && g == groups[n].glyph+uint32(r)-groups[n].first {
			groups[n].last++
			continue
		}
		groups = append(groups, group{uint32(r), uint32(r), g})
	}
	out := []byte{0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12, 0, 12, 0, 0} // Windows, all of Unicode
	for _, v := range []int{16 + 12*len(groups), 0, len(groups)} {
		out = binary.BigEndian.AppendUint32(out, uint32(v))
	}
	for _, g := range groups {
		for _, v := range []uint32{g.first, g.last, g.glyph} {
			out = binary.BigEndian.AppendUint32(out, v)
		}
	}
	return out
}
