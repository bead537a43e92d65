package photo

import (
	"encoding/binary"
	"image"

	"hallpass/ocr/pixels"
)

// halved says that two pixels of a row share their colour, as in nearly all
// photos.
func halved(r image.YCbCrSubsampleRatio) bool {
	return r == image.YCbCrSubsampleRatio420 || r == image.YCbCrSubsampleRatio422
}

// paintPhoto copies rows of a photo whose colour is halved, as image/draw does,
// bit for bit, but looks at each colour once.
func paintPhoto(dst *image.RGBA, src *image.YCbCr, from image.Point) {
	w := dst.Rect.Dx()
	for y := range dst.Rect.Dy() {
		out := dst.Pix[y*dst.Stride:][:4*w]
		light := src.Y[src.YOffset(from.X, from.Y+y):][:w]
		at := src.COffset(from.X, from.Y+y)
		blue, red := src.Cb[at:], src.Cr[at:]
		if from.X&1 != 0 { // the right one of two
			binary.LittleEndian.PutUint32(out, tintOf(blue[0], red[0]).of(light[0]))
			out, light, blue, red = out[4:], light[1:], blue[1:], red[1:]
		}
		for len(light) >= 2 && len(out) >= 8 {
			t := tintOf(blue[0], red[0])
			binary.LittleEndian.PutUint32(out, t.of(light[0]))
			binary.LittleEndian.PutUint32(out[4:], t.of(light[1]))
			out, light, blue, red = out[8:], light[2:], blue[1:], red[1:]
		}
		if len(light) > 0 {
			binary.LittleEndian.PutUint32(out, tintOf(blue[0], red[0]).of(light[0]))
		}
	}
}

// tint is what a colour adds to red, green and blue, in 65536ths (JFIF 1.02,
// page 3; numbers as in image/color).
type tint struct{ red, green, blue int32 }

func tintOf(blue, red byte) tint {
	cb, cr := int32(blue)-128, int32(red)-128
	return tint{91881 * cr, -22554*cb - 46802*cr, 116130 * cb}
}

// of is a pixel of a brightness.
func (t tint) of(light byte) uint32 {
	y := int32(light) * 0x10101
	return levels[(y+t.red)>>16&1023] | levels[(y+t.green)>>16&1023]<<8 | levels[(y+t.blue)>>16&1023]<<16 | 255<<24
}

// levels keeps what light and tint add up to, −227 to 481, within 0 to 255; what
// is below zero is found at the end.
var levels = func() (t [1024]uint32) {
	for i := 0; i < 512; i++ {
		t[i] = uint32(min(i, 255))
	}
	return t
}()

// averagePhoto does what average does for what a JPEG decodes to, without turning
// each of its pixels into red, green and blue first: it averages brightness and
// takes the colour of the middle.
func averagePhoto(dst *image.RGBA, src *image.YCbCr, from image.Point, by int) {
	w, n := dst.Rect.Dx(), uint32(by*by)
	pixels.Bands(dst.Rect.Dy(), func(top, end int) {
		sums := make([]uint32, w)
		for y := top; y < end; y++ {
			clear(sums)
			for yy := range by {
				pixels.AddLight(sums, src.Y[src.YOffset(from.X, from.Y+y*by+yy):][:w*by], by)
			}
			out := dst.Pix[y*dst.Stride:][:4*w]
			for x, sum := range sums {
				c := src.COffset(from.X+x*by+by/2, from.Y+y*by+by/2)
				binary.LittleEndian.PutUint32(out[4*x:], tintOf(src.Cb[c], src.Cr[c]).of(byte(sum/n)))
			}
		}
	})
}
