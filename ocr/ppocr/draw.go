package ppocr

import (
	"image"
	"math"
)

// norm maps a byte of a pixel to what a network was trained on: v*scale+shift
// for blue, green and red, the order in which its makers load pictures.
type norm struct{ scale, shift [3]float32 }

// ImageNet's means and deviations, which PaddleOCR uses for detection.
var detNorm = newNorm([3]float64{.485, .456, .406}, [3]float64{.229, .224, .225})

// Recognition and direction see −1 to 1.
var recNorm = newNorm([3]float64{.5, .5, .5}, [3]float64{.5, .5, .5})

func newNorm(mean, dev [3]float64) (n norm) {
	for i := range 3 {
		n.scale[i] = float32(1 / (255 * dev[i]))
		n.shift[i] = float32(-mean[i] / dev[i])
	}
	return n
}

// draw fills w×h pixels of each plane of a tensor, from column left of its
// rows on, which are stride long, with the part of the view that the slab
// covers. Where several pixels of the view fall on one, they are averaged.
func draw(view *image.RGBA, s slab, left, w, h, stride int, n norm, out []float32) {
	sx, sy := s.W/float64(w), s.H/float64(h)
	tx, ty := taps(sx), taps(sy)
	plane := len(out) / 3
	each := 1 / float32(tx*ty)
	var scale [3]float32
	for i := range 3 {
		scale[i] = n.scale[i] * each / 256
	}
	for y := range h {
		row := out[y*stride+left:]
		for x := range w {
			var r, g, b int
			for j := range ty {
				for i := range tx {
					px, py := s.at((float64(x)+(float64(i)+.5)/float64(tx))*sx, (float64(y)+(float64(j)+.5)/float64(ty))*sy)
					pr, pg, pb := sample(view, px, py)
					r, g, b = r+pr, g+pg, b+pb
				}
			}
			row[x] = float32(b)*scale[0] + n.shift[0]
			row[plane+x] = float32(g)*scale[1] + n.shift[1]
			row[2*plane+x] = float32(r)*scale[2] + n.shift[2]
		}
	}
}

// taps is how many places of the view are averaged along one side of a pixel.
func taps(scale float64) int { return max(1, min(8, int(math.Round(scale)))) }

// sample reads one place of the view between its pixels, times 256; outside
// its edge goes on.
func sample(v *image.RGBA, x, y float64) (r, g, b int) {
	w, h := v.Rect.Dx(), v.Rect.Dy()
	fx := min(max(int((x-.5)*256), 0), (w-1)<<8)
	fy := min(max(int((y-.5)*256), 0), (h-1)<<8)
	i := fy>>8*v.Stride + fx>>8*4
	right, down := 4, v.Stride
	if fx>>8 == w-1 {
		right = 0
	}
	if fy>>8 == h-1 {
		down = 0
	}
	fx, fy = fx&255, fy&255
	a, c, d, e := v.Pix[i:i+3:i+3], v.Pix[i+right:i+right+3], v.Pix[i+down:i+down+3], v.Pix[i+right+down:i+right+down+3]
	mix := func(k int) int {
		up := int(a[k])*(256-fx) + int(c[k])*fx
		low := int(d[k])*(256-fx) + int(e[k])*fx
		return (up*(256-fy) + low*fy) >> 8
	}
	return mix(0), mix(1), mix(2)
}
