package ocr

import "math"

// Point is a place in a picture, in pixels from its upper left corner; the
// centre of the first pixel is (0.5, 0.5).
type Point struct{ X, Y float64 }

// Quad is a card's outline: upper left, upper right, lower right, lower left.
type Quad [4]Point

func (p Point) sub(q Point) Point               { return Point{p.X - q.X, p.Y - q.Y} }
func (p Point) add(q Point) Point               { return Point{p.X + q.X, p.Y + q.Y} }
func (p Point) times(f float64) Point           { return Point{p.X * f, p.Y * f} }
func (p Point) distance(q Point) float64        { return math.Hypot(p.X-q.X, p.Y-q.Y) }
func (p Point) cross(q Point) float64           { return p.X*q.Y - p.Y*q.X }
func (p Point) dot(q Point) float64             { return p.X*q.X + p.Y*q.Y }
func (p Point) toward(q Point, f float64) Point { return p.add(q.sub(p).times(f)) }

// scaled moves the outline to a picture f times as large.
func (q Quad) scaled(f float64) Quad {
	for i := range q {
		q[i] = q[i].times(f)
	}
	return q
}

// grown pushes each corner away from the middle by the share f of its distance.
func (q Quad) grown(f float64) Quad {
	c := q[0].add(q[1]).add(q[2]).add(q[3]).times(0.25)
	for i := range q {
		q[i] = c.toward(q[i], 1+f)
	}
	return q
}

// widened is the outline of the card's surroundings: it reaches beyond all
// sides by the share f of the longer one, in the card's own plane.
func (q Quad) widened(f float64) Quad {
	w, h := q.sides()
	m := onto(q, w, h)
	d := f * max(w, h)
	return Quad{m.at(-d, -d), m.at(w+d, -d), m.at(w+d, h+d), m.at(-d, h+d)}
}

// area is positive for corners that run clockwise on the screen.
func (q Quad) area() float64 {
	return (q[0].cross(q[1]) + q[1].cross(q[2]) + q[2].cross(q[3]) + q[3].cross(q[0])) / 2
}

// sides gives the mean width and height in pixels.
func (q Quad) sides() (width, height float64) {
	return (q[0].distance(q[1]) + q[3].distance(q[2])) / 2, (q[0].distance(q[3]) + q[1].distance(q[2])) / 2
}

// holds says whether p lies inside the outline.
func (q Quad) holds(p Point) bool {
	for i := range q {
		if q[(i+1)%4].sub(q[i]).cross(p.sub(q[i])) < 0 {
			return false
		}
	}
	return true
}

// homography maps the rectangle (0,0)–(w,h) onto a quad. Its nine numbers are
// the rows of the 3×3 matrix, scaled so that the last is 1.
type homography [9]float64

// at maps a point of the rectangle into the quad's picture.
func (m *homography) at(x, y float64) Point {
	d := m[6]*x + m[7]*y + m[8]
	return Point{(m[0]*x + m[1]*y + m[2]) / d, (m[3]*x + m[4]*y + m[5]) / d}
}

// onto solves the projective map of the unit square in closed form (Heckbert,
// Fundamentals of Texture Mapping and Image Warping, 1989, section 2.2.3) and
// scales it to w by h.
func onto(q Quad, w, h float64) homography {
	s := q[0].sub(q[1]).add(q[2]).sub(q[3])
	a, b := q[1].sub(q[2]), q[3].sub(q[2])
	det := a.cross(b)
	var g, k float64
	if math.Abs(det) > 1e-9 {
		g, k = s.cross(b)/det, a.cross(s)/det
	}
	return homography{
		(q[1].X - q[0].X + g*q[1].X) / w, (q[3].X - q[0].X + k*q[3].X) / h, q[0].X,
		(q[1].Y - q[0].Y + g*q[1].Y) / w, (q[3].Y - q[0].Y + k*q[3].Y) / h, q[0].Y,
		g / w, k / h, 1,
	}
}
