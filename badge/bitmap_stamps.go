package badge

import (
	"encoding/binary"
	"image"
)

// keptStamps bounds the letters that are kept as dots: twice 3 MB, some 2,000
// of a name at 300 dpi or 8,000 of the small print.
const keptStamps = 3 << 20

// stamps keeps letters as dots. Letters begin on whole dots, so one letter of
// one size always has the same.
type stamps struct {
	kept lately[stampOf, *stamp]
}

type stampOf struct {
	outline outlineOf
	size    float64 // dots an em, negative if turned
}

// stamp is the dots of a letter, eight of a row in each byte, the leftmost the
// lowest; rows begin with a byte of their own.
type stamp struct {
	place image.Rectangle // from the letter's origin; as wide as the rows' bytes
	rows  []byte
}

func (s *stamp) size() int { return len(s.rows) + 100 } // and what it costs to keep

// of returns the dots of a letter.
func (k *stamps) of(key stampOf, shape *glyphShape, pen *pen) *stamp {
	s, _ := k.kept.of(key, keptStamps, func() (*stamp, error) { return newStamp(pen.glyph(shape, key.size, 0, 0, everywhere)), nil })
	return s
}

// everywhere is bounds that no letter reaches, which is kept only if it lies on
// the page.
var everywhere = image.Rect(-maxDots, -maxDots, maxDots, maxDots)

// newStamp makes dots of coverage; of nothing it makes an empty stamp.
func newStamp(mask *image.Alpha) *stamp {
	if mask == nil {
		return &stamp{}
	}
	wide, high := (mask.Rect.Dx()+7)/8, mask.Rect.Dy()
	s := &stamp{place: image.Rect(0, 0, 8*wide, high).Add(mask.Rect.Min), rows: make([]byte, wide*high)}
	for y := range high {
		row := mask.Pix[y*mask.Stride:][:mask.Rect.Dx()]
		out := s.rows[y*wide:][:wide]
		for i := range out {
			if part := row[8*i:]; len(part) >= 8 {
				out[i] = eightDots(mask, binary.LittleEndian.Uint64(part), 8*i, y)
			} else {
				var last [8]byte
				copy(last[:], part)
				out[i] = eightDots(mask, binary.LittleEndian.Uint64(last[:]), 8*i, y)
			}
		}
	}
	return s
}

// eightDots tells which of eight pixels beside each other, from x, y on, become
// dots.
func eightDots(mask *image.Alpha, eight uint64, x, y int) byte {
	if eight == 0 { // most of a letter's room is empty
		return 0
	}
	black := atLeast(eight, mostlyCovered)
	for i, thin := 0, atLeast(eight, hairline)&^black; thin != 0; i, thin = i+1, thin>>8 {
		if thin&1 != 0 && ridge(mask, x+i, y) {
			black |= 1 << (8 * i)
		}
	}
	return byte(black * gather >> 56)
}

// gather, as a factor, moves the lowest bits of eight bytes into the highest
// byte, the first byte's to the lowest place.
const gather = 0x0102040810204080

// atLeast sets each of eight bytes to 1 if it was least or more, else to 0.
// Least is at most 128.
func atLeast(eight uint64, least byte) uint64 {
	const ones = 0x0101010101010101
	return ((eight&^(0x80*ones) + uint64(0x80-least)*ones) | eight) >> 7 & ones
}

// spread is gather undone: a byte for each bit.
var spread = func() (table [256]uint64) {
	for v := range table {
		for i := range 8 {
			table[v] |= uint64(v>>i&1) << (8 * i)
		}
	}
	return table
}()

// print sets the dots of a letter whose origin is at a point, and that lies on
// the page but for the empty rest of its last bytes.
func (d *dots) print(s *stamp, at image.Point) {
	place := s.place.Add(at)
	wide := s.place.Dx() / 8
	for y := range s.place.Dy() {
		from := d.img.PixOffset(place.Min.X, place.Min.Y+y)
		for i, v := range s.rows[y*wide:][:wide] {
			if v == 0 {
				continue
			}
			if out := d.img.Pix[from+8*i:]; len(out) >= 8 && place.Min.X+8*i+8 <= d.img.Rect.Max.X {
				was := binary.LittleEndian.Uint64(out)
				if d.ink == blackDot {
					was |= spread[v]
				} else {
					was &^= spread[v]
				}
				binary.LittleEndian.PutUint64(out, was)
				continue
			}
			for x := range 8 {
				if v>>x&1 != 0 {
					d.img.Pix[from+8*i+x] = d.ink
				}
			}
		}
	}
}
