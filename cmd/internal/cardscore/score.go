package cardscore

import (
	"cmp"
	"slices"
	"strings"

	"hallpass/cmd/internal/readout"
)

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
				out.total(where).add(id, fields, r, o.Bar)
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
