//go:build cgo

package ppocr

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	ort "github.com/yalue/onnxruntime_go"

	"hallpass/ocr"
)

const (
	// lineHigh is how high the network wants a line, in pixels.
	lineHigh = 48
	// step is how many of its pixels one answer stands for; rows of any number of
	// steps are read, as one of 32 reads nothing better and takes 3 % longer.
	step = 8
	// widest is the longest line it is asked for; a card's longest is 2,200.
	widest = 3200
)

// recognizer reads one line at a time.
type recognizer struct {
	net   *network
	keys  []string // by class; class 0 is "no character"
	spare spares
}

func newRecognizer(path string, spare spares) (*recognizer, error) {
	net, err := newNetwork(path, 1) // lines are read side by side instead
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
	return &recognizer{net, append(keys, " "), spare}, nil
}

// sign is one character as it was read: the step at which its answer is
// highest, and how sure it is.
type sign struct {
	text string
	sure float64
	step int
	also []ocr.Guess // what else it may be, if it is not sure
}

// answer is what the network said of a line.
type answer struct {
	signs []sign
	along slab // what was read, lying as it was read
	side  bool // it is a row that stands on its end
	// cells are the characters' places when the line is a column.
	cells []slab
	width float64 // of a step: pixels of the view, or cells when there are any
}

// read reads what a slab of the view shows: as a row, or as a column if it is
// tall. Tall print that is no column may be a row that stands on its end.
func (r *recognizer) read(view *image.RGBA, s slab) (answer, error) {
	a, err := r.either(view, s)
	if err != nil {
		return a, err
	}
	return r.finish(view, s, a)
}

// finish goes on after the first reading, if that is in doubt.
func (r *recognizer) finish(view *image.RGBA, s slab, best answer) (answer, error) {
	if !s.isColumn() {
		return r.again(view, s, best)
	}
	// The network knows characters that lie on their left side, as its makers
	// feed it columns that way: a row that climbs reads well as a column, with
	// its characters in reverse. A column never reads well as a row that climbs.
	for _, q := range []int{1, 3} {
		a, err := r.row(view, snug(view, s.turned(q)))
		if err != nil {
			return answer{}, err
		}
		least := best.certainty() + 0.1
		if q == 1 && len(a.signs) > 4 {
			least -= 0.15
		}
		if len(a.signs) > 2 && a.certainty() > least {
			best, best.side = a, true
		}
		if best.certainty() > surely {
			break
		}
	}
	return r.filled(view, best)
}

// surely is the confidence of a reading that nobody doubts; a row below it is
// read again.
const surely = 0.8

// better is how much more worth another reading must be to be believed: one
// sure character. Less is chance, and as often wrong as right.
const better = 0.5

// again reads a doubtful row with all that is around it, and keeps the reading
// with most to show. What is hardly read at all is a picture, mostly.
func (r *recognizer) again(view *image.RGBA, s slab, best answer) (answer, error) {
	if c := best.certainty(); len(best.signs) < 2 || c >= surely || c < noise {
		return best, nil
	}
	a, err := r.row(view, s)
	if err != nil {
		return answer{}, err
	}
	if a.worth() > best.worth()+better {
		best = a
	}
	return best, nil
}

// worth is the sum over the characters of how much surer than 0.5 they are.
func (a answer) worth() (total float64) {
	for _, g := range a.signs {
		if g.text != " " {
			total += g.sure - 0.5
		}
	}
	return total
}

// either reads a slab whose print stands upright, as row or column.
func (r *recognizer) either(view *image.RGBA, s slab) (best answer, err error) {
	if !s.isColumn() {
		return r.row(view, snug(view, s))
	}
	most := 0.0
	for _, c := range cells(view, s) {
		a, err := r.row(view, c...)
		if err != nil {
			return answer{}, err
		}
		if a.along = s; len(c) > 1 {
			a.cells = c
		}
		// A right cut gives one character a cell.
		if v := a.certainty() * min(1, float64(len(c))/float64(max(1, len(a.signs)))); v > most {
			best, most = a, v
		}
		if most > surely {
			break
		}
	}
	return best, nil
}

// row reads slabs as if they stood side by side.
func (r *recognizer) row(view *image.RGBA, parts ...slab) (answer, error) {
	widths, w := make([]int, len(parts)), 0
	for i, s := range parts {
		widths[i] = max(8, min(widest-w, int(math.Ceil(lineHigh*s.W/s.H))))
		w += widths[i]
	}
	padded := (w + step - 1) / step * step
	steps := padded / step
	in, out, giveBack := r.spare.borrow(3*lineHigh*padded, steps*len(r.keys))
	defer giveBack()
	clear(in) // what is beyond the print is grey
	left := 0
	for i, s := range parts {
		draw(view, s, left, widths[i], lineHigh, padded, recNorm, in)
		left += widths[i]
	}
	shape := ort.NewShape(1, int64(steps), int64(len(r.keys)))
	if err := r.net.run(padded, lineHigh, in, shape, out); err != nil {
		return answer{}, fmt.Errorf("read a line: %w", err)
	}
	a := answer{signs: r.decode(out), along: parts[0], width: step * float64(len(parts)) / float64(w)}
	if len(parts) == 1 {
		a.width = step * parts[0].W / float64(w)
	}
	return a, nil
}

func (a answer) certainty() float64 { return certainty([]answer{a}) }

// decode takes the likeliest class of each step, joins equal neighbours, and
// drops "no character" (greedy CTC).
func (r *recognizer) decode(out []float32) []sign {
	var signs []sign
	n, last := len(r.keys), 0
	for t := 0; t*n < len(out); t++ {
		best, sure := likeliest(out[t*n : t*n+n])
		switch {
		case best != 0 && best != last:
			signs = append(signs, sign{text: r.keys[best], sure: sure, step: t})
		case best != 0 && sure > signs[len(signs)-1].sure:
			signs[len(signs)-1].sure, signs[len(signs)-1].step = sure, t
		}
		last = best
	}
	for i, g := range signs {
		if g.sure < certain {
			signs[i].also = r.guesses(out[g.step*n:g.step*n+n], g.text)
		}
	}
	return r.spaced(signs, out)
}

// likeliest is the class with the highest share; one of more than half is not
// beaten.
func likeliest(shares []float32) (best int, sure float64) {
	top := float32(-1)
	for i, v := range shares {
		if v > top {
			if best, top = i, v; v > 0.5 {
				break
			}
		}
	}
	return best, float64(top)
}

const (
	// certain is the confidence of a character that leaves no room for another.
	certain = 0.95
	// likely is what another has at least, and guesses how many are told.
	likely, guesses = 0.02, 5
)

// guesses are the likeliest other characters of a step.
func (r *recognizer) guesses(step []float32, text string) []ocr.Guess {
	var out []ocr.Guess
	for i, v := range step {
		if v >= likely && i != 0 && r.keys[i] != text && r.keys[i] != " " {
			c, _ := utf8.DecodeRuneInString(r.keys[i])
			out = append(out, ocr.Guess{Rune: c, Sure: float64(v)})
		}
	}
	slices.SortFunc(out, func(a, b ocr.Guess) int { return cmp.Compare(b.Sure, a.Sure) })
	return out[:min(guesses, len(out))]
}

// line is the answer as a line of the view.
func (a answer) line(s slab) ocr.Line {
	l := ocr.Line{Box: s.upright(), Weakest: 1, Upright: a.cells != nil}
	signs := trimmed(a.signs)
	var text strings.Builder
	for _, g := range signs {
		text.WriteString(g.text)
		l.Confidence += g.sure / float64(len(signs))
		l.Weakest = min(l.Weakest, g.sure)
		at := a.place(g)
		for range []rune(g.text) {
			l.At = append(l.At, at)
			l.Sure = append(l.Sure, g.sure)
			l.Also = append(l.Also, g.also)
		}
	}
	l.Text = text.String()
	return l
}

// place is where the middle of a character stands: its x, or its y in a column.
func (a answer) place(g sign) int {
	if a.cells != nil {
		return int(a.cells[a.cell(g)].Y)
	}
	x, _ := a.along.at((float64(g.step)+.5)*a.width, a.along.H/2)
	return int(x)
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
