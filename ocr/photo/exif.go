package photo

import (
	"encoding/binary"
	"image"

	"hallpass/ocr/pixels"
)

// segments walks a JPEG's marker segments up to the first scan. The walk stops
// when visit says so or when a length makes no sense.
func segments(data []byte, visit func(marker byte, body []byte) (more bool)) {
	for i := 2; i+4 <= len(data) && data[i] == 0xff; {
		marker := data[i+1]
		if marker == 0xff { // a fill byte
			i++
			continue
		}
		n := int(binary.BigEndian.Uint16(data[i+2:]))
		if marker == 0xda || n < 2 || i+2+n > len(data) || !visit(marker, data[i+4:i+2+n]) {
			return
		}
		i += 2 + n
	}
}

// orientation reads tag 0x0112 of the first directory of a picture's Exif data
// (Exif 2.32, section 4.6.4): 1–8, and 1 for anything missing or broken.
func orientation(data []byte) int {
	turn := 1
	if tiff := tiffChunk(data); len(tiff) >= 8 {
		return tiffOrientation(tiff)
	}
	if len(data) < 4 || data[0] != 0xff || data[1] != 0xd8 {
		return turn
	}
	segments(data, func(marker byte, body []byte) bool {
		if marker != 0xe1 || len(body) < 14 || string(body[:6]) != "Exif\x00\x00" {
			return true
		}
		turn = tiffOrientation(body[6:])
		return false
	})
	return turn
}

func tiffOrientation(tiff []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return 1
	}
	count := int(order.Uint16(tiff[at:]))
	for i := range count {
		entry := at + 2 + 12*i
		if entry+12 > len(tiff) {
			return 1
		}
		if order.Uint16(tiff[entry:]) != 0x0112 {
			continue
		}
		if v := int(order.Uint16(tiff[entry+8:])); v >= 1 && v <= 8 {
			return v
		}
		return 1
	}
	return 1
}

// turned undoes an Exif orientation.
func turned(src *image.RGBA, turn int) *image.RGBA {
	if turn <= 1 || turn > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dw, dh := w, h
	if turn >= 5 {
		dw, dh = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, dw, dh))
	// A step to the right in dst, and one down, is a step in src.
	start, right, down := 0, 4, src.Stride
	if turn >= 5 {
		right, down = src.Stride, 4
	}
	if turn == 2 || turn == 3 || turn == 6 || turn == 7 {
		start += (dw - 1) * right
		right = -right
	}
	if turn == 3 || turn == 4 || turn == 7 || turn == 8 {
		start += (dh - 1) * down
		down = -down
	}
	const tile = 16 // pixels, so that a line of the cache is used up before it goes
	pixels.Bands(dh, func(top, end int) {
		for left := 0; left < dw; left += tile {
			for y := top; y < end; y++ {
				from := start + y*down + left*right
				to := dst.Pix[y*dst.Stride:][4*left : 4*min(dw, left+tile)]
				for len(to) >= 4 {
					binary.LittleEndian.PutUint32(to, binary.LittleEndian.Uint32(src.Pix[from:]))
					from += right
					to = to[4:]
				}
			}
		}
	})
	return dst
}
