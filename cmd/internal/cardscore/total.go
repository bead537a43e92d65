package cardscore

import (
	"cmp"
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

func (t *Total) add(fields []FieldResult, read *readout.Result, bar float64) {
	t.Cards++
	if t.Fields == nil {
		t.Fields = map[string]Count{}
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

// Report holds totals by tier, then by language; "ALL" is every language, and
// every tier when there are several.
type Report struct {
	Totals map[string]map[string]*Total
	Errors []Mistake
}

// Mistake is a field of a card with a value missing or too much.
type Mistake struct {
	Tier, Card string
	FieldResult
	// Failed is why nothing was read, or empty.
	Failed string
}

// All is the name of a sum.
const All = "ALL"

// Options choose what counts.
type Options struct {
	// Bar is the confidence from which a reading is accepted.
	Bar float64
	// Present counts only the cards that have a result; otherwise each truth
	// counts in each tier that occurs.
	Present bool
}

// Score compares results, which belong to the tier that their file's folder is
// named after, with the truth by card. Of two results of one card and tier the
// last counts; results without truth do not.
func Score(truth map[string]Truth, results []readout.Result, o Options) Report {
	type place struct{ tier, card string }
	read, tiers := map[place]*readout.Result{}, map[string]bool{}
	for i, r := range results {
		tier, card := Place(r.File)
		read[place{tier, card}] = &results[i]
		tiers[tier] = true
	}
	out := Report{Totals: map[string]map[string]*Total{}}
	for _, tier := range sorted(tiers, []string{"clean", "mild", "hard"}) {
		for _, id := range slices.Sorted(keys(truth)) {
			r := read[place{tier, id}]
			if r == nil && o.Present {
				continue
			}
			fields := Card(truth[id], r)
			for _, where := range [][2]string{{tier, truth[id].Lang}, {tier, All}, {All, truth[id].Lang}, {All, All}} {
				out.total(where).add(fields, r, o.Bar)
			}
			out.mistakes(tier, id, fields, r)
		}
	}
	if len(tiers) < 2 {
		delete(out.Totals, All)
	}
	return out
}

func (r *Report) total(where [2]string) *Total {
	langs := r.Totals[where[0]]
	if langs == nil {
		langs = map[string]*Total{}
		r.Totals[where[0]] = langs
	}
	if langs[where[1]] == nil {
		langs[where[1]] = &Total{}
	}
	return langs[where[1]]
}

func (r *Report) mistakes(tier, id string, fields []FieldResult, read *readout.Result) {
	failed := "missing"
	if read != nil {
		failed = read.Error
	}
	for _, f := range fields {
		if f.Wrong() {
			r.Errors = append(r.Errors, Mistake{tier, id, f, failed})
		}
	}
}

// Tiers and Langs give the order of tables.
func (r Report) Tiers() []string { return sorted(r.Totals, []string{"clean", "mild", "hard"}) }

// Langs are the languages of a tier, the sum last.
func (r Report) Langs(tier string) []string {
	return sorted(r.Totals[tier], []string{"zhs", "zht", "en", "mix"})
}

// sorted gives the names in the usual order, then others by the alphabet, the
// sum last.
func sorted[V any](m map[string]V, usual []string) []string {
	rank := func(s string) int {
		if s == All {
			return len(usual) + 1
		}
		if i := slices.Index(usual, s); i >= 0 {
			return i
		}
		return len(usual)
	}
	return slices.SortedFunc(keys(m), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a, b))
	})
}

func keys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func percent(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return 100 * float64(a) / float64(b)
}
