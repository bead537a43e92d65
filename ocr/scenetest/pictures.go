package scenetest

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/draw"

	"hallpass/ocr/plane"
)

// Ink and paper.
var (
	Black = color.RGBA{0, 0, 0, 255}
	White = color.RGBA{255, 255, 255, 255}
)

// Paper is nothing but paper.
func Paper(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.NewUniform(color.RGBA{250, 248, 244, 255}), image.Point{}, draw.Src)
	return img
}

// PNG is a picture's file.
func PNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// WithExif puts an orientation after a JPEG's first two bytes.
func WithExif(data []byte, turn uint16) []byte {
	tiff := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	tiff = append(binary.BigEndian.AppendUint16(tiff, turn), 0, 0, 0, 0, 0, 0)
	body := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(body)+2))
	return append(append(head, body...), data[2:]...)
}

// JPEG is a picture's file, as phones write it.
func JPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Truth is what stands beside a sample picture.
type Truth struct {
	Quad   [4][2]float64
	Fields map[string][]string
}

// TruthOf reads what stands beside a sample photo.
func TruthOf(t testing.TB, name string) (out Truth) {
	t.Helper()
	if err := json.Unmarshal(Sample(t, name+".json"), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// Picture decodes a sample photo.
func Picture(t testing.TB, name string) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(Sample(t, name+".jpg")))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// Farthest is how far a corner is from where it should be at most, in pixels;
// want is scaled first.
func Farthest(q plane.Quad, want [4][2]float64, scale float64) (off float64) {
	for i, p := range q {
		off = max(off, math.Hypot(p.X-want[i][0]*scale, p.Y-want[i][1]*scale))
	}
	return off
}

// Shrunk is a picture in another size.
func Shrunk(src image.Image, w, h int) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.BiLinear.Scale(dst, dst.Rect, src, src.Bounds(), draw.Src, nil)
	return dst
}

// Sample reads a file of ocr/testdata.
func Sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if errors.Is(err, fs.ErrNotExist) { // asked for by one of the folders below
		data, err = os.ReadFile(filepath.Join("../testdata", name))
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}
