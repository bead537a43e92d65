package badge

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"
)

func TestAtLeast_EveryByteInEveryPlace(t *testing.T) {
	for _, least := range []byte{1, hairline, mostlyCovered, 128} {
		for v := range 256 {
			for place := range 8 {
				eight := uint64(v)<<(8*place) | 0xFF<<(8*((place+3)%8))
				want := uint64(1) << (8 * ((place + 3) % 8))
				if byte(v) >= least {
					want |= 1 << (8 * place)
				}
				if got := atLeast(eight, least); got != want {
					t.Fatalf("%d in place %d, at least %d: %016x, want %016x", v, place, least, got, want)
				}
			}
		}
	}
}

func TestSpread_UndoesGather(t *testing.T) {
	for v := range 256 {
		if got := byte(spread[v] * gather >> 56); got != byte(v) {
			t.Fatalf("%08b became %08b", v, got)
		}
	}
}

// plainly is what a letter's dots are by their definition, pixel by pixel.
func plainly(mask *image.Alpha, img *image.Paletted, ink uint8) {
	for y := range mask.Rect.Dy() {
		for x := range mask.Rect.Dx() {
			v := mask.Pix[y*mask.Stride+x]
			if v >= mostlyCovered || v >= hairline && ridge(mask, x, y) {
				img.SetColorIndex(mask.Rect.Min.X+x, mask.Rect.Min.Y+y, ink)
			}
		}
	}
}

// Letters in black and in white, at all sizes, turned or not, within the page
// and beyond each of its edges, are dot for dot what they are by definition.
func TestDots_LettersAreStampedAsTheyAreDrawn(t *testing.T) {
	f := openShipped(t)
	random := rand.New(rand.NewPCG(4, 2))
	paper := func() *image.Paletted {
		img := image.NewPaletted(image.Rect(0, 0, 157, 131), color.Palette{color.White, color.Black})
		for i := range img.Pix {
			img.Pix[i] = uint8(random.IntN(2))
		}
		return img
	}
	var kept stamps
	var glyphs glyphShapes
	var p pen
	for n := range 4_000 {
		key := outlineOf{f, uint16(random.IntN(400))}
		shape, err := glyphs.of(key)
		if err != nil {
			t.Fatal(err)
		}
		l := letter{key, shape, float64(6 + random.IntN(80)), float64(random.IntN(170) - 5), float64(random.IntN(150) - 5)}
		if n%5 == 0 {
			l.size = -l.size
		}
		want := paper()
		got := &image.Paletted{Pix: append([]byte{}, want.Pix...), Stride: want.Stride, Rect: want.Rect, Palette: want.Palette}
		ink := uint8(n % 2)
		if mask := p.glyph(shape, l.size, l.x, l.y, want.Rect); mask != nil {
			plainly(mask, want, ink)
		}
		d := &dots{img: got, ink: ink, letters: &kept}
		d.letter(&p, l)
		if !bytes.Equal(got.Pix, want.Pix) {
			t.Fatalf("glyph %d of %v dots at %v, %v is not what it should be", key.glyph, l.size, l.x, l.y)
		}
	}
	if kept.kept.size == 0 {
		t.Error("no letter was kept")
	}
}

// What is kept is bounded however many letters and sizes there are, and what
// was needed just now is among it.
func TestStamps_AreBounded(t *testing.T) {
	f := openShipped(t)
	var kept stamps
	var glyphs glyphShapes
	var p pen
	key := stampOf{}
	for n := range 3_000 {
		key = stampOf{outlineOf{f, uint16(200 + n)}, 250}
		shape, err := glyphs.of(key.outline)
		if err != nil {
			t.Fatal(err)
		}
		kept.of(key, shape, &p)
	}
	total := 0
	for _, generation := range []map[stampOf]*stamp{kept.kept.young, kept.kept.old} {
		for _, s := range generation {
			total += s.size()
		}
	}
	if total > 2*keptStamps+1<<20 || total < keptStamps {
		t.Errorf("%d bytes of letters are kept, want up to %d", total, 2*keptStamps)
	}
	if kept.kept.young[key] == nil {
		t.Error("the last letter is not kept")
	}
}
