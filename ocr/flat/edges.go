package flat

import (
	"encoding/binary"
	"image"
	"math"

	"hallpass/ocr/pixels"
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

// thumb shrinks by averaging whole areas; of one higher than 256 pixels, which
// no picture that was decoded has, those.
func thumb(src *image.RGBA, side int) (small *image.RGBA, factor float64) {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	factor = max(1, float64(max(w, h))/float64(side))
	sw, sh := max(1, int(float64(w)/factor)), max(1, int(float64(h)/factor))
	small = image.NewRGBA(image.Rect(0, 0, sw, sh))
	// area is the pixels that the i-th of the small picture is made of.
	area := func(i, end int) (from, to int) {
		from = int(float64(i) * factor)
		return from, min(max(int(float64(i+1)*factor), from+1), end)
	}
	pixels.Bands(sh, func(top, end int) {
		sums := make([]columns, (w+1)/2)
		for y := top; y < end; y++ {
			from, to := area(y, h)
			to = min(to, from+256)
			clear(sums)
			for yy := from; yy < to; yy++ {
				addRow(sums, src.Pix[yy*src.Stride:][:4*w])
			}
			out := small.Pix[y*small.Stride:]
			for x := range sw {
				x0, x1 := area(x, w)
				var rb, g uint64
				for xx := x0; xx < x1; xx++ {
					c, side := &sums[xx/2], 32*(xx&1)
					rb += c.rb>>side&0xffff | c.rb>>side>>16&0xffff<<32
					g += c.ga >> side & 0xffff
				}
				n := uint64((x1 - x0) * (to - from))
				out[4*x], out[4*x+1], out[4*x+2], out[4*x+3] = byte(rb&(1<<32-1)/n), byte(g/n), byte(rb>>32/n), 255
			}
		}
	})
	return small, factor
}

// columns is the sums of two columns of pixels, 16 bits for each colour: red, blue,
// and of the right one red, blue; the same of green and alpha.
type columns struct{ rb, ga uint64 }

func addRow(sums []columns, row []byte) {
	const each = 0x00ff_00ff_00ff_00ff
	for i := range sums {
		var px uint64
		if len(row) >= 8 {
			px = binary.LittleEndian.Uint64(row)
			row = row[8:]
		} else { // an odd one is left
			px = uint64(binary.LittleEndian.Uint32(row))
		}
		sums[i].rb += px & each
		sums[i].ga += px >> 8 & each
	}
}

// findEdges smooths the picture twice and takes Sobel gradients.
func findEdges(small *image.RGBA) *edges {
	w, h := small.Rect.Dx(), small.Rect.Dy()
	e := &edges{small: small, w: w, h: h, gx: make([]float32, w*h), gy: make([]float32, w*h), mag: make([]float32, w*h)}
	var planes [3][]float32
	pixels.Bands(len(planes), func(from, to int) {
		spare := make([]float32, w*h)
		for c := from; c < to; c++ {
			plane := make([]float32, w*h)
			for i := range plane {
				plane[i] = float32(small.Pix[4*i+c])
			}
			smooth(plane, spare, w, h)
			smooth(plane, spare, w, h)
			planes[c] = plane
		}
	})
	for _, plane := range planes {
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

// strongest keeps the gradient of a channel where it is steeper than that of
// those before.
func (e *edges) strongest(p []float32) {
	w := e.w
	pixels.Bands(e.h-2, func(top, end int) {
		for y := top + 1; y <= end; y++ {
			up, row, low := p[(y-1)*w:][:w], p[y*w:][:w], p[(y+1)*w:][:w]
			mags, at := e.mag[y*w:][:w], y*w
			for x := 1; x+1 < len(row) && x+1 < len(up) && x+1 < len(low); x++ {
				gx := (up[x+1] + 2*row[x+1] + low[x+1] - up[x-1] - 2*row[x-1] - low[x-1]) / 4
				gy := (low[x-1] + 2*low[x] + low[x+1] - up[x-1] - 2*up[x] - up[x+1]) / 4
				if m := float32(math.Sqrt(float64(gx*gx + gy*gy))); m > mags[x] {
					e.gx[at+x], e.gy[at+x], mags[x] = gx, gy, m
				}
			}
		}
	})
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
	return nth(some, len(some)/2)
}

// nth is what would stand at a place if v were sorted (Hoare, Algorithm 65:
// Find, 1961). It moves the numbers of v about.
func nth(v []float32, k int) float32 {
	for low, high := 0, len(v)-1; low < high; {
		pivot, i, j := v[k], low, high
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for pivot < v[j] {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i, j = i+1, j-1
			}
		}
		if j < k {
			low = i
		}
		if k < i {
			high = j
		}
	}
	return v[k]
}

func abs[T int | float32 | float64](v T) T {
	if v < 0 {
		return -v
	}
	return v
}
