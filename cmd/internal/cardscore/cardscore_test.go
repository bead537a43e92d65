package cardscore_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"testing"

	"hallpass/cmd/internal/cardscore"
	"hallpass/cmd/internal/readout"
)

// figures are those of one row, as the other program that scores cards prints
// them: rounded to two decimals.
type figures struct {
	Cards     int     `json:"cards"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Soft      float64 `json:"soft_f1"`
	Right     int     `json:"tp"`
	Printed   int     `json:"truth"`
	Read      int     `json:"predicted"`
	Perfect   int     `json:"perfect_cards"`
	Missing   int     `json:"missing"`
	Failed    int     `json:"error_lines"`
	Accept    struct {
		Accepted int     `json:"accepted"`
		Share    float64 `json:"share_of_truth"`
		Exact    float64 `json:"exact_rate"`
	} `json:"auto_accept"`
	P50    *float64          `json:"ms_p50"`
	P95    *float64          `json:"ms_p95"`
	Fields map[string]counts `json:"fields"`
}

type counts struct {
	F1      float64 `json:"f1"`
	Soft    float64 `json:"soft_f1"`
	Right   int     `json:"tp"`
	Printed int     `json:"truth"`
	Read    int     `json:"predicted"`
}

func round(v float64, digits int) float64 {
	out, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', digits, 64), 64)
	return out
}

func figuresOf(t *cardscore.Total) figures {
	f := figures{
		Cards: t.Cards, Precision: round(t.Precision(), 2), Recall: round(t.Recall(), 2), F1: round(t.F1(), 2), Soft: round(t.Soft(), 2),
		Right: t.Right, Printed: t.Printed, Read: t.Read, Perfect: t.Perfect, Missing: t.Missing, Failed: t.Failed,
		Fields: map[string]counts{},
	}
	f.Accept.Accepted, f.Accept.Share, f.Accept.Exact = t.Accepted, round(t.Share(), 2), round(t.Exactness(), 2)
	for p, to := range map[float64]**float64{0.5: &f.P50, 0.95: &f.P95} {
		if ms := round(t.Time(p), 1); !math.IsNaN(ms) {
			*to = &ms
		}
	}
	for name, c := range t.Fields {
		if c.Printed+c.Read > 0 {
			f.Fields[name] = counts{round(c.F1(), 2), round(c.Soft(), 2), c.Right, c.Printed, c.Read}
		}
	}
	return f
}

// The figures of testdata/figures.json were printed by the independent scoring
// program that the cards come with, over the same truth and results, which hold
// the awkward cases: values twice, in other widths, in both languages, with a
// postcode apart, cards missing and failed, a card read twice. Every figure
// agrees to the last digit.
func TestScore_AgreesWithTheOtherProgram(t *testing.T) {
	truth, err := cardscore.LoadTruth("testdata")
	if err != nil {
		t.Fatal(err)
	}
	results := load(t, filepath.Join("testdata", "read.ndjson"))
	var want struct {
		Bar   float64
		Tiers map[string]map[string]figures
	}
	data, err := os.ReadFile(filepath.Join("testdata", "figures.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	got := cardscore.Score(truth, results, cardscore.Options{Bar: want.Bar})
	if len(got.Totals) != len(want.Tiers) || len(got.Totals) == 0 {
		t.Errorf("tiers %v, want %d", got.Tiers(), len(want.Tiers))
	}
	for tier, langs := range want.Tiers {
		if len(langs) != len(got.Totals[tier]) {
			t.Errorf("%s: languages %v, want %d", tier, got.Langs(tier), len(langs))
		}
		for lang, w := range langs {
			total := got.Totals[tier][lang]
			if total == nil {
				t.Errorf("%s %s is missing", tier, lang)
				continue
			}
			if g := figuresOf(total); !reflect.DeepEqual(g, w) {
				t.Errorf("%s %s:\ngot  %s\nwant %s", tier, lang, text(g), text(w))
			}
		}
	}
}

func text(v any) string {
	out, _ := json.Marshal(v)
	return string(out)
}

func load(t *testing.T, file string) []readout.Result {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := readout.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
