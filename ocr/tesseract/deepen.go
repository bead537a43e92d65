package tesseract

import (
	"image"

	"hallpass/ocr/pixels"
)

// faintest is the lightest that print is taken for in an evened view.
const faintest = 222

// deepen makes faint print as dark as the rest: around each cell, the darkest
// three hundredths become nearly black. Where they are no darker than the
// surface's own noise explains, nothing is printed and nothing changes.
func deepen(g *image.Gray) {
	gain, calm := newCells(g), newCells(g)
	gain.around(blurred(g), func(i int, h *greys) {
		gain.value[i], calm.value[i] = h.quantile(3, 100), h.quantile(25, 100)
	})
	calm.highest() // print raises the quantile too: ask the barest neighbour
	for i, d := range gain.value {
		dark, noise := int(d), 254-int(calm.value[i])
		gain.value[i] = unit
		// Of plain noise, 3 % lie 2.8 times as deep as 25 %.
		if dark <= faintest && 255-dark > 7*noise/2+20 {
			gain.value[i] = uint8(min(255, 225*unit/(255-dark)))
		}
	}
	w := g.Rect.Dx()
	pixels.Bands(g.Rect.Dy(), func(top, end int) {
		room := make([]uint8, cell*(gain.w+1))
		for y := top; y < end; y++ {
			row := g.Pix[y*g.Stride:][:w]
			for x, by := range gain.row(y, room)[:len(row)] {
				row[x] = 255 - byte(min(255, (255-uint32(row[x]))*uint32(by)/unit))
			}
		}
	})
}

// unit is a gain of 1.
const unit = 32

// blurred averages 3×3 pixels, weighted, which halves the noise and more and
// costs letters little. The rim stays.
func blurred(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(g.Rect)
	pixels.Bands(h, func(top, end int) {
		for y := top; y < end; y++ {
			row, to := g.Pix[y*w:][:w], out.Pix[y*w:][:w]
			if y == 0 || y == h-1 || w < 3 {
				copy(to, row)
				continue
			}
			up, down := g.Pix[(y-1)*w:][:w], g.Pix[(y+1)*w:][:w]
			column := func(x int) uint32 { return uint32(up[x]) + 2*uint32(row[x]) + uint32(down[x]) }
			left, here := column(0), column(1)
			for x := 1; x < w-1; x++ {
				right := column(x + 1)
				to[x] = byte((left + 2*here + right + 8) >> 4)
				left, here = here, right
			}
			to[0], to[w-1] = row[0], row[w-1]
		}
	})
	return out
}
