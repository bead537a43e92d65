package badge

import (
	"image"
	"math"
)

const mmPerInch = 25.4

// surface is what a sheet is drawn on. Places are in its pixels and may reach
// beyond it.
type surface interface {
	// fill paints a box, blot the coverage of any other shape.
	fill(r image.Rectangle, s shape)
	blot(mask *image.Alpha, s shape)
	// picture paints those pixels of a picture that mask covers, all if nil.
	picture(img *image.RGBA, mask *image.Alpha, m mono)
	// line says which text follows, letter by letter.
	line(l textLine)
	letter(p *pen, l letter)
	// blackAndWhite: modules are whole dots, and what a template keeps off labels
	// is left out.
	blackAndWhite() bool
}

// letter is one glyph of a line, with its origin at x, y.
type letter struct {
	of    outlineOf
	shape *glyphShape
	size  float64 // pixels an em; negative turns it by 180°
	x, y  float64
}

// bounds is the pixels that it may cover.
func (l letter) bounds() image.Rectangle {
	return l.shape.bounds(l.size, l.x, l.y)
}

// sheet draws one side of a plan: it turns millimetres into pixels.
type sheet struct {
	surface surface
	bounds  image.Rectangle
	perMM   float64
	drawn   *drawn
	private *Picture // not to be kept
	pen     *pen
}

func newSheet(s side, dpi int, kept *drawn) *sheet {
	sheet := &sheet{perMM: float64(dpi) / mmPerInch, drawn: kept, pen: kept.pens.get()}
	sheet.bounds = sheet.pixels(Box{0, 0, s.w, s.h})
	return sheet
}

func (s *sheet) close() { s.drawn.pens.put(s.pen) }

func (s *sheet) draw(side side) error {
	for _, p := range side.under {
		s.picture(p)
	}
	for _, shape := range side.shapes {
		s.shape(shape)
	}
	for _, p := range side.pictures {
		s.picture(p)
	}
	for _, line := range side.lines {
		if err := s.text(line); err != nil {
			return err
		}
	}
	for _, c := range side.codes {
		s.code(c)
	}
	return nil
}

func (s *sheet) dot(mm float64) int { return int(math.Round(mm * s.perMM)) }

// pixels rounds a box to whole pixels, one at least, so that no line vanishes.
func (s *sheet) pixels(b Box) image.Rectangle {
	r := image.Rect(s.dot(b.X), s.dot(b.Y), s.dot(b.X+b.W), s.dot(b.Y+b.H))
	r.Max.X, r.Max.Y = max(r.Max.X, r.Min.X+1), max(r.Max.Y, r.Min.Y+1)
	return r
}

func (s *sheet) shape(sh shape) {
	if sh.mono == monoAbsent && s.surface.blackAndWhite() {
		return
	}
	if sh.plain {
		s.surface.fill(s.pixels(sh.box), sh)
	} else if mask := s.pen.path(sh, s.perMM, s.bounds); mask != nil {
		s.surface.blot(mask, sh)
	}
}

func (s *sheet) picture(p placed) {
	seen := s.pixels(p.clip.box).Intersect(s.bounds)
	if seen.Empty() || p.mono == monoAbsent && s.surface.blackAndWhite() {
		return
	}
	img := s.drawn.pictures.of(p, s.pixels(p.box), seen, p.picture != s.private)
	var mask *image.Alpha
	if !p.clip.plain {
		if mask = s.pen.path(p.clip, s.perMM, s.bounds); mask == nil {
			return
		}
	}
	s.surface.picture(img, mask, p.mono)
}

// text draws one line, glyph by glyph.
func (s *sheet) text(line textLine) error {
	s.surface.line(line)
	size := line.size * mmPerPoint * s.perMM // pixels an em
	x, y := line.x*s.perMM, line.baseline*s.perMM
	if line.turned {
		size = -size
	}
	for _, g := range line.glyphs {
		shape, err := s.drawn.glyphs.of(outlineOf{g.face, g.index})
		if err != nil {
			return err
		}
		s.surface.letter(s.pen, letter{outlineOf{g.face, g.index}, shape, size, x + g.dx*size, y - g.dy*size})
		x += g.advance * size
	}
	return nil
}

// code draws the modules of a QR. On a label all have the same whole number of
// dots, in the middle of the box, as that is what a printer keeps; on a screen
// they keep their size.
func (s *sheet) code(c placedCode) {
	black := colour{}
	n := len(c.modules)
	if !s.surface.blackAndWhite() {
		module := c.box.W / float64(n+2*quietModules)
		code := shape{box: c.box, colour: black}
		eachRun(c.modules, func(x, y, length int) {
			run := Box{c.box.X + float64(x+quietModules)*module, c.box.Y + float64(y+quietModules)*module, float64(length) * module, module}
			code.path = append(code.path, rectPath(run, 0)...)
		})
		if mask := s.pen.path(code, s.perMM, s.bounds); mask != nil {
			s.surface.blot(mask, code)
		}
		return
	}
	r := s.pixels(c.box)
	size := max(1, min(r.Dx(), r.Dy())/(n+2*quietModules))
	left, top := r.Min.X+(r.Dx()-n*size)/2, r.Min.Y+(r.Dy()-n*size)/2
	eachRun(c.modules, func(x, y, length int) {
		run := image.Rect(0, 0, length*size, size).Add(image.Pt(left+x*size, top+y*size))
		s.surface.fill(run, shape{colour: black, mono: monoBlack})
	})
}

// eachRun calls f for the dark modules beside each other in a row.
func eachRun(modules [][]bool, f func(x, y, length int)) {
	for y, row := range modules {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			end := x
			for end < len(row) && row[end] {
				end++
			}
			f(x, y, end-x)
			x = end
		}
	}
}
