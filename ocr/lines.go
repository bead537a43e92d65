package ocr

import (
	"math"
	"slices"
)

// straight is a candidate side: all points p with p·(nx,ny) = rho, with the
// evidence for an edge summed along it.
type straight struct {
	theta, rho float64
	nx, ny     float64
	flat       bool // nearer to horizontal than to vertical
	votes      float32
	sum        []float32 // sum[i]: evidence at steps < i
	signed     []float32 // the same, dark-to-light less light-to-dark
	inside     []float32 // how many of those steps lie in the picture
	reach      int       // step i is reach-i pixels before the foot of the normal
}

const (
	// One degree a bin, over the full circle: an edge keeps its direction from
	// dark to light, the strokes of printed lines do not, and lose half.
	angles     = 360
	candidates = 18 // of each direction: 153² quads
)

// straights votes in angle and distance (Hough) and keeps the best of each
// direction.
func (e *edges) straights() (flat, steep []*straight) {
	diag := int(math.Hypot(float64(e.w), float64(e.h))) + 2
	width := 2*diag + 1
	votes := e.vote(diag, width)
	// A side that runs past a printed band changes its direction there: what
	// votes the other way round counts half.
	both := func(t, r int) float32 {
		return votes[t*width+r] + votes[(t+angles/2)%angles*width+width-1-r]/2
	}
	type peak struct {
		t, r int
		v    float32
	}
	var peaks []peak
	for t := range angles {
		for r := 1; r < width-1; r++ {
			v := both(t, r-1) + both(t, r) + both(t, r+1)
			if votes[t*width+r] > 0 && v > 8 {
				peaks = append(peaks, peak{t, r, v})
			}
		}
	}
	slices.SortFunc(peaks, func(a, b peak) int {
		if a.v != b.v {
			return int(math.Copysign(1, float64(b.v-a.v)))
		}
		return (a.t*width + a.r) - (b.t*width + b.r)
	})
	for _, p := range peaks {
		s := &straight{theta: float64(p.t) * 2 * math.Pi / angles, rho: float64(p.r - diag), votes: p.v}
		s.nx, s.ny = math.Cos(s.theta), math.Sin(s.theta)
		s.flat = abs(s.ny) > abs(s.nx)
		list := &steep
		if s.flat {
			list = &flat
		}
		if len(*list) < candidates && !slices.ContainsFunc(*list, s.near) {
			s.gather(e, diag)
			*list = append(*list, s)
		}
		if len(flat) == candidates && len(steep) == candidates {
			break
		}
	}
	return flat, steep
}

func (e *edges) vote(diag, width int) []float32 {
	votes := make([]float32, angles*width)
	var cos, sin [angles]float64
	for t := range angles {
		sin[t], cos[t] = math.Sincos(float64(t) * 2 * math.Pi / angles)
	}
	for y := 2; y < e.h-2; y++ {
		for x := 2; x < e.w-2; x++ {
			i := y*e.w + x
			m := e.mag[i]
			if m < e.level/2 || !e.ridge(i) {
				continue
			}
			weight := m / (m + e.level)
			t := int(math.Round(math.Atan2(float64(e.gy[i]), float64(e.gx[i]))*angles/(2*math.Pi))) + 2*angles
			for d := -3; d <= 3; d++ {
				k := (t + d) % angles
				r := float64(x)*cos[k] + float64(y)*sin[k]
				votes[k*width+int(math.Round(r))+diag] += weight
			}
		}
	}
	return votes
}

// near says whether two lines would be the same side.
func (s *straight) near(o *straight) bool {
	rho, turn := o.rho, s.nx*o.ny-s.ny*o.nx
	if s.nx*o.nx+s.ny*o.ny < 0 {
		rho = -rho
	}
	return abs(turn) < 0.06 && abs(s.rho-rho) < 7
}

// gather samples the picture along the line, one step a pixel.
func (s *straight) gather(e *edges, diag int) {
	s.reach = diag
	s.sum = make([]float32, 2*diag+2)
	s.signed = make([]float32, 2*diag+2)
	s.inside = make([]float32, 2*diag+2)
	for i := range 2*diag + 1 {
		p := s.point(float64(i - diag))
		v, in := s.evidence(e, p)
		s.sum[i+1] = s.sum[i] + abs(v)
		s.signed[i+1] = s.signed[i] + v
		s.inside[i+1] = s.inside[i]
		if in {
			s.inside[i+1]++
		}
	}
}

func (s *straight) point(along float64) Point {
	return Point{s.nx*s.rho - s.ny*along, s.ny*s.rho + s.nx*along}
}

// step is the position along the line of the point nearest to p.
func (s *straight) step(p Point) float64 { return p.Y*s.nx - p.X*s.ny }

// evidence is how clearly brightness or colour changes across the line, up to
// 1, negative for a change from light to dark.
func (s *straight) evidence(e *edges, p Point) (float32, bool) {
	var best float32
	in := false
	for d := -2.0; d <= 2; d++ {
		x, y := int(math.Round(p.X+d*s.nx)), int(math.Round(p.Y+d*s.ny))
		if x < 1 || y < 1 || x >= e.w-1 || y >= e.h-1 {
			continue
		}
		in = true
		i := y*e.w + x
		if m := e.gx[i]*float32(s.nx) + e.gy[i]*float32(s.ny); abs(m) > abs(best) {
			best = m
		}
	}
	// Three times the level is as good as more: a printed band inside a card is often
	// a clearer edge than the card's own.
	return max(-1, min(1, 1.3*best/(abs(best)+e.level))), in
}

// support is the mean evidence between two steps, a fifth of it for keeping one
// direction, and how many pixels of the stretch lie in the picture.
func (s *straight) support(a, b float64) (mean, length float32) {
	i, j := int(a)+s.reach, int(b)+s.reach
	if i > j {
		i, j = j, i
	}
	i, j = max(0, min(i, len(s.sum)-1)), max(0, min(j, len(s.sum)-1))
	length = s.inside[j] - s.inside[i]
	if length < 1 {
		return 0, 0
	}
	return (4*(s.sum[j]-s.sum[i]) + abs(s.signed[j]-s.signed[i])) / (5 * length), length
}

// meet is where two lines cross; ok is false for parallel ones.
func (s *straight) meet(o *straight) (p Point, ok bool) {
	det := s.nx*o.ny - s.ny*o.nx
	if abs(det) < 0.3 {
		return p, false
	}
	return Point{(s.rho*o.ny - o.rho*s.ny) / det, (o.rho*s.nx - s.rho*o.nx) / det}, true
}
