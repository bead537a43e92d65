package ocr_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
)

// scene is a photo drawn with cards at known corners.
type scene struct {
	size  image.Point
	table color.RGBA // zero: dark brown wood
	noise float64    // standard deviation of each pixel, in levels
	grain bool       // stripes of wood on the table
	check bool       // squares on the table
	cards []drawnCard
}

// drawnCard is one card: print in rows, as seen through its quad (upper left,
// upper right, lower right, lower left).
type drawnCard struct {
	quad       [4][2]float64
	paper, ink color.RGBA // zero: nearly white, nearly black
	band       bool       // a printed band across the top
	panel      bool       // a printed panel at the left end
	bare       bool       // no print
}

// draw renders with 3 × 3 samples a pixel, so that corners are good to a tenth
// of one. The same scene gives the same pixels.
func (s scene) draw() *image.RGBA {
	if s.table == (color.RGBA{}) {
		s.table = color.RGBA{88, 62, 44, 255}
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	unit := make([]func(x, y float64) (u, v float64), len(s.cards))
	for i, c := range s.cards {
		unit[i] = backward(c.quad)
	}
	img := image.NewRGBA(image.Rectangle{Max: s.size})
	for y := range s.size.Y {
		for x := range s.size.X {
			sum := s.pixel(unit, float64(x), float64(y))
			n := 0.0
			if s.noise > 0 {
				n = rnd.NormFloat64() * s.noise
			}
			copy(img.Pix[img.PixOffset(x, y):], []uint8{level(sum[0] + n), level(sum[1] + n), level(sum[2] + n), 255})
		}
	}
	return img
}

// pixel averages 3 × 3 samples where two of them differ.
func (s scene) pixel(unit []func(x, y float64) (u, v float64), x, y float64) (sum [3]float64) {
	if !s.grain && !s.check && !slices.ContainsFunc(s.cards, func(c drawnCard) bool { return c.near(x, y) }) {
		return rgb(s.table)
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

func level(v float64) uint8 { return uint8(min(255, max(0, v+.5))) }

func (s scene) at(unit []func(x, y float64) (u, v float64), x, y float64) [3]float64 {
	for i, c := range s.cards {
		if !c.near(x, y) {
			continue
		}
		if u, v := unit[i](x, y); u >= 0 && u < 1 && v >= 0 && v < 1 {
			return rgb(c.at(u, v))
		}
	}
	out := rgb(s.table)
	if s.check && (int(x/47)+int((y+x/9)/47))%2 == 0 {
		out = [3]float64{120, 150, 210}
	}
	if s.grain {
		f := 1 + 0.2*math.Sin(math.Floor(y)/3+4*math.Sin(math.Floor(x)/90))
		for i := range out {
			out[i] *= f
		}
	}
	return out
}

// near says whether a place is in the card's bounding box, or a pixel beside it.
func (c drawnCard) near(x, y float64) bool {
	q := c.quad
	return x > min(q[0][0], q[3][0])-1 && x < max(q[1][0], q[2][0])+1 && y > min(q[0][1], q[1][1])-1 && y < max(q[2][1], q[3][1])+1
}

// at is the card's colour at a place of the unit square: eight rows of words,
// and a mark at (0.8, 0.8).
func (c drawnCard) at(u, v float64) color.RGBA {
	paper, ink := c.paper, c.ink
	if paper == (color.RGBA{}) {
		paper = color.RGBA{246, 244, 238, 255}
	}
	if ink == (color.RGBA{}) {
		ink = color.RGBA{30, 32, 40, 255}
	}
	switch {
	case c.bare:
		return paper
	case math.Abs(u-markU) < 0.03 && math.Abs(v-markV) < 0.05:
		return ink
	case c.panel && u < 0.17:
		return color.RGBA{20, 90, 160, 255}
	case c.band && v < 0.2:
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

// The middle of each card's mark, as a share of its width and height.
const markU, markV = 0.8, 0.8

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

// turnedCard is a card of w × h pixels around (x, y), turned by an angle in
// degrees, clockwise on the screen.
func turnedCard(x, y, w, h, degrees float64) (q [4][2]float64) {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	for i, p := range [4][2]float64{{-w / 2, -h / 2}, {w / 2, -h / 2}, {w / 2, h / 2}, {-w / 2, h / 2}} {
		q[i] = [2]float64{x + p[0]*cos - p[1]*sin, y + p[0]*sin + p[1]*cos}
	}
	return q
}
