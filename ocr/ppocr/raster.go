package ppocr

import (
	"encoding/binary"
	"image"
	"math"
)

// walk goes along a slab in equal steps: the next place in the view, and the way
// from each to the one after it, all with so many bits below a pixel.
type walk struct{ x, y, dx, dy int }

// fraction is fine enough for the rounding of all steps over a view's width to
// add up to less than the 256th of a pixel that places are read to.
const fraction = 24

// walk begins half a step along the slab.
func (s slab) walk(across, step float64) walk {
	x, y := s.at(step/2, across)
	const one = 1 << fraction
	return walk{int((x - .5) * one), int((y - .5) * one), int(s.UX * step * one), int(s.UY * step * one)}
}

// raster reads a view between its pixels. It has at least two rows and columns.
type raster struct {
	pix                   []byte
	stride, right, bottom int // the last pixel
}

// between widens a view of a single row or column, whose edge goes on anyway.
func between(v *image.RGBA) raster {
	if w, h := v.Rect.Dx(), v.Rect.Dy(); w < 2 || h < 2 {
		wider := image.NewRGBA(image.Rect(0, 0, max(2, w), max(2, h)))
		for i := range wider.Pix {
			x, y := min(i/4%wider.Rect.Dx(), w-1), min(i/wider.Stride, h-1)
			wider.Pix[i] = v.Pix[y*v.Stride+4*x+i%4]
		}
		v = wider
	}
	return raster{v.Pix, v.Stride, v.Rect.Dx() - 1, v.Rect.Dy() - 1}
}

// next reads the next place of a walk bilinearly: red, green above it with 32
// bits each, and blue, all times 256; outside the view its edge goes on. The four
// colours of a pixel are worked out at once, each with 16 bits of a word.
func (v *raster) next(to *walk) (rg, b uint64) {
	const (
		low = fraction - 8
		two = 0x0000_ffff_0000_ffff
	)
	x, y := min(max(to.x>>low, 0), v.right<<8), min(max(to.y>>low, 0), v.bottom<<8)
	to.x, to.y = to.x+to.dx, to.y+to.dy
	x0, y0 := min(x>>8, v.right-1), min(y>>8, v.bottom-1)
	i := y0*v.stride + 4*x0
	fx, fy := uint64(x-x0<<8), uint64(y-y0<<8)
	upper, lower := binary.LittleEndian.Uint64(v.pix[i:]), binary.LittleEndian.Uint64(v.pix[i+v.stride:])
	a, c := lanes(upper), lanes(lower)
	up, down := a<<8+(lanes(upper>>32)-a)*fx, c<<8+(lanes(lower>>32)-c)*fx
	rg = (up&two*(256-fy) + down&two*fy) >> 8 & two
	b = (up>>16&0xffff*(256-fy) + down>>16&0xffff*fy) >> 8
	return rg, b
}

// grey is the brightness of the next place, times 256.
func (v *raster) grey(to *walk) int {
	rg, b := v.next(to)
	return int(rg&math.MaxUint32+2*(rg>>32)+b) >> 2
}

// lanes gives red, blue, green and alpha 16 bits each.
func lanes(px uint64) uint64 { return px&0x00ff00ff | px&0xff00ff00<<24 }

// half is a view of half the size; each pixel is the mean of four. An odd row or
// column at the end is left out.
func half(view *image.RGBA) *image.RGBA {
	const each = 0x00ff_00ff_00ff_00ff
	out := image.NewRGBA(image.Rect(0, 0, view.Rect.Dx()/2, view.Rect.Dy()/2))
	for y := range out.Rect.Dy() {
		upper, lower := view.Pix[2*y*view.Stride:], view.Pix[(2*y+1)*view.Stride:]
		to := out.Pix[y*out.Stride : (y+1)*out.Stride]
		for x := 0; x < len(to); x += 4 {
			a, b := binary.LittleEndian.Uint64(upper[2*x:]), binary.LittleEndian.Uint64(lower[2*x:])
			even, odd := a&each+b&each, a>>8&each+b>>8&each
			even, odd = (even+even>>32+0x0002_0002)>>2&each, (odd+odd>>32+0x0002_0002)>>2&each
			binary.LittleEndian.PutUint32(to[x:], uint32(even|odd<<8))
		}
	}
	return out
}
