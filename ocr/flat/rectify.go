package flat

import (
	"encoding/binary"
	"image"
	"math"

	"hallpass/ocr/photo"
	"hallpass/ocr/pixels"
	"hallpass/ocr/plane"
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
func rectify(src *image.RGBA, q plane.Quad) *image.RGBA {
	fw, fh := q.Sides()
	shrink := min(1, viewSide/max(fw, fh))
	w, h := max(1, int(math.Round(fw*shrink))), max(1, int(math.Round(fh*shrink)))
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	m := onto(q, float64(w), float64(h))
	from := source(src)
	pixels.Bands(h, func(top, end int) {
		for y := top; y < end; y++ {
			row := dst.Pix[y*dst.Stride : (y+1)*dst.Stride]
			if shrink < 0.7 { // several source pixels fall on one: average 2×2 of them
				m.averageRow(from, float64(y), row)
			} else {
				m.drawRow(from, float64(y)+.5, row)
			}
		}
	})
	return dst
}

// drawRow draws one row. What runs along it is added up, so that a pixel costs
// one division.
func (m *homography) drawRow(from *lookup, y float64, row []byte) {
	X, Y, D := m[0]*.5+m[1]*y+m[2], m[3]*.5+m[4]*y+m[5], m[6]*.5+m[7]*y+m[8]
	n := float64(len(row)/4 - 1)
	inside := from.inside(X, Y, D) && from.inside(X+n*m[0], Y+n*m[3], D+n*m[6])
	var some [64]place
	for len(row) > 0 {
		places := some[:min(len(some), len(row)/4)]
		for i := range places {
			r := 1 / D
			if inside {
				x, y := int((X*r-.5)*256), int((Y*r-.5)*256)
				places[i] = place(y>>8*from.stride+x>>8*4)<<32 | place(x&255)<<16 | place(y&255)
			} else {
				places[i] = from.place(X*r, Y*r)
			}
			X, Y, D = X+m[0], Y+m[3], D+m[6]
		}
		from.draw(row, places)
		row = row[4*len(places):]
	}
}

func (m *homography) averageRow(from *lookup, y float64, row []byte) {
	const each = 0x00ff_00ff // two of a pixel's colours, with room to add
	for i := 0; i < len(row); i += 4 {
		var places [4]place
		for k, d := range [4]plane.Point{plane.Pt(.25, .25), plane.Pt(.75, .25), plane.Pt(.25, .75), plane.Pt(.75, .75)} {
			p := m.at(float64(i/4)+d.X, y+d.Y)
			places[k] = from.place(p.X, p.Y)
		}
		var four [16]byte
		from.draw(four[:], places[:])
		even, odd := uint32(0x0002_0002), uint32(0x0002_0002)
		for k := range places {
			v := binary.LittleEndian.Uint32(four[4*k:])
			even, odd = even+v&each, odd+v>>8&each
		}
		binary.LittleEndian.PutUint32(row[i:], even>>2&each|(odd>>2&each)<<8)
	}
}

// lookup reads an opaque picture between its pixels. It has at least two rows
// and columns.
type lookup struct {
	pix           []byte
	stride        int
	right, bottom float64 // the last pixel
}

func source(src *image.RGBA) *lookup {
	return &lookup{src.Pix, src.Stride, float64(src.Rect.Dx() - 1), float64(src.Rect.Dy() - 1)}
}

// place is where a point lies between four pixels: the index of the first one,
// 32 bits, and how far to the right of it and below it, in 256ths, 16 bits each.
type place uint64

// place finds a point; outside the picture its edge goes on.
func (l *lookup) place(x, y float64) place {
	fx, fy := int(clamp(x-.5, 0, l.right)*256), int(clamp(y-.5, 0, l.bottom)*256)
	x0, y0 := min(fx>>8, int(l.right)-1), min(fy>>8, int(l.bottom)-1)
	return place(y0*l.stride+4*x0)<<32 | place(fx-x0<<8)<<16 | place(fy-y0<<8)
}

// inside says that a point, which is to be divided by d, lies between four
// pixels. A hundredth of a pixel is for rounding on the way there.
func (l *lookup) inside(x, y, d float64) bool {
	return d > 0 && x > .51*d && y > .51*d && x < (l.right+.49)*d && y < (l.bottom+.49)*d
}

// at reads one point bilinearly, as the bytes of a pixel, the first one lowest.
func (l *lookup) at(x, y float64) uint32 {
	var out [4]byte
	l.draw(out[:], []place{l.place(x, y)})
	return binary.LittleEndian.Uint32(out[:])
}

// draw reads many points. The colours of a pixel are worked out at once, each
// with 16 bits of a word, then two with 32: a difference may be below zero and
// borrow from the next one, but no sum is.
func (l *lookup) draw(row []byte, places []place) {
	const two = 0x0000_ffff_0000_ffff
	pix, below := l.pix, l.pix[l.stride:]
	for _, p := range places {
		at, x, y := int(p>>32), uint64(p>>16&0xffff), uint64(p&0xffff)
		upper, lower := binary.LittleEndian.Uint64(pix[at:]), binary.LittleEndian.Uint64(below[at:])
		a, c := lanes(upper), lanes(lower)
		top, low := a<<8+(lanes(upper>>32)-a)*x, c<<8+(lanes(lower>>32)-c)*x
		rg, b := top&two, top>>16&0xffff
		rg = rg<<8 + (low&two-rg)*y + (1<<47 | 1<<15)
		b = b<<8 + (low>>16&0xffff-b)*y + 1<<15
		binary.LittleEndian.PutUint32(row, uint32(rg>>16&0xff)|uint32(rg>>40)&0xff00|uint32(b)&0xff0000|0xff000000)
		row = row[4:]
	}
}

// lanes gives red, blue, green and alpha 16 bits each.
func lanes(px uint64) uint64 { return px&0x00ff00ff | px&0xff00ff00<<24 }

func clamp(v, lo, hi float64) float64 {
	if !(v > lo) { // also NaN
		return lo
	}
	return min(v, hi)
}

// Draw is the card alone: what lies within the quad and half a millimetre around
// it, flat and upright, its longer side at most 1300 pixels. The quad is in the
// pixels of p.Pix.
func Draw(p *photo.Picture, q plane.Quad) *image.RGBA { return rectify(near(p, widened(q, margin))) }

// Whole is the picture as it is, shrunk to a view's size.
func Whole(p *photo.Picture) *image.RGBA {
	w, h := float64(p.Pix.Rect.Dx()), float64(p.Pix.Rect.Dy())
	return rectify(p.Pix, plane.Quad{{}, {X: w}, {X: w, Y: h}, {Y: h}})
}

// near gives the picture around a quad at its own resolution, when that has been
// shrunk and the card on it would be left with too few pixels: the quad moves
// along.
func near(p *photo.Picture, q plane.Quad) (*image.RGBA, plane.Quad) {
	if w, h := q.Sides(); p.Scale == 1 || max(w, h) > 0.85*viewSide {
		return p.Pix, q
	}
	q = q.Scaled(p.Scale)
	box := image.Rect(
		int(min(q[0].X, q[1].X, q[2].X, q[3].X))-8, int(min(q[0].Y, q[1].Y, q[2].Y, q[3].Y))-8,
		int(max(q[0].X, q[1].X, q[2].X, q[3].X))+8, int(max(q[0].Y, q[1].Y, q[2].Y, q[3].Y))+8,
	).Intersect(image.Rectangle{Max: p.Size})
	if box.Empty() {
		return p.Pix, q.Scaled(1 / p.Scale)
	}
	for i := range q {
		q[i] = q[i].Sub(plane.Pt(float64(box.Min.X), float64(box.Min.Y)))
	}
	return p.Part(box), q
}
