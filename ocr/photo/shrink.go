package photo

import (
	"image"
	"image/draw"

	"hallpass/ocr/pixels"
)

// shrunk is a part of a picture, averaged over squares of by × by pixels; what is
// left over at the right and below is dropped. It works in bands, so that a
// large picture is never held twice.
func shrunk(img image.Image, part image.Rectangle, by int) *image.RGBA {
	w, h := max(1, part.Dx()/by), max(1, part.Dy()/by)
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	o, told := img.(interface{ Opaque() bool })
	clear := told && !o.Opaque() // asked once: it looks at every pixel
	if by == 1 {
		paint(dst, img, part.Min, clear)
		return dst
	}
	if photo, ok := img.(*image.YCbCr); ok {
		averagePhoto(dst, photo, part.Min, by)
		return dst
	}
	const rows = 16
	pixels.Bands((h+rows-1)/rows, func(top, end int) {
		band := image.NewRGBA(image.Rect(0, 0, part.Dx(), min(part.Dy(), rows*by)))
		for y := top * rows; y < min(h, end*rows); y++ {
			if y%rows == 0 {
				paintRows(band, img, part.Min.Add(image.Pt(0, y*by)), clear)
			}
			average(dst.Pix[y*dst.Stride:(y+1)*dst.Stride], band.Pix[y%rows*by*band.Stride:], band.Stride, by)
		}
	})
	return dst
}

// paint copies a picture; one that is clear in places goes onto white: nothing
// behind the print is paper.
func paint(dst *image.RGBA, img image.Image, from image.Point, clear bool) {
	pixels.Bands(dst.Rect.Dy(), func(top, end int) {
		rows := dst.SubImage(image.Rect(0, top, dst.Rect.Dx(), end)).(*image.RGBA)
		paintRows(rows, img, from.Add(image.Pt(0, top)), clear)
	})
}

func paintRows(dst *image.RGBA, img image.Image, from image.Point, clear bool) {
	if photo, ok := img.(*image.YCbCr); ok && halved(photo.SubsampleRatio) {
		paintPhoto(dst, photo, from)
		return
	}
	if clear {
		draw.Draw(dst, dst.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(dst, dst.Rect, img, from, draw.Over)
		return
	}
	draw.Draw(dst, dst.Rect, img, from, draw.Src)
}

// average makes one row of pixels out of by rows.
func average(dst, src []byte, stride, by int) {
	n := by * by
	for x := 0; x+4 <= len(dst); x += 4 {
		var r, g, b int
		for yy := range by {
			px := src[yy*stride+x*by:][:4*by]
			for i := 0; i+4 <= len(px); i += 4 {
				r, g, b = r+int(px[i]), g+int(px[i+1]), b+int(px[i+2])
			}
		}
		dst[x], dst[x+1], dst[x+2], dst[x+3] = byte(r/n), byte(g/n), byte(b/n), 255
	}
}

// Part is a box of the upright picture, in its own pixels, at its own resolution.
func (p *Picture) Part(box image.Rectangle) *image.RGBA {
	return turned(shrunk(p.img, p.source(box), 1), p.turn)
}

// source is where a box of the upright picture lies in the one that was decoded.
func (p *Picture) source(box image.Rectangle) image.Rectangle {
	w, h := p.Size.X, p.Size.Y
	x0, y0, x1, y1 := box.Min.X, box.Min.Y, box.Max.X, box.Max.Y
	switch p.turn {
	case 2:
		x0, x1 = w-x1, w-x0
	case 3:
		x0, y0, x1, y1 = w-x1, h-y1, w-x0, h-y0
	case 4:
		y0, y1 = h-y1, h-y0
	case 5:
		x0, y0, x1, y1 = y0, x0, y1, x1
	case 6:
		x0, y0, x1, y1 = y0, w-x1, y1, w-x0
	case 7:
		x0, y0, x1, y1 = h-y1, w-x1, h-y0, w-x0
	case 8:
		x0, y0, x1, y1 = h-y1, x0, h-y0, x1
	}
	return image.Rect(x0, y0, x1, y1).Add(p.img.Bounds().Min)
}
