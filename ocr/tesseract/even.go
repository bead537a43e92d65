package tesseract

import (
	"encoding/binary"
	"image"

	"hallpass/ocr/pixels"
)

const (
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
	out := newSurface(grey).divide(grey)
	deepen(out)
	return out
}

func luma(src *image.RGBA) *image.Gray {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewGray(image.Rect(0, 0, w, h))
	pixels.Bands(h, func(top, end int) {
		for y := top; y < end; y++ {
			from, to := src.Pix[y*src.Stride:][:4*w], dst.Pix[y*dst.Stride:][:w]
			for x := range to {
				px := binary.LittleEndian.Uint32(from[4*x:])
				to[x] = byte((299*(px&255) + 587*(px>>8&255) + 114*(px>>16&255) + 500) / 1000)
			}
		}
	})
	return dst
}

// divide gives each pixel as a share of its surface; where the print is lighter,
// the surface as a share of the pixel.
func (s *surface) divide(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(g.Rect)
	pixels.Bands(h, func(top, end int) {
		room := make([]uint8, cell*(s.level.w+1))
		for y := top; y < end; y++ {
			from, to := g.Pix[y*g.Stride:][:w], out.Pix[y*out.Stride:][:w]
			if y < rim || y >= h-rim || w <= 2*rim {
				blank(to)
				continue
			}
			levels := s.level.row(y, room)
			for cx, light := range s.light[y/cell*s.level.w:][:s.level.w] {
				x, end := cx*cell, min(w, cx*cell+cell)
				if light {
					shares(to[x:end], levels[x:end], from[x:end])
				} else {
					shares(to[x:end], from[x:end], levels[x:end])
				}
			}
			blank(to[:rim])
			blank(to[w-rim:])
		}
	})
	return out
}

func blank(row []byte) {
	for x := range row {
		row[x] = 255
	}
}

// shares gives each of part as a share of its whole.
func shares(to, part, whole []uint8) {
	part, whole = part[:len(to)], whole[:len(to)]
	for x := range to {
		to[x] = shareOf[whole[x]][part[x]]
	}
}

// shareOf holds what a part of a whole, both lifted, is of 255. It saves a
// division for each pixel.
var shareOf = func() *[256][256]uint8 {
	var t [256][256]uint8
	for whole := range t {
		for part := range t[whole] {
			t[whole][part] = uint8(min(255, 255*(part+lift)/(whole+lift)))
		}
	}
	return &t
}()
