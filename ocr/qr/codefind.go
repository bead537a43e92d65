package qr

import (
	"cmp"
	"encoding/binary"
	"image"
	"math"
	"slices"

	"hallpass/ocr/pixels"
	"hallpass/ocr/plane"
)

// shade is a picture in grey, for looking for codes.
type shade struct {
	w, h int
	pix  []uint8
}

// shadeOf takes a picture, shrunk by averaging so that its longest side is at
// most most pixels.
func shadeOf(src *image.RGBA, most int) (s shade, factor int) {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	by := max(1, (max(w, h)+most-1)/most)
	s = shade{w: max(1, w/by), h: max(1, h/by)}
	s.pix = make([]uint8, s.w*s.h)
	pixels.Bands(s.h, func(top, end int) {
		sums := make([]uint32, s.w)
		for y := top; y < end; y++ {
			if by == 1 {
				greyRow(s.pix[y*s.w:(y+1)*s.w], src.Pix[y*src.Stride:])
				continue
			}
			clear(sums)
			for yy := range by {
				addGrey(sums, src.Pix[(y*by+yy)*src.Stride:], by)
			}
			s.means(y, sums, uint64(4*by*by))
		}
	})
	return s, by
}

// fourGreys is four times the grey of a pixel: red, green twice, blue.
func fourGreys(px uint32) uint32 { return px&255 + px>>7&510 + px>>16&255 }

func greyRow(to []uint8, row []byte) {
	row = row[:4*len(to)]
	for x := range to {
		to[x] = uint8(fourGreys(binary.LittleEndian.Uint32(row[4*x:])) / 4)
	}
}

// addGrey adds up as many pixels for each sum.
func addGrey(sums []uint32, row []byte, by int) {
	for x := range sums {
		for range by {
			sums[x] += fourGreys(binary.LittleEndian.Uint32(row))
			row = row[4:]
		}
	}
}

// means makes a row of sums of n numbers, without a division for each.
func (s shade) means(y int, sums []uint32, n uint64) {
	row, part := s.pix[y*s.w:][:len(sums)], (1<<40+n-1)/n
	for x, sum := range sums {
		row[x] = uint8(uint64(sum) * part >> 40)
	}
}

// shrunk averages squares.
func (s shade) shrunk(by int) shade {
	d := shade{w: max(1, s.w/by), h: max(1, s.h/by)}
	d.pix = make([]uint8, d.w*d.h)
	pixels.Bands(d.h, func(top, end int) {
		sums := make([]uint32, d.w)
		for y := top; y < end; y++ {
			clear(sums)
			for yy := range by {
				pixels.AddLight(sums, s.pix[(y*by+yy)*s.w:], by)
			}
			d.means(y, sums, uint64(by*by))
		}
	})
	return d
}

// doubled is twice as large, interpolated: a module of two pixels is too few
// for sampling its middle.
func (s shade) doubled() shade {
	d := shade{w: 2 * s.w, h: 2 * s.h, pix: make([]uint8, 4*s.w*s.h)}
	for y := range d.h {
		y0 := min(max(0, (y-1)/2), s.h-1)
		y1, fy := min(y0+1, s.h-1), 1+2*(1-y&1)
		for x := range d.w {
			x0 := min(max(0, (x-1)/2), s.w-1)
			x1, fx := min(x0+1, s.w-1), 1+2*(1-x&1)
			top := int(s.pix[y0*s.w+x0])*(4-fx) + int(s.pix[y0*s.w+x1])*fx
			low := int(s.pix[y1*s.w+x0])*(4-fx) + int(s.pix[y1*s.w+x1])*fx
			d.pix[y*d.w+x] = uint8((top*(4-fy) + low*fy) / 16)
		}
	}
	return d
}

// faint is the contrast below which there is paper and noise only.
const faint = 28

// bits says of each pixel whether it is darker than half way between the darkest
// and the lightest within about radius: light that falls off across the card
// does not matter, and neither does how much of the square is black, which
// thickens a small code's modules until its marks close.
func (s shade) bits(radius int) []bool {
	side := max(2, radius/2) // of a block; two more around it are looked at
	bw, bh := (s.w+side-1)/side, (s.h+side-1)/side
	low, high := s.blocks(side, bw, bh)
	cut := make([]uint8, bw*bh)
	for y := range bh {
		for x := range bw {
			lo, hi := uint8(255), uint8(0)
			for yy := max(0, y-2); yy <= min(bh-1, y+2); yy++ {
				for xx := max(0, x-2); xx <= min(bw-1, x+2); xx++ {
					lo, hi = min(lo, low[yy*bw+xx]), max(hi, high[yy*bw+xx])
				}
			}
			if hi >= lo && hi-lo >= faint {
				cut[y*bw+x] = uint8((int(lo) + int(hi)) / 2)
			}
		}
	}
	out := make([]bool, s.w*s.h)
	pixels.Bands(s.h, func(top, end int) {
		for y := top; y < end; y++ {
			from, to := s.pix[y*s.w:(y+1)*s.w], out[y*s.w:(y+1)*s.w]
			for _, c := range cut[y/side*bw:][:bw] {
				n := min(side, len(from))
				for x, v := range from[:n] {
					to[x] = v < c
				}
				from, to = from[n:], to[n:]
			}
		}
	})
	return out
}

// blocks gives the darkest and the lightest of each square; of a large one,
// every second row says enough.
func (s shade) blocks(side, bw, bh int) (low, high []uint8) {
	low, high = make([]uint8, bw*bh), make([]uint8, bw*bh)
	step := min(2, max(1, side/8))
	for i := range low {
		low[i] = 255
	}
	pixels.Bands(bh, func(top, end int) {
		for y := top * side; y < min(s.h, end*side); y += step {
			row, at := s.pix[y*s.w:(y+1)*s.w], y/side*bw
			for i := at; i < at+bw; i++ {
				n := min(side, len(row))
				lo, hi := low[i], high[i]
				for _, v := range row[:n] {
					lo, hi = min(lo, v), max(hi, v)
				}
				low[i], high[i] = lo, hi
				row = row[n:]
			}
		}
	})
	return low, high
}

// mark is a finder pattern: one of the three squares in a code's corners.
type mark struct {
	at     plane.Point
	module float64 // pixels
	dark   bool    // its middle is darker than its ring
	seen   int     // rows that cross it
}

// marks looks for runs of 1:1:3:1:1 along every second row that are the same
// down their middle (ISO/IEC 18004, section 12).
func marks(bits []bool, w, h int) []mark {
	rows := max(0, h/2-2) // from the fourth on
	seen := make([][]mark, rows)
	pixels.Bands(rows, func(from, to int) {
		var ends []int // where each run of the row ends
		for i := from; i < to; i++ {
			y := 3 + 2*i
			ends = runs(ends[:0], bits[y*w:(y+1)*w])
			seen[i] = across(bits, w, h, y, ends)
		}
	})
	var found []mark
	for _, row := range seen {
		for _, m := range row {
			found = gather(found, m)
		}
	}
	return found
}

// runs gives where the runs of a row end.
func runs(ends []int, row []bool) []int {
	last := row[0]
	for x, b := range row {
		if b != last {
			ends = append(ends, x)
			last = b
		}
	}
	return ends
}

// across lists the marks whose middle a row crosses.
func across(bits []bool, w, h, y int, ends []int) (found []mark) {
	for i := 5; i < len(ends); i++ {
		if core := ends[i-2] - ends[i-3]; core < 3 || core <= ends[i-3]-ends[i-4] || core <= ends[i-1]-ends[i-2] {
			continue
		}
		runs := [5]int{ends[i-4] - ends[i-5], ends[i-3] - ends[i-4], ends[i-2] - ends[i-3], ends[i-1] - ends[i-2], ends[i] - ends[i-1]}
		if !finder(runs) {
			continue
		}
		x := (ends[i-2] + ends[i-3]) / 2
		if m, ok := crossCheck(bits, w, h, x, y, ends[i]-ends[i-5]); ok {
			found = append(found, m)
		}
	}
	return found
}

// finder says whether five runs are about 1:1:3:1:1.
func finder(runs [5]int) bool {
	total := runs[0] + runs[1] + runs[2] + runs[3] + runs[4]
	if total < 9 {
		return false
	}
	m := float64(total) / 7
	for i, r := range runs {
		want := m
		if i == 2 {
			want = 3 * m
		}
		if math.Abs(float64(r)-want) > want*0.2+0.45*m {
			return false
		}
	}
	return true
}

// crossCheck looks down and then across through the middle.
func crossCheck(bits []bool, w, h, x, y, across int) (mark, bool) {
	down, cy, ok := through(bits, y*w+x, w, y, h-1-y)
	if !ok || down > 2*across || across > 2*down {
		return mark{}, false
	}
	yy := int(cy)
	again, cx, ok := through(bits, yy*w+x, 1, x, w-1-x)
	if !ok || again > 2*across || across > 2*again {
		return mark{}, false
	}
	return mark{plane.Pt(cx, cy), float64(down+again) / 14, bits[yy*w+int(cx)], 1}, true
}

// through measures the five runs around a place along one direction: their
// length, and where their middle is. before and after are how far the picture
// goes on.
func through(bits []bool, at, step, before, after int) (total int, middle float64, ok bool) {
	var runs [5]int
	c := bits[at]
	count := func(dir, left int, outer, ring, core *int) {
		i, want := at, c
		for _, n := range []*int{core, ring, outer} {
			for left > 0 && bits[i+dir] == want {
				i += dir
				*n++
				left--
			}
			want = !want
		}
	}
	var up, low int
	count(-step, before, &runs[0], &runs[1], &up)
	count(step, after, &runs[4], &runs[3], &low)
	runs[2] = up + low + 1
	for _, r := range runs {
		total += r
	}
	return total, float64(before) + .5 + float64(low-up)/2, finder(runs)
}

// gather counts what is the same mark as one found before.
func gather(found []mark, m mark) []mark {
	for i := range found {
		f := &found[i]
		if f.dark == m.dark && f.at.Distance(m.at) < 2*f.module && m.module < 1.6*f.module && f.module < 1.6*m.module {
			n := float64(f.seen)
			f.at = f.at.Times(n).Add(m.at).Times(1 / (n + 1))
			f.module = (f.module*n + m.module) / (n + 1)
			f.seen++
			return found
		}
	}
	return append(found, m)
}

// corner is three marks that may be a code's: the one in its corner, and those
// across and below.
type corner struct {
	corner, right, below mark
	off                  float64 // how far from a right angle of equal sides
}

// mostMarks and mostCorners bound the work on a page full of squares.
const mostMarks, mostCorners = 24, 6

// corners lists the likely threes, best first.
func corners(found []mark) []corner {
	found = slices.DeleteFunc(slices.Clone(found), func(m mark) bool { return m.seen < 2 })
	slices.SortStableFunc(found, func(a, b mark) int { return cmp.Compare(b.seen, a.seen) })
	found = found[:min(len(found), mostMarks)]
	var out []corner
	for i := range found {
		for j := range found {
			for k := j + 1; k < len(found); k++ {
				if i == j || i == k {
					continue
				}
				if c, ok := angle(found[i], found[j], found[k]); ok {
					out = append(out, c)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b corner) int { return cmp.Compare(a.off, b.off) })
	return out[:min(len(out), mostCorners)]
}

func angle(o, a, b mark) (corner, bool) {
	m := (o.module + a.module + b.module) / 3
	if o.dark != a.dark || o.dark != b.dark || max(o.module, a.module, b.module) > 1.5*min(o.module, a.module, b.module) {
		return corner{}, false
	}
	u, v := a.at.Sub(o.at), b.at.Sub(o.at)
	lu, lv := math.Hypot(u.X, u.Y), math.Hypot(v.X, v.Y)
	// A code has 21 to 177 modules; its marks' middles are 7 fewer apart.
	if min(lu, lv) < 11*m || max(lu, lv) > 190*m || max(lu, lv) > 1.5*min(lu, lv) {
		return corner{}, false
	}
	cos := math.Abs(u.Dot(v)) / (lu * lv)
	if cos > 0.35 {
		return corner{}, false
	}
	if u.Cross(v) < 0 {
		a, b = b, a
	}
	return corner{o, a, b, cos + math.Abs(lu-lv)/(lu+lv) + math.Abs(a.module-b.module)/m/4}, true
}

// timed says whether dark and light modules alternate between the marks, on the
// two lines that every code has there. It is what tells a code from a page
// with squares, before any time goes into reading it.
func (c corner) timed(bits []bool, w, h int) bool {
	u, v := c.right.at.Sub(c.corner.at), c.below.at.Sub(c.corner.at)
	// A mark was measured along the picture's axes: of a turned code, longer
	// than across its modules.
	across := math.Pow(math.Hypot(u.X, u.Y), 2) / max(math.Abs(u.X), math.Abs(u.Y)) / ((c.corner.module + c.right.module) / 2)
	down := math.Pow(math.Hypot(v.X, v.Y), 2) / max(math.Abs(v.X), math.Abs(v.Y)) / ((c.corner.module + c.below.module) / 2)
	likely := int(math.Round(((across+down)/2+7-1)/4))*4 + 1
	for _, n := range []int{likely, likely - 4, likely + 4, likely - 8, likely + 8} {
		if n >= 21 && n <= 177 && c.alternates(bits, w, h, n, u, v)+c.alternates(bits, w, h, n, v, u) >= 1.5 {
			return true
		}
	}
	return false
}

// alternates is the share of the line's modules that are as they should be in
// a code of n modules.
func (c corner) alternates(bits []bool, w, h, n int, along, beside plane.Point) float64 {
	f := 1 / float64(n-7)
	right := 0
	for i := 8; i <= n-9; i++ {
		p := c.corner.at.Add(along.Times((float64(i) - 3) * f)).Add(beside.Times(3 * f))
		x, y := int(p.X), int(p.Y)
		if x < 0 || y < 0 || x >= w || y >= h {
			return 0
		}
		if bits[y*w+x] == (c.corner.dark == (i%2 == 0)) {
			right++
		}
	}
	return float64(right) / float64(n-16)
}
