package main

import (
	"encoding/json"
	"io"
	"math"

	"hallpass/cmd/internal/cardscore"
)

// json writes every figure, unrounded.
func (b *bench) json(w io.Writer) error {
	type row struct {
		Cards    string                     `json:"cards"`
		Fitted   bool                       `json:"fitted"`
		Engine   string                     `json:"engine"`
		Tier     string                     `json:"tier"`
		Lang     string                     `json:"lang"`
		Pictures int                        `json:"pictures"`
		F1       float64                    `json:"f1"`
		Spread   float64                    `json:"f1_standard_error"`
		Soft     float64                    `json:"soft_f1"`
		Perfect  int                        `json:"perfect"`
		Share    float64                    `json:"accepted"`
		Exact    float64                    `json:"accepted_exact"`
		ECE      float64                    `json:"calibration_error"`
		P50      float64                    `json:"ms_p50"`
		P95      float64                    `json:"ms_p95"`
		Failed   int                        `json:"failed"`
		Fields   map[string]cardscore.Count `json:"fields"`
		Bins     []cardscore.Bin            `json:"bins"`
	}
	number := func(v float64) float64 {
		if math.IsNaN(v) {
			return 0
		}
		return v
	}
	var out struct {
		Scores  []row    `json:"scores"`
		Costs   []cost   `json:"costs,omitempty"`
		Growths []growth `json:"growths,omitempty"`
	}
	out.Costs, out.Growths = b.costs, b.growths
	for _, s := range b.scores {
		for _, tier := range s.report.Tiers() {
			for _, lang := range s.report.Langs(tier) {
				t := s.report.Totals[tier][lang]
				out.Scores = append(out.Scores, row{
					s.set.name, s.set.fitted(), s.engine, tier, lang, t.Cards, t.F1(), number(t.Spread()), t.Soft(), t.Perfect, t.Share(), t.Exactness(),
					t.Bins.Error(), number(t.Time(.5)), number(t.Time(.95)), t.Failed + t.Missing, t.Fields, t.Bins.List(),
				})
			}
		}
	}
	return json.NewEncoder(w).Encode(out)
}
