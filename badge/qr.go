package badge

import (
	"errors"
	"fmt"
	"strconv"

	qrcode "github.com/skip2/go-qrcode"
)

const (
	quietModules = 4     // ISO/IEC 18004, section 9.1
	minModuleMM  = 0.375 // three dots of a 203 dpi thermal printer
	maxTokenSize = 512   // bytes
)

// Code returns text as a QR code of level M, rows of dark modules from the top
// with a quiet zone of four modules around, for what is not a badge. It fails
// on an empty text and on one of more than 512 bytes.
func Code(text string) ([][]bool, error) {
	code, err := encode(text)
	if err != nil {
		return nil, err
	}
	return code.Bitmap(), nil
}

func encode(text string) (*qrcode.QRCode, error) {
	if text == "" || len(text) > maxTokenSize {
		return nil, fmt.Errorf("badge: a code of %d bytes; use 1 to %d", len(text), maxTokenSize)
	}
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("badge: encode the QR: %w", err)
	}
	return code, nil
}

// bendable is the first version of QR with more than one alignment pattern, by
// which readers follow paper that is bent or folded (ISO/IEC 18004, annex E).
const bendable = 7

// modules encodes a token without the quiet zone, in 45 modules at level M. A
// token would fit 37 at level L, and at equal room with larger modules that is
// read in noise more often, but creased seldom, and in all less often
// (cmd/internal/qrbench). Modules of 0.75 mm, 40.4 mm for a code with its
// quiet zone, are what readers want, and 1 mm the most they can use; it is 6
// dots of a printer of 203 dpi and 9 of one of 300. It fails on a token whose
// modules would be too small in side millimetres.
func modules(token string, side float64) ([][]bool, error) {
	code, err := encode(token)
	if err != nil {
		return nil, err
	}
	if code.VersionNumber < bendable {
		if code, err = qrcode.NewWithForcedVersion(token, bendable, qrcode.Medium); err != nil {
			return nil, fmt.Errorf("badge: encode the QR: %w", err)
		}
	}
	code.DisableBorder = true
	bits := code.Bitmap()
	if side/float64(len(bits)+2*quietModules) < minModuleMM {
		return nil, errors.New("badge: the token is too long for the QR's size in this template")
	}
	return bits, nil
}

// drawCode returns PDF operators that fill the dark modules as one path, each
// horizontal run one rectangle, so that no renderer leaves hairlines between.
func drawCode(code [][]bool, box Box, pageHeight float64) string {
	side := min(box.W, box.H) / mmPerPoint // all in points from here
	size := side / float64(len(code)+2*quietModules)
	left := (box.X+box.W/2)/mmPerPoint - size*float64(len(code))/2
	top := (pageHeight-box.Y-box.H/2)/mmPerPoint + size*float64(len(code))/2
	ops := append(make([]byte, 0, 16<<10), "0 g"...)
	number := func(v float64) {
		ops = strconv.AppendFloat(append(ops, ' '), v, 'f', 3, 64)
	}
	for y, row := range code {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			end := x
			for end < len(row) && row[end] {
				end++
			}
			number(left + float64(x)*size)
			number(top - float64(y+1)*size)
			number(float64(end-x) * size)
			number(size)
			ops = append(ops, " re"...)
			x = end
		}
	}
	return string(append(ops, " f"...))
}
