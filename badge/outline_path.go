package badge

// glyphShape is a glyph's shape ready to draw, in ems with y downwards, as pixels
// have it. Drawn shapes share it; it never changes.
type glyphShape struct {
	strokes                  []stroke
	left, top, right, bottom float32 // around all its points; all 0 for a space
}

// stroke goes on from where the last one ended.
type stroke struct {
	kind   strokeKind
	cx, cy float32 // curve: the control point
	x, y   float32 // where it ends
}

type strokeKind uint8

const (
	moveTo strokeKind = iota
	lineTo
	curveTo // quadratic
)

// path turns points into strokes. Between two points off the curve TrueType
// means one on it, half-way.
func (f *face) path(points []glyphPoint) *glyphShape {
	o := &glyphShape{}
	for start := 0; start < len(points); {
		end := start
		for end < len(points)-1 && !points[end].end {
			end++
		}
		o.contour(points[start : end+1])
		start = end + 1
	}
	o.shrink(1 / f.unitsPerEm)
	return o
}

func (o *glyphShape) contour(points []glyphPoint) {
	n := len(points)
	if n < 2 {
		return // an anchor, nothing to see
	}
	first := points[0]
	if !first.on {
		if first = points[n-1]; !first.on {
			first = halfway(points[0], first)
		}
	}
	o.strokes = append(o.strokes, stroke{kind: moveTo, x: float32(first.x), y: float32(first.y)})
	var control *glyphPoint
	join := func(to glyphPoint) {
		s := stroke{kind: lineTo, x: float32(to.x), y: float32(to.y)}
		if control != nil {
			s.kind, s.cx, s.cy = curveTo, float32(control.x), float32(control.y)
		}
		o.strokes, control = append(o.strokes, s), nil
	}
	for i, p := range points {
		switch {
		case p.on && i == 0:
		case p.on:
			join(p)
		default:
			if control != nil {
				join(halfway(*control, p))
			}
			control = &points[i]
		}
	}
	join(first)
}

func halfway(a, b glyphPoint) glyphPoint {
	return glyphPoint{x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, on: true}
}

// shrink makes ems of font units, turns y over and takes the bounds.
func (o *glyphShape) shrink(scale float64) {
	s := float32(scale)
	for i := range o.strokes {
		t := &o.strokes[i]
		t.x, t.y, t.cx, t.cy = t.x*s, -t.y*s, t.cx*s, -t.cy*s
		if i == 0 {
			o.left, o.right, o.top, o.bottom = t.x, t.x, t.y, t.y
		}
		o.include(t.x, t.y)
		if t.kind == curveTo {
			o.include(t.cx, t.cy)
		}
	}
}

func (o *glyphShape) include(x, y float32) {
	o.left, o.right = min(o.left, x), max(o.right, x)
	o.top, o.bottom = min(o.top, y), max(o.bottom, y)
}

// keptStrokes bounds the glyphShapes that are kept: 28 bytes each, twice, is
// 11 MB. A Chinese character has about 80, so a show's names and companies fit.
const keptStrokes = 200_000

// glyphShapes keeps the shapes that were drawn lately, for any number of
// goroutines.
type glyphShapes struct {
	kept lately[outlineOf, *glyphShape]
}

// of reads a glyph's outline, or returns the one that was read before.
func (k *glyphShapes) of(key outlineOf) (*glyphShape, error) {
	return k.kept.of(key, keptStrokes, func() (*glyphShape, error) {
		points, err := key.face.points(key.glyph)
		if err != nil {
			return nil, err
		}
		return key.face.path(points), nil
	})
}

// size counts a space as well, so that the number of shapes is bounded too.
func (o *glyphShape) size() int { return len(o.strokes) + 1 }
