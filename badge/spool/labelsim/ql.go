package labelsim

import (
	"bytes"
	"encoding/binary"
	"image"
)

// headPins is how many dots a QL-820NWB's head has across.
const headPins = 720

// printArea is where each roll lies under the head (§2.3.5): the dots to the
// right of it, counted from the head's right end, and those over it.
var printArea = map[int][2]int{12: {29, 106}, 29: {6, 306}, 38: {12, 413}, 50: {12, 554}, 54: {0, 590}, 62: {12, 696}}

// qlDialog reads Brother's raster commands as they come.
type qlDialog struct {
	p       *Printer
	pending []byte
	raster  bool // ESC i a 01: without it nothing is printed
	packed  bool // M 02: rows come in PackBits
	wanted  struct {
		flags, kind, width, length byte
		rows                       uint32
	}
	rows [][]byte
}

func (d *qlDialog) reset() { d.pending, d.rows, d.raster, d.packed = nil, nil, false, false }

func (d *qlDialog) take(b []byte, answer func([]byte)) {
	d.p.mu.Lock()
	d.pending = append(d.pending, b...)
	for {
		n := d.length()
		if n == 0 || n > len(d.pending) {
			break
		}
		said := d.obey(d.pending[:n])
		d.pending = d.pending[n:]
		if said != nil && d.p.c.Answers == OnTheLine {
			d.p.mu.Unlock()
			answer(said)
			d.p.mu.Lock()
		}
	}
	d.p.mu.Unlock()
}

// length of the command at the front, 0 if not enough of it is there.
func (d *qlDialog) length() int {
	b := d.pending
	if len(b) == 0 {
		return 0
	}
	switch b[0] {
	case 'g':
		if len(b) < 3 {
			return 0
		}
		return 3 + int(b[2])
	case 'M':
		return 2
	case 0x1b:
		switch {
		case len(b) < 2:
			return 0
		case b[1] == '@':
			return 2
		case b[1] != 'i' || len(b) < 3:
			return 3
		}
		more := map[byte]int{'S': 0, 'a': 1, '!': 1, 'z': 10, 'M': 1, 'A': 1, 'K': 1, 'd': 2}
		return 3 + more[b[2]]
	}
	return 1 // NULL, Z, FF, Control-Z and what is none
}

func (d *qlDialog) obey(c []byte) []byte {
	switch {
	case c[0] == 'g' && len(d.rows) < 20000:
		d.rows = append(d.rows, d.row(c[3:]))
	case c[0] == 'Z':
		d.rows = append(d.rows, nil)
	case c[0] == 'M':
		d.packed = c[1] == 2
	case c[0] == 0x0c, c[0] == 0x1a:
		d.print()
	case bytes.Equal(c, []byte{0x1b, '@'}):
		d.raster, d.packed, d.rows = false, false, nil
	case bytes.HasPrefix(c, []byte{0x1b, 'i', 'S'}):
		return d.p.block(0)
	case bytes.HasPrefix(c, []byte{0x1b, 'i', 'a'}):
		d.raster = c[3] == 1
	case bytes.HasPrefix(c, []byte{0x1b, 'i', 'z'}):
		w := &d.wanted
		w.flags, w.kind, w.width, w.length = c[3], c[4], c[5], c[6]
		w.rows = binary.LittleEndian.Uint32(c[7:])
	}
	return nil
}

// row unpacks one row to the dots of the head.
func (d *qlDialog) row(data []byte) []byte {
	if !d.packed {
		return bytes.Clone(data)
	}
	var out []byte
	for len(data) > 1 {
		n := int(int8(data[0]))
		switch {
		case n >= 0 && len(data) > n+1:
			out = append(out, data[1:n+2]...)
			data = data[n+2:]
		case n < 0 && n > -128:
			out = append(out, bytes.Repeat(data[1:2], 1-n)...)
			data = data[2:]
		default:
			data = data[1:]
		}
	}
	return out
}

// print burns the page, unless another roll lies in than the one asked for: "if
// the media is not correctly loaded … an error status is returned".
func (d *qlDialog) print() {
	rows := d.rows
	d.rows = nil
	p, w := d.p, d.wanted
	const kind, width, length, endless, dieCut = 2, 4, 8, 0x0a, 0x0b
	loaded := byte(dieCut)
	if p.c.Endless {
		loaded = endless
	}
	wrong := w.flags&kind != 0 && w.kind != loaded || w.flags&width != 0 && int(w.width) != p.c.Width ||
		w.flags&length != 0 && w.kind == dieCut && int(w.length) != p.c.Length
	switch {
	case wrong:
		p.faults = append(p.faults, "media-needed")
		p.tell(2)
		return
	case !d.raster || len(rows) == 0 || p.blocked():
		p.tell(2) // an error keeps nothing
		return
	}
	p.enqueue(Label{Picture: burn(rows, printArea[p.c.Width])})
}

// burn lays the rows on paper: the first dot of a row is the head's right end.
func burn(rows [][]byte, area [2]int) *image.Paletted {
	right, width := area[0], area[1]
	c := newCanvas(width, len(rows))
	for y, row := range rows {
		for i, b := range row {
			for bit := range 8 {
				x := width - 1 - (i*8 + bit - right)
				if b>>(7-bit)&1 == 1 && i*8+bit < headPins && x >= 0 && x < width {
					c.SetColorIndex(x, y, 1)
				}
			}
		}
	}
	return c.Paletted
}
