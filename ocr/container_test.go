package ocr_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/draw"
	"strings"
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/scenetest"
)

func tiffTurn(turn uint16) []byte {
	tiff := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	return append(binary.BigEndian.AppendUint16(tiff, turn), 0, 0, 0, 0, 0, 0)
}

// turnedPNG puts an eXIf chunk before the pixels.
func turnedPNG(data []byte, turn uint16) []byte {
	body := append([]byte("eXIf"), tiffTurn(turn)...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = binary.BigEndian.AppendUint32(append(chunk, body...), crc32.ChecksumIEEE(body))
	const head = 8 + 25 // signature and IHDR
	return append(append(bytes.Clone(data[:head]), chunk...), data[head:]...)
}

// turnedWebP makes an extended file of a simple one, with an EXIF chunk.
func turnedWebP(data []byte, w, h int, before string, turn uint16) []byte {
	le := binary.LittleEndian
	vp8x := append([]byte("VP8X\x0a\x00\x00\x00\x08\x00\x00\x00"), byte(w-1), byte((w-1)>>8), 0, byte(h-1), byte((h-1)>>8), 0)
	exif := append([]byte(before), tiffTurn(turn)...)
	body := append([]byte("WEBP"), vp8x...)
	body = append(body, data[12:]...)
	body = append(le.AppendUint32(append(body, "EXIF"...), uint32(len(exif))), exif...)
	if len(exif)%2 == 1 {
		body = append(body, 0)
	}
	return append(le.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// Not only JPEG says how the phone was held.
func TestReader_TurnsOtherFormats(t *testing.T) {
	src := scenetest.Paper(400, 200)
	draw.Draw(src, image.Rect(20, 20, 60, 40), image.Black, image.Point{}, draw.Src)
	for turn, at := range map[uint16]image.Point{1: {40, 30}, 3: {360, 170}, 6: {170, 40}, 8: {30, 360}} {
		_, view := viewOf(t, turnedPNG(scenetest.PNG(t, src), turn))
		if v := view.RGBAAt(at.X, at.Y).R; v > 60 {
			t.Errorf("PNG, orientation %d: brightness %d at %v, want the black mark", turn, v, at)
		}
	}
	plain := scenetest.Sample(t, "plain.webp")
	card, _ := viewOf(t, plain)
	for _, before := range []string{"", "Exif\x00\x00"} {
		got, _ := viewOf(t, turnedWebP(plain, card.Width, card.Height, before, 6))
		if got.Width != card.Height || got.Height != card.Width {
			t.Errorf("WebP after %q: %d × %d, want %d × %d", before, got.Width, got.Height, card.Height, card.Width)
		}
	}
}

// P9: what cannot be read is told apart by its first bytes, and says what to do.
func TestReader_RefusesByName(t *testing.T) {
	for _, c := range []struct {
		situation string
		data      []byte
		says      string
		heic      bool
	}{
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "save it as JPEG", true},
		{"HEICByItsSecondBrand", []byte("\x00\x00\x00\x1cftypabcd\x00\x00\x00\x00xxxxmif1heic"), "HEIC", true},
		{"AVIF", []byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1miaf"), "HEIC", true},
		{"Film", []byte("\x00\x00\x00\x18ftypisom\x00\x00\x00\x00iso2mp41"), "not a JPEG", false},
		{"AnimatedWebP", []byte("RIFF\x40\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x63\x00\x00\x63\x00\x00ANIM"), "animated", false},
		{"GIF", []byte("GIF89a\x64\x00\x64\x00\x80\x00\x00"), "not a JPEG", false},
	} {
		_, err := (&ocr.Reader{Engine: &fake{}}).Read(t.Context(), c.data)
		if !errors.Is(err, ocr.ErrNotPicture) || errors.Is(err, ocr.ErrHEIC) != c.heic || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: Read = %v, want %q", c.situation, err, c.says)
		}
	}
}

// heicOf is a decoder that tells a size, and how often it was asked for pixels.
type heicOf struct {
	size    image.Point
	err     error
	decoded int
}

func (h *heicOf) Config([]byte) (image.Config, error) {
	return image.Config{Width: h.size.X, Height: h.size.Y}, h.err
}

func (h *heicOf) Decode([]byte) (image.Image, error) {
	h.decoded++
	return scenetest.Paper(h.size.X, h.size.Y), nil
}

// P9: the limits hold before a decoder that was handed in sees a pixel to decode.
func TestReader_HEICWithinLimits(t *testing.T) {
	data := []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")
	damaged := errors.New("damaged")
	for _, c := range []struct {
		situation string
		decoder   heicOf
		want      error
		decoded   int
	}{
		{"Phone", heicOf{size: image.Pt(400, 300)}, ocr.ErrBlank, 1},
		{"TwentyFourMegapixels", heicOf{size: image.Pt(5712, 4284)}, ocr.ErrBlank, 1},
		{"FortyEightMegapixels", heicOf{size: image.Pt(8064, 6048)}, ocr.ErrTooLarge, 0},
		{"Huge", heicOf{size: image.Pt(1<<31-1, 1<<31-1)}, ocr.ErrTooLarge, 0},
		{"Tiny", heicOf{size: image.Pt(20, 20)}, ocr.ErrNotPicture, 0},
		{"BelowZero", heicOf{size: image.Pt(-5, -5)}, ocr.ErrNotPicture, 0},
		{"Damaged", heicOf{size: image.Pt(400, 300), err: damaged}, damaged, 0},
		{"NoLibrary", heicOf{err: ocr.ErrHEIC}, ocr.ErrHEIC, 0},
	} {
		t.Run(c.situation, func(t *testing.T) {
			_, err := (&ocr.Reader{Engine: &fake{}, HEIC: &c.decoder}).Read(t.Context(), data)
			if !errors.Is(err, c.want) || c.decoder.decoded != c.decoded {
				t.Errorf("Read = %v with %d pictures decoded, want %v and %d", err, c.decoder.decoded, c.want, c.decoded)
			}
			if errors.Is(c.want, damaged) && !errors.Is(err, ocr.ErrNotPicture) {
				t.Errorf("Read = %v, want ErrNotPicture too", err)
			}
		})
	}
}

// A length that lies does not lead out of the file.
func TestReader_LyingChunks(t *testing.T) {
	good := turnedPNG(scenetest.PNG(t, scenetest.Paper(100, 100)), 6)
	at := bytes.Index(good, []byte("eXIf")) - 4
	for _, n := range []uint32{0, 1, 7, 1 << 20, 1 << 31, 1<<32 - 1} {
		bad := bytes.Clone(good)
		binary.BigEndian.PutUint32(bad[at:], n)
		if _, err := (&ocr.Reader{Engine: &fake{}}).Read(t.Context(), bad); err == nil {
			t.Errorf("length %d: a blank picture was read", n)
		}
	}
}
