package flat

import (
	"image"
	"math"
	"slices"

	"hallpass/ocr/photo"
	"hallpass/ocr/plane"
)

// Report is what one frame of the camera's preview shows.
type Report struct {
	Quad  plane.Quad // in the frame's pixels; zero unless Found
	Found bool
	// Advice is the one thing to do next: "too_dark", "no_card", "too_far",
	// "blurred", or "" when the card can be photographed now.
	Advice string
}

const (
	// previewSide is what a frame is shrunk to. The page sends 640 pixels.
	previewSide = 640
	// darkest is the mean brightness of the frame's brightest quarter below
	// which print drowns in noise.
	darkest = 60
	// nearest is the share of the frame's area that a card should fill. At
	// less, small print on it has under ten pixels in a full-size photo.
	nearest = 0.16
	// sharpest is the least sharpness of a frame that is in focus. The sample
	// photos have 0.45–0.84, blurred over three pixels 0.25–0.38.
	sharpest = 0.4
)

// Preview looks for a card in a small preview frame (JPEG, PNG or WebP)
// within a few milliseconds. It returns photo.ErrNotPicture or photo.ErrTooLarge.
func Preview(frame []byte) (Report, error) {
	p, err := photo.Decode(frame, nil, nil)
	if err != nil {
		return Report{}, err
	}
	small, factor := p.Pix, p.Scale
	if max(small.Rect.Dx(), small.Rect.Dy()) > previewSide {
		var f float64
		small, f = thumb(p.Pix, previewSide)
		factor *= f
	}
	found, ok := outline(small)
	report := Report{Found: ok}
	var q plane.Quad
	if ok {
		q = refine(small, found.quad)
		report.Quad = q.Scaled(factor)
	}
	report.Advice = advise(small, q, ok)
	return report, nil
}

func advise(frame *image.RGBA, q plane.Quad, found bool) string {
	switch {
	case bright(frame) < darkest:
		return "too_dark"
	case !found:
		return "no_card"
	case q.Area() < nearest*float64(frame.Rect.Dx()*frame.Rect.Dy()):
		return "too_far"
	case sharpness(frame, q) < sharpest:
		return "blurred"
	}
	return ""
}

// bright is the mean of the brightest quarter, 0–255.
func bright(frame *image.RGBA) float64 {
	var hist [256]int
	n := 0
	for y := 0; y < frame.Rect.Dy(); y += 3 {
		row := frame.Pix[y*frame.Stride:]
		for x := 0; x < frame.Rect.Dx(); x += 3 {
			hist[row[4*x+1]]++
			n++
		}
	}
	left, sum := n/4, 0
	for v := 255; v >= 0 && left > 0; v-- {
		k := min(left, hist[v])
		sum += v * k
		left -= k
	}
	return float64(sum) / max(1, float64(n/4))
}

// sharpness compares how fast brightness changes between neighbours with how
// much it changes at all: the steepest hundredth of steps of one pixel, over
// the steepest hundredth of steps of five. A line of print in focus takes one
// or two pixels from paper to ink, a blurred one five.
func sharpness(frame *image.RGBA, q plane.Quad) float64 {
	q = q.Grown(-0.08) // the card's edge is not its print
	var one, five []float64
	for y := 0; y < frame.Rect.Dy(); y += 2 {
		row := frame.Pix[y*frame.Stride:]
		for x := 0; x+5 < frame.Rect.Dx(); x++ {
			if !q.Holds(plane.Pt(float64(x), float64(y))) {
				continue
			}
			v := float64(row[4*x+1])
			one = append(one, math.Abs(v-float64(row[4*x+5])))
			five = append(five, math.Abs(v-float64(row[4*x+21])))
		}
	}
	if len(one) < 100 {
		return 0
	}
	slices.Sort(one)
	slices.Sort(five)
	return one[len(one)*99/100] / max(12, five[len(five)*99/100])
}
