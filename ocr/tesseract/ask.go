//go:build cgo

package tesseract

import (
	"cmp"
	"context"
	"errors"
	"image"
	"slices"
	"strings"
	"sync/atomic"

	"hallpass/ocr"
)

// Reread reads each box of the view as one line. The workers share the asks of
// a card: whoever is done takes the next.
func (e *Engine) Reread(ctx context.Context, view *image.RGBA, asks []ocr.Ask) ([]ocr.Line, error) {
	grey := even(view)
	out := make([]ocr.Line, len(asks))
	order, next := longestFirst(asks), atomic.Int64{}
	do := func(r *reader) ([]ocr.Line, error) {
		for i := next.Add(1); i <= int64(len(order)); i = next.Add(1) {
			at := order[i-1]
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			line, err := r.asked(grey, asks[at])
			if err != nil {
				return nil, err
			}
			out[at] = line
		}
		return nil, nil
	}
	var replies []chan result
	for range min(e.workers, len(asks)) {
		reply := make(chan result, 1)
		err := e.enqueue(job{ctx, do, reply})
		if errors.Is(err, ocr.ErrBusy) && len(replies) > 0 {
			break // fewer hands do it too
		}
		if err != nil {
			return nil, err
		}
		replies = append(replies, reply)
	}
	for _, reply := range replies {
		if _, err := await(ctx, reply); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// longestFirst is the order in which asks take least time in all: those in
// Chinese, which take turns at one model, then the others, long ones first.
func longestFirst(asks []ocr.Ask) []int {
	order := make([]int, len(asks))
	for i := range order {
		order[i] = i
	}
	latin := func(a ocr.Ask) int {
		if a.Script == ocr.Latin {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(order, func(i, k int) int {
		a, b := asks[i], asks[k]
		return cmp.Or(cmp.Compare(latin(a), latin(b)), cmp.Compare(b.Box.Dx(), a.Box.Dx()))
	})
	return order
}

// asked reads one box of an evened view.
func (r *reader) asked(grey *image.Gray, a ocr.Ask) (ocr.Line, error) {
	box := a.Box.Intersect(grey.Rect)
	if box.Dx() < 8 || box.Dy() < 8 {
		return ocr.Line{}, nil
	}
	line, err := r.opinion(cut(grey, box), a)
	if err != nil {
		return ocr.Line{}, err
	}
	line.Text, line.Box = strings.TrimSpace(line.Text), box
	return line, nil
}

// opinion reads one line in one script.
func (r *reader) opinion(img *image.Gray, a ocr.Ask) (ocr.Line, error) {
	i := int(a.Script - ocr.Simplified) // r.han is in the order of the scripts
	if a.Script != ocr.Latin && i >= len(r.han) {
		return ocr.Line{}, nil
	}
	if a.Script != ocr.Latin && a.Pure {
		words, err := r.han[i].read(img)
		return whole(words), err
	}
	words, err := r.latin.read(img)
	if err != nil || a.Script == ocr.Latin {
		return whole(words), err
	}
	return one(r.han[i], img, words)
}
