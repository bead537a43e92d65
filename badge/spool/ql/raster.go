package ql

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
)

// Raster returns the commands that print the pictures, one label each, on m,
// and cut behind the last. A picture has 300 dots an inch and the size of the
// label; what lies on the edge that the printer cannot reach is cut off: on a
// 62 mm roll 1.5 mm at the sides and 3 mm before and behind. The error tells of
// an unknown roll.
func Raster(pictures []*image.Paletted, m Media) ([]byte, error) {
	at, ok := rolls[m]
	if !ok {
		return nil, fmt.Errorf("the roll %s is not one of Brother's", m)
	}
	var b bytes.Buffer
	b.Write(make([]byte, 400)) // what was begun before is void
	b.WriteString("\x1b@")
	for i, p := range pictures {
		page(&b, p, m, at, i)
		if i < len(pictures)-1 {
			b.WriteByte(0x0c)
		}
	}
	b.WriteByte(0x1a)
	return b.Bytes(), nil
}

// page writes one label without its print command, in the order of §2.1.
func page(b *bytes.Buffer, p *image.Paletted, m Media, at pins, number int) {
	first, last := edge, p.Rect.Dy()-edge
	if last <= first {
		first, last = 0, p.Rect.Dy()
	}
	const kind, width, length, recover, dieCut, endless = 0x02, 0x04, 0x08, 0x80, 0x0b, 0x0a
	info := []byte{kind | width | length | recover, dieCut, byte(m.Width), byte(m.Length)}
	feed := uint16(0)
	if m.Length == 0 {
		info[0], info[1], feed = kind|width|recover, endless, margin
	}
	info = binary.LittleEndian.AppendUint32(info, uint32(last-first))
	b.WriteString("\x1bia\x01")              // raster mode
	b.WriteString("\x1bi!\x00")              // tell by yourself what happens
	fmt.Fprintf(b, "\x1biz%s", info)         // what is to come, on which roll
	b.Write([]byte{byte(min(number, 1)), 0}) // the first page or another one
	b.WriteString("\x1biM\x40")              // cut
	b.WriteString("\x1biA\x01")              // behind each label
	b.WriteString("\x1biK\x08")              // and behind the last
	b.WriteString("\x1bid")
	b.Write(binary.LittleEndian.AppendUint16(nil, feed))
	b.WriteString("M\x02") // rows in PackBits
	black := blacks(p)
	for y := first; y < last; y++ {
		writeRow(b, row(p, y, at, &black))
	}
}

// blacks tells which colours of the palette are dark.
func blacks(p *image.Paletted) (black [256]bool) {
	for i, c := range p.Palette {
		r, g, b, _ := c.RGBA()
		black[i] = 2126*r+7152*g+722*b < 10000*0x8000
	}
	return black
}

// row is one line of the picture as the head takes it: its middle on the
// roll's middle, the right end first.
func row(p *image.Paletted, y int, at pins, black *[256]bool) (line [headPins / 8]byte) {
	width := p.Rect.Dx()
	skip := (width - at.count) / 2 // of the picture, at its left; below 0 it is narrower
	pix := p.Pix[y*p.Stride : y*p.Stride+width]
	for x, index := range pix {
		if !black[index] {
			continue
		}
		if pin := at.right + at.count - 1 - (x - skip); pin >= at.right && pin < at.right+at.count {
			line[pin>>3] |= 0x80 >> (pin & 7)
		}
	}
	return line
}

func writeRow(b *bytes.Buffer, line [headPins / 8]byte) {
	if line == [headPins / 8]byte{} {
		b.WriteByte('Z')
		return
	}
	packed := packBits(line[:])
	b.Write([]byte{'g', 0, byte(len(packed))})
	b.Write(packed)
}

// packBits is TIFF's compression, as M 02 wants it: n < 128 and n+1 bytes as
// they are, or 257−n times the byte that follows. 90 bytes become at most 91.
func packBits(line []byte) []byte {
	out := make([]byte, 0, len(line)+1)
	for i := 0; i < len(line); {
		n := 1
		for i+n < len(line) && line[i+n] == line[i] {
			n++
		}
		if n > 2 {
			out = append(out, byte(257-n), line[i])
			i += n
			continue
		}
		end := i + n
		for end < len(line) && (end+2 >= len(line) || line[end] != line[end+1] || line[end] != line[end+2]) {
			end++
		}
		out = append(append(out, byte(end-i-1)), line[i:end]...)
		i = end
	}
	return out
}
