// Package plane holds points and outlines in the plane of a picture. It knows no
// pixels, and nothing in it fails.
package plane

import "math"

// Point is a place in a picture, in pixels from its upper left corner; the
// centre of the first pixel is (0.5, 0.5).
type Point struct{ X, Y float64 }

// Pt is the point at x, y.
func Pt(x, y float64) Point { return Point{x, y} }

// Quad is a card's outline: upper left, upper right, lower right, lower left.
type Quad [4]Point

// Sub is p without q.
func (p Point) Sub(q Point) Point { return Point{p.X - q.X, p.Y - q.Y} }

// Add is p and q.
func (p Point) Add(q Point) Point { return Point{p.X + q.X, p.Y + q.Y} }

// Times is p, f times as far from the corner.
func (p Point) Times(f float64) Point { return Point{p.X * f, p.Y * f} }

// Distance is that of p and q, in pixels.
func (p Point) Distance(q Point) float64 { return math.Hypot(p.X-q.X, p.Y-q.Y) }

// Cross is positive where q lies clockwise of p on the screen.
func (p Point) Cross(q Point) float64 { return p.X*q.Y - p.Y*q.X }

// Dot is the scalar product.
func (p Point) Dot(q Point) float64 { return p.X*q.X + p.Y*q.Y }

// Toward goes the share f of the way to q.
func (p Point) Toward(q Point, f float64) Point { return p.Add(q.Sub(p).Times(f)) }

// Scaled moves the outline to a picture f times as large.
func (q Quad) Scaled(f float64) Quad {
	for i := range q {
		q[i] = q[i].Times(f)
	}
	return q
}

// Grown pushes each corner away from the middle by the share f of its distance.
func (q Quad) Grown(f float64) Quad {
	c := q[0].Add(q[1]).Add(q[2]).Add(q[3]).Times(0.25)
	for i := range q {
		q[i] = c.Toward(q[i], 1+f)
	}
	return q
}

// Area is positive for corners that run clockwise on the screen.
func (q Quad) Area() float64 {
	return (q[0].Cross(q[1]) + q[1].Cross(q[2]) + q[2].Cross(q[3]) + q[3].Cross(q[0])) / 2
}

// Sides gives the mean width and height in pixels.
func (q Quad) Sides() (width, height float64) {
	return (q[0].Distance(q[1]) + q[3].Distance(q[2])) / 2, (q[0].Distance(q[3]) + q[1].Distance(q[2])) / 2
}

// Holds says whether p lies inside the outline.
func (q Quad) Holds(p Point) bool {
	for i := range q {
		if q[(i+1)%4].Sub(q[i]).Cross(p.Sub(q[i])) < 0 {
			return false
		}
	}
	return true
}
