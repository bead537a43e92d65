package badge

import (
	"fmt"
	"math"
)

// Flags of a simple glyph's points and of a composite glyph's parts beyond those
// that subset.go needs, OpenType specification, table glyf.
const (
	onCurve    = 1 << 0
	xShort     = 1 << 1
	yShort     = 1 << 2
	repeatFlag = 1 << 3
	xSame      = 1 << 4 // or positive, if short
	ySame      = 1 << 5
	argsAreXY  = 1 << 1
	scaledArgs = 1 << 11 // offsets are in the part's own scale
)

// Bounds against fonts that were made to hurt; the largest glyph of Debian's
// fonts for Chinese and of its Noto fonts has 1,273 points.
const (
	maxGlyphPoints = 10_000
	maxPartDepth   = 8
	maxParts       = 500
)

// glyphPoint is one of a TrueType outline, in font units with y upwards.
type glyphPoint struct {
	x, y    float64
	on, end bool // on the curve; the last of its contour
}

// points reads a glyph and the glyphs that it is made of.
func (f *face) points(glyph uint16) ([]glyphPoint, error) {
	reader := glyphReader{face: f, parts: maxParts}
	if err := reader.add(glyph, 0); err != nil {
		return nil, fmt.Errorf("%w: the outline of glyph %d: %v", errFont, glyph, err)
	}
	return reader.points, nil
}

// glyphReader collects the points of one glyph, part by part.
type glyphReader struct {
	face   *face
	points []glyphPoint
	parts  int // that may still follow
}

func (g *glyphReader) add(glyph uint16, depth int) error {
	data, err := g.face.outline(glyph)
	if err != nil || len(data) < 12 { // a space
		return err
	}
	g.parts--
	if depth > maxPartDepth || g.parts < 0 {
		return fmt.Errorf("more than %d parts, or deeper than %d", maxParts, maxPartDepth)
	}
	if contours := int(int16(u16(data, 0))); contours >= 0 {
		return g.simple(data[10:], contours)
	}
	return g.composite(data, depth)
}

// simple appends the contours of an outline: their ends, instructions, flags,
// then all x and all y as differences.
func (g *glyphReader) simple(data []byte, contours int) error {
	if contours == 0 {
		return nil
	}
	at := 2 * contours
	if at+2 > len(data) {
		return errShort
	}
	count := int(u16(data, at-2)) + 1
	first := len(g.points)
	if first+count > maxGlyphPoints {
		return fmt.Errorf("more than %d points", maxGlyphPoints)
	}
	points := make([]glyphPoint, count)
	for i, last := 0, -1; i < contours; i++ {
		end := int(u16(data, 2*i))
		if end <= last || end >= count {
			return fmt.Errorf("contour %d ends at point %d of %d", i, end, count)
		}
		points[end].end, last = true, end
	}
	at += 2 + int(u16(data, at)) // instructions
	flags, at, err := readFlags(data, at, count)
	if err != nil {
		return err
	}
	at, err = readAxis(data, at, flags, xShort, xSame, func(i int, v float64) { points[i].x = v })
	if err != nil {
		return err
	}
	if _, err = readAxis(data, at, flags, yShort, ySame, func(i int, v float64) { points[i].y = v }); err != nil {
		return err
	}
	for i, f := range flags {
		points[i].on = f&onCurve != 0
	}
	g.points = append(g.points, points...)
	return nil
}

// errShort is an outline that ends too early.
var errShort = fmt.Errorf("it ends too early")

func readFlags(data []byte, at, count int) (flags []byte, next int, err error) {
	flags = make([]byte, 0, count)
	for len(flags) < count {
		if at+2 > len(data) {
			return nil, 0, errShort
		}
		f, times := data[at], 1
		at++
		if f&repeatFlag != 0 {
			times += int(data[at])
			at++
		}
		for ; times > 0 && len(flags) < count; times-- {
			flags = append(flags, f)
		}
	}
	return flags, at, nil
}

// readAxis reads one coordinate of every point.
func readAxis(data []byte, at int, flags []byte, short, same byte, set func(int, float64)) (next int, err error) {
	v := 0
	for i, f := range flags {
		switch {
		case f&short != 0:
			if at+1 > len(data) {
				return 0, errShort
			}
			d := int(data[at])
			if f&same == 0 {
				d = -d
			}
			v += d
			at++
		case f&same == 0:
			if at+2 > len(data) {
				return 0, errShort
			}
			v += int(int16(u16(data, at)))
			at += 2
		}
		set(i, float64(v))
	}
	return at, nil
}

// composite appends the parts of an outline, each moved and scaled.
func (g *glyphReader) composite(data []byte, depth int) error {
	for at := 10; ; {
		part, next, err := readPart(data, at)
		if err != nil {
			return err
		}
		from := len(g.points)
		if err := g.add(part.glyph, depth+1); err != nil {
			return err
		}
		if err := part.place(g.points, from); err != nil {
			return err
		}
		if part.flags&moreComponents == 0 {
			return nil
		}
		at = next
	}
}

// part is one component of a composite glyph.
type part struct {
	flags, glyph uint16
	first, other int        // x and y, or the points to lay onto each other
	scale        [4]float64 // x to x, x to y, y to x, y to y
}

func readPart(data []byte, at int) (p part, next int, err error) {
	if at+6 > len(data) {
		return p, 0, errShort
	}
	p = part{flags: u16(data, at), glyph: u16(data, at+2), scale: [4]float64{1, 0, 0, 1}}
	at += 4
	arguments := data[at:]
	switch {
	case p.flags&argsAreWords == 0:
		at += 2
	case len(arguments) < 4:
		return p, 0, errShort
	default:
		at += 4
	}
	switch words, xy := p.flags&argsAreWords != 0, p.flags&argsAreXY != 0; {
	case words && xy:
		p.first, p.other = int(int16(u16(arguments, 0))), int(int16(u16(arguments, 2)))
	case words:
		p.first, p.other = int(u16(arguments, 0)), int(u16(arguments, 2))
	case xy:
		p.first, p.other = int(int8(arguments[0])), int(int8(arguments[1]))
	default:
		p.first, p.other = int(arguments[0]), int(arguments[1])
	}
	next, err = p.readScale(data, at)
	return p, next, err
}

func (p *part) readScale(data []byte, at int) (next int, err error) {
	var into []*float64
	switch {
	case p.flags&hasScale != 0:
		into = []*float64{&p.scale[0]}
	case p.flags&hasXYScale != 0:
		into = []*float64{&p.scale[0], &p.scale[3]}
	case p.flags&has2x2 != 0:
		into = []*float64{&p.scale[0], &p.scale[1], &p.scale[2], &p.scale[3]}
	}
	for _, v := range into {
		if at+2 > len(data) {
			return 0, errShort
		}
		*v = float64(int16(u16(data, at))) / (1 << 14)
		at += 2
	}
	if p.flags&hasScale != 0 {
		p.scale[3] = p.scale[0]
	}
	return at, nil
}

// place moves the points from index from on, which are the part's own.
func (p part) place(points []glyphPoint, from int) error {
	own := points[from:]
	s := p.scale
	for i, v := range own {
		own[i].x, own[i].y = s[0]*v.x+s[2]*v.y, s[1]*v.x+s[3]*v.y
	}
	dx, dy := float64(p.first), float64(p.other)
	switch {
	case p.flags&argsAreXY == 0:
		if p.first >= from || p.other >= len(own) {
			return fmt.Errorf("a part hangs on point %d of %d", p.first, from)
		}
		dx, dy = points[p.first].x-own[p.other].x, points[p.first].y-own[p.other].y
	case p.flags&scaledArgs != 0:
		dx, dy = dx*math.Hypot(s[0], s[1]), dy*math.Hypot(s[2], s[3])
	}
	for i := range own {
		own[i].x, own[i].y = own[i].x+dx, own[i].y+dy
	}
	return nil
}
