package badge

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func shipped(t testing.TB, file string) *face {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "assets", "fonts", file))
	if err != nil {
		t.Fatal(err)
	}
	f, err := parseFace(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func parse(t testing.TB, data []byte) *face {
	t.Helper()
	f, err := parseFace(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestCut_KeepsOutlinesAndWidthsOfSeveralFonts(t *testing.T) {
	thick, thin := shipped(t, "NotoSansSC-Bold.ttf"), shipped(t, "NotoSansSC-Regular.ttf")
	var picks []outlineOf
	for _, r := range "张𬭎李 Aé〓" {
		for _, f := range []*face{thick, thin} {
			glyph, ok := f.glyph(r)
			if !ok {
				t.Fatalf("no %q", r)
			}
			picks = append(picks, outlineOf{f, glyph})
		}
	}
	data, err := cut(0x100, picks)
	if err != nil {
		t.Fatal(err)
	}
	small := parse(t, data)
	if small.glyphs != len(picks)+1 || len(data) > 8<<10 {
		t.Errorf("%d glyphs in %d bytes", small.glyphs, len(data))
	}
	for i, pick := range picks {
		glyph, ok := small.glyph(rune(0x100 + i))
		if !ok {
			t.Fatalf("code %d is not in the subset", i)
		}
		want, err := pick.face.outline(pick.glyph)
		if err != nil {
			t.Fatal(err)
		}
		got, err := small.outline(glyph)
		if err != nil || !bytes.Equal(bytes.TrimRight(got, "\x00"), bytes.TrimRight(want, "\x00")) || small.advance(glyph) != pick.face.advance(pick.glyph) {
			t.Errorf("code %d: outline of %d bytes, want %d; %v", i, len(got), len(want), err)
		}
	}
	if _, ok := small.glyph('王'); ok {
		t.Error("the subset has a character that was not asked for")
	}
	if again, err := cut(0x100, picks); err != nil || !bytes.Equal(again, data) {
		t.Error("the same subset has other bytes")
	}
	if _, err := cut(0x100, nil); err == nil {
		t.Error("a subset of nothing was made")
	}
}

// composite is a font whose glyph 3 is glyph 4 twice, and glyph 4 is glyph 2.
func composite() []byte {
	simple := append([]byte{0, 1}, make([]byte, 13)...) // one contour of one point
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
	data, err := cut('x', []outlineOf{{f, 3}})
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
		if _, err := Unhinted(outline, func(part uint16) uint16 { parts = append(parts, part); return part }); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(parts, []uint16{2, 2, 3}) {
		t.Errorf("parts %v, want 2, 2, 3", parts)
	}
	if advance, bearing := f.metric(4); advance != 512 || bearing != 9 {
		t.Errorf("metric %d, %d, want the last advance 512 and its own bearing 9", advance, bearing)
	}
}

func TestUnhinted_DropsInstructions(t *testing.T) {
	header := make([]byte, 10)
	simple := append(append([]byte{0, 1}, header[2:]...), 0, 3, 0, 2, 0xB0, 0x01, 7, 8, 9, 10)
	got, err := Unhinted(bytes.Clone(simple), nil)
	if want := append(append([]byte{0, 1}, header[2:]...), 0, 3, 0, 0, 7, 8, 9, 10); err != nil || !bytes.Equal(got, want) {
		t.Errorf("simple outline %v, %v, want %v", got, err, want)
	}
	part := append(append([]byte{0xFF, 0xFF}, header[2:]...), 1, 1, 0, 5, 0, 1, 0, 2, 0, 2, 0xB0, 0x01)
	got, err = Unhinted(bytes.Clone(part), func(uint16) uint16 { return 6 })
	if want := append(append([]byte{0xFF, 0xFF}, header[2:]...), 0, 1, 0, 6, 0, 1, 0, 2); err != nil || !bytes.Equal(got, want) {
		t.Errorf("composite outline %v, %v, want %v", got, err, want)
	}
	for _, cut := range []int{13, 15} {
		if _, err := Unhinted(bytes.Clone(simple[:cut]), nil); err == nil {
			t.Errorf("an outline cut to %d bytes was accepted", cut)
		}
		if _, err := Unhinted(bytes.Clone(part[:cut]), func(g uint16) uint16 { return g }); err == nil {
			t.Errorf("a composite cut to %d bytes was accepted", cut)
		}
	}
}

// A fallback is opened when a character is first looked for, and draws it.
func TestFonts_FallBack(t *testing.T) {
	f := shipped(t, "NotoSansSC-Bold.ttf")
	glyph, _ := f.glyph('韩')
	data, err := cut('Ꭰ', []outlineOf{{f, glyph}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "korean.ttf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	fonts, err := OpenFonts(os.DirFS(filepath.Join("..", "assets", "fonts")), "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", path)
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
	reports, err := r.PDF(&out, []Page{{Person: Person{Name: "ᎠA"}, Token: "HP1"}})
	if err != nil || len(reports[0].Missing) > 0 {
		t.Fatalf("missing %q, %v", reports[0].Missing, err)
	}
	if field := reports[0].Fields[0]; len(field.Lines) != 1 || field.Lines[0] != "ᎠA" {
		t.Errorf("printed %+v", field)
	}
}

// No font file, however broken, does more than fail.
func FuzzParseFace(f *testing.F) {
	f.Add(composite())
	bold := shipped(f, "NotoSansSC-Bold.ttf")
	data, err := cut('A', []outlineOf{{bold, 34}, {bold, 500}, {bold, 9000}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		face, err := parseFace(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		var picks []outlineOf
		for _, run := range face.runs {
			for r := run.first; r <= min(run.last, run.first+5) && len(picks) < 1000; r++ {
				if g, ok := face.glyph(r); ok {
					picks = append(picks, outlineOf{face, g})
				}
			}
		}
		if subset, err := cut(firstCode, picks); err == nil {
			if _, err := parseFace(bytes.NewReader(subset), int64(len(subset))); err != nil {
				t.Fatalf("the subset of an accepted font is refused: %v", err)
			}
		}
	})
}
