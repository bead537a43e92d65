package ocr

import (
	"image"
	"math"
	"slices"
)

// thumbSide is the longest side of the picture the outline is searched in. A
// card is at least a hundred pixels wide there, and cloth and wood grain have
// been averaged away.
const thumbSide = 320

// edges is the gradient of a small picture: of the colour channel that changes
// most, so that a red card on a grey table of the same brightness still shows.
type edges struct {
	small  *image.RGBA
	w, h   int
	gx, gy []float32
	mag    []float32
	level  float32 // the strength that counts half
}

// thumb shrinks by averaging whole areas.
func thumb(src *image.RGBA, side int) (small *image.RGBA, factor float64) {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	factor = max(1, float64(max(w, h))/float64(side))
	sw, sh := max(1, int(float64(w)/factor)), max(1, int(float64(h)/factor))
	small = image.NewRGBA(image.Rect(0, 0, sw, sh))
	for y := range sh {
		y0, y1 := int(float64(y)*factor), max(int(float64(y+1)*factor), int(float64(y)*factor)+1)
		for x := range sw {
			x0, x1 := int(float64(x)*factor), max(int(float64(x+1)*factor), int(float64(x)*factor)+1)
			var r, g, b, n int
			for yy := y0; yy < min(y1, h); yy++ {
				line := src.Pix[yy*src.Stride:]
				for xx := x0; xx < min(x1, w); xx++ {
					r, g, b, n = r+int(line[4*xx]), g+int(line[4*xx+1]), b+int(line[4*xx+2]), n+1
				}
			}
			o := small.Pix[y*small.Stride+4*x:]
			o[0], o[1], o[2], o[3] = byte(r/n), byte(g/n), byte(b/n), 255
		}
	}
	return small, factor
}

// findEdges smooths the picture twice and takes Sobel gradients.
func findEdges(small *image.RGBA) *edges {
	w, h := small.Rect.Dx(), small.Rect.Dy()
	e := &edges{small: small, w: w, h: h, gx: make([]float32, w*h), gy: make([]float32, w*h), mag: make([]float32, w*h)}
	plane := make([]float32, w*h)
	spare := make([]float32, w*h)
	for c := range 3 {
		for y := range h {
			for x := range w {
				plane[y*w+x] = float32(small.Pix[y*small.Stride+4*x+c])
			}
		}
		smooth(plane, spare, w, h)
		smooth(plane, spare, w, h)
		e.strongest(plane)
	}
	// Three times the median is above what grain and noise reach, and the
	// floor keeps a bare table from counting as edges.
	e.level = max(4, 3*median(e.mag))
	return e
}

// smooth is the 3×3 binomial filter; the rim stays.
func smooth(p, spare []float32, w, h int) {
	copy(spare, p)
	for y := range h {
		for x := 1; x < w-1; x++ {
			i := y*w + x
			spare[i] = (p[i-1] + 2*p[i] + p[i+1]) / 4
		}
	}
	copy(p, spare)
	for y := 1; y < h-1; y++ {
		for x := range w {
			i := y*w + x
			p[i] = (spare[i-w] + 2*spare[i] + spare[i+w]) / 4
		}
	}
}

func (e *edges) strongest(p []float32) {
	w := e.w
	for y := 1; y < e.h-1; y++ {
		for x := 1; x < w-1; x++ {
			i := y*w + x
			gx := (p[i-w+1] + 2*p[i+1] + p[i+w+1] - p[i-w-1] - 2*p[i-1] - p[i+w-1]) / 4
			gy := (p[i+w-1] + 2*p[i+w] + p[i+w+1] - p[i-w-1] - 2*p[i-w] - p[i-w+1]) / 4
			if m := float32(math.Sqrt(float64(gx*gx + gy*gy))); m > e.mag[i] {
				e.gx[i], e.gy[i], e.mag[i] = gx, gy, m
			}
		}
	}
}

// ridge says whether no neighbour across the edge is stronger.
func (e *edges) ridge(i int) bool {
	m, step := e.mag[i], 1
	ax, ay := abs(e.gx[i]), abs(e.gy[i])
	switch {
	case ay > 2.4*ax:
		step = e.w
	case ax > 2.4*ay:
	case e.gx[i]*e.gy[i] > 0:
		step = e.w + 1
	default:
		step = e.w - 1
	}
	return m >= e.mag[i-step] && m >= e.mag[i+step]
}

func median(v []float32) float32 {
	var some []float32
	for i := 0; i < len(v); i += 7 {
		some = append(some, v[i])
	}
	slices.Sort(some)
	return some[len(some)/2]
}

func abs[T int | float32 | float64](v T) T {
	if v < 0 {
		return -v
	}
	return v
}
