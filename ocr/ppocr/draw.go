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
	from := between(view)
	var walks [maxTaps]walk
	for y := range h {
		for j := range ty {
			walks[j] = s.walk((float64(y)+(float64(j)+.5)/float64(ty))*sy, sx/float64(tx))
		}
		row := out[y*stride+left:]
		for x := range w {
			var rg, b uint64
			for j := range ty {
				to := &walks[j]
				for range tx {
					prg, pb := from.next(to)
					rg, b = rg+prg, b+pb
				}
			}
			row[x] = float32(b)*scale[0] + n.shift[0]
			row[plane+x] = float32(rg>>32)*scale[1] + n.shift[1]
			row[2*plane+x] = float32(rg&math.MaxUint32)*scale[2] + n.shift[2]
		}
	}
}

// maxTaps places on each side of a pixel are averaged at most; their sum has
// room in 32 bits.
const maxTaps = 8

// taps is how many places of the view are averaged along one side of a pixel.
func taps(scale float64) int { return max(1, min(maxTaps, int(math.Round(scale)))) }
