package badge

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"math"
	"os"
	"slices"
	"sync"
	"testing"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// shippedFont is a font as it lies in the repository.
const shippedFont = "../assets/fonts/NotoSansSC-Regular.ttf"

var bitmapBounds = image.Rect(0, 0, 120, 90)

func openShipped(t testing.TB) *face {
	t.Helper()
	data := read(t, shippedFont)
	f, err := parseFace(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Every stroke is the one that another reader of TrueType finds, also of glyphs
// that are put together of others.
func TestOutline_EqualsAnotherReaders(t *testing.T) {
	composed := 0
	for name, font := range map[string]struct {
		data []byte
		step int
	}{"shipped": {read(t, shippedFont), 23}, "LXGW WenKai": {read(t, systemFallbacks[0]), 61}} {
		f, err := parseFace(bytes.NewReader(font.data), int64(len(font.data)))
		if err != nil {
			t.Fatal(err)
		}
		other, err := sfnt.Parse(font.data)
		if err != nil {
			t.Fatal(err)
		}
		var buffer sfnt.Buffer
		for glyph := range f.glyphs {
			raw, err := f.outline(uint16(glyph))
			if err != nil {
				t.Fatal(err)
			}
			if len(raw) > 0 && int16(u16(raw, 0)) < 0 {
				composed++
			} else if glyph%font.step > 0 {
				continue
			}
			want, err := other.LoadGlyph(&buffer, sfnt.GlyphIndex(glyph), fixed.I(int(f.unitsPerEm)), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := ours(t, f, uint16(glyph)), theirs(want); !sameStrokes(got, want) {
				t.Fatalf("%s: glyph %d is\n%v, want\n%v", name, glyph, got, want)
			}
		}
	}
	if composed == 0 {
		t.Error("none of the glyphs looked at is composed")
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// ours and theirs are strokes in font units: kind, end, and the control point
// of a curve; without the lines of no length that either adds to close a contour.
func ours(t testing.TB, f *face, glyph uint16) (all [][5]float64) {
	t.Helper()
	points, err := f.points(glyph)
	if err != nil {
		t.Fatal(err)
	}
	unit := func(v float32) float64 { return float64(v) * f.unitsPerEm }
	for _, s := range f.path(points).strokes {
		all = appendStroke(all, s.kind, [4]float64{unit(s.x), unit(s.y), unit(s.cx), unit(s.cy)})
	}
	return all
}

func theirs(segments sfnt.Segments) (all [][5]float64) {
	unit := func(v fixed.Int26_6) float64 { return float64(v) / 64 }
	for _, s := range segments {
		to, by := s.Args[0], fixed.Point26_6{}
		if s.Op == sfnt.SegmentOpQuadTo {
			to, by = s.Args[1], s.Args[0]
		}
		all = appendStroke(all, strokeKind(s.Op), [4]float64{unit(to.X), unit(to.Y), unit(by.X), unit(by.Y)})
	}
	return all
}

func appendStroke(all [][5]float64, kind strokeKind, v [4]float64) [][5]float64 {
	if n := len(all); kind == lineTo && n > 0 && math.Hypot(all[n-1][1]-v[0], all[n-1][2]-v[1]) < 1e-3 {
		return all
	}
	return append(all, [5]float64{float64(kind), v[0], v[1], v[2], v[3]})
}

// sameStrokes lets a contour begin anywhere.
func sameStrokes(a, b [][5]float64) bool {
	moves := func(s [5]float64) bool { return strokeKind(s[0]) == moveTo }
	a, b = slices.DeleteFunc(a, moves), slices.DeleteFunc(b, moves)
	for _, s := range a {
		if !slices.ContainsFunc(b, func(other [5]float64) bool { return alike(s, other) }) {
			return false
		}
	}
	return len(a) == len(b)
}

// alike allows the unit by which the other reader rounds points half-way.
func alike(a, b [5]float64) bool {
	for i := range a {
		if math.Abs(a[i]-b[i]) > 1 {
			return false
		}
	}
	return a[0] == b[0]
}

// P9: an outline of any bytes is an outline or errFont.
func FuzzOutline(f *testing.F) {
	shipped := openShipped(f)
	for _, r := range "iñ国…" {
		glyph, ok := shipped.glyph(r)
		if !ok {
			f.Fatalf("no %q", r)
		}
		raw, err := shipped.outline(glyph)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add(compositeOf(0, argsAreXY|moreComponents, 0, argsAreXY)) // itself, twice
	f.Add([]byte{0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 9, 255})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw)%2 == 1 || len(raw) > maxGlyphSize {
			return
		}
		damaged := faceOf(raw)
		points, err := damaged.points(0)
		if err != nil {
			if !errors.Is(err, errFont) {
				t.Errorf("err = %v", err)
			}
			return
		}
		if len(points) > maxGlyphPoints {
			t.Errorf("%d points", len(points))
		}
		o := damaged.path(points)
		var p pen
		if mask := p.glyph(o, 40, 5, 50, bitmapBounds); mask != nil && !mask.Rect.In(bitmapBounds) {
			t.Errorf("drawn in %v", mask.Rect)
		}
	})
}

// faceOf is a font of raw glyphs.
func faceOf(glyphs ...[]byte) *face {
	f := &face{unitsPerEm: 1000, glyphs: len(glyphs), loca: make([]byte, 2)}
	var glyf []byte
	for _, raw := range glyphs {
		glyf = append(glyf, raw...)
		glyf = append(glyf, make([]byte, len(glyf)%2)...)
		f.loca = binary.BigEndian.AppendUint16(f.loca, uint16(len(glyf)/2))
	}
	f.src, f.tables = bytes.NewReader(glyf), map[string]span{"glyf": {0, int64(len(glyf))}}
	return f
}

// compositeOf takes pairs of a glyph and flags; all stand at 10, 20.
func compositeOf(pairs ...uint16) []byte {
	data := append([]byte{0xFF, 0xFF}, make([]byte, 8)...)
	for i := 0; i < len(pairs); i += 2 {
		data = binary.BigEndian.AppendUint16(data, pairs[i+1])
		data = binary.BigEndian.AppendUint16(data, pairs[i])
		data = append(data, 10, 20)
	}
	return data
}

// square has corners at 0 and 100: contours, bounds, the last point,
// instructions, flags, x, y.
var square = []byte{
	0, 1, 0, 0, 0, 0, 0, 100, 0, 100, 0, 3, 0, 0, onCurve, onCurve, onCurve, onCurve,
	0, 0, 0, 100, 0, 0, 0xFF, 0x9C, 0, 0, 0, 0, 0, 100, 0, 0,
}

// What Noto's fonts seldom use: parts that are scaled, turned, or hung by one
// point on another.
func TestOutline_PlacesParts(t *testing.T) {
	quarter := binary.BigEndian.AppendUint16(nil, 1<<12)
	for name, c := range map[string]struct {
		part                     []byte
		left, top, right, bottom float32 // in units, y downwards
	}{
		"moved":           {compositeOf(0, argsAreXY), 10, -120, 110, -20},
		"a quarter":       {append(compositeOf(0, argsAreXY|hasScale), quarter...), 10, -45, 35, -20},
		"two scales":      {append(compositeOf(0, argsAreXY|hasXYScale), append([]byte{0x40, 0}, quarter...)...), 10, -45, 110, -20},
		"turned by 90°":   {append(compositeOf(0, argsAreXY|has2x2), 0, 0, 0x40, 0, 0xC0, 0, 0, 0), -90, -120, 10, -20},
		"offset scaled":   {append(compositeOf(0, argsAreXY|hasScale|scaledArgs), quarter...), 2.5, -30, 27.5, -5},
		"hung on a point": {append(compositeOf(0, argsAreXY|moreComponents), 0, 0, 0, 0, 2, 0), 10, -220, 210, -20},
	} {
		f := faceOf(square, c.part)
		points, err := f.points(1)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		g := f.path(points)
		got, want := [4]float32{g.left, g.top, g.right, g.bottom}, [4]float32{c.left, c.top, c.right, c.bottom}
		for i := range got {
			if math.Abs(float64(got[i]*1000-want[i])) > 1e-3 {
				t.Errorf("%s: bounds %v ems, want %v units", name, got, want)
				break
			}
		}
	}
}

func TestOutline_RefusesAGlyphMadeOfItself_P9(t *testing.T) {
	for name, raw := range map[string][]byte{
		"once": compositeOf(0, argsAreXY), "many times": compositeOf(0, argsAreXY|moreComponents, 0, argsAreXY|moreComponents, 0, argsAreXY),
		"cut off": compositeOf(0, argsAreXY|argsAreWords),
	} {
		if _, err := faceOf(raw).points(0); !errors.Is(err, errFont) {
			t.Errorf("%s: err = %v", name, err)
		}
	}
}

// What is kept stays within its bound however many characters are drawn, and
// is the same for all who ask.
func TestOutlines_AreBoundedAndSharedByGoroutines(t *testing.T) {
	f := openShipped(t)
	var kept glyphShapes
	var wait sync.WaitGroup
	for part := range 4 {
		wait.Go(func() {
			for glyph := part; glyph < 12_000; glyph += 3 {
				if _, err := kept.of(outlineOf{f, uint16(glyph)}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	total := 0
	for _, generation := range []map[outlineOf]*glyphShape{kept.kept.young, kept.kept.old} {
		for _, o := range generation {
			total += len(o.strokes) + 1
		}
	}
	if limit := 2 * (keptStrokes + maxGlyphPoints); total > limit || total < keptStrokes/2 {
		t.Errorf("%d strokes are kept, want at most %d and not few", total, limit)
	}
	key := outlineOf{f, 11_000}
	one, err := kept.of(key)
	if err != nil {
		t.Fatal(err)
	}
	if two, _ := kept.of(key); one != two {
		t.Error("an outline just drawn was read again")
	}
}
