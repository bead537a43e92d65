package labelsim

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"image"
	"image/color"
	"io"
	"strconv"
	"strings"
)

// canvas is the paper under the head: dots beyond it are lost.
type canvas struct{ *image.Paletted }

func newCanvas(w, h int) canvas {
	return canvas{image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.White, color.Black})}
}

func (c canvas) picture() *image.Paletted { return c.Paletted }

// burn blackens the dots of rows at (x, y), the highest bit leftmost.
func (c canvas) burn(x, y, stride int, dots []byte) {
	if stride <= 0 {
		return
	}
	w, h := c.Rect.Dx(), c.Rect.Dy()
	for i, b := range dots {
		row := y + i/stride
		if b == 0 || row < 0 || row >= h {
			continue
		}
		for bit := range 8 {
			if at := x + i%stride*8 + bit; b>>(7-bit)&1 == 1 && at >= 0 && at < w {
				c.Pix[row*c.Stride+at] = 1
			}
		}
	}
}

// graphic carries out ^GF a,b,c,d,data: what is not understood prints nothing,
// as a field whose check sum is wrong.
func (c canvas) graphic(x, y int, value string) {
	parts := strings.SplitN(value, ",", 5)
	if len(parts) < 5 || parts[0] != "A" {
		return
	}
	total, _ := strconv.Atoi(parts[2])
	stride, _ := strconv.Atoi(parts[3])
	if stride < 1 || total < 1 || total > 10_000_000 {
		return
	}
	data := parts[4]
	if rest, ok := strings.CutPrefix(data, ":Z64:"); ok {
		c.burn(x, y, stride, unpack(rest, total))
		return
	}
	c.burn(x, y, stride, undigit(data, stride, total))
}

// unpack reads "BASE64:CRC".
func unpack(data string, total int) []byte {
	text, sum, _ := strings.Cut(data, ":")
	if want, err := strconv.ParseUint(strings.TrimSpace(sum), 16, 16); err != nil || uint16(want) != crc16(text) {
		return nil
	}
	packed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	dots, err := io.ReadAll(io.LimitReader(z, int64(total)))
	if err != nil {
		return nil
	}
	return dots
}

// crc16 by shifting single bits in, unlike the programs that print.
func crc16(text string) uint16 {
	var reg uint32
	for _, c := range []byte(text + "\x00\x00") {
		for bit := 7; bit >= 0; bit-- {
			reg = reg<<1 | uint32(c>>bit&1)
			if reg&0x10000 != 0 {
				reg ^= 0x11021
			}
		}
	}
	return uint16(reg)
}

// undigit reads hexadecimal digits with ^GF's repeat letters.
func undigit(data string, stride, total int) []byte {
	var rows, row []byte // row: digits
	times := 0
	for _, c := range []byte(data) {
		switch {
		case c >= 'G' && c <= 'Y':
			times += int(c-'G') + 1
			continue
		case c >= 'g' && c <= 'z':
			times += int(c-'g'+1) * 20
			continue
		case c == ':' && len(row) == 0 && len(rows) >= stride:
			rows = append(rows, rows[len(rows)-stride:]...)
		case c == ',' || c == '!':
			fill := map[byte]byte{',': '0', '!': 'F'}[c]
			row = append(row, bytes.Repeat([]byte{fill}, 2*stride-len(row))...)
		case strings.ContainsRune("0123456789ABCDEFabcdef", rune(c)):
			row = append(row, bytes.Repeat([]byte{c}, max(times, 1))...)
		}
		times = 0
		for len(row) >= 2*stride {
			b, _ := hex.DecodeString(string(row[:2*stride]))
			rows, row = append(rows, b...), row[2*stride:]
		}
		if len(rows) > total {
			return rows[:total]
		}
	}
	return rows
}
