package badge

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sort"
	"sync"
	"unicode"

	"hallpass/badge/script"
)

// errFont is the reason of every refused font file.
var errFont = errors.New("not a TrueType font that can be embedded")

const (
	maxFontTables = 64
	maxLoadedSize = 8 << 20 // of a table that is kept in memory; the largest met is 0.2 MB
	maxGlyphSize  = 64 << 10
)

// face is one TrueType font read in place: the character map, the widths and
// the index are in memory, outlines are read when a badge needs them. It is
// never changed after parseFace, so any number of goroutines may share it.
type face struct {
	src        io.ReaderAt
	tables     map[string]span
	unitsPerEm float64
	glyphs     int
	runs       []cmapRun // by first
	loca       []byte
	longLoca   bool
	hmtx       []byte
	hMetrics   int
	layout     func() *script.Font // read when first needed; nil for a font without layout tables
}

type span struct{ offset, size int64 }

// cmapRun maps first…last to glyph, glyph+1, …
type cmapRun struct {
	first, last rune
	glyph       uint16
}

// parseFace reads the tables it needs and refuses CFF outlines, collections
// and anything whose numbers point outside the file.
func parseFace(src io.ReaderAt, size int64) (*face, error) {
	f := &face{src: src}
	if err := f.readDirectory(size); err != nil {
		return nil, err
	}
	head, err := f.load("head", 54)
	if err != nil {
		return nil, err
	}
	hhea, err := f.load("hhea", 36)
	if err != nil {
		return nil, err
	}
	maxp, err := f.load("maxp", 6)
	if err != nil {
		return nil, err
	}
	f.unitsPerEm = float64(u16(head, 18))
	f.longLoca = u16(head, 50) == 1
	f.hMetrics = int(u16(hhea, 34))
	f.glyphs = int(u16(maxp, 4))
	if f.unitsPerEm < 16 || f.hMetrics == 0 || f.hMetrics > f.glyphs {
		return nil, fmt.Errorf("%w: head, hhea and maxp do not fit together", errFont)
	}
	if f.hmtx, err = f.load("hmtx", 4*f.hMetrics); err != nil {
		return nil, err
	}
	entry := 2
	if f.longLoca {
		entry = 4
	}
	if f.loca, err = f.load("loca", entry*(f.glyphs+1)); err != nil {
		return nil, err
	}
	if _, ok := f.tables["glyf"]; !ok {
		return nil, fmt.Errorf("%w: no glyf table", errFont)
	}
	f.layout = sync.OnceValue(f.readLayout)
	return f, f.readCharacterMap()
}

// readLayout gives the shaping library what it needs, and that is not the
// outlines.
func (f *face) readLayout() *script.Font {
	tables, err := f.copied("head", "hhea", "maxp", "cmap", "hmtx")
	if err != nil {
		return nil
	}
	before := len(tables)
	for _, name := range []string{"GSUB", "GPOS", "GDEF"} {
		if data, err := f.load(name, 0); err == nil {
			tables[name] = data
		}
	}
	if len(tables) == before {
		return nil
	}
	layout, err := script.Parse(assemble(tables))
	if err != nil {
		return nil
	}
	return layout
}

func (f *face) readDirectory(size int64) error {
	header, err := readAt(f.src, 0, 12)
	if err != nil {
		return fmt.Errorf("%w: %v", errFont, err)
	}
	if version := u32(header, 0); version != 0x00010000 && version != 0x74727565 {
		return fmt.Errorf("%w: version %08x", errFont, version)
	}
	count := int(u16(header, 4))
	if count > maxFontTables {
		return fmt.Errorf("%w: %d tables", errFont, count)
	}
	records, err := readAt(f.src, 12, 16*count)
	if err != nil {
		return fmt.Errorf("%w: %v", errFont, err)
	}
	f.tables = make(map[string]span, count)
	for r := records; len(r) >= 16; r = r[16:] {
		s := span{int64(u32(r, 8)), int64(u32(r, 12))}
		if s.offset+s.size > size {
			return fmt.Errorf("%w: table %q ends after the file", errFont, r[:4])
		}
		f.tables[string(r[:4])] = s
	}
	return nil
}

// load returns a whole table of at least least bytes.
func (f *face) load(table string, least int) ([]byte, error) {
	s, ok := f.tables[table]
	if !ok || s.size < int64(least) || s.size > maxLoadedSize {
		return nil, fmt.Errorf("%w: table %q is absent, too short or too long", errFont, table)
	}
	data, err := readAt(f.src, s.offset, int(s.size))
	if err != nil {
		return nil, fmt.Errorf("%w: table %q: %v", errFont, table, err)
	}
	return data, nil
}

// glyph returns the glyph index of a character, 0 and false if there is none.
func (f *face) glyph(r rune) (uint16, bool) {
	i := sort.Search(len(f.runs), func(i int) bool { return f.runs[i].last >= r })
	if i == len(f.runs) || r < f.runs[i].first {
		return 0, false
	}
	return f.runs[i].glyph + uint16(r-f.runs[i].first), true
}

// metric returns the advance and the left side bearing in font units.
func (f *face) metric(glyph uint16) (advance, bearing uint16) {
	g := int(glyph)
	if g < f.hMetrics {
		return u16(f.hmtx, 4*g), u16(f.hmtx, 4*g+2)
	}
	advance = u16(f.hmtx, 4*(f.hMetrics-1))
	if at := 4*f.hMetrics + 2*(g-f.hMetrics); at+2 <= len(f.hmtx) {
		bearing = u16(f.hmtx, at)
	}
	return advance, bearing
}

// advance is a glyph's width in ems.
func (f *face) advance(glyph uint16) float64 {
	units, _ := f.metric(glyph)
	return float64(units) / f.unitsPerEm
}

// plain is a glyph where the pen is.
func (f *face) plain(index uint16) glyph {
	return glyph{face: f, index: index, advance: f.advance(index)}
}

// bounds returns the box around a glyph's outline in font units, false if it
// has none.
func (f *face) bounds(glyph uint16) (xMin, yMin, xMax, yMax int16, ok bool) {
	start, end, err := f.locate(glyph)
	if err != nil || end < start+10 {
		return 0, 0, 0, 0, false
	}
	var box [8]byte
	if n, _ := f.src.ReadAt(box[:], start+2); n < len(box) {
		return 0, 0, 0, 0, false
	}
	at := func(i int) int16 { return int16(u16(box[:], i)) }
	return at(0), at(2), at(4), at(6), true
}

// ink is bounds in ems.
func (f *face) ink(glyph uint16) (e extent, ok bool) {
	xMin, yMin, xMax, yMax, ok := f.bounds(glyph)
	u := f.unitsPerEm
	return extent{float64(xMin) / u, float64(xMax) / u, float64(yMax) / u, float64(yMin) / u}, ok
}

// hasAll says whether the font shows all of a character as readers see it: a
// letter alone or with its marks, which takes layout tables.
func (f *face) hasAll(runes []rune) bool {
	if unicode.Is(unicode.M, runes[0]) || len(runes) > 1 && f.layout() == nil {
		return false
	}
	for _, r := range runes {
		if !f.has(r) && !unicode.In(r, unicode.Cf, unicode.Variation_Selector) {
			return false
		}
	}
	return true
}

// has says whether the font shows a character. Private use means something else
// in every font, and some fonts have letters without ink.
func (f *face) has(r rune) bool {
	index, ok := f.glyph(r)
	if !ok || unicode.Is(unicode.Co, r) {
		return false
	}
	if unicode.IsLetter(r) {
		_, ok = f.ink(index)
	}
	return ok
}

// outline returns a glyph's bytes from the glyf table; a space has none.
func (f *face) outline(glyph uint16) ([]byte, error) {
	start, end, err := f.locate(glyph)
	if err != nil || start == end {
		return nil, err
	}
	return readAt(f.src, start, int(end-start))
}

// locate says where in the file a glyph's outline lies.
func (f *face) locate(glyph uint16) (start, end int64, err error) {
	if int(glyph) >= f.glyphs {
		return 0, 0, fmt.Errorf("%w: glyph %d of %d", errFont, glyph, f.glyphs)
	}
	start, end = f.location(int(glyph)), f.location(int(glyph)+1)
	glyf := f.tables["glyf"]
	if start != end && (end < start+10 || end > glyf.size || end-start > maxGlyphSize) {
		return 0, 0, fmt.Errorf("%w: glyph %d lies outside its table", errFont, glyph)
	}
	return glyf.offset + start, glyf.offset + end, nil
}

func (f *face) location(i int) int64 {
	if f.longLoca {
		return int64(u32(f.loca, 4*i))
	}
	return 2 * int64(u16(f.loca, 2*i))
}

func readAt(src io.ReaderAt, offset int64, size int) ([]byte, error) {
	data := make([]byte, size)
	if n, err := src.ReadAt(data, offset); n < size {
		return nil, err
	}
	return data, nil
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
