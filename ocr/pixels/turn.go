package pixels

import "image"

// Turn is the picture after so many quarter turns clockwise, with its corner
// at 0, 0.
func Turn(src *image.RGBA, quarters int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	if quarters%2 != 0 {
		w, h = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	// A step to the right in dst is a step in src: along the row, up the
	// column, back along the row, or down the column.
	start, right, down := 0, 4, src.Stride
	switch last := src.Stride*(src.Rect.Dy()-1) + 4*(src.Rect.Dx()-1); quarters % 4 {
	case 1:
		start, right, down = src.Stride*(src.Rect.Dy()-1), -src.Stride, 4
	case 2:
		start, right, down = last, -4, -src.Stride
	case 3:
		start, right, down = 4*(src.Rect.Dx()-1), src.Stride, -4
	}
	for y := range h {
		from, to := start+y*down, dst.Pix[y*dst.Stride:]
		for x := range w {
			copy(to[4*x:4*x+4], src.Pix[from:from+4])
			from += right
		}
	}
	return dst
}
