package badge

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
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
	drawn  drawn             // for bitmaps
}

type weight int

const (
	regular weight = iota
	bold
)

// OpenFonts parses two TrueType files of fsys, which stay open, and takes the
// paths of fallback fonts in order of preference; beside a path that ends in
// -Regular.ttf bold texts look for -Bold.ttf first. A fallback is opened when a
// character is first looked for in it; one that is absent or broken is passed
// over. OpenFonts fails on a main font that cannot be embedded or has no Latin
// letters, digits, ellipsis and geta mark.
//
// Outlines are read from the files one by one: of a font that is embedded in
// the program or lies on disk, a few 100 kB are in memory.
func OpenFonts(fsys fs.FS, regularTTF, boldTTF string, fallbacks ...string) (*Fonts, error) {
	var main [2]*face
	for w, name := range [2]string{regularTTF, boldTTF} {
		f, err := openMain(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("badge: font %s: %w", name, err)
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
		if base, ok := strings.CutSuffix(path, "-Regular.ttf"); ok {
			openBold := sync.OnceValue(func() *face { return openFallback(base + "-Bold.ttf") })
			fonts.chains[bold] = append(fonts.chains[bold], openBold)
		}
		for w := range fonts.chains {
			fonts.chains[w] = append(fonts.chains[w], open)
		}
	}
	return fonts, nil
}

func openMain(fsys fs.FS, name string) (*face, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	src, ok := file.(io.ReaderAt)
	if !ok {
		return nil, errors.Join(errors.New("its file system cannot read at an offset"), file.Close())
	}
	f, err := parseFace(src, info.Size())
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	for _, r := range "ABCXYZabcxyz0189-. …" + string(replacement) {
		if _, ok := f.glyph(r); !ok {
			return nil, errors.Join(fmt.Errorf("%w: it has no %q", errFont, r), file.Close())
		}
	}
	return f, nil
}

// SystemFallbacks returns the paths where Debian keeps fonts for rare Chinese
// characters (packages fonts-lxgw-wenkai, fonts-hanazono), installed or not.
// A badge with such a character looks different where they are not.
func SystemFallbacks() []string { return append([]string(nil), systemFallbacks[:]...) }

// openFallback keeps the file open for as long as the process lives.
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

// first returns the first font of the chain that will do, nil if none.
func (f *Fonts) first(w weight, will func(*face) bool) *face {
	for _, get := range f.chains[w] {
		if face := get(); face != nil && will(face) {
			return face
		}
	}
	return nil
}

// find goes down the chain of fonts and reports false if none has r.
func (f *Fonts) find(w weight, r rune) (glyph, bool) {
	face := f.first(w, func(c *face) bool { _, ok := c.glyph(r); return ok })
	if face == nil {
		return glyph{}, false
	}
	index, _ := face.glyph(r)
	return face.plain(index), true
}
