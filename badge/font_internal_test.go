package badge

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

func shipped(t testing.TB, file string) *face {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "assets", "fonts", file))
	if err != nil {
		t.Fatal(err)
	}
	f, err := parseFace("bold", bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func parse(t testing.TB, data []byte) *face {
	t.Helper()
	f, err := parseFace("cut", bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestCut_KeepsOutlinesAndWidths(t *testing.T) {
	f := shipped(t, "NotoSansSC-Bold.ttf")
	codes := map[uint16]uint16{}
	for _, r := range "张𬭎李 Aé〓" {
		glyph, ok := f.glyph(r)
		if !ok {
			t.Fatalf("no %q", r)
		}
		code := uint16(r) // beyond U+FFFF any free code does
		codes[code] = glyph
	}
	data, err := f.cut(codes)
	if err != nil {
		t.Fatal(err)
	}
	small := parse(t, data)
	if small.glyphs != len(codes)+1 || len(data) > 8<<10 {
		t.Errorf("%d glyphs in %d bytes", small.glyphs, len(data))
	}
	for code, glyph := range codes {
		cut, ok := small.glyph(rune(code))
		if !ok {
			t.Errorf("%U is not in the subset", code)
			continue
		}
		want, err := f.outline(glyph)
		if err != nil {
			t.Fatal(err)
		}
		got, err := small.outline(cut)
		if err != nil || !bytes.Equal(bytes.TrimRight(got, "\x00"), bytes.TrimRight(want, "\x00")) || small.advance(cut) != f.advance(glyph) {
			t.Errorf("%U: outline of %d bytes, want %d; advance %g, want %g; %v", code, len(got), len(want), small.advance(cut), f.advance(glyph), err)
		}
	}
	if _, ok := small.glyph('王'); ok {
		t.Error("the subset has a character that was not asked for")
	}
	if again, err := f.cut(codes); err != nil || !bytes.Equal(again, data) {
		t.Error("the same subset has other bytes")
	}
}

// composite is a font whose glyph 3 is glyph 4 twice, and glyph 4 is glyph 2.
func composite() []byte {
	simple := append([]byte{0, 1}, make([]byte, 10)...) // one contour, no box
	part := func(glyph byte, flags byte) []byte { return []byte{0, flags, 0, glyph, 0, 0} }
	header := append([]byte{0xFF, 0xFF}, make([]byte, 8)...)
	outlines := [][]byte{
		nil, simple, simple,
		append(append(bytes.Clone(header), part(4, moreComponents)...), part(4, 0)...),
		append(bytes.Clone(header), append(part(2, hasScale), 0x40, 0)...),
	}
	glyf, loca := joinOutlines(outlines)
	head := make([]byte, 54)
	binary.BigEndian.PutUint16(head[18:], 1000)
	binary.BigEndian.PutUint16(head[50:], 1)
	hhea := make([]byte, 36)
	binary.BigEndian.PutUint16(hhea[34:], 2) // the others repeat the last width
	maxp := make([]byte, 32)
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(outlines)))
	return assemble(map[string][]byte{
		"head": head, "hhea": hhea, "maxp": maxp, "glyf": glyf, "loca": loca,
		"hmtx": {1, 0, 0, 0, 2, 0, 0, 0, 0, 7, 0, 8, 0, 9}, "cmap": format4([]uint16{'a', 'b', 'c'}),
	})
}

func TestCut_FollowsCompositeGlyphs(t *testing.T) {
	f := parse(t, composite())
	data, err := f.cut(map[uint16]uint16{'x': 3})
	if err != nil {
		t.Fatal(err)
	}
	small := parse(t, data)
	if small.glyphs != 4 { // nothing, x, its part, the part's part
		t.Fatalf("%d glyphs, want 4", small.glyphs)
	}
	var parts []uint16
	for glyph := range uint16(4) {
		outline, err := small.outline(glyph)
		if err != nil {
			t.Fatal(err)
		}
		if err := components(outline, func(at int) { parts = append(parts, u16(outline, at)) }); err != nil {
			t.Fatal(err)
		}
	}
	if want := []uint16{2, 2, 3}; len(parts) != 3 || parts[0] != want[0] || parts[1] != want[1] || parts[2] != want[2] {
		t.Errorf("parts %v, want %v", parts, want)
	}
	if advance, bearing := f.metric(4); advance != 512 || bearing != 9 {
		t.Errorf("metric %d, %d, want the last advance 512 and its own bearing 9", advance, bearing)
	}
}

// A fallback is opened when a character is first looked for, and draws it.
func TestFonts_FallBack(t *testing.T) {
	f := shipped(t, "NotoSansSC-Bold.ttf")
	glyph, _ := f.glyph('韩')
	data, err := f.cut(map[uint16]uint16{'한': glyph})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "korean.ttf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var all [2][]byte
	for i, name := range []string{"NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"} {
		if all[i], err = os.ReadFile(filepath.Join("..", "assets", "fonts", name)); err != nil {
			t.Fatal(err)
		}
	}
	fonts, err := ParseFonts(all[0], all[1], path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(Template{WidthMM: 50, HeightMM: 50, items: []item{
		{Kind: "text", Box: rect{0, 0, 50, 20}, Text: "name", Weight: "bold", Size: fitRule{Best: 20, Floor: 8}},
		{Kind: "qr", Box: rect{0, 20, 30, 30}},
	}}, fonts)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	reports, err := r.PDF(&out, []Page{{Person: Person{Name: "한A"}, Token: "HP1"}})
	if err != nil || len(reports[0].Missing) > 0 {
		t.Fatalf("missing %q, %v", reports[0].Missing, err)
	}
	if n := bytes.Count(out.Bytes(), []byte("/FontFile2")); n != 2 {
		t.Errorf("%d fonts in the PDF, want the bold one and the fallback", n)
	}
}

// No font file, however broken, does more than fail.
func FuzzParseFace(f *testing.F) {
	f.Add(composite())
	if data, err := shipped(f, "NotoSansSC-Bold.ttf").cut(map[uint16]uint16{'A': 34, 0xE000: 500}); err == nil {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		face, err := parseFace("fuzz", bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		codes := map[uint16]uint16{}
		for _, run := range face.runs {
			for r := run.first; r <= min(run.last, run.first+5); r++ {
				if g, ok := face.glyph(r); ok {
					codes[uint16(r)&0x7FFF] = g
				}
			}
		}
		if cut, err := face.cut(codes); err == nil && len(codes) > 0 {
			if _, err := parseFace("again", bytes.NewReader(cut), int64(len(cut))); err != nil {
				t.Fatalf("the subset of an accepted font is refused: %v", err)
			}
		}
	})
}
