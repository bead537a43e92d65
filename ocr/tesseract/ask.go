//go:build cgo

package tesseract

import (
	"context"
	"image"
	"strings"

	"hallpass/ocr"
)

// Reread reads each box of the view as one line. The asks of a card are spread
// over the workers.
func (e *Engine) Reread(ctx context.Context, view *image.RGBA, asks []ocr.Ask) ([]ocr.Line, error) {
	grey := even(view)
	parts := min(e.workers, len(asks))
	replies := make([]chan result, parts)
	for i := range parts {
		part := asks[i*len(asks)/parts : (i+1)*len(asks)/parts]
		replies[i] = make(chan result, 1)
		do := func(r *reader) ([]ocr.Line, error) { return r.asked(ctx, grey, part) }
		if err := e.enqueue(job{ctx, do, replies[i]}); err != nil {
			return nil, err
		}
	}
	out := make([]ocr.Line, 0, len(asks))
	for _, reply := range replies {
		lines, err := await(ctx, reply)
		if err != nil {
			return nil, err
		}
		out = append(out, lines...)
	}
	return out, nil
}

// asked reads some boxes of an evened view.
func (r *reader) asked(ctx context.Context, grey *image.Gray, asks []ocr.Ask) ([]ocr.Line, error) {
	out := make([]ocr.Line, len(asks))
	for i, a := range asks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		box := a.Box.Intersect(grey.Rect)
		if box.Dx() < 8 || box.Dy() < 8 {
			continue
		}
		line, err := r.opinion(cut(grey, box), a)
		if err != nil {
			return nil, err
		}
		line.Text, line.Box = strings.TrimSpace(line.Text), box
		out[i] = line
	}
	return out, nil
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
