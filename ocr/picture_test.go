package ocr_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/draw"
	"image/jpeg"
	"testing"

	"hallpass/ocr"
	"hallpass/ocr/flat"
	"hallpass/ocr/scenetest"
)

// fake is an engine that gives fixed lines, or an error.
type fake struct {
	lines []ocr.Line
	err   error
	seen  *image.RGBA
}

func (f *fake) Name() string { return "fake" }
func (f *fake) Close() error { return nil }
func (f *fake) Lines(_ context.Context, v *image.RGBA) ([]ocr.Line, error) {
	f.seen = v
	return f.lines, f.err
}

// P9: a bad picture is an answer.
func TestReader_RefusesBadPictures(t *testing.T) {
	good := scenetest.Sample(t, "english.jpg")
	for _, c := range []struct {
		situation string
		data      []byte
		want      error
	}{
		{"Empty", nil, ocr.ErrNotPicture},
		{"Text", []byte("name;company\n"), ocr.ErrNotPicture},
		{"OnlyTheFirstBytes", good[:3], ocr.ErrNotPicture},
		{"CutInTheMiddle", good[:len(good)/2], ocr.ErrNotPicture},
		{"HundredMegapixelPNG", pngHeader(10000, 10000), ocr.ErrTooLarge},
		{"HundredMegapixelJPEG", resized(good, 12000, 9000), ocr.ErrTooLarge},
		{"Strip", scenetest.PNG(t, image.NewGray(image.Rect(0, 0, 3000, 8))), ocr.ErrNotPicture},
		{"BlankCard", scenetest.PNG(t, scenetest.Paper(900, 540)), ocr.ErrBlank},
	} {
		t.Run(c.situation, func(t *testing.T) {
			engine := &fake{}
			if _, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), c.data); !errors.Is(err, c.want) {
				t.Errorf("Read = %v, want %v", err, c.want)
			}
			if engine.seen != nil {
				t.Error("the engine was asked although the picture could not be used")
			}
		})
	}
}

func TestReader_CardWithoutReadableLinesIsBlank(t *testing.T) {
	_, err := (&ocr.Reader{Engine: &fake{lines: []ocr.Line{{Text: "|", Confidence: 0.9}}}}).Read(t.Context(), scenetest.Sample(t, "english.jpg"))
	if !errors.Is(err, ocr.ErrBlank) {
		t.Errorf("Read = %v, want %v", err, ocr.ErrBlank)
	}
}

func TestReader_WithoutEngineIsUnavailable(t *testing.T) {
	if _, err := (&ocr.Reader{}).Read(t.Context(), scenetest.Sample(t, "english.jpg")); !errors.Is(err, ocr.ErrUnavailable) {
		t.Errorf("Read = %v, want %v", err, ocr.ErrUnavailable)
	}
}

func TestReader_KeepsTheEnginesError(t *testing.T) {
	if _, err := (&ocr.Reader{Engine: &fake{err: ocr.ErrBusy}}).Read(t.Context(), scenetest.Sample(t, "english.jpg")); !errors.Is(err, ocr.ErrBusy) {
		t.Errorf("Read = %v, want %v", err, ocr.ErrBusy)
	}
}

func TestReader_StopsWhenItsTimeIsUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (&ocr.Reader{Engine: &fake{}}).Read(ctx, scenetest.Sample(t, "english.jpg")); !errors.Is(err, context.Canceled) {
		t.Errorf("Read = %v, want %v", err, context.Canceled)
	}
}

func TestReader_CropShowsTheField(t *testing.T) {
	engine := &fake{lines: []ocr.Line{{Text: "E ada@harbor.example", Confidence: 0.97, Box: image.Rect(100, 200, 400, 230)}}}
	card, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), scenetest.Sample(t, "english.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	crop := card.Crop("email")
	if crop == nil || !image.Rect(100, 200, 400, 230).In(crop.Bounds()) || crop.Bounds().Dy() > 60 {
		t.Errorf("Crop(email) = %v, want a little more than the line", crop)
	}
	if card.Crop("fax") != nil {
		t.Error("Crop(fax) shows something although no fax was read")
	}
	if card.Width != 1600 || card.Height != 1200 || card.Quad == nil {
		t.Errorf("source %d × %d, outline %v; want 1600 × 1200 with an outline", card.Width, card.Height, card.Quad)
	}
}

func TestReader_ReadsWebP(t *testing.T) {
	engine := &fake{lines: []ocr.Line{{Text: "Ada Harbor", Confidence: 0.9}}}
	if _, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), scenetest.Sample(t, "plain.webp")); err != nil {
		t.Fatal(err)
	}
	if engine.seen.Rect.Dx() != 200 {
		t.Errorf("the view is %v, want the whole picture", engine.seen.Rect)
	}
}

// A phone stores the sensor's picture and says in Exif how it was held.
func TestReader_TurnsByExif(t *testing.T) {
	src := scenetest.Paper(400, 200)
	draw.Draw(src, image.Rect(20, 20, 60, 40), image.Black, image.Point{}, draw.Src)
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, src, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	for turn, at := range map[uint16]image.Point{
		1: {40, 30}, 2: {360, 30}, 3: {360, 170}, 4: {40, 170}, 5: {30, 40}, 6: {170, 40}, 7: {170, 360}, 8: {30, 360}, 9: {40, 30},
	} {
		engine := &fake{lines: []ocr.Line{{Text: "Ada Harbor", Confidence: 0.9}}}
		card, err := (&ocr.Reader{Engine: engine}).Read(t.Context(), scenetest.WithExif(plain.Bytes(), turn))
		if err != nil {
			t.Fatalf("orientation %d: %v", turn, err)
		}
		if v := engine.seen.RGBAAt(at.X, at.Y).R; v > 60 {
			t.Errorf("orientation %d: brightness %d at %v, want the black mark", turn, v, at)
		}
		if wide := card.Width > card.Height; wide != (turn < 5 || turn > 8) {
			t.Errorf("orientation %d: upright size %d × %d", turn, card.Width, card.Height)
		}
	}
}

// FuzzRead shows that no bytes break the front of the reader.
func FuzzRead(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00MM\x00*"))
	f.Add(pngHeader(100, 100))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8 "))
	f.Add(scenetest.Sample(f, "plain.webp"))
	reader := &ocr.Reader{Engine: &fake{lines: []ocr.Line{{Text: "Ada Harbor", Confidence: 0.9}}}}
	f.Fuzz(func(t *testing.T, data []byte) {
		card, err := reader.Read(t.Context(), data)
		if err == nil && (card.View == nil || card.Width < 1) {
			t.Error("a card without a view")
		}
		if _, err := flat.Preview(data); err != nil && !errors.Is(err, ocr.ErrNotPicture) && !errors.Is(err, ocr.ErrTooLarge) {
			t.Errorf("FindOutline = %v", err)
		}
	})
}

// pngHeader is a PNG that claims a size and has no pixels.
func pngHeader(w, h uint32) []byte {
	chunk := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}

// resized changes the size that a baseline JPEG's header claims.
func resized(data []byte, w, h uint16) []byte {
	out := bytes.Clone(data)
	at := bytes.Index(out, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(out[at+5:], h)
	binary.BigEndian.PutUint16(out[at+7:], w)
	return out
}
