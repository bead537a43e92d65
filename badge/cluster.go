package badge

import (
	"slices"
	"strings"
	"unicode/utf8"

	"hallpass/badge/script"
)

// glyph is one outline of a line. Lengths are in ems.
type glyph struct {
	face    *face
	index   uint16
	advance float64 // how far the pen moves after it
	dx, dy  float64 // from the pen to its origin, y upwards
	text    string  // its share of what its cluster says; may be empty
}

// cluster is what a line is broken between and never inside: one character as
// readers see it, or several that a font draws as one.
type cluster struct {
	r       rune    // the first of text, by which lines break
	text    string  // as it will be read again
	glyphs  []glyph // from left to right
	advance float64
	ink     extent
	level   uint8 // odd: runs from right to left
	newLine bool  // by Unicode's rules a line may begin with it
}

func newCluster(text string, glyphs []glyph, level uint8) cluster {
	r, _ := utf8.DecodeRuneInString(text)
	c := cluster{r: r, text: text, glyphs: glyphs, level: level}
	c.shareText()
	for _, g := range glyphs {
		if ink, ok := g.face.ink(g.index); ok {
			c.ink.add(ink, c.advance+g.dx, g.dy)
		}
		c.advance += g.advance
	}
	return c
}

// shareText gives each glyph that the pen stops at one character and the last of
// them the rest, in the order in which programs that read a PDF put together
// what they find: from the left, or for right-to-left text from the right. Marks
// above and below get none: such programs would take them for another line.
func (c *cluster) shareText() {
	var steps []int
	for i, g := range c.glyphs {
		if g.advance > 0 && g.dy == 0 {
			steps = append(steps, i)
		}
	}
	if len(steps) == 0 {
		steps = []int{0}
	}
	if c.level%2 == 1 {
		slices.Reverse(steps)
	}
	rest := c.text
	for n, i := range steps {
		_, size := utf8.DecodeRuneInString(rest)
		if n == len(steps)-1 {
			size = len(rest)
		}
		c.glyphs[i].text, rest = rest[:size], rest[size:]
	}
}

// extent is how far ink goes from an origin, in ems; the zero value is none.
type extent struct{ left, right, up, down float64 } // left and down are negative beyond the origin

// add widens e by another extent whose origin is at x, y.
func (e *extent) add(other extent, x, y float64) {
	if other == (extent{}) {
		return
	}
	moved := extent{other.left + x, other.right + x, other.up + y, other.down + y}
	if *e == (extent{}) {
		*e = moved
		return
	}
	*e = extent{min(e.left, moved.left), max(e.right, moved.right), max(e.up, moved.up), min(e.down, moved.down)}
}

// line is one line of a text, ready to be drawn.
type line struct {
	glyphs []glyph // from left to right
	text   string  // in the order of reading
	width  float64 // ems
	ink    extent  // from the beginning of the baseline
}

// setLine orders clusters for the eye.
func setLine(clusters []cluster) line {
	var l line
	var text strings.Builder
	levels := make([]uint8, len(clusters))
	for i, c := range clusters {
		text.WriteString(c.text)
		levels[i] = c.level
	}
	l.text = text.String()
	for _, i := range script.Visual(levels) {
		l.glyphs = append(l.glyphs, clusters[i].glyphs...)
		l.ink.add(clusters[i].ink, l.width, 0)
		l.width += clusters[i].advance
	}
	return l
}

// width is in ems.
func width(clusters []cluster) (ems float64) {
	for _, c := range clusters {
		ems += c.advance
	}
	return ems
}

// spell is the text that clusters show.
func spell(clusters []cluster) string {
	var b strings.Builder
	for _, c := range clusters {
		b.WriteString(c.text)
	}
	return b.String()
}
