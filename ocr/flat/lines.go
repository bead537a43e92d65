package flat

import (
	"cmp"
	"math"
	"slices"

	"hallpass/ocr/pixels"
	"hallpass/ocr/plane"
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
	rank       int       // among those of its direction
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
	var peaks []peak
	for t := range angles {
		for r, own := range votes[t*width:][:width-1] {
			if own <= 0 || r == 0 {
				continue
			}
			if v := both(t, r-1) + both(t, r) + both(t, r+1); v > 8 {
				peaks = append(peaks, peak{t*width + r, v})
			}
		}
	}
	inOrder(peaks, func(p peak) (more bool) {
		t, r := p.at/width, p.at%width
		s := &straight{theta: float64(t) * 2 * math.Pi / angles, rho: float64(r - diag), votes: p.votes}
		s.nx, s.ny = math.Cos(s.theta), math.Sin(s.theta)
		s.flat = abs(s.ny) > abs(s.nx)
		list := &steep
		if s.flat {
			list = &flat
		}
		if len(*list) < candidates && !slices.ContainsFunc(*list, s.near) {
			*list = append(*list, s)
		}
		return len(flat) < candidates || len(steep) < candidates
	})
	all := slices.Concat(flat, steep)
	pixels.Bands(len(all), func(from, to int) {
		for _, s := range all[from:to] {
			s.gather(e, diag)
		}
	})
	return flat, steep
}

// peak is a line that was voted for, with the votes of its neighbours.
type peak struct {
	at    int
	votes float32
}

// inOrder visits the peaks from the one with the most votes on. Few of many are
// wanted, so they are sorted in portions: down to half the most votes, down to
// a quarter, and so on.
func inOrder(peaks []peak, visit func(peak) (more bool)) {
	for len(peaks) > 0 {
		least := slices.MaxFunc(peaks, func(a, b peak) int { return cmp.Compare(a.votes, b.votes) }).votes / 2
		n := 0
		for i, p := range peaks {
			if p.votes > least {
				peaks[i], peaks[n] = peaks[n], p
				n++
			}
		}
		slices.SortFunc(peaks[:n], func(a, b peak) int {
			return cmp.Or(cmp.Compare(b.votes, a.votes), cmp.Compare(a.at, b.at))
		})
		for _, p := range peaks[:n] {
			if !visit(p) {
				return
			}
		}
		peaks = peaks[n:]
	}
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

func (s *straight) point(along float64) plane.Point {
	return plane.Pt(s.nx*s.rho-s.ny*along, s.ny*s.rho+s.nx*along)
}

// step is the position along the line of the point nearest to p.
func (s *straight) step(p plane.Point) float64 { return p.Y*s.nx - p.X*s.ny }

// evidence is how clearly brightness or colour changes across the line, up to
// 1, negative for a change from light to dark.
func (s *straight) evidence(e *edges, p plane.Point) (float32, bool) {
	if p.X < -3 || p.Y < -3 || p.X > float64(e.w+2) || p.Y > float64(e.h+2) {
		return 0, false
	}
	var best float32
	in := false
	nx, ny := float32(s.nx), float32(s.ny)
	for d := -2.0; d <= 2; d++ {
		x, y := int(p.X+d*s.nx+.5), int(p.Y+d*s.ny+.5)
		if x < 1 || y < 1 || x >= e.w-1 || y >= e.h-1 {
			continue
		}
		in = true
		i := y*e.w + x
		if m := e.gx[i]*nx + e.gy[i]*ny; abs(m) > abs(best) {
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
func (s *straight) meet(o *straight) (p plane.Point, ok bool) {
	det := s.nx*o.ny - s.ny*o.nx
	if abs(det) < 0.3 {
		return p, false
	}
	return plane.Pt((s.rho*o.ny-o.rho*s.ny)/det, (o.rho*s.nx-s.rho*o.nx)/det), true
}
