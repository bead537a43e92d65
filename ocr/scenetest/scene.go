// Package scenetest draws photos of cards with known corners, print and codes for
// tests, and reads the few sample photos of folder ocr/testdata.
package scenetest

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
)

// Scene is a photo drawn with cards at known corners.
type Scene struct {
	Size  image.Point
	Table color.RGBA // zero: dark brown wood
	Noise float64    // standard deviation of each pixel, in levels
	Grain bool       // stripes of wood on the table
	Check bool       // squares on the table
	Cards []Card
}

// Card is one card: print in rows, as seen through its quad (upper left,
// upper right, lower right, lower left).
type Card struct {
	Quad       [4][2]float64
	Paper, Ink color.RGBA // zero: nearly white, nearly black
	Band       bool       // a printed band across the top
	Panel      bool       // a printed panel at the left end
	Bare       bool       // no print
}

// Draw renders with 3 × 3 samples a pixel, so that corners are good to a tenth
// of one. The same scene gives the same pixels.
func (s Scene) Draw() *image.RGBA {
	if s.Table == (color.RGBA{}) {
		s.Table = color.RGBA{88, 62, 44, 255}
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	unit := make([]func(x, y float64) (u, v float64), len(s.Cards))
	for i, c := range s.Cards {
		unit[i] = backward(c.Quad)
	}
	img := image.NewRGBA(image.Rectangle{Max: s.Size})
	for y := range s.Size.Y {
		for x := range s.Size.X {
			sum := s.pixel(unit, float64(x), float64(y))
			n := 0.0
			if s.Noise > 0 {
				n = rnd.NormFloat64() * s.Noise
			}
			copy(img.Pix[img.PixOffset(x, y):], []uint8{Level(sum[0] + n), Level(sum[1] + n), Level(sum[2] + n), 255})
		}
	}
	return img
}

// pixel averages 3 × 3 samples where two of them differ.
func (s Scene) pixel(unit []func(x, y float64) (u, v float64), x, y float64) (sum [3]float64) {
	if !s.Grain && !s.Check && !slices.ContainsFunc(s.Cards, func(c Card) bool { return c.near(x, y) }) {
		return rgb(s.Table)
	}
	first, last := s.at(unit, x+1./6, y+1./6), s.at(unit, x+5./6, y+5./6)
	if first == last {
		return first
	}
	for k := range 9 {
		for j, v := range s.at(unit, x+(float64(k%3)+.5)/3, y+(float64(k/3)+.5)/3) {
			sum[j] += v / 9
		}
	}
	return sum
}

// Level is the nearest of 0 to 255.
func Level(v float64) uint8 { return uint8(min(255, max(0, v+.5))) }

func (s Scene) at(unit []func(x, y float64) (u, v float64), x, y float64) [3]float64 {
	for i, c := range s.Cards {
		if !c.near(x, y) {
			continue
		}
		if u, v := unit[i](x, y); u >= 0 && u < 1 && v >= 0 && v < 1 {
			return rgb(c.at(u, v))
		}
	}
	out := rgb(s.Table)
	if s.Check && (int(x/47)+int((y+x/9)/47))%2 == 0 {
		out = [3]float64{120, 150, 210}
	}
	if s.Grain {
		f := 1 + 0.2*math.Sin(math.Floor(y)/3+4*math.Sin(math.Floor(x)/90))
		for i := range out {
			out[i] *= f
		}
	}
	return out
}

// near says whether a place is in the card's bounding box, or a pixel beside it.
func (c Card) near(x, y float64) bool {
	q := c.Quad
	return x > min(q[0][0], q[3][0])-1 && x < max(q[1][0], q[2][0])+1 && y > min(q[0][1], q[1][1])-1 && y < max(q[2][1], q[3][1])+1
}

// at is the card's colour at a place of the unit square: eight rows of words,
// and a mark at (0.8, 0.8).
func (c Card) at(u, v float64) color.RGBA {
	paper, ink := c.Paper, c.Ink
	if paper == (color.RGBA{}) {
		paper = color.RGBA{246, 244, 238, 255}
	}
	if ink == (color.RGBA{}) {
		ink = color.RGBA{30, 32, 40, 255}
	}
	switch {
	case c.Bare:
		return paper
	case math.Abs(u-MarkU) < 0.03 && math.Abs(v-MarkV) < 0.05:
		return ink
	case c.Panel && u < 0.17:
		return color.RGBA{20, 90, 160, 255}
	case c.Band && v < 0.2:
		return color.RGBA{20, 90, 160, 255}
	case u < 0.08 || u > 0.64 || v < 0.24 || v > 0.9:
		return paper
	}
	n := math.Floor((v - 0.24) / 0.09)
	letter, word := u*41+n*0.37, u*9+n*0.61
	if v-0.24-n*0.09 < 0.04 && letter-math.Floor(letter) < 0.55 && word-math.Floor(word) < 0.8 {
		return ink
	}
	return paper
}

// MarkU and MarkV are the middle of each card's mark, as a share of its width and height.
const MarkU, MarkV = 0.8, 0.8

func rgb(c color.RGBA) [3]float64 { return [3]float64{float64(c.R), float64(c.G), float64(c.B)} }

// backward maps the picture into a quad's unit square: the projective map of
// Heckbert's thesis (1989, section 2.2.3), inverted by its adjoint.
func backward(q [4][2]float64) func(x, y float64) (u, v float64) {
	sx, sy := q[0][0]-q[1][0]+q[2][0]-q[3][0], q[0][1]-q[1][1]+q[2][1]-q[3][1]
	ax, ay := q[1][0]-q[2][0], q[1][1]-q[2][1]
	bx, by := q[3][0]-q[2][0], q[3][1]-q[2][1]
	det := ax*by - ay*bx
	g, h := (sx*by-sy*bx)/det, (ax*sy-ay*sx)/det
	a, b, c := q[1][0]-q[0][0]+g*q[1][0], q[3][0]-q[0][0]+h*q[3][0], q[0][0]
	d, e, f := q[1][1]-q[0][1]+g*q[1][1], q[3][1]-q[0][1]+h*q[3][1], q[0][1]
	return func(x, y float64) (float64, float64) {
		u := (e-f*h)*x + (c*h-b)*y + (b*f - c*e)
		v := (f*g-d)*x + (a-c*g)*y + (c*d - a*f)
		w := (d*h-e*g)*x + (b*g-a*h)*y + (a*e - b*d)
		return u / w, v / w
	}
}

// Turned is a card of w × h pixels around (x, y), turned by an angle in
// degrees, clockwise on the screen.
func Turned(x, y, w, h, degrees float64) (q [4][2]float64) {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	for i, p := range [4][2]float64{{-w / 2, -h / 2}, {w / 2, -h / 2}, {w / 2, h / 2}, {-w / 2, h / 2}} {
		q[i] = [2]float64{x + p[0]*cos - p[1]*sin, y + p[0]*sin + p[1]*cos}
	}
	return q
}
