package ocr_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/png"
	"runtime"
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/flat"
	"hallpass/ocr/scenetest"
)

var red = color.RGBA{255, 0, 0, 255}

// drawn is a white picture, 240 × 160, with red dashes in its left half and
// black ones in its right: cmyk.jpg and progressive.jpg show the same.
func drawn(dst draw.Image) draw.Image {
	draw.Draw(dst, image.Rect(0, 0, 240, 160), image.NewUniform(scenetest.White), image.Point{}, draw.Src)
	dashes(dst, image.Rect(20, 20, 110, 140), red)
	dashes(dst, image.Rect(140, 20, 230, 140), scenetest.Black)
	return dst
}

// dashes fills an area with marks of 12 × 10 pixels, 20 apart, each row set off
// from the one before, so that no outline shows.
func dashes(dst draw.Image, area image.Rectangle, c color.Color) {
	for y := area.Min.Y; y < area.Max.Y; y += 20 {
		for x := area.Min.X + y*7/20%17 - 8; x < area.Max.X; x += 20 {
			draw.Draw(dst, image.Rect(x, y, x+12, y+10), image.NewUniform(c), image.Point{}, draw.Src)
		}
	}
}

// viewOf reads a picture with a fake engine and gives what that was shown.
func viewOf(t *testing.T, data []byte) (ocr.Card, *image.RGBA) {
	t.Helper()
	engine := &fake{lines: []ocr.Line{{Text: "Ada Harbor", Confidence: 0.9}}}
	card, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	return card, engine.seen
}

// wantColour compares a pixel with what was drawn, up to what JPEG loses.
func wantColour(t *testing.T, v *image.RGBA, x, y int, want color.RGBA) {
	t.Helper()
	got := v.RGBAAt(x, y)
	for _, d := range []int{int(got.R) - int(want.R), int(got.G) - int(want.G), int(got.B) - int(want.B)} {
		if d > 40 || d < -40 {
			t.Errorf("pixel %d,%d = %v, want %v", x, y, got, want)
			return
		}
	}
}

// Whatever a camera, a scanner or a designer saves comes out the same.
func TestReader_EveryKindOfPixel(t *testing.T) {
	size := image.Rect(0, 0, 240, 160)
	for _, c := range []struct {
		situation string
		data      []byte
	}{
		{"JPEG", scenetest.JPEG(t, drawn(image.NewRGBA(size)))},
		{"ProgressiveJPEG", scenetest.Sample(t, "progressive.jpg")},
		{"CMYKJPEG", scenetest.Sample(t, "cmyk.jpg")},
		{"PNG", scenetest.PNG(t, drawn(image.NewRGBA(size)))},
		{"PNG16Bit", scenetest.PNG(t, drawn(image.NewRGBA64(size)))},
		{"PNG16BitAlpha", scenetest.PNG(t, drawn(image.NewNRGBA64(size)))},
		{"PNGPalette", scenetest.PNG(t, drawn(image.NewPaletted(size, color.Palette{scenetest.White, red, scenetest.Black})))},
		{"PNGOffset", scenetest.PNG(t, drawn(image.NewRGBA(image.Rect(0, 0, 300, 200))).(*image.RGBA).SubImage(size))},
		{"JPEGWithATrailer", append(scenetest.JPEG(t, drawn(image.NewRGBA(size))), "SEFT trailer of a phone"...)},
	} {
		t.Run(c.situation, func(t *testing.T) {
			card, view := viewOf(t, c.data)
			if card.Width != 240 || card.Height != 160 {
				t.Errorf("size %d × %d, want 240 × 160", card.Width, card.Height)
			}
			if view.Rect != size {
				t.Fatalf("view %v, want the whole picture", view.Rect)
			}
			wantColour(t, view, 68, 85, red)
			wantColour(t, view, 190, 45, scenetest.Black)
			wantColour(t, view, 190, 35, scenetest.White)
		})
	}
}

func TestReader_GreyPictures(t *testing.T) {
	for situation, img := range map[string]draw.Image{
		"Grey":   image.NewGray(image.Rect(0, 0, 240, 160)),
		"Grey16": image.NewGray16(image.Rect(0, 0, 240, 160)),
	} {
		t.Run(situation, func(t *testing.T) {
			_, view := viewOf(t, scenetest.PNG(t, drawn(img)))
			wantColour(t, view, 190, 45, scenetest.Black)
			wantColour(t, view, 190, 35, scenetest.White)
		})
	}
}

// A card exported from a design program has no background; black print on
// nothing is black print on paper.
func TestReader_TransparentIsPaper(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 240, 160))
	dashes(img, image.Rect(140, 20, 230, 140), scenetest.Black)
	dashes(img, image.Rect(20, 20, 110, 140), color.NRGBA{0, 0, 0, 128})
	_, view := viewOf(t, scenetest.PNG(t, img))
	wantColour(t, view, 190, 45, scenetest.Black)
	wantColour(t, view, 190, 35, scenetest.White)
	wantColour(t, view, 68, 85, color.RGBA{127, 127, 127, 255})
}

// The first bytes decide, not a name; what is no photo is told so.
func TestReader_RefusesOtherFormats(t *testing.T) {
	var still, moving bytes.Buffer
	frame := drawn(image.NewPaletted(image.Rect(0, 0, 240, 160), color.Palette{scenetest.White, red, scenetest.Black})).(*image.Paletted)
	if err := errors.Join(gif.Encode(&still, frame, nil),
		gif.EncodeAll(&moving, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{10, 10}})); err != nil {
		t.Fatal(err)
	}
	webp := scenetest.Sample(t, "plain.webp")
	photo := scenetest.JPEG(t, frame)
	for _, c := range []struct {
		situation string
		data      []byte
	}{
		{"GIF", still.Bytes()},
		{"AnimatedGIF", moving.Bytes()},
		{"AnimatedWebP", animated(webp)},
		{"CutWebP", webp[:len(webp)-20]},
		{"WebPHeaderOnly", webp[:12]},
		{"BMP", []byte("BM\x8a\x00\x00\x00\x00\x00\x00\x00")},
		{"TIFF", []byte("II*\x00\x08\x00\x00\x00")},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00")},
		{"SVG", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")},
		{"PDF", []byte("%PDF-1.7\n")},
		{"PNGSignatureWithAJPEGInside", append([]byte("\x89PNG\r\n\x1a\n"), photo...)},
		{"JPEGMarkerWithAPNGInside", append([]byte("\xff\xd8\xff"), scenetest.PNG(t, frame)...)},
		{"JPEGWithBytesInFront", append([]byte("\n"), photo...)},
		{"JPEGWithoutItsEnd", photo[:len(photo)-len(photo)/4]},
		{"JPEGHeaderOnly", photo[:bytes.Index(photo, []byte{0xff, 0xda})]},
		{"PNGWithABrokenSum", broken(scenetest.PNG(t, frame))},
		{"PNGWithoutPixels", pngHeader(300, 200)},
		{"PNGWithoutSize", pngHeader(0, 0)},
		{"TooSmall", scenetest.PNG(t, image.NewGray(image.Rect(0, 0, 63, 63)))},
	} {
		t.Run(c.situation, func(t *testing.T) {
			if _, err := (&ocr.Reader{Engine: &fake{}}).Read(t.Context(), c.data); !errors.Is(err, ocr.ErrNotPicture) {
				t.Errorf("Read = %v, want %v", err, ocr.ErrNotPicture)
			}
			if _, err := flat.Preview(c.data); !errors.Is(err, ocr.ErrNotPicture) {
				t.Errorf("FindOutline = %v, want %v", err, ocr.ErrNotPicture)
			}
		})
	}
}

// animated wraps a still WebP's picture as the one frame of an animation.
func animated(still []byte) []byte {
	chunk := func(id string, body ...byte) []byte {
		return append(binary.LittleEndian.AppendUint32([]byte(id), uint32(len(body))), body...)
	}
	body := append([]byte("WEBP"), chunk("VP8X", 2, 0, 0, 0, 199, 0, 0, 119, 0, 0)...)
	body = append(body, chunk("ANIM", 0, 0, 0, 0, 0, 0)...)
	body = append(body, chunk("ANMF", append(make([]byte, 16), still[12:]...)...)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// broken flips a bit of a PNG's pixels, so that their checksum is wrong.
func broken(data []byte) []byte {
	data[len(data)-20] ^= 1
	return data
}

// P9: the header alone decides, before memory is taken for pixels. The limits
// leave room for any phone.
func TestReader_PixelLimitsFromTheHeader(t *testing.T) {
	photo := scenetest.JPEG(t, drawn(image.NewRGBA(image.Rect(0, 0, 240, 160))))
	cmyk, progressive := scenetest.Sample(t, "cmyk.jpg"), scenetest.Sample(t, "progressive.jpg")
	progressive[bytes.Index(progressive, []byte{0xff, 0xc2})+1] = 0xc0
	progressive = resized(progressive, 5100, 5000)
	progressive[bytes.Index(progressive, []byte{0xff, 0xc0})+1] = 0xc2
	for _, c := range []struct {
		situation string
		data      []byte
		want      error
	}{
		{"PNGOverTheLimit", pngHeader(5001, 5000), ocr.ErrTooLarge},
		{"PNGLongStrip", pngHeader(1<<30, 64), ocr.ErrTooLarge},
		{"PNGHighStrip", pngHeader(64, 1<<30), ocr.ErrTooLarge},
		{"JPEGOverTheLimit", resized(photo, 8200, 6200), ocr.ErrTooLarge},
		{"JPEGLargestItCanSay", resized(photo, 65535, 65535), ocr.ErrTooLarge},
		{"ProgressiveOverItsLimit", progressive, ocr.ErrTooLarge},
		{"CMYKOverItsLimit", resized(cmyk, 5100, 5000), ocr.ErrTooLarge},
		{"WebPCanvas", webpCanvas(16384, 16384), ocr.ErrTooLarge},
	} {
		t.Run(c.situation, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := (&ocr.Reader{Engine: &fake{}}).Read(t.Context(), c.data)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, c.want) {
				t.Errorf("Read = %v, want %v", err, c.want)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
				t.Errorf("refusing took %d bytes", n)
			}
			if _, err := flat.Preview(c.data); !errors.Is(err, c.want) {
				t.Errorf("FindOutline = %v, want %v", err, c.want)
			}
		})
	}
}

// webpCanvas is the extended header of a WebP picture alone.
func webpCanvas(w, h uint32) []byte {
	body := append([]byte("WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00"), byte(w-1), byte((w-1)>>8), byte((w-1)>>16), byte(h-1), byte((h-1)>>8), byte((h-1)>>16))
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// Every still picture that Go can encode at the smallest size passes.
func TestReader_SmallestPicture(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range img.Pix {
		img.Pix[i] = uint8(i % 2 * 255)
		if i/2%2 == 0 {
			img.Pix[i] = 0
		}
	}
	var data bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&data, img); err != nil {
		t.Fatal(err)
	}
	if card, view := viewOf(t, data.Bytes()); card.Width != 64 || view.Rect.Empty() {
		t.Errorf("%d pixels wide, view %v", card.Width, view.Rect)
	}
}
