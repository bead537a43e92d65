package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"hallpass/cmd/internal/cardscore"
)

// table writes one table in Markdown, aligned so that a shell shows it well.
func table(out *strings.Builder, title string, rows [][]string) {
	if len(rows) < 2 {
		return
	}
	wide := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			wide[i] = max(wide[i], len([]rune(cell)))
		}
	}
	fmt.Fprintf(out, "\n%s\n\n", title)
	for n, row := range rows {
		for i, cell := range row {
			fmt.Fprintf(out, "| %-*s ", wide[i], cell)
		}
		out.WriteString("|\n")
		if n == 0 {
			for _, w := range wide {
				out.WriteString("|" + strings.Repeat("-", w+2))
			}
			out.WriteString("|\n")
		}
	}
}

// markdown is every table.
func (b *bench) markdown(bar float64) string {
	var out strings.Builder
	table(&out, fmt.Sprintf("Fields read right (exact and soft F1), and what is accepted from a confidence of %g on:", bar), b.tiers())
	table(&out, "Exact F1 by language:", b.byLanguage())
	table(&out, "Exact F1 by field:", b.byField())
	table(&out, "How many readings of a confidence are right, and of how many:", b.reliability())
	table(&out, "Cost, over the same pictures of the mild tier:", b.cost())
	return strings.TrimPrefix(out.String(), "\n")
}

// name says with which cards rules were fitted.
func (s score) name() string {
	if s.set.fitted() {
		return s.set.name + " (fitted)"
	}
	return s.set.name
}

func (b *bench) tiers() [][]string {
	rows := [][]string{{"cards", "tier", "engine", "pictures", "F1", "soft F1", "all right", "accepted", "of it exact", "calibration error", "ms p50", "p95", "failed"}}
	for _, s := range b.scores {
		for _, tier := range s.report.Tiers() {
			t := s.report.Totals[tier][cardscore.All]
			rows = append(rows, []string{
				s.name(), tier, s.engine, fmt.Sprint(t.Cards), one(t.F1()), one(t.Soft()), fmt.Sprint(t.Perfect),
				one(t.Share()) + " %", one(t.Exactness()) + " %", one(t.Bins.Error()), whole(t.Time(.5)), whole(t.Time(.95)), fmt.Sprint(t.Failed + t.Missing),
			})
		}
	}
	return rows
}

func (b *bench) byLanguage() [][]string {
	rows := [][]string{{"cards", "tier", "engine", "zhs", "zht", "en", "mix"}}
	for _, s := range b.scores {
		for _, tier := range s.report.Tiers() {
			row := []string{s.name(), tier, s.engine}
			for _, lang := range rows[0][3:] {
				cell := "–"
				if t := s.report.Totals[tier][lang]; t != nil {
					cell = one(t.F1())
				}
				row = append(row, cell)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func (b *bench) byField() [][]string {
	rows := [][]string{append([]string{"cards", "tier", "engine"}, cardscore.FieldNames()...)}
	for _, s := range b.scores {
		for _, tier := range s.report.Tiers() {
			row := []string{s.name(), tier, s.engine}
			for _, field := range cardscore.FieldNames() {
				cell := "–"
				if c := s.report.Totals[tier][cardscore.All].Fields[field]; c.Printed+c.Read > 0 {
					cell = one(c.F1())
				}
				row = append(row, cell)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// reliability has a column for each engine and folder, over all tiers.
func (b *bench) reliability() [][]string {
	rows := [][]string{{"confidence from"}}
	at := map[float64]int{}
	var edges []float64
	for _, s := range b.scores {
		for _, bin := range s.total().Bins.List() {
			if _, has := at[bin.From]; !has {
				at[bin.From] = 0
				edges = append(edges, bin.From)
			}
		}
	}
	for _, from := range sortedFloats(edges) {
		at[from] = len(rows)
		rows = append(rows, []string{fmt.Sprintf("%.2f", from)})
	}
	for _, s := range b.scores {
		rows[0] = append(rows[0], s.engine+", "+s.name())
		for i := range rows[1:] {
			rows[i+1] = append(rows[i+1], "–")
		}
		for _, bin := range s.total().Bins.List() {
			row := rows[at[bin.From]]
			row[len(row)-1] = fmt.Sprintf("%s %% of %d", one(100*float64(bin.Right)/float64(bin.Read)), bin.Read)
		}
	}
	return rows
}

// total is over all tiers and languages.
func (s score) total() *cardscore.Total {
	tiers := s.report.Tiers()
	if len(tiers) == 0 {
		return &cardscore.Total{}
	}
	return s.report.Totals[tiers[len(tiers)-1]][cardscore.All]
}

func (b *bench) cost() [][]string {
	rows := [][]string{{"engine", "pictures", "ms p50", "p95", "CPU s a card", "peak MB", "time ÷ tesseract", "÷ it with one thread", "cards/s", "at once", "peak MB then"}}
	for _, c := range b.costs {
		beside := func(r float64) string {
			if r == 0 {
				return "–"
			}
			return fmt.Sprintf("%.2f ×", r)
		}
		rows = append(rows, []string{
			c.Engine, fmt.Sprint(c.Cards), whole(c.P50), whole(c.P95), fmt.Sprintf("%.2f", c.CPU), fmt.Sprint(c.RSS),
			beside(c.Ratio), beside(c.RatioOne), fmt.Sprintf("%.2f", c.Rate), fmt.Sprint(c.Workers), fmt.Sprint(c.RSSWorkers),
		})
	}
	return rows
}

// mistakes lists the first n fields of each engine and folder that are wrong.
func (b *bench) mistakes(n int) string {
	var out strings.Builder
	for _, s := range b.scores {
		fmt.Fprintf(&out, "\nWrong, %s on %s (%d in all):\n\n", s.engine, s.name(), len(s.report.Errors))
		for i, m := range s.report.Errors {
			if i == n {
				break
			}
			var got []string
			for _, v := range m.Values {
				got = append(got, fmt.Sprintf("%q %.2f", v.Text, v.Confidence))
			}
			fmt.Fprintf(&out, "- %s/%s %s: printed %q, read %s %s\n", m.Tier, m.Card, m.Field, m.Truth, strings.Join(got, ", "), m.Failed)
		}
	}
	return out.String()
}

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
		Scores []row  `json:"scores"`
		Costs  []cost `json:"costs,omitempty"`
	}
	out.Costs = b.costs
	for _, s := range b.scores {
		for _, tier := range s.report.Tiers() {
			for _, lang := range s.report.Langs(tier) {
				t := s.report.Totals[tier][lang]
				out.Scores = append(out.Scores, row{
					s.set.name, s.set.fitted(), s.engine, tier, lang, t.Cards, t.F1(), t.Soft(), t.Perfect, t.Share(), t.Exactness(),
					t.Bins.Error(), number(t.Time(.5)), number(t.Time(.95)), t.Failed + t.Missing, t.Fields, t.Bins.List(),
				})
			}
		}
	}
	return json.NewEncoder(w).Encode(out)
}
