package tesseract

import (
	"image"
	"slices"
)

// faintest is the lightest that print is taken for in an evened view.
const faintest = 222

// deepen makes faint print as dark as the rest: around each cell, the darkest
// three hundredths become nearly black. Where they are no darker than the
// surface's own noise explains, nothing is printed and nothing changes.
func deepen(g *image.Gray) {
	soft := blurred(g)
	b, calm := newBackground(g), newBackground(g)
	b.slide(soft, func(h *[64]int) uint8 { return quantile(h, 3, 100) })
	calm.slide(soft, func(h *[64]int) uint8 { return quantile(h, 25, 100) })
	calm.lightest(12) // print raises the quantile too: ask the barest neighbour
	for i, d := range b.level {
		dark, noise := int(d), 254-int(calm.level[i])
		b.level[i] = unit
		// Of plain noise, 3 % lie 2.8 times as deep as 25 %.
		if dark <= faintest && 255-dark > 7*noise/2+20 {
			b.level[i] = uint8(min(255, 225*unit/(255-dark)))
		}
	}
	w, h := g.Rect.Dx(), g.Rect.Dy()
	for y := range h {
		row := g.Pix[y*g.Stride:][:w]
		for x, v := range row {
			if v < 255 {
				row[x] = byte(max(0, 255-(255-int(v))*b.at(x, y)/unit))
			}
		}
	}
}

// unit is a gain of 1, as the levels of a background hold it.
const unit = 32

// lightest gives each cell the highest level up to n cells away.
func (b *background) lightest(n int) {
	spare := make([]uint8, len(b.level))
	for i := range b.level {
		x := i % b.w
		spare[i] = slices.Max(b.level[i-min(x, n) : i+min(b.w-1-x, n)+1])
	}
	for i := range spare {
		y := i / b.w
		for k := max(0, y-n); k <= min(b.h-1, y+n); k++ {
			b.level[i] = max(b.level[i], spare[k*b.w+i%b.w])
		}
	}
}

// blurred averages 3×3 pixels, weighted, which halves the noise and more and
// costs letters little. The rim stays.
func blurred(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(g.Rect)
	copy(out.Pix, g.Pix)
	sums := make([]int, w)
	for y := 1; y < h-1; y++ {
		up, row, down := g.Pix[(y-1)*w:][:w], g.Pix[y*w:][:w], g.Pix[(y+1)*w:][:w]
		for x := range sums {
			sums[x] = int(up[x]) + 2*int(row[x]) + int(down[x])
		}
		to := out.Pix[y*w:][:w]
		for x := 1; x < w-1; x++ {
			to[x] = byte((sums[x-1] + 2*sums[x] + sums[x+1] + 8) >> 4)
		}
	}
	return out
}

// quantile is the grey below which num/den of the pixels lie.
func quantile(h *[64]int, num, den int) uint8 {
	total := 0
	for _, n := range h {
		total += n
	}
	seen := 0
	for i, n := range h {
		if seen += n; den*seen >= num*total {
			return uint8(i<<2 + 2)
		}
	}
	return 255
}
