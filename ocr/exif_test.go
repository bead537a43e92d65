package ocr_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"testing"

	"hallpass/ocr/flat"
	"hallpass/ocr/scenetest"
)

// stored is what a sensor writes of an upright scene for an orientation: the
// pixel that belongs at (x, y) of w × h is put where Exif 2.32, table 6 says.
func stored(up *image.RGBA, turn int) *image.RGBA {
	w, h := up.Rect.Dx(), up.Rect.Dy()
	size := up.Rect
	if turn >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			sx, sy := x, y // the stored column and row
			switch turn {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6: // row 0 is the right side, column 0 the top
				sx, sy = y, w-1-x
			case 7:
				sx, sy = h-1-y, w-1-x
			case 8:
				sx, sy = h-1-y, x
			}
			out.SetRGBA(sx, sy, up.RGBAAt(x, y))
		}
	}
	return out
}

// corners is a scene that differs from each of its turns and mirrors: another
// colour of print in each corner, on 241 × 160 pixels.
func corners() *image.RGBA {
	img := scenetest.Paper(241, 160)
	for i, c := range cornerColours {
		at := cornerAreas[i]
		dashes(img, at, c)
	}
	return img
}

var (
	cornerColours = [4]color.RGBA{{220, 0, 0, 255}, {0, 140, 0, 255}, {0, 0, 220, 255}, {0, 0, 0, 255}}
	cornerAreas   = [4]image.Rectangle{image.Rect(20, 20, 80, 60), image.Rect(160, 20, 220, 60), image.Rect(20, 100, 80, 140), image.Rect(160, 100, 220, 140)}
)

func TestReader_EveryOrientation(t *testing.T) {
	up := corners()
	for turn := 1; turn <= 8; turn++ {
		data := scenetest.WithExif(scenetest.JPEG(t, stored(up, turn)), uint16(turn))
		card, view := viewOf(t, data)
		if card.Width != 241 || card.Height != 160 || view.Rect != up.Rect {
			t.Errorf("orientation %d: upright size %d × %d, view %v; want 241 × 160", turn, card.Width, card.Height, view.Rect)
			continue
		}
		for i, want := range cornerColours {
			x, y := cornerAreas[i].Min.X+20+cornerAreas[i].Min.Y*7/20%17-8+6, cornerAreas[i].Min.Y+5
			wantColour(t, view, x, y, want)
		}
	}
}

// The outline is told in the upright picture's pixels, for the preview too and
// where the picture has been shrunk to be worked on.
func TestOutline_OfATurnedPhoto(t *testing.T) {
	want := [4][2]float64{{110, 60}, {700, 90}, {690, 440}, {95, 420}}
	up := scenetest.Scene{Size: image.Pt(800, 500), Cards: []scenetest.Card{{Quad: want}}}.Draw()
	for _, turn := range []int{1, 3, 6, 8} {
		data := scenetest.WithExif(scenetest.JPEG(t, stored(up, turn)), uint16(turn))
		card, _ := viewOf(t, data)
		if card.Quad == nil {
			t.Errorf("orientation %d: no outline", turn)
			continue
		}
		if off := scenetest.Farthest(*card.Quad, want, 1); off > 3 {
			t.Errorf("orientation %d: Read's outline is %.1f pixels off", turn, off)
		}
		report, err := flat.Preview(data)
		if err != nil || !report.Found {
			t.Errorf("orientation %d: Preview = %+v, %v", turn, report, err)
			continue
		}
		if off := scenetest.Farthest(report.Quad, want, 1); off > 4 {
			t.Errorf("orientation %d: Preview's outline is %.1f pixels off", turn, off)
		}
	}
}

// P9: a broken directory is no reason to refuse a photo; it is taken as it
// lies.
func TestReader_BrokenExif(t *testing.T) {
	plain := scenetest.JPEG(t, corners())
	little := []byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00")
	for _, c := range []struct {
		situation string
		segment   []byte
		turned    bool
	}{
		{"LittleEndian", little, true},
		{"SecondEntry", []byte("MM\x00*\x00\x00\x00\x08\x00\x02\x01\x0f\x00\x02\x00\x00\x00\x04abcd\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"), true},
		{"DirectoryFartherBack", append(append([]byte("II*\x00\x10\x00\x00\x00"), make([]byte, 8)...), little[8:]...), true},
		{"NoDirectory", []byte("MM\x00*\x00\x00\x00\x08"), false},
		{"DirectoryOutside", []byte("MM\x00*\xff\xff\xff\xff\x00\x01"), false},
		{"DirectoryInsideTheHeader", []byte("MM\x00*\x00\x00\x00\x00\x00\x01\x01\x12"), false},
		{"CountBeyondTheEnd", []byte("MM\x00*\x00\x00\x00\x08\xff\xff\x01\x0f\x00\x02"), false},
		{"EntryCut", little[:18], false},
		{"ValueZero", bytes.Replace(little, []byte("\x06\x00"), []byte("\x00\x00"), 1), false},
		{"ValueNine", bytes.Replace(little, []byte("\x06\x00"), []byte("\x09\x00"), 1), false},
		{"OtherTag", bytes.Replace(little, []byte("\x12\x01"), []byte("\x13\x01"), 1), false},
		{"Empty", nil, false},
	} {
		t.Run(c.situation, func(t *testing.T) {
			card, _ := viewOf(t, withSegment(plain, "Exif\x00\x00", c.segment))
			if got := card.Width == 160; got != c.turned {
				t.Errorf("%d × %d pixels, want turned: %v", card.Width, card.Height, c.turned)
			}
		})
	}
	t.Run("AfterOtherSegments", func(t *testing.T) {
		data := withSegment(plain, "Exif\x00\x00", little)
		data = withSegment(data, "http://ns.adobe.com/xap/1.0/\x00", []byte("<x:xmpmeta/>"))
		if card, _ := viewOf(t, data); card.Width != 160 {
			t.Errorf("%d × %d pixels, want it turned", card.Width, card.Height)
		}
	})
}

// withSegment puts an APP1 segment after a JPEG's first two bytes.
func withSegment(data []byte, kind string, body []byte) []byte {
	body = append([]byte(kind), body...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(body)+2))
	return append(append(head, body...), data[2:]...)
}
