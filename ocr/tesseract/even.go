package tesseract

import (
	"image"
)

const (
	cell = 8 // pixels; the background is known per cell
	// reach is half the window the background is taken from, in cells: 104
	// pixels in all, in which print covers less than half.
	reach = 6
	// step between neighbouring cells that still counts as the same surface
	// under changing light.
	surface = 14
	// lift keeps the noise of a black surface from being blown up.
	lift = 28
	// rim of the view that is blanked: the table may still show there.
	rim = 5
)

// even gives grey letters on white, whatever the card's colours and the light:
// each pixel is divided by the background around it. A surface whose print is
// lighter than itself is turned round.
func even(view *image.RGBA) *image.Gray {
	grey := luma(view)
	b := newBackground(grey)
	b.measure(grey)
	b.decide(grey)
	out := b.divide(grey)
	deepen(out)
	return out
}

func luma(src *image.RGBA) *image.Gray {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		from, to := src.Pix[y*src.Stride:], dst.Pix[y*dst.Stride:][:w]
		for x := range to {
			r, g, b := int(from[4*x]), int(from[4*x+1]), int(from[4*x+2])
			to[x] = byte((299*r + 587*g + 114*b + 500) / 1000)
		}
	}
	return dst
}

// background is a card's bare surface, in cells.
type background struct {
	w, h   int
	level  []uint8
	invert []bool
}

func newBackground(g *image.Gray) *background {
	w, h := (g.Rect.Dx()+cell-1)/cell, (g.Rect.Dy()+cell-1)/cell
	return &background{w: w, h: h, level: make([]uint8, w*h), invert: make([]bool, w*h)}
}

// measure takes the median around each cell, which print of either polarity
// does not move.
func (b *background) measure(g *image.Gray) {
	b.slide(g, func(h *[64]int) uint8 { return quantile(h, 1, 2) })
}

// slide moves a histogram along each row of cells.
func (b *background) slide(g *image.Gray, level func(*[64]int) uint8) {
	hist := make([][64]uint16, b.w*b.h)
	for cy := range b.h {
		for cx := range b.w {
			h := &hist[cy*b.w+cx]
			for y := cy * cell; y < min((cy+1)*cell, g.Rect.Dy()); y += 2 {
				row := g.Pix[y*g.Stride:]
				for x := cx*cell + y/2&1; x < min((cx+1)*cell, g.Rect.Dx()); x += 2 {
					h[row[x]>>2]++
				}
			}
		}
	}
	for cy := range b.h {
		var sum [64]int
		column := func(cx, sign int) {
			if cx < 0 || cx >= b.w {
				return
			}
			for y := max(0, cy-reach); y <= min(b.h-1, cy+reach); y++ {
				for i, n := range &hist[y*b.w+cx] {
					sum[i] += sign * int(n)
				}
			}
		}
		for cx := -reach; cx < reach; cx++ {
			column(cx, 1)
		}
		for cx := range b.w {
			column(cx+reach, 1)
			b.level[cy*b.w+cx] = level(&sum)
			column(cx-reach, -1)
		}
	}
}

// decide joins cells to surfaces and asks each whether its print is the
// lighter part.
func (b *background) decide(g *image.Gray) {
	seen := make([]bool, b.w*b.h)
	var stack, region []int
	for start := range seen {
		if seen[start] {
			continue
		}
		seen[start] = true
		stack, region = append(stack[:0], start), region[:0]
		var dark, light int
		for len(stack) > 0 {
			i := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			region = append(region, i)
			d, l := b.print(g, i)
			dark, light = dark+d, light+l
			for _, k := range b.neighbours(i) {
				if k >= 0 && !seen[k] && absInt(int(b.level[k])-int(b.level[i])) <= surface {
					seen[k] = true
					stack = append(stack, k)
				}
			}
		}
		for _, i := range region {
			b.invert[i] = light > dark
		}
	}
}

func (b *background) neighbours(i int) [4]int {
	n := [4]int{i - 1, i + 1, i - b.w, i + b.w}
	if i%b.w == 0 {
		n[0] = -1
	}
	if i%b.w == b.w-1 {
		n[1] = -1
	}
	if i >= b.w*(b.h-1) {
		n[3] = -1
	}
	return n
}

// print sums how much of a cell is clearly darker and lighter than its
// surface, relative to it, so that glare does not outweigh letters.
func (b *background) print(g *image.Gray, i int) (dark, light int) {
	level := int(b.level[i]) + lift
	x0, y0 := i%b.w*cell, i/b.w*cell
	for y := y0; y < min(y0+cell, g.Rect.Dy()); y++ {
		for _, v := range g.Pix[y*g.Stride+x0:][:min(cell, g.Rect.Dx()-x0)] {
			switch d := int(v) + lift; {
			case 5*d < 4*level:
				dark += 256 * (level - d) / level
			case 4*d > 5*level:
				light += 256 * (d - level) / d
			}
		}
	}
	return dark, light
}

func (b *background) divide(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(g.Rect)
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	for y := rim; y < h-rim; y++ {
		for x := rim; x < w-rim; x++ {
			v, level := int(g.Pix[y*g.Stride+x])+lift, b.at(x, y)+lift
			if b.invert[y/cell*b.w+x/cell] {
				v, level = level, v
			}
			if v < level {
				out.Pix[y*out.Stride+x] = byte(255 * v / level)
			}
		}
	}
	return out
}

// at is the surface's level, bilinear between the middles of cells.
func (b *background) at(x, y int) int {
	fx, fy := max(0, x-cell/2), max(0, y-cell/2)
	cx, cy := min(fx/cell, b.w-1), min(fy/cell, b.h-1)
	nx, ny := min(cx+1, b.w-1), min(cy+1, b.h-1)
	fx, fy = fx-cx*cell, fy-cy*cell
	top := int(b.level[cy*b.w+cx])*(cell-fx) + int(b.level[cy*b.w+nx])*fx
	low := int(b.level[ny*b.w+cx])*(cell-fx) + int(b.level[ny*b.w+nx])*fx
	return (top*(cell-fy) + low*fy) / (cell * cell)
}

func absInt(v int) int {
	if v < 0 {
		return -v
	}
	return v
}
