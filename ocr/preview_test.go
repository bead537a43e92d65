package ocr_test

import (
	"fmt"
	"image"
	"image/color"
	"testing"

	"hallpass/ocr"
)

// What to do next is told in the order a person can act on it.
func TestFindOutline_DrawnFrames(t *testing.T) {
	size := image.Pt(640, 480)
	good := drawnCard{quad: turnedCard(320, 240, 480, 288, 4)}
	dark := drawnCard{quad: good.quad, paper: color.RGBA{46, 45, 44, 255}, ink: color.RGBA{8, 8, 8, 255}}
	soft := shrunk(shrunk(scene{size: size, cards: []drawnCard{good}}.draw(), 80, 60), 640, 480)
	for _, c := range []struct {
		situation string
		frame     *image.RGBA
		found     bool
		advice    string
	}{
		{"Good", scene{size: size, cards: []drawnCard{good}}.draw(), true, ""},
		{"Noisy", scene{size: size, noise: 8, cards: []drawnCard{good}}.draw(), true, ""},
		{"DarkCardInGoodLight", scene{size: size, table: color.RGBA{180, 178, 170, 255}, cards: []drawnCard{{quad: good.quad, paper: color.RGBA{20, 40, 70, 255}, ink: color.RGBA{240, 240, 240, 255}}}}.draw(), true, ""},
		{"Dark", scene{size: size, table: color.RGBA{12, 10, 9, 255}, cards: []drawnCard{dark}}.draw(), true, "too_dark"},
		{"DarkAndNoCard", scene{size: size, table: color.RGBA{9, 9, 9, 255}}.draw(), false, "too_dark"},
		{"Far", scene{size: size, cards: []drawnCard{{quad: turnedCard(320, 240, 240, 144, 4)}}}.draw(), true, "too_far"},
		{"NearEnough", scene{size: size, cards: []drawnCard{{quad: turnedCard(320, 240, 320, 192, 4)}}}.draw(), true, ""},
		{"Blurred", soft, true, "blurred"},
		{"NoCard", scene{size: size, grain: true, noise: 3}.draw(), false, "no_card"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got, err := ocr.FindOutline(encodePNG(t, c.frame))
			if err != nil || got.Found != c.found || got.Advice != c.advice {
				t.Errorf("FindOutline = found %v, advice %q, %v; want %v, %q", got.Found, got.Advice, err, c.found, c.advice)
			}
			if !got.Found && got.Quad != (ocr.Quad{}) {
				t.Errorf("an outline %v that was not found", got.Quad)
			}
		})
	}
}

// The outline fits the frame it was asked about, whatever size that has.
func TestFindOutline_FrameSizes(t *testing.T) {
	for _, width := range []int{320, 640, 1280, 1920} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			f := float64(width) / 640
			base := scene{size: image.Pt(640, 480), cards: []drawnCard{{quad: turnedCard(320, 240, 480, 288, 4)}}}.draw()
			got, err := ocr.FindOutline(encodeJPEG(t, shrunk(base, width, width*3/4)))
			if err != nil || !got.Found {
				t.Fatalf("FindOutline = %+v, %v", got, err)
			}
			if off := farthest(got.Quad, turnedCard(320, 240, 480, 288, 4), f); off > 3*f+1 {
				t.Errorf("a corner is %.1f pixels off", off)
			}
		})
	}
}
