//go:build cgo

package ppocr

import (
	"fmt"
	"image"
	"math"

	ort "github.com/yalue/onnxruntime_go"
)

// detSide is the longer side of the picture that detection sees; 960 finds no
// more and takes twice as long.
const detSide = 640

// detect finds the lines of a view, in its pixels.
func detect(net *network, spare spares, view *image.RGBA) ([]slab, error) {
	vw, vh := float64(view.Rect.Dx()), float64(view.Rect.Dy())
	shrink := detSide / max(vw, vh)
	w, h := whole(vw*shrink), whole(vh*shrink)
	in, out, giveBack := spare.borrow(3*w*h, w*h)
	defer giveBack()
	seen := view
	if shrink <= 0.5 { // as of most photos: four pixels are averaged faster than four places
		seen = half(view)
	}
	sw, sh := float64(seen.Rect.Dx()), float64(seen.Rect.Dy())
	draw(seen, slab{sw / 2, sh / 2, 1, 0, sw, sh}, 0, w, h, w, detNorm, in)
	m := heat{out, w, h}
	if err := net.run(w, h, in, ort.NewShape(1, 1, int64(h), int64(w)), m.v); err != nil {
		return nil, fmt.Errorf("find lines: %w", err)
	}
	slabs := m.slabs()
	for i, s := range slabs {
		slabs[i] = s.scaled(vw/float64(w), vh/float64(h))
	}
	return slabs, nil
}

// whole rounds to what the network's layers can halve five times.
func whole(side float64) int { return max(32, int(math.Round(side/32))*32) }
