package flat_test

import (
	"fmt"
	"image"
	"image/color"
	"testing"

	"hallpass/ocr/flat"
	"hallpass/ocr/plane"
	"hallpass/ocr/scenetest"
)

// What to do next is told in the order a person can act on it.
func TestPreview_DrawnFrames(t *testing.T) {
	size := image.Pt(640, 480)
	good := scenetest.Card{Quad: scenetest.Turned(320, 240, 480, 288, 4)}
	dark := scenetest.Card{Quad: good.Quad, Paper: color.RGBA{46, 45, 44, 255}, Ink: color.RGBA{8, 8, 8, 255}}
	soft := scenetest.Shrunk(scenetest.Shrunk(scenetest.Scene{Size: size, Cards: []scenetest.Card{good}}.Draw(), 80, 60), 640, 480)
	for _, c := range []struct {
		situation string
		frame     *image.RGBA
		found     bool
		advice    string
	}{
		{"Good", scenetest.Scene{Size: size, Cards: []scenetest.Card{good}}.Draw(), true, ""},
		{"Noisy", scenetest.Scene{Size: size, Noise: 8, Cards: []scenetest.Card{good}}.Draw(), true, ""},
		{"DarkCardInGoodLight", scenetest.Scene{Size: size, Table: color.RGBA{180, 178, 170, 255}, Cards: []scenetest.Card{{Quad: good.Quad, Paper: color.RGBA{20, 40, 70, 255}, Ink: color.RGBA{240, 240, 240, 255}}}}.Draw(), true, ""},
		{"Dark", scenetest.Scene{Size: size, Table: color.RGBA{12, 10, 9, 255}, Cards: []scenetest.Card{dark}}.Draw(), true, "too_dark"},
		{"DarkAndNoCard", scenetest.Scene{Size: size, Table: color.RGBA{9, 9, 9, 255}}.Draw(), false, "too_dark"},
		{"Far", scenetest.Scene{Size: size, Cards: []scenetest.Card{{Quad: scenetest.Turned(320, 240, 240, 144, 4)}}}.Draw(), true, "too_far"},
		{"NearEnough", scenetest.Scene{Size: size, Cards: []scenetest.Card{{Quad: scenetest.Turned(320, 240, 320, 192, 4)}}}.Draw(), true, ""},
		{"Blurred", soft, true, "blurred"},
		{"NoCard", scenetest.Scene{Size: size, Grain: true, Noise: 3}.Draw(), false, "no_card"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got, err := flat.Preview(scenetest.PNG(t, c.frame))
			if err != nil || got.Found != c.found || got.Advice != c.advice {
				t.Errorf("Preview = found %v, advice %q, %v; want %v, %q", got.Found, got.Advice, err, c.found, c.advice)
			}
			if !got.Found && got.Quad != (plane.Quad{}) {
				t.Errorf("an outline %v that was not found", got.Quad)
			}
		})
	}
}

// The outline fits the frame it was asked about, whatever size that has.
func TestPreview_FrameSizes(t *testing.T) {
	for _, width := range []int{320, 640, 1280, 1920} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			f := float64(width) / 640
			base := scenetest.Scene{Size: image.Pt(640, 480), Cards: []scenetest.Card{{Quad: scenetest.Turned(320, 240, 480, 288, 4)}}}.Draw()
			got, err := flat.Preview(scenetest.JPEG(t, scenetest.Shrunk(base, width, width*3/4)))
			if err != nil || !got.Found {
				t.Fatalf("Preview = %+v, %v", got, err)
			}
			if off := scenetest.Farthest(got.Quad, scenetest.Turned(320, 240, 480, 288, 4), f); off > 3*f+1 {
				t.Errorf("a corner is %.1f pixels off", off)
			}
		})
	}
}
