package flat

import (
	"math"

	"hallpass/ocr/plane"
)

// homography maps the rectangle (0,0)–(w,h) onto a quad. Its nine numbers are
// the rows of the 3×3 matrix, scaled so that the last is 1.
type homography [9]float64

// at maps a point of the rectangle into the quad's picture.
func (m *homography) at(x, y float64) plane.Point {
	d := m[6]*x + m[7]*y + m[8]
	return plane.Pt((m[0]*x+m[1]*y+m[2])/d, (m[3]*x+m[4]*y+m[5])/d)
}

// onto solves the projective map of the unit square in closed form (Heckbert,
// Fundamentals of Texture Mapping and Image Warping, 1989, section 2.2.3) and
// scales it to w by h.
func onto(q plane.Quad, w, h float64) homography {
	s := q[0].Sub(q[1]).Add(q[2]).Sub(q[3])
	a, b := q[1].Sub(q[2]), q[3].Sub(q[2])
	det := a.Cross(b)
	var g, k float64
	if math.Abs(det) > 1e-9 {
		g, k = s.Cross(b)/det, a.Cross(s)/det
	}
	return homography{
		(q[1].X - q[0].X + g*q[1].X) / w, (q[3].X - q[0].X + k*q[3].X) / h, q[0].X,
		(q[1].Y - q[0].Y + g*q[1].Y) / w, (q[3].Y - q[0].Y + k*q[3].Y) / h, q[0].Y,
		g / w, k / h, 1,
	}
}

// widened is the outline of the card's surroundings: it reaches beyond all
// sides by the share f of the longer one, in the card's own plane.
func widened(q plane.Quad, f float64) plane.Quad {
	w, h := q.Sides()
	m := onto(q, w, h)
	d := f * max(w, h)
	return plane.Quad{m.at(-d, -d), m.at(w+d, -d), m.at(w+d, h+d), m.at(-d, h+d)}
}
