package tesseract

import "image"

// step between neighbouring cells that still counts as the same surface under
// changing light.
const step = 14

// surface is a card without its print.
type surface struct {
	level cells
	// light says of each cell that its print is lighter than the surface.
	light []bool
}

// newSurface takes the median around each cell, which print of either polarity
// does not move. Then it joins cells to surfaces and asks each whether its
// print is the lighter part.
func newSurface(g *image.Gray) *surface {
	s := &surface{level: newCells(g)}
	prints := make([]print, len(s.level.value))
	s.level.around(g, func(i int, h *greys) {
		s.level.value[i] = h.quantile(1, 2)
		prints[i] = s.print(g, i)
	})
	s.light = s.decide(prints)
	return s
}

// print is how much of a cell is clearly darker and lighter than its surface,
// relative to it, so that glare does not outweigh letters.
type print struct{ dark, light uint32 }

func (s *surface) print(g *image.Gray, i int) (p print) {
	level := uint32(s.level.value[i]) + lift
	darker, lighter := (4*level+4)/5, 5*level/4 // neither, from the one to the other
	x, y := i%s.level.w*cell, i/s.level.w*cell
	for ; y < min(i/s.level.w*cell+cell, g.Rect.Dy()); y++ {
		for _, v := range g.Pix[y*g.Stride:][x:min(x+cell, g.Rect.Dx())] {
			d := uint32(v) + lift
			if d-darker <= lighter-darker { // less than darker wraps round
				continue
			}
			if d < level {
				p.dark += 256 * (level - d) / level
			} else {
				p.light += 256 * (d - level) / d
			}
		}
	}
	return p
}

// decide says of each cell whether the print of its surface is light.
func (s *surface) decide(prints []print) []bool {
	light := make([]bool, len(prints))
	seen := make([]bool, len(prints))
	level := s.level.value
	var joined []int
	for start := range seen {
		if seen[start] {
			continue
		}
		seen[start] = true
		joined = append(joined[:0], start)
		var dark, lighter int
		for at := 0; at < len(joined); at++ {
			i := joined[at]
			dark, lighter = dark+int(prints[i].dark), lighter+int(prints[i].light)
			for _, k := range s.neighbours(i) {
				if k >= 0 && !seen[k] && absInt(int(level[k])-int(level[i])) <= step {
					seen[k] = true
					joined = append(joined, k)
				}
			}
		}
		for _, i := range joined {
			light[i] = lighter > dark
		}
	}
	return light
}

func (s *surface) neighbours(i int) [4]int {
	w, h := s.level.w, s.level.h
	n := [4]int{i - 1, i + 1, i - w, i + w}
	if i%w == 0 {
		n[0] = -1
	}
	if i%w == w-1 {
		n[1] = -1
	}
	if i >= w*(h-1) {
		n[3] = -1
	}
	return n
}

func absInt(v int) int {
	if v < 0 {
		return -v
	}
	return v
}
