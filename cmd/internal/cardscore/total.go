package cardscore

import (
	"math"
	"slices"
	"strings"

	"hallpass/cmd/internal/readout"
)

// Count adds up values: how many are right, right or nearly, printed, and read.
type Count struct{ Right, Near, Printed, Read int }

func (c *Count) add(o Count) {
	c.Right += o.Right
	c.Near += o.Near
	c.Printed += o.Printed
	c.Read += o.Read
}

// F1 is 0–100.
func (c Count) F1() float64 { return percent(2*c.Right, c.Printed+c.Read) }

// Soft is F1 with nearly right values, 0–100.
func (c Count) Soft() float64 { return percent(2*c.Near, c.Printed+c.Read) }

// Precision is the share of what was read that is right, 0–100.
func (c Count) Precision() float64 { return percent(c.Right, c.Read) }

// Recall is the share of what is printed that was read right, 0–100.
func (c Count) Recall() float64 { return percent(c.Right, c.Printed) }

// Total adds up cards.
type Total struct {
	Count
	Fields map[string]Count
	// Layouts hold the cards of one layout: those whose names differ in the
	// last part only.
	Layouts map[string]Count
	// Cards were counted; Perfect of them have every value right and no other,
	// Missing have no result, and Failed an error.
	Cards, Perfect, Missing, Failed int
	// Accepted readings reach the bar, AcceptedRight of them are right, and
	// they stand for Covered printed values.
	Accepted, AcceptedRight, Covered int
	// MS are the times of the cards with a result, in milliseconds.
	MS []float64
	// Bins is how often readings of a confidence are right.
	Bins Bins
}

// Share is how much of what is printed was accepted, 0–100.
func (t *Total) Share() float64 { return percent(t.Covered, t.Printed) }

// Exactness is how much of what was accepted is right, 0–100.
func (t *Total) Exactness() float64 { return percent(t.AcceptedRight, t.Accepted) }

// Time is the p-th quantile of MS, p from 0 to 1; NaN without any.
func (t *Total) Time(p float64) float64 {
	if len(t.MS) == 0 {
		return math.NaN()
	}
	ms := slices.Sorted(slices.Values(t.MS))
	return ms[min(len(ms)-1, int(p*float64(len(ms))))]
}

// Spread is the standard error of F1, in points, when other layouts are drawn:
// the jackknife over layouts. It is NaN for fewer than two.
func (t *Total) Spread() float64 {
	n := float64(len(t.Layouts))
	var without []float64
	sum := 0.0
	for _, c := range t.Layouts {
		rest := Count{t.Right - c.Right, t.Near - c.Near, t.Printed - c.Printed, t.Read - c.Read}
		without = append(without, rest.F1())
		sum += rest.F1()
	}
	if n < 2 {
		return math.NaN()
	}
	squares := 0.0
	for _, f := range without {
		squares += (f - sum/n) * (f - sum/n)
	}
	return math.Sqrt(squares * (n - 1) / n)
}

func (t *Total) add(id string, fields []FieldResult, read *readout.Result, bar float64) {
	t.Cards++
	if t.Fields == nil {
		t.Fields, t.Layouts = map[string]Count{}, map[string]Count{}
	}
	var card Count
	for _, f := range fields {
		card.add(f.Count)
		all := t.Fields[f.Field]
		all.add(f.Count)
		t.Fields[f.Field] = all
		t.accept(f, bar)
	}
	t.Count.add(card)
	layout := id[:max(0, strings.LastIndexByte(id, '_'))]
	all := t.Layouts[layout]
	all.add(card)
	t.Layouts[layout] = all
	if card.Right == card.Printed && card.Right == card.Read {
		t.Perfect++
	}
	if read == nil {
		t.Missing++
		return
	}
	t.MS = append(t.MS, read.MS)
	if read.Error != "" {
		t.Failed++
	}
}

func (t *Total) accept(f FieldResult, bar float64) {
	accepted := 0
	for _, v := range f.Values {
		t.Bins.add(v)
		if v.Confidence < bar {
			continue
		}
		accepted++
		if v.Exact {
			t.AcceptedRight++
		}
	}
	t.Accepted += accepted
	t.Covered += min(accepted, f.Count.Printed)
}

func percent(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return 100 * float64(a) / float64(b)
}
