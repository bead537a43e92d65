package badge

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync"
)

// replacement stands for a letter that no font has: the geta mark, which
// printers have set for a missing character since the days of lead.
const replacement = '〓'

// systemFallbacks are the paths of Debian's fonts-lxgw-wenkai and
// fonts-hanazono, which draw rare and historic Chinese characters.
var systemFallbacks = [...]string{
	"/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
	"/usr/share/fonts/truetype/hanazono/HanaMinA.ttf",
	"/usr/share/fonts/truetype/hanazono/HanaMinB.ttf",
}

// Fonts is what badges are written with: one family in two weights and, behind
// it, fonts for the characters it lacks. It is parsed once and shared by any
// number of renderers and goroutines.
type Fonts struct {
	chains [2][]func() *face // by weight; nil when a fallback is absent
}

type weight int

const (
	regular weight = iota
	bold
)

// ParseFonts takes two TrueType files, which it keeps and never changes, and
// the paths of fallback fonts in order of preference. A fallback is opened when
// a character is first looked for in it; one that is absent or broken is
// passed over. It fails on a main font that cannot be embedded or has no Latin
// letters, digits, ellipsis and geta mark.
func ParseFonts(regularTTF, boldTTF []byte, fallbacks ...string) (*Fonts, error) {
	var main [2]*face
	for w, data := range [2][]byte{regularTTF, boldTTF} {
		name := [2]string{"regular", "bold"}[w]
		f, err := parseFace(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return nil, fmt.Errorf("badge: %s font: %w", name, err)
		}
		for _, r := range "ABCXYZabcxyz0189-. …" + string(replacement) {
			if _, ok := f.glyph(r); !ok {
				return nil, fmt.Errorf("badge: %s font: %w: it has no %q", name, errFont, r)
			}
		}
		main[w] = f
	}
	fonts := &Fonts{}
	for w := range main {
		own, other := main[w], main[1-w]
		fonts.chains[w] = []func() *face{func() *face { return own }, func() *face { return other }}
	}
	for _, path := range fallbacks {
		open := sync.OnceValue(func() *face { return openFallback(path) })
		for w := range fonts.chains {
			fonts.chains[w] = append(fonts.chains[w], open)
		}
	}
	return fonts, nil
}

// SystemFallbacks returns the paths where Debian keeps fonts for rare Chinese
// characters (packages fonts-lxgw-wenkai, fonts-hanazono), installed or not.
// A badge with such a character looks different where they are not.
func SystemFallbacks() []string { return append([]string(nil), systemFallbacks[:]...) }

// openFallback keeps the file open for as long as the process lives: outlines
// are read from it one by one, so a font of 30 MB costs a few 100 kB.
func openFallback(path string) *face {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	size, err := file.Seek(0, io.SeekEnd)
	if err == nil {
		if f, err := parseFace(file, size); err == nil {
			return f
		}
	}
	file.Close()
	return nil
}

// glyph is one character as a badge will show it.
type glyph struct {
	r       rune
	face    *face
	index   uint16
	advance float64 // ems
}

// find goes down the chain of fonts and reports false if none has r.
func (f *Fonts) find(w weight, r rune) (glyph, bool) {
	for _, get := range f.chains[w] {
		face := get()
		if face == nil {
			continue
		}
		if index, ok := face.glyph(r); ok {
			return glyph{r, face, index, face.advance(index)}, true
		}
	}
	return glyph{}, false
}
