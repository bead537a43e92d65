//go:build cgo

package ppocr

import (
	"cmp"
	"context"
	"image"
	"slices"

	"golang.org/x/sync/errgroup"

	"hallpass/ocr"
	"hallpass/ocr/pixels"
)

// page is one view while its lines are read.
type page struct {
	e       *Engine
	view    *image.RGBA
	found   []slab
	answers []answer // of the first of found; the others are not read yet
}

// Lines finds the lines of the view and reads each. A card that lies on its
// side or head is read as it should lie, and *ocr.Turned says how.
func (e *Engine) Lines(ctx context.Context, view *image.RGBA) ([]ocr.Line, error) {
	leave, err := e.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	p := &page{e: e, view: view}
	if err := p.find(ctx); err != nil {
		return nil, err
	}
	q, err := p.quarters(ctx)
	if err != nil {
		return nil, err
	}
	if q != 0 {
		if err := p.turn(ctx, q); err != nil {
			return nil, err
		}
	}
	if err := p.read(ctx); err != nil {
		return nil, err
	}
	if q != 0 {
		return p.lines(), &ocr.Turned{Quarters: q, Read: true}
	}
	return p.lines(), nil
}

// find fills in where the lines of the view are.
func (p *page) find(ctx context.Context) error {
	if p.view.Rect.Empty() {
		return nil
	}
	return p.e.thread(ctx, func() error {
		found, err := detect(p.e.det, p.e.spare, p.view)
		p.found = stacked(found)
		return err
	})
}

// turn gives the view so many quarter turns clockwise. Lines upside down are
// found as well as upright ones; of those on their side some are missed.
func (p *page) turn(ctx context.Context, quarters int) error {
	p.view, p.answers = pixels.Turn(p.view, quarters), nil
	if quarters != 2 {
		return p.find(ctx)
	}
	for i, s := range p.found {
		s.X, s.Y = float64(p.view.Rect.Dx())-s.X, float64(p.view.Rect.Dy())-s.Y
		p.found[i] = s
	}
	return nil
}

// read reads all lines to the end.
func (p *page) read(ctx context.Context) error {
	begun := p.answers
	p.answers = make([]answer, len(p.found))
	return p.e.each(ctx, len(p.found), func(i int) (err error) {
		s := p.found[i]
		if i < len(begun) {
			p.answers[i], err = p.e.rec.finish(p.view, s, begun[i])
		} else {
			p.answers[i], err = p.e.rec.read(p.view, s)
		}
		return err
	})
}

// each calls do for 0 to n-1 side by side, as threads are free.
func (e *Engine) each(ctx context.Context, n int, do func(i int) error) error {
	group, sub := errgroup.WithContext(ctx)
	group.SetLimit(cap(e.threads))
	for i := range n {
		group.Go(func() error {
			return e.thread(sub, func() error { return do(i) })
		})
	}
	return group.Wait()
}

// noise is the confidence below which a line is a picture, not print.
const noise = 0.5

// lines are what was read, from the top.
func (p *page) lines() []ocr.Line {
	var lines []ocr.Line
	for i, a := range p.answers {
		l := a.line(p.found[i])
		l.Box = l.Box.Intersect(p.view.Rect)
		if l.Text != "" && l.Confidence >= noise {
			lines = append(lines, l)
		}
	}
	slices.SortStableFunc(lines, func(a, b ocr.Line) int {
		return cmp.Or(cmp.Compare(a.Box.Min.Y, b.Box.Min.Y), cmp.Compare(a.Box.Min.X, b.Box.Min.X))
	})
	return lines
}
