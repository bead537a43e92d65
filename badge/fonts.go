package badge

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
)

// replacement stands for a letter that no font has: the geta mark, which
// printers have set for a missing character since the days of lead.
const replacement = '〓'

// systemFallbacks are the paths of Debian's fonts-lxgw-wenkai and
// fonts-hanazono, which draw the rare and historic Chinese characters that the
// shipped fonts lack.
var systemFallbacks = [...]string{
	"/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
	"/usr/share/fonts/truetype/hanazono/HanaMinA.ttf",
	"/usr/share/fonts/truetype/hanazono/HanaMinB.ttf",
}

// Fonts is what badges are written with: one family in two weights and, behind
// it, fonts for the characters it lacks. It is parsed once and shared by any
// number of renderers and goroutines.
type Fonts struct {
	chains [2][]func() *face // by weight, the family first; nil when a font is absent
	drawn  drawn             // for bitmaps
}

type weight int

const (
	regular weight = iota
	bold
)

// OpenFonts parses two TrueType files of fsys, which stay open. Behind them it
// puts the fonts for other scripts that lie in the folder of the regular one,
// named *-Regular.ttf.gz, and the paths of fallback fonts, each in its order;
// beside one that is named -Regular, bold texts look for -Bold first. Such a
// font is opened when a character is first looked for in it; one that is absent
// or broken is passed over. OpenFonts fails on a main font that cannot be
// embedded or has no Latin letters, digits, ellipsis and geta mark.
//
// Outlines are read from files one by one: of a font that is embedded in the
// program or lies on disk, a few 100 kB are in memory; a compressed one is
// there whole.
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
	packed, err := fs.Glob(fsys, path.Dir(regularTTF)+"/*-Regular.ttf.gz")
	if err != nil {
		return nil, fmt.Errorf("badge: fonts beside %s: %w", regularTTF, err)
	}
	for _, name := range packed {
		fonts.append(name, "-Regular.ttf.gz", "-Bold.ttf.gz", func(name string) *face { return openPacked(fsys, name) })
	}
	for _, name := range fallbacks {
		fonts.append(name, "-Regular.ttf", "-Bold.ttf", openFallback)
	}
	return fonts, nil
}

// append puts a font at the end of both chains, its bold brother before it in
// that of bold texts. Both are opened when first needed.
func (f *Fonts) append(name, suffix, boldSuffix string, open func(string) *face) {
	if base, ok := strings.CutSuffix(name, suffix); ok {
		f.chains[bold] = append(f.chains[bold], sync.OnceValue(func() *face { return open(base + boldSuffix) }))
	}
	own := sync.OnceValue(func() *face { return open(name) })
	for w := range f.chains {
		f.chains[w] = append(f.chains[w], own)
	}
}

// Missing returns the characters of a text that no font has, each once and in
// their order, so that a person can be asked before anything is printed; see
// Report.Missing for what becomes of them. It is quick enough to ask at each
// key.
func (f *Fonts) Missing(text string) []string {
	line, _ := clean(text)
	_, missing := f.shape(bold, line)
	return missing
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

// maxPacked bounds the memory of a compressed font.
const maxPacked = 4 << 20

func openPacked(fsys fs.FS, name string) *face {
	packed, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(r, maxPacked))
	if err != nil {
		return nil
	}
	f, err := parseFace(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil
	}
	return f
}

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
	face := f.first(w, func(c *face) bool { return c.has(r) })
	if face == nil {
		return glyph{}, false
	}
	index, _ := face.glyph(r)
	return face.plain(index), true
}
