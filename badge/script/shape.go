// Package script turns characters into placed glyphs: it joins Arabic letters,
// stacks Tibetan ones, puts marks where a font says, orders right-to-left text
// for the eye (Unicode Standard Annex 9), and tells where lines may break
// (Annex 14) and characters end as readers see them (Annex 29).
//
// It is the only home of the shaping library, a port of HarfBuzz to Go. It
// refuses to choose fonts or to measure lines: package badge does. It keeps no
// text; a Font serves any number of goroutines.
//
// It fails only in Parse. Text that a font cannot shape is answered with glyph
// 0 or with false, never with a panic.
package script

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
)

// Font is what shaping needs of one font: its character map, widths and layout
// tables, without outlines.
type Font struct {
	units float64

	mu     sync.Mutex
	font   *harfbuzz.Font   // guarded by mu, with the caches in it
	buffer *harfbuzz.Buffer // guarded by mu; keeps the plans of scripts met before
}

// Glyph is one glyph in its place. Lengths are in ems.
type Glyph struct {
	Index   uint16  // in the font; 0 if it has none for the character
	From    int     // the first character of the cluster that it belongs to, an index into the text
	Advance float64 // how far the pen moves after it
	DX, DY  float64 // from the pen to its origin, y upwards
}

// Parse reads a TrueType file, whose outlines may be absent: tables cmap, head,
// hhea, hmtx and maxp, and GDEF, GSUB and GPOS where there are any. The tables
// stay in use and must not change.
func Parse(sfnt []byte) (*Font, error) {
	loader, err := opentype.NewLoader(bytes.NewReader(sfnt))
	if err != nil {
		return nil, fmt.Errorf("script: %w", err)
	}
	parsed, err := font.NewFont(loader)
	if err != nil {
		return nil, fmt.Errorf("script: %w", err)
	}
	return &Font{
		units:  float64(parsed.Upem()),
		font:   harfbuzz.NewFont(font.NewFace(parsed)),
		buffer: harfbuzz.NewBuffer(),
	}, nil
}

// Shape places the glyphs of characters of one script and one direction. They
// come in the order of the eye, from left to right also where rtl; glyphs of
// one cluster stand together. It reports false if the font's tables lead
// nowhere.
func (f *Font) Shape(text []rune, rtl bool) (glyphs []Glyph, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	// Tables come from files; what they contradict is found out here.
	defer func() {
		if recover() != nil {
			f.buffer = harfbuzz.NewBuffer()
			glyphs, ok = nil, false
		}
	}()
	f.buffer.Clear()
	f.buffer.Flags = harfbuzz.Bot | harfbuzz.Eot | harfbuzz.RemoveDefaultIgnorables | harfbuzz.DoNotinsertDottedCircle
	f.buffer.Props = harfbuzz.SegmentProperties{Direction: harfbuzz.LeftToRight, Script: scriptOf(text)}
	if rtl {
		f.buffer.Props.Direction = harfbuzz.RightToLeft
	}
	f.buffer.AddRunes(text, 0, len(text))
	f.buffer.Shape(f.font, nil)
	glyphs = make([]Glyph, len(f.buffer.Info))
	for i, info := range f.buffer.Info {
		at := f.buffer.Pos[i]
		glyphs[i] = Glyph{uint16(info.Glyph), info.Cluster, float64(at.XAdvance) / f.units, float64(at.XOffset) / f.units, float64(at.YOffset) / f.units}
	}
	return glyphs, true
}

// scriptOf is the script of the first character that has one.
func scriptOf(text []rune) language.Script {
	for _, r := range text {
		if s := language.LookupScript(r); s != language.Common && s != language.Inherited && s != language.Unknown {
			return s
		}
	}
	return language.Common
}

// Of names a character's script, four letters in a number as OpenType
// writes them; 0 for characters that stand in any script, such as spaces,
// digits and marks.
func Of(r rune) uint32 {
	switch s := language.LookupScript(r); s {
	case language.Common, language.Inherited, language.Unknown:
		return 0
	default:
		return uint32(s)
	}
}
