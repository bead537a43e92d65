package zpl

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"fmt"
	"image"
)

// Coding is how the dots of a label travel.
type Coding int

const (
	// Z64 is deflated, in Base64, with a check sum: about a tenth of Hex.
	Z64 Coding = iota
	// Hex is ASCII hexadecimal with ^GF's letters for repeated digits, for
	// printers that know no Z64.
	Hex
)

// Label returns the format that prints p once, dot by dot; the darker half of
// its palette is black. The comment stands in it for who reads the line along;
// it must hold neither '^' nor '~'.
func Label(p *image.Paletted, comment string, coding Coding) []byte {
	w, h := p.Rect.Dx(), p.Rect.Dy()
	dots, stride := Dots(p)
	var b bytes.Buffer
	fmt.Fprintf(&b, "^XA^FX %s ^FS^PW%d^LL%d^LH0,0^FO0,0^GFA,%d,%d,%d,", comment, w, h, len(dots), len(dots), stride)
	switch coding {
	case Hex:
		writeHex(&b, dots, stride)
	default:
		writeZ64(&b, dots)
	}
	b.WriteString("^FS^PQ1^XZ\n")
	return b.Bytes()
}

// Dots packs a picture as ^GF and Brother's raster want it: eight dots a byte,
// the left one highest, 1 for black, each row filled up to a whole byte.
func Dots(p *image.Paletted) (dots []byte, stride int) {
	w, h := p.Rect.Dx(), p.Rect.Dy()
	stride = (w + 7) / 8
	dots = make([]byte, stride*h)
	var black [256]byte
	for i, c := range p.Palette {
		if r, g, b, _ := c.RGBA(); 2126*r+7152*g+722*b < 10000*0x8000 {
			black[i] = 1
		}
	}
	for y := range h {
		row, out := p.Pix[y*p.Stride:y*p.Stride+w], dots[y*stride:(y+1)*stride]
		for ; len(row) >= 8; row, out = row[8:], out[1:] {
			out[0] = black[row[0]]<<7 | black[row[1]]<<6 | black[row[2]]<<5 | black[row[3]]<<4 |
				black[row[4]]<<3 | black[row[5]]<<2 | black[row[6]]<<1 | black[row[7]]
		}
		for x, index := range row {
			out[0] |= black[index] << (7 - x)
		}
	}
	return dots, stride
}

// writeZ64 writes ":Z64:DATA:CRC". The guide's "LZ77" is zlib's format.
func writeZ64(b *bytes.Buffer, dots []byte) {
	b.WriteString(":Z64:")
	start := b.Len()
	text := base64.NewEncoder(base64.StdEncoding, b)
	z := zlib.NewWriter(text)
	_, _ = z.Write(dots) // into memory: cannot fail
	_, _ = z.Close(), text.Close()
	fmt.Fprintf(b, ":%04X", crc(b.Bytes()[start:]))
}

// crc is the check sum over the Base64 text: CRC-16 with the polynomial
// x¹⁶+x¹²+x⁵+1, starting from 0.
func crc(text []byte) uint16 {
	var sum uint16
	for _, c := range text {
		sum ^= uint16(c) << 8
		for range 8 {
			carry := sum & 0x8000
			sum <<= 1
			if carry != 0 {
				sum ^= 0x1021
			}
		}
	}
	return sum
}

// writeHex writes rows of hexadecimal digits: ':' repeats the row above, ','
// fills up with white, '!' with black, and the letters of repeat stand for as
// many of the digit behind them.
func writeHex(b *bytes.Buffer, dots []byte, stride int) {
	const digits = "0123456789ABCDEF"
	row := make([]byte, 2*stride)
	for y := 0; y < len(dots); y += stride {
		if y > 0 && bytes.Equal(dots[y:y+stride], dots[y-stride:y]) {
			b.WriteByte(':')
			continue
		}
		for i, d := range dots[y : y+stride] {
			row[2*i], row[2*i+1] = digits[d>>4], digits[d&15]
		}
		writeRow(b, row)
	}
}

func writeRow(b *bytes.Buffer, row []byte) {
	for len(row) > 0 {
		n := 1
		for n < len(row) && row[n] == row[0] {
			n++
		}
		switch {
		case n == len(row) && row[0] == '0':
			b.WriteByte(',')
		case n == len(row) && row[0] == 'F':
			b.WriteByte('!')
		default:
			repeat(b, n)
			b.WriteByte(row[0])
		}
		row = row[n:]
	}
}

// repeat writes how often the next digit comes: g–z are 20 to 400, G–Y 1 to
// 19; they add up.
func repeat(b *bytes.Buffer, n int) {
	for ; n > 419; n -= 400 {
		b.WriteByte('z')
	}
	if n >= 20 {
		b.WriteByte(byte('g' + n/20 - 1))
	}
	if n%20 > 0 && n > 1 {
		b.WriteByte(byte('G' + n%20 - 1))
	}
}
