package tesseract

import (
	"encoding/binary"
	"image"
	"slices"

	"hallpass/ocr/pixels"
)

const (
	cell = 8 // pixels; what surrounds a pixel is known per cell
	// reach is half the window a cell's surroundings are, in cells: 104 pixels
	// in all, in which print covers less than half.
	reach = 6
)

// cells is a number for each cell of a view.
type cells struct {
	w, h  int
	value []uint8
}

func newCells(g *image.Gray) cells {
	w, h := (g.Rect.Dx()+cell-1)/cell, (g.Rect.Dy()+cell-1)/cell
	return cells{w: w, h: h, value: make([]uint8, w*h)}
}

// row gives the numbers of a row of pixels, bilinear between the middles of
// cells, and a little more. It needs room for one cell more than there are.
func (c *cells) row(y int, room []uint8) []uint8 {
	y = max(0, y-cell/2)
	cy, fy := y/cell, uint64(y%cell)
	up, low := c.value[cy*c.w:][:c.w], c.value[min(cy+1, c.h-1)*c.w:][:c.w]
	var v uint64 // 8 times the number in the middle of a cell
	for cx := range up {
		next := uint64(up[cx])*(cell-fy) + uint64(low[cx])*fy
		if cx == 0 {
			v = next
		}
		binary.LittleEndian.PutUint64(room[cell*cx:], eighths(v, next))
		v = next
	}
	binary.LittleEndian.PutUint64(room[cell*c.w:], eighths(v, v))
	return room[cell/2:]
}

// eighths is the eight steps from v to next, one byte each. Four of them are
// worked out in one word, as numbers of 16 bits: 64 times the step, which is
// never below zero, although next-v may be.
func eighths(v, next uint64) uint64 {
	const each, low = 0x0001_0001_0001_0001, 0x00ff_00ff_00ff_00ff
	even := v*(cell*each) + (next-v)*0x0006_0004_0002_0000
	odd := even + (next-v)*each
	return even>>6&low | (odd>>6&low)<<8
}

// highest gives each cell the highest number up to twelve cells away, along
// rows and then along columns: first the highest of five neighbours, then of
// every fifth of those.
func (c *cells) highest() {
	for _, pass := range [2]struct{ by, n, of int }{{1, c.w, c.h}, {c.w, c.h, c.w}} {
		line, five := make([]uint8, pass.n), make([]uint8, pass.n)
		for i := range pass.of {
			at := i * (c.w + 1 - pass.by)
			for k := range line {
				line[k] = c.value[at+k*pass.by]
			}
			for k := range five {
				five[k] = slices.Max(line[max(0, k-2):min(pass.n, k+3)])
			}
			for k := range line {
				v := five[k]
				for _, far := range [4]int{-10, -5, 5, 10} {
					v = max(v, five[max(0, min(k+far, pass.n-1))])
				}
				c.value[at+k*pass.by] = v
			}
		}
	}
}

// greys counts pixels by their grey in 64 steps: four counts of 16 bits in each
// word, so that four are added at once. A window holds 2704 pixels.
type greys [16]uint64

func (g *greys) count(v uint8) { g[v>>4] += 1 << (v >> 2 & 3 * 16) }

func (g *greys) add(o *greys) {
	for i := range g {
		g[i] += o[i]
	}
}

// drop takes away what was added before.
func (g *greys) drop(o *greys) {
	for i := range g {
		g[i] -= o[i]
	}
}

// four is the sum of a word's counts.
func four(word uint64) int { return int(word * 0x0001_0001_0001_0001 >> 48) }

// quantile is the grey below which num/den of the pixels lie.
func (g *greys) quantile(num, den int) uint8 {
	var all uint64
	for _, word := range g {
		all += word
	}
	left := (num*four(all) + den - 1) / den
	for i, word := range g {
		if n := four(word); n < left {
			left -= n
			continue
		}
		for k := range 4 {
			if left -= int(word >> (16 * k) & 0xffff); left <= 0 {
				return uint8(i<<4 + k<<2 + 2)
			}
		}
	}
	return 255
}

// census counts the greys of every cell, of a quarter of its pixels.
func (c *cells) census(g *image.Gray) []greys {
	out := make([]greys, len(c.value))
	w, h := g.Rect.Dx(), g.Rect.Dy()
	pixels.Bands(c.h, func(top, end int) {
		for y := top * cell; y < min(h, end*cell); y += 2 {
			row, of := g.Pix[y*g.Stride:][:w], out[y/cell*c.w:][:c.w]
			for x := y / 2 & 1; x < w; x += 2 {
				of[x/cell].count(row[x])
			}
		}
	})
	return out
}

// around calls visit for each cell with the greys of its surroundings. Two
// cells may be visited at once.
func (c *cells) around(g *image.Gray, visit func(i int, h *greys)) {
	census := c.census(g)
	pixels.Bands(c.h, func(top, end int) {
		columns := make([]greys, c.w) // each the sum of the window's rows
		each := func(cy int, do func(*greys, *greys)) {
			if cy < 0 || cy >= c.h {
				return
			}
			for cx := range columns {
				do(&columns[cx], &census[cy*c.w+cx])
			}
		}
		for cy := top - reach; cy < top+reach; cy++ {
			each(cy, (*greys).add)
		}
		for cy := top; cy < end; cy++ {
			each(cy+reach, (*greys).add)
			c.along(columns, func(cx int, h *greys) { visit(cy*c.w+cx, h) })
			each(cy-reach, (*greys).drop)
		}
	})
}

// along moves the window over one row.
func (c *cells) along(columns []greys, visit func(cx int, h *greys)) {
	var sum greys
	for cx := range min(reach, c.w) {
		sum.add(&columns[cx])
	}
	for cx := range columns {
		if cx+reach < c.w {
			sum.add(&columns[cx+reach])
		}
		visit(cx, &sum)
		if cx >= reach {
			sum.drop(&columns[cx-reach])
		}
	}
}
