//go:build cgo

package tesseract

import (
	"cmp"
	"context"
	"image"
	"slices"
	"unicode"

	"hallpass/ocr"
)

const (
	// legible is how well the lines of an upright card are read at least, per
	// letter; print on its side or upside down comes to 0.3–0.5.
	legible = 0.62
	// fewest letters a card has; less of them speaks for print on its side.
	fewest = 12
	// tried is how many lines are read in each other direction.
	tried = 4
)

// turned looks, for a card that was read badly, whether another direction
// reads better. It returns *ocr.Turned if so.
func (r *reader) turned(ctx context.Context, grey *image.Gray, lines []ocr.Line) error {
	letters, mean := legibility(lines)
	if letters < fewest {
		mean = 0 // an icon or two
	}
	if mean >= legible {
		return nil
	}
	best, quarters := max(legible, mean+0.12), 0
	for _, q := range []int{2, 1, 3} {
		if err := ctx.Err(); err != nil {
			return err
		}
		some, err := r.sampled(turn(grey, q))
		if err != nil {
			return err
		}
		if n, mean := legibility(some); n >= fewest && mean > best {
			best, quarters = mean, q
		}
	}
	if quarters == 0 {
		return nil
	}
	return &ocr.Turned{Quarters: quarters}
}

// sampled reads the longest lines of a view.
func (r *reader) sampled(grey *image.Gray) ([]ocr.Line, error) {
	boxes := find(grey)
	slices.SortStableFunc(boxes, func(a, b image.Rectangle) int {
		return cmp.Compare(b.Dx()*min(b.Dy(), 60), a.Dx()*min(a.Dy(), 60))
	})
	var out []ocr.Line
	for _, b := range boxes[:min(tried, len(boxes))] {
		img := cut(grey, b)
		words, err := r.latin.read(img)
		if err != nil {
			return nil, err
		}
		line := whole(words)
		if line.Confidence < sureLatin {
			han, err := one(r.han[0], img, words)
			if err != nil {
				return nil, err
			}
			line = better(line, han)
		}
		out = append(out, line)
	}
	return out, nil
}

// legibility is how many letters, digits and characters the lines hold, and
// the mean confidence of one.
func legibility(lines []ocr.Line) (letters int, mean float64) {
	for _, l := range lines {
		n := 0
		for _, c := range l.Text {
			if unicode.IsLetter(c) || unicode.IsDigit(c) {
				n++
			}
		}
		letters += n
		mean += float64(n) * l.Confidence
	}
	return letters, mean / float64(max(letters, 1))
}

// turn gives a picture so many quarter turns clockwise.
func turn(src *image.Gray, quarters int) *image.Gray {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if quarters%2 != 0 {
		size = image.Rect(0, 0, h, w)
	}
	dst := image.NewGray(size)
	for y := range h {
		for x, v := range src.Pix[y*src.Stride:][:w] {
			switch quarters {
			case 1:
				dst.Pix[x*dst.Stride+h-1-y] = v
			case 2:
				dst.Pix[(h-1-y)*dst.Stride+w-1-x] = v
			default:
				dst.Pix[(w-1-x)*dst.Stride+y] = v
			}
		}
	}
	return dst
}
