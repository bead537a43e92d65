package badge

import (
	"cmp"
	"fmt"
	"slices"
)

// readCharacterMap fills runs from the best Unicode subtable: format 12 (all
// of Unicode) before format 4 (the first 65,536 characters).
func (f *face) readCharacterMap() error {
	cmap, err := f.load("cmap", 4)
	if err != nil {
		return err
	}
	var best []byte
	for i := range int(u16(cmap, 2)) {
		record := 4 + 8*i
		if record+8 > len(cmap) {
			break
		}
		platform, at := u16(cmap, record), int64(u32(cmap, record+4))
		if (platform != 0 && platform != 3) || at+16 > int64(len(cmap)) {
			continue
		}
		table := cmap[at:]
		if format := u16(table, 0); format == 12 || (format == 4 && best == nil) {
			best = table
		}
	}
	switch {
	case best == nil:
		return fmt.Errorf("%w: no Unicode character map", errFont)
	case u16(best, 0) == 12:
		f.readFormat12(best)
	default:
		f.readFormat4(best)
	}
	return f.checkRuns()
}

func (f *face) readFormat12(table []byte) {
	count := min(int64(u32(table, 12)), int64(len(table)-16)/12)
	for i := range int(count) {
		group := table[16+12*i:]
		f.runs = append(f.runs, cmapRun{rune(u32(group, 0)), rune(u32(group, 4)), uint16(u32(group, 8))})
	}
}

func (f *face) readFormat4(table []byte) {
	segments := int(u16(table, 6)) / 2
	if 16+8*segments > len(table) {
		return
	}
	ends, starts := table[14:], table[16+2*segments:]
	deltas, offsets := table[16+4*segments:], table[16+6*segments:]
	for i := range segments {
		first, last := rune(u16(starts, 2*i)), rune(u16(ends, 2*i))
		delta, offset := u16(deltas, 2*i), int(u16(offsets, 2*i))
		if last == 0xFFFF { // the obligatory last segment, and no character
			last--
		}
		if offset == 0 {
			if first <= last {
				f.runs = append(f.runs, cmapRun{first, last, uint16(first) + delta})
			}
			continue
		}
		for r := first; r <= last; r++ {
			at := 2*i + offset + 2*int(r-first)
			if at+2 > len(offsets) {
				break
			}
			if glyph := u16(offsets, at); glyph != 0 {
				f.runs = append(f.runs, cmapRun{r, r, glyph + delta})
			}
		}
	}
}

// checkRuns sorts the runs for the search and refuses a map that overlaps
// itself or names glyphs that the font does not have.
func (f *face) checkRuns() error {
	slices.SortFunc(f.runs, func(a, b cmapRun) int { return cmp.Compare(a.first, b.first) })
	f.runs = slices.DeleteFunc(f.runs, func(r cmapRun) bool { return r.glyph == 0 })
	previous := rune(-1)
	for _, r := range f.runs {
		if r.first <= previous || r.last < r.first || int64(r.glyph)+int64(r.last-r.first) >= int64(f.glyphs) {
			return fmt.Errorf("%w: the character map contradicts itself at %U", errFont, r.first)
		}
		previous = r.last
	}
	if len(f.runs) == 0 {
		return fmt.Errorf("%w: the character map is empty", errFont)
	}
	return nil
}
