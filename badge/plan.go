package badge

// plan is a badge with everything in its place. The PDF and the bitmaps draw
// the same plan, and nothing else decides where something stands.
type plan struct {
	sides  []side
	report Report
}

// side is one printed page in millimetres from its top left corner: the front,
// the back, or both under each other when the badge is folded. It is drawn in
// the order of its members.
type side struct {
	w, h     float64
	under    []placed // pictures behind everything; on no label
	shapes   []shape
	pictures []placed
	lines    []textLine
	codes    []placedCode
}

// placed is a picture in its place.
type placed struct {
	picture *Picture
	box     Box   // of the whole picture, which may be larger than what is seen
	clip    shape // what of it is seen
	paper   bool  // nothing lies under it
	turned  bool  // by 180° about the centre of box
	mono    mono
}

// textLine is one line of glyphs from its origin on the baseline.
type textLine struct {
	x, baseline float64
	size        float64 // points
	turned      bool    // by 180° about the origin: the glyphs go to the left, heads down
	colour      colour
	ground      colour // what lies under the text
	mono        mono   // of the ground: a label printer sets white text on black, else black
	glyphs      []glyph
}

// placedCode is a QR; the page under it is white.
type placedCode struct {
	modules [][]bool // true is dark; without the quiet zone
	box     Box      // square, with the quiet zone
}

// mono says what becomes of something where there is only black and white.
type mono string

const (
	monoAuto   mono = ""       // dark colours black, light ones white; pictures dithered
	monoBlack  mono = "black"  // a shape
	monoWhite  mono = "white"  // a shape
	monoSharp  mono = "sharp"  // a picture of flat colours: dark ones black, light ones white
	monoAbsent mono = "absent" // left out
)

// black decides for a colour: the grounds that white text reads better on.
func (m mono) black(c colour) bool {
	switch m {
	case monoBlack:
		return true
	case monoWhite, monoAbsent:
		return false
	}
	return on(c) == white
}

// turn turns what lies in a side of w × h by 180° about its centre and moves it
// down by dy: the half of a folded badge that is read from the other end.
func (s *side) turn(w, h, dy float64) {
	point := func(x, y float64) (float64, float64) { return w - x, h - y + dy }
	box := func(b Box) Box { return Box{w - b.X - b.W, h - b.Y - b.H + dy, b.W, b.H} }
	for i := range s.shapes {
		s.shapes[i] = s.shapes[i].mapped(point, box)
	}
	for _, pictures := range [][]placed{s.under, s.pictures} {
		for i := range pictures {
			p := &pictures[i]
			p.box, p.clip, p.turned = box(p.box), p.clip.mapped(point, box), !p.turned
		}
	}
	for i := range s.lines {
		l := &s.lines[i]
		l.x, l.baseline = point(l.x, l.baseline)
		l.turned = !l.turned
	}
	for i := range s.codes {
		c := &s.codes[i]
		c.box, c.modules = box(c.box), turnedModules(c.modules)
	}
}

func turnedModules(modules [][]bool) [][]bool {
	n := len(modules)
	turned := make([][]bool, n)
	for y, row := range modules {
		out := make([]bool, len(row))
		for x, dark := range row {
			out[len(row)-1-x] = dark
		}
		turned[n-1-y] = out
	}
	return turned
}

// shift moves everything to the right.
func (s *side) shift(dx float64) {
	point := func(x, y float64) (float64, float64) { return x + dx, y }
	box := func(b Box) Box { b.X += dx; return b }
	for i := range s.shapes {
		s.shapes[i] = s.shapes[i].mapped(point, box)
	}
	for _, pictures := range [][]placed{s.under, s.pictures} {
		for i := range pictures {
			p := &pictures[i]
			p.box, p.clip = box(p.box), p.clip.mapped(point, box)
		}
	}
	for i := range s.lines {
		s.lines[i].x += dx
	}
	for i := range s.codes {
		s.codes[i].box.X += dx
	}
}

// join puts another side's things over this one's.
func (s *side) join(other side) {
	s.under = append(s.under, other.under...)
	s.shapes = append(s.shapes, other.shapes...)
	s.pictures = append(s.pictures, other.pictures...)
	s.lines = append(s.lines, other.lines...)
	s.codes = append(s.codes, other.codes...)
}
