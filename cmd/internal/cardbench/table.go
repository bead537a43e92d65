package main

import (
	"fmt"
	"math"
	"slices"
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
	table(&out, fmt.Sprintf("Fields read right (exact F1 with its standard error over layouts, soft F1), and what is accepted from a confidence of %g on:", bar), b.tiers())
	table(&out, "Exact F1 by language:", b.byLanguage())
	table(&out, "Exact F1 by field:", b.byField())
	table(&out, "How many readings of a confidence are right, and of how many:", b.reliability())
	table(&out, "Cost, over the same pictures of the mild tier:", b.cost())
	table(&out, "Memory of one process over many cards:", b.growth())
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
	rows := [][]string{{"cards", "tier", "engine", "pictures", "F1", "±", "soft F1", "all right", "accepted", "of it exact", "calibration error", "ms p50", "p95", "failed"}}
	for _, s := range b.scores {
		for _, tier := range s.report.Tiers() {
			t := s.report.Totals[tier][cardscore.All]
			rows = append(rows, []string{
				s.name(), tier, s.engine, fmt.Sprint(t.Cards), one(t.F1()), one(t.Spread()), one(t.Soft()), fmt.Sprint(t.Perfect),
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

func one(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf("%.1f", v)
}

func whole(v float64) string {
	if math.IsNaN(v) || v == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f", v)
}

func sortedFloats(v []float64) []float64 { return slices.Sorted(slices.Values(v)) }
