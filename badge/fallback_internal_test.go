package badge

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"hallpass/assets"
)

// fontOf writes a font that has one character, drawn as like is in the shipped
// regular font, so that its width tells which font was taken.
func fontOf(t *testing.T, path string, r, like rune) string {
	t.Helper()
	from := shipped(t, "NotoSansSC-Regular.ttf")
	glyph, ok := from.glyph(like)
	if !ok {
		t.Fatalf("no %q", like)
	}
	data, err := cut(uint16(r), []outlineOf{{from, glyph}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// em is the width of a character of the shipped regular font.
func em(t *testing.T, r rune) float64 {
	t.Helper()
	from := shipped(t, "NotoSansSC-Regular.ttf")
	glyph, ok := from.glyph(r)
	if !ok {
		t.Fatalf("no %q", r)
	}
	return from.advance(glyph)
}

func chain(t *testing.T, fallbacks ...string) *Fonts {
	t.Helper()
	fonts, err := OpenFonts(assets.Files(), "fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf", fallbacks...)
	if err != nil {
		t.Fatal(err)
	}
	return fonts
}

// The first font of the chain that has a character draws it; the family itself
// comes before every fallback.
func TestFonts_FirstThatHasIt(t *testing.T) {
	dir := t.TempDir()
	wide, narrow := fontOf(t, filepath.Join(dir, "wide.ttf"), 'Ꭰ', 'W'), fontOf(t, filepath.Join(dir, "narrow.ttf"), 'Ꭰ', 'i')
	other := fontOf(t, filepath.Join(dir, "other.ttf"), '国', 'i') // the family has 国 itself
	for _, c := range []struct {
		name      string
		fallbacks []string
		r         rune
		want      float64 // ems, 0 if none has it
	}{
		{"NoFallback", nil, 'Ꭰ', 0},
		{"One", []string{narrow}, 'Ꭰ', em(t, 'i')},
		{"TheFirst", []string{wide, narrow}, 'Ꭰ', em(t, 'W')},
		{"TheOtherWay", []string{narrow, wide}, 'Ꭰ', em(t, 'i')},
		{"AbsentIsPassedOver", []string{filepath.Join(dir, "none.ttf"), dir, narrow}, 'Ꭰ', em(t, 'i')},
		{"WithoutItIsPassedOver", []string{other, narrow}, 'Ꭰ', em(t, 'i')},
		{"FamilyFirst", []string{other}, '国', 1},
		{"NobodyHasIt", []string{wide, narrow, other}, 'Ꭲ', 0},
	} {
		fonts := chain(t, c.fallbacks...)
		for w := range fonts.chains {
			g, ok := fonts.find(weight(w), c.r)
			if ok != (c.want > 0) || ok && g.advance != c.want {
				t.Errorf("%s, weight %d: %g em, %v, want %g", c.name, w, g.advance, ok, c.want)
			}
		}
		glyphs, missing := fonts.shape(regular, string(c.r))
		if c.want == 0 && (!slices.Equal(missing, []string{string(c.r)}) || spell(glyphs) != string(replacement)) {
			t.Errorf("%s: drawn as %q, missing %q", c.name, spell(glyphs), missing)
		}
		if c.want > 0 && (missing != nil || spell(glyphs) != string(c.r)) {
			t.Errorf("%s: drawn as %q, missing %q", c.name, spell(glyphs), missing)
		}
	}
}

// Bold texts look for the fallback's bold brother first, regular ones never;
// without a brother both use the one there is.
func TestFonts_BoldBrotherOfAFallback(t *testing.T) {
	dir := t.TempDir()
	both := fontOf(t, filepath.Join(dir, "Both-Regular.ttf"), 'Ꭰ', 'i')
	fontOf(t, filepath.Join(dir, "Both-Bold.ttf"), 'Ꭰ', 'W')
	alone := fontOf(t, filepath.Join(dir, "Alone-Regular.ttf"), 'Ꭱ', 'i')
	fonts := chain(t, both, alone)
	for _, c := range []struct {
		w    weight
		r    rune
		want float64
	}{{regular, 'Ꭰ', em(t, 'i')}, {bold, 'Ꭰ', em(t, 'W')}, {regular, 'Ꭱ', em(t, 'i')}, {bold, 'Ꭱ', em(t, 'i')}} {
		if g, ok := fonts.find(c.w, c.r); !ok || g.advance != c.want {
			t.Errorf("weight %d, %q: %g em, %v, want %g", c.w, c.r, g.advance, ok, c.want)
		}
	}
}

// A fallback is opened by the first badge that needs it, once, however many
// desks need it at that moment; until then it may be absent.
func TestFonts_FallbackOpensAtFirstNeedOfAnyGoroutine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "late.ttf")
	fonts := chain(t, path)
	if _, ok := fonts.find(regular, '王'); !ok { // the family's own
		t.Fatal("no 王")
	}
	fontOf(t, path, 'Ꭰ', 'i')
	r, err := New(oneLine(t), fonts)
	if err != nil {
		t.Fatal(err)
	}
	var g sync.WaitGroup
	for range 8 {
		g.Go(func() {
			reports, err := r.PDF(io.Discard, []Page{{Person: Person{Name: "Ꭰ"}, Token: "HALLPASS"}})
			if err != nil || reports[0].Missing != nil {
				t.Errorf("%+v, %v", reports, err)
			}
		})
	}
	g.Wait()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, ok := fonts.find(bold, 'Ꭰ'); !ok {
		t.Error("the open font is lost with its file's name")
	}
}

func oneLine(t *testing.T) Template {
	t.Helper()
	template, err := ParseTemplate([]byte(`{"name":"one","width":60,"height":60,"items":[
		{"kind":"text","text":"name","box":[0,0,60,20],"size":{"best":20,"floor":10,"lines":1}},
		{"kind":"qr","box":[10,22,36,36]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return template
}
