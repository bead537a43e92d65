//go:build cgo

package ppocr

import (
	"errors"
	"fmt"
	"image"
	"math"
	"strings"

	ort "github.com/yalue/onnxruntime_go"

	"hallpass/ocr"
)

const (
	// lineHigh is how high the network wants a line, in pixels.
	lineHigh = 48
	// step is how many of its pixels one answer stands for.
	step = 8
	// widest is the longest line it is asked for; a card's longest is 2,200.
	widest = 3200
	// grain is what widths are rounded up to, so that the library finds the
	// memory of an earlier line fit for the next.
	grain = 32
)

// recognizer reads one line at a time.
type recognizer struct {
	net  *network
	keys []string // by class; class 0 is "no character"
}

func newRecognizer(path string) (*recognizer, error) {
	net, err := newNetwork(path)
	if err != nil {
		return nil, err
	}
	text, err := net.note("character")
	if err == nil && text == "" {
		err = errors.New("names no characters")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), net.close())
	}
	keys := append([]string{""}, strings.Split(strings.TrimRight(text, "\n"), "\n")...)
	return &recognizer{net, append(keys, " ")}, nil
}

// sign is one character as it was read: the step at which its answer is
// highest, and how sure it is.
type sign struct {
	text string
	sure float64
	step int
}

// answer is what the network said of a line.
type answer struct {
	signs []sign
	steps int     // of the whole line, without padding
	width float64 // of one step, in pixels of the view
}

// read reads what a slab of the view shows as one row of print.
func (r *recognizer) read(view *image.RGBA, s slab) (answer, error) {
	w := max(8, min(widest, int(math.Ceil(lineHigh*s.W/s.H))))
	padded := (w + grain - 1) / grain * grain
	in := make([]float32, 3*lineHigh*padded)
	draw(view, s, w, lineHigh, padded, recNorm, in)
	steps := padded / step
	out := make([]float32, steps*len(r.keys))
	shape := ort.NewShape(1, int64(steps), int64(len(r.keys)))
	if err := r.net.run(padded, lineHigh, in, shape, out); err != nil {
		return answer{}, fmt.Errorf("read a line: %w", err)
	}
	return answer{r.decode(out), w / step, step * s.W / float64(w)}, nil
}

// decode takes the likeliest class of each step, joins equal neighbours, and
// drops "no character" (greedy CTC).
func (r *recognizer) decode(out []float32) []sign {
	var signs []sign
	n, last := len(r.keys), 0
	for t := 0; t*n < len(out); t++ {
		row := out[t*n : t*n+n]
		best := 0
		for i, v := range row {
			if v > row[best] {
				best = i
			}
		}
		sure := float64(row[best])
		switch {
		case best != 0 && best != last:
			signs = append(signs, sign{r.keys[best], sure, t})
		case best != 0 && sure > signs[len(signs)-1].sure:
			signs[len(signs)-1].sure, signs[len(signs)-1].step = sure, t
		}
		last = best
	}
	return signs
}

// line is the answer as a line of the view.
func (a answer) line(s slab) ocr.Line {
	l := ocr.Line{Box: s.upright(), Weakest: 1}
	signs := trimmed(a.signs)
	var text strings.Builder
	for _, g := range signs {
		text.WriteString(g.text)
		l.Confidence += g.sure / float64(len(signs))
		l.Weakest = min(l.Weakest, g.sure)
		x, _ := s.at((float64(g.step)+.5)*a.width, s.H/2)
		for range []rune(g.text) {
			l.At = append(l.At, int(x))
			l.Sure = append(l.Sure, g.sure)
		}
	}
	l.Text = text.String()
	return l
}

func trimmed(signs []sign) []sign {
	for len(signs) > 0 && signs[0].text == " " {
		signs = signs[1:]
	}
	for len(signs) > 0 && signs[len(signs)-1].text == " " {
		signs = signs[:len(signs)-1]
	}
	return signs
}
