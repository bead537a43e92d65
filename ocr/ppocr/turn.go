//go:build cgo

package ppocr

import (
	"cmp"
	"context"
	"slices"
)

const (
	// probes is how many of the longest lines tell how a card lies. They are
	// read before the others, and two of them in other directions.
	probes, tried = 4, 2
	// plain is the mean confidence of the probes from which nobody doubts how
	// the card lies; print on its head stays below 0.7.
	plain = 0.8
	// gain is how much surer the print must be when turned, and clearly how sure.
	gain, clearly = 0.2, 0.75
)

// quarters is how many quarter turns clockwise make the print upright, as far
// as the probes tell; 0 when in doubt. What it read upright is kept.
func (p *page) quarters(ctx context.Context) (int, error) {
	n := longest(p.found)
	if n == 0 {
		return 0, nil
	}
	few, order, least := min(tried, n), []int{2, 1, 3}, clearly
	if climbing(p.found[:n]) {
		// The network was taught characters that lie on their left side: a row
		// that climbs may read well as a column. A column never reads well as a
		// row that climbs.
		q, err := p.best(ctx, few, []int{1, 3}, clearly)
		if q != 0 || err != nil {
			return q, err
		}
		order = []int{2}
	}
	upright, err := p.probe(ctx, n, 0)
	if err != nil {
		return 0, err
	}
	if certainty(upright) < plain {
		least = max(least, certainty(upright[:few])+gain)
		if q, err := p.best(ctx, few, order, least); q != 0 || err != nil {
			return q, err
		}
	}
	p.answers = upright
	return 0, nil
}

// climbing says whether most lines are higher than wide.
func climbing(probes []slab) bool {
	n := 0
	for _, s := range probes {
		if s.isColumn() {
			n++
		}
	}
	return 2*n > len(probes)
}

// best is the first of some directions in which n probes read so surely; 0
// when none does.
func (p *page) best(ctx context.Context, n int, order []int, least float64) (int, error) {
	for _, q := range order {
		turned, err := p.probe(ctx, n, q)
		if err != nil || certainty(turned) >= least {
			return q, err
		}
	}
	return 0, nil
}

// probe reads the longest lines as if the view were turned.
func (p *page) probe(ctx context.Context, n, quarters int) ([]answer, error) {
	out := make([]answer, n)
	err := p.e.each(ctx, n, func(i int) (err error) {
		out[i], err = p.e.rec.either(p.view, p.found[i].turned(quarters))
		return err
	})
	return out, err
}

// longest moves the longest slabs to the front and returns how many they are.
func longest(found []slab) int {
	slices.SortStableFunc(found, func(a, b slab) int { return cmp.Compare(max(b.W, b.H), max(a.W, a.H)) })
	return min(probes, len(found))
}

// turned is the slab as it lies when its print stands so many quarter turns
// off: its length runs along the print.
func (s slab) turned(quarters int) slab {
	for range quarters {
		s.UX, s.UY, s.W, s.H = s.UY, -s.UX, s.H, s.W
	}
	return s
}

// certainty is the mean confidence of all characters of some lines. A line in
// which nothing was read counts as one of none, and so does an empty cell.
func certainty(answers []answer) float64 {
	total, n := 0.0, 0
	for _, a := range answers {
		for _, g := range a.signs {
			total += g.sure
		}
		n += max(1, len(a.signs), len(a.cells))
	}
	return total / float64(max(1, n))
}
