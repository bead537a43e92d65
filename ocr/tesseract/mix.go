//go:build cgo

package tesseract

import (
	"slices"
	"unicode/utf8"

	"github.com/otiai10/gosseract/v2"
)

// mix puts the Latin model's words where the Chinese model read no Chinese,
// stretch by stretch, unless the Chinese model was clearly surer of them.
func mix(han, latin []gosseract.BoundingBox) []gosseract.BoundingBox {
	var out []gosseract.BoundingBox
	for i := 0; i < len(han); {
		if chinese(han[i]) {
			out = append(out, han[i])
			i++
			continue
		}
		end := i
		for end < len(han) && !chinese(han[end]) {
			end++
		}
		out = append(out, surer(han[i:end], within(han, i, end, latin))...)
		i = end
	}
	return out
}

// chinese says whether a word holds Chinese that fills its box; a character
// spread over several times its width is a number misread.
func chinese(w gosseract.BoundingBox) bool {
	n := hanIn(w.Word)
	return n > 0 && 5*w.Box.Dx() < 12*w.Box.Dy()*utf8.RuneCountInString(w.Word)
}

// within are the Latin words whose middle lies between the Chinese words
// around han[from:to].
func within(han []gosseract.BoundingBox, from, to int, latin []gosseract.BoundingBox) []gosseract.BoundingBox {
	left, right := 0, 1<<30
	if from > 0 {
		left = han[from-1].Box.Max.X
	}
	if to < len(han) {
		right = han[to].Box.Min.X
	}
	var out []gosseract.BoundingBox
	for _, w := range latin {
		if middle := (w.Box.Min.X + w.Box.Max.X) / 2; middle >= left && middle <= right && w.Box.Min.X > left-w.Box.Dy()/2 {
			out = append(out, w)
		}
	}
	return out
}

func surer(own, latin []gosseract.BoundingBox) []gosseract.BoundingBox {
	if len(latin) == 0 || mean(latin) < mean(own)-slack {
		return own
	}
	return slices.Clone(latin)
}

// slack is how much surer, in hundredths, the Chinese model must be of letters
// and digits: it was taught few of them.
const slack = 12

func mean(words []gosseract.BoundingBox) float64 {
	var sum, n float64
	for _, w := range words {
		k := float64(len(w.Word))
		sum, n = sum+k*w.Confidence, n+k
	}
	return sum / max(n, 1)
}
