package ocr

import (
	"image"
	"math"
	"slices"
)

// viewSide is the longest side of a rectified view. Ten-point print on a card
// 90 mm wide is then 26 pixels high; more gave the engines nothing.
const viewSide = 1300

// margin is added around a card's outline, as a share of its longer side: half a
// millimetre, because a lens bends the sides. More than that shows the engines
// more of the table: 0.02 costs Tesseract 1.3 points of F1 and PP-OCR 0.5.
const margin = 0.005

// rectify draws the quad as a flat upright rectangle at the photo's own
// resolution, shrunk to viewSide if it is larger.
func rectify(src *image.RGBA, q Quad) *image.RGBA {
	fw, fh := q.sides()
	shrink := min(1, viewSide/max(fw, fh))
	w, h := max(1, int(math.Round(fw*shrink))), max(1, int(math.Round(fh*shrink)))
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	m := onto(q, float64(w), float64(h))
	if shrink < 0.7 { // several source pixels fall on one: average 2×2 of them
		for y := range h {
			row := dst.Pix[y*dst.Stride:]
			for x := range w {
				sampleFour(src, &m, float64(x), float64(y), row[4*x:4*x+4])
			}
		}
		return dst
	}
	for y := range h {
		m.sampleRow(src, float64(y)+.5, dst.Pix[y*dst.Stride:(y+1)*dst.Stride])
	}
	return dst
}

// sampleRow draws one row. What runs along it is added up, so that a pixel costs
// one division.
func (m *homography) sampleRow(src *image.RGBA, y float64, row []byte) {
	X, Y, D := m[0]*.5+m[1]*y+m[2], m[3]*.5+m[4]*y+m[5], m[6]*.5+m[7]*y+m[8]
	for i := 0; i < len(row); i += 4 {
		sample(src, Point{X / D, Y / D}, row[i:i+4])
		X, Y, D = X+m[0], Y+m[3], D+m[6]
	}
}

func sampleFour(src *image.RGBA, m *homography, x, y float64, out []byte) {
	var sum [4]int
	var one [4]byte
	for _, d := range [4]Point{{.25, .25}, {.75, .25}, {.25, .75}, {.75, .75}} {
		sample(src, m.at(x+d.X, y+d.Y), one[:])
		for i, v := range one {
			sum[i] += int(v)
		}
	}
	for i := range out {
		out[i] = byte((sum[i] + 2) / 4)
	}
}

// sample reads one place bilinearly; outside the picture its edge goes on.
func sample(src *image.RGBA, p Point, out []byte) {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	x, y := clamp(p.X-.5, 0, float64(w-1)), clamp(p.Y-.5, 0, float64(h-1))
	x0, y0 := int(x), int(y)
	fx, fy := int((x-float64(x0))*256), int((y-float64(y0))*256)
	right, down := 4, src.Stride
	if x0 == w-1 {
		right = 0
	}
	if y0 == h-1 {
		down = 0
	}
	at := y0*src.Stride + 4*x0
	a, b := src.Pix[at:][:4], src.Pix[at+right:][:4]
	c, d := src.Pix[at+down:][:4], src.Pix[at+down+right:][:4]
	wd := fx * fy
	wb, wc := fx<<8-wd, fy<<8-wd
	wa := 1<<16 - wb - wc - wd
	out = out[:4]
	for i := range out {
		out[i] = byte((int(a[i])*wa + int(b[i])*wb + int(c[i])*wc + int(d[i])*wd + 1<<15) >> 16)
	}
}

func clamp(v, lo, hi float64) float64 {
	if !(v > lo) { // also NaN
		return lo
	}
	return min(v, hi)
}

// view is the card alone: rectified along its outline, or the whole picture
// where none stands out. others counts further cards.
func view(p *picture) (v *image.RGBA, q *Quad, others int) {
	found, ok := outline(p.pix)
	if !ok || isCode(p.pix, found.quad) {
		return whole(p), nil, 0
	}
	card := refine(p.pix, found.quad)
	source := card.scaled(p.scale)
	return rectify(p.near(card.widened(margin))), &source, found.others
}

// whole is the picture as it is, shrunk to a view's size.
func whole(p *picture) *image.RGBA {
	w, h := float64(p.pix.Rect.Dx()), float64(p.pix.Rect.Dy())
	return rectify(p.pix, Quad{{0, 0}, {w, 0}, {w, h}, {0, h}})
}

// isCode says that an outline is that of a code, whose rim stands out more than
// a white card's on white.
func isCode(pix *image.RGBA, q Quad) bool {
	if w, h := q.sides(); max(w, h) > 1.35*min(w, h) {
		return false
	}
	return slices.ContainsFunc(findCodes(pix), func(c Code) bool {
		return 2*float64(c.Box.Dx()*c.Box.Dy()) > q.area()
	})
}
