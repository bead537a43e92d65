package zpl_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"io"
	"regexp"
	"strings"
	"testing"

	"hallpass/badge/spool/zpl"
)

var palette = color.Palette{color.White, color.Black}

// badge is a picture with what badges have: a code, lines, white.
func badge(w, h int) *image.Paletted {
	p := image.NewPaletted(image.Rect(0, 0, w, h), palette)
	f := fnv.New64a()
	for y := range h {
		for x := range w {
			switch {
			case x > 40 && x < w-40 && y > h/2 && y < h/2+w-80: // modules of 10 dots
				f.Reset()
				fmt.Fprint(f, x/10, y/10)
				p.Pix[y*p.Stride+x] = byte(f.Sum64() >> 17 & 1)
			case y > 60 && y < h/3 && y%90 < 40 && (x*7+y*3)%23 < 5:
				p.Pix[y*p.Stride+x] = 1
			case y < 30:
				p.Pix[y*p.Stride+x] = 1
			}
		}
	}
	return p
}

var graphic = regexp.MustCompile(`\^GFA,(\d+),(\d+),(\d+),(.*)\^FS\^PQ1\^XZ`)

func TestLabel_Z64HoldsTheDots(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {8, 3}, {9, 2}, {732, 1181}} {
		p := badge(size[0], size[1])
		m := graphic.FindSubmatch(zpl.Label(p, "b-1", zpl.Z64))
		if m == nil {
			t.Fatalf("no ^GFA in the label of %v", size)
		}
		dots, stride := zpl.Dots(p)
		if want := fmt.Sprint(len(dots), len(dots), stride); want != fmt.Sprintf("%s %s %s", m[1], m[2], m[3]) {
			t.Errorf("^GFA,%s,%s,%s; want %s", m[1], m[2], m[3], want)
		}
		text := strings.Split(string(m[4]), ":")
		packed, err := base64.StdEncoding.DecodeString(text[2])
		if err != nil || text[1] != "Z64" {
			t.Fatal(text[1], err)
		}
		z, err := zlib.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, dots) {
			t.Errorf("%v: unpacked %d bytes, %v; want the %d of the picture", size, len(got), err, len(dots))
		}
	}
}

func TestDots_DarkerHalfOfThePaletteIsBlack(t *testing.T) {
	p := image.NewPaletted(image.Rect(5, 7, 14, 8), color.Palette{color.Black, color.Gray{200}, color.RGBA{0, 0, 90, 255}, color.Transparent})
	copy(p.Pix, []byte{0, 1, 2, 0, 1, 1, 2, 1, 0})
	got, stride := zpl.Dots(p)
	if hex.EncodeToString(got) != "b280" || stride != 2 {
		t.Errorf("Dots = %x, %d; want b280, 2", got, stride)
	}
	sub := badge(64, 20).SubImage(image.Rect(3, 2, 20, 12)).(*image.Paletted)
	if got, stride := zpl.Dots(sub); len(got) != 30 || stride != 3 {
		t.Errorf("Dots of a part = %d bytes in rows of %d, want 30 in rows of 3", len(got), stride)
	}
}

// unhex reads ^GF's hexadecimal with repeats, as the guide describes it.
func unhex(t *testing.T, s string, stride int) []byte {
	t.Helper()
	var all, row []byte
	n := 0
	flush := func() {
		b, err := hex.DecodeString(string(row))
		if err != nil {
			t.Fatal(err)
		}
		all, row = append(all, b...), row[:0]
	}
	for _, c := range []byte(s) {
		switch {
		case c >= 'G' && c <= 'Y':
			n += int(c-'G') + 1
			continue
		case c >= 'g' && c <= 'z':
			n += 20 * (int(c-'g') + 1)
			continue
		case c == ':':
			all = append(all, all[len(all)-stride:]...)
		case c == ',':
			row = append(row, strings.Repeat("0", 2*stride-len(row))...)
		case c == '!':
			row = append(row, strings.Repeat("F", 2*stride-len(row))...)
		default:
			row = append(row, strings.Repeat(string(rune(c)), max(n, 1))...)
		}
		if n = 0; len(row) == 2*stride {
			flush()
		}
	}
	return all
}

func TestLabel_HexHoldsTheDots(t *testing.T) {
	for _, w := range []int{8, 80, 731, 832, 1248, 8000} { // 8000: 2000 digits of one kind
		p := badge(w, 200)
		for x := 16; x < w-16; x++ {
			p.Pix[150*p.Stride+x] = byte(1 - x/16%2) // 0F patterns
			p.Pix[151*p.Stride+x] = 1
		}
		m := graphic.FindSubmatch(zpl.Label(p, "b-1", zpl.Hex))
		if m == nil {
			t.Fatalf("no ^GFA in the label %d wide", w)
		}
		dots, stride := zpl.Dots(p)
		if got := unhex(t, string(m[4]), stride); !bytes.Equal(got, dots) {
			t.Errorf("%d wide: the digits are not the dots", w)
		}
	}
}

// One label of 62 × 100 mm at 300 dpi, and how it compares with plain
// hexadecimal digits.
func BenchmarkLabel(b *testing.B) {
	p := badge(732, 1181)
	for name, coding := range map[string]zpl.Coding{"z64": zpl.Z64, "hex": zpl.Hex} {
		b.Run(name, func(b *testing.B) {
			var size int
			for b.Loop() {
				size = len(zpl.Label(p, "b-1", coding))
			}
			dots, _ := zpl.Dots(p)
			b.ReportMetric(float64(size)/1000, "kB/label")
			b.ReportMetric(2*float64(len(dots))/float64(size), "x-smaller-than-hex")
		})
	}
}
