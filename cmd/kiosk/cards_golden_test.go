//go:build cgo && !race

package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"hallpass/cmd/internal/cardscore"
	"hallpass/cmd/internal/readout"
	"hallpass/ocr"
	"hallpass/ocr/tesseract"
)

// goldenFields are the readings of one card by field, the first value first.
// Only what is sure is kept: what an engine doubts differs between processors,
// whose vector instructions add up in another order.
type goldenFields map[string][]string

// goldenRun is what one way of reading made of the golden cards.
type goldenRun struct {
	// Tesseract is the library's version: another one reads otherwise in
	// places.
	Tesseract string `json:"tesseract"`
	// F1 is over all fields; Accepted readings are sure, and Exact percent of
	// them are right.
	F1       float64                 `json:"f1"`
	Accepted int                     `json:"accepted"`
	Exact    float64                 `json:"exact"`
	Sure     map[string]goldenFields `json:"sure"`
}

const (
	// steady is how far above ocr.Bar a reading must be to be written down:
	// nearer ones are sure on one processor and not on another.
	steady = 0.02
	// otherProcessor is the share of them that may read otherwise with the
	// same library, otherVersion with another one.
	otherProcessor, otherVersion = 0.01, 0.05
	// worseF1 and worseExact are the points that a run may lose.
	worseF1, worseExact = 1.0, 1.0
)

// The golden cards are read as before: 24 cards of many layouts, four languages
// and three tiers of damage, by each way of reading. A change for the better is
// written down with -update and reviewed like code.
func TestCards_Golden(t *testing.T) {
	for _, engine := range []string{"auto", "tesseract"} {
		t.Run(engine, func(t *testing.T) {
			got := goldenOf(t, engine)
			file := filepath.Join("testdata", "golden."+engine+".json")
			if *update {
				text, err := json.MarshalIndent(got, "", " ")
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			var want goldenRun
			data, err := os.ReadFile(file)
			if err == nil {
				err = json.Unmarshal(data, &want)
			}
			if err != nil {
				t.Fatalf("%v; write it with -update", err)
			}
			for _, worse := range got.worseThan(want) {
				t.Error(worse)
			}
		})
	}
}

const goldenCards = "../../ocr/testdata/cards"

// goldenOf reads the cards that testdata/golden.txt lists.
func goldenOf(t *testing.T, engine string) goldenRun {
	t.Helper()
	list, err := os.ReadFile(filepath.Join("testdata", "golden.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, name := range strings.Fields(string(list)) {
		files = append(files, filepath.Join(goldenCards, filepath.FromSlash(name)))
	}
	workers := min(2, runtime.GOMAXPROCS(0))
	reader, stop, err := newReader(t.Context(), engine, workers)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	}()
	run := goldenRun{Tesseract: tesseract.Version(), Sure: map[string]goldenFields{}}
	var all cardscore.Count
	right := 0
	err = readMany(t.Context(), reader, files, workers, func(one reading) error {
		fields := cardscore.Card(goldenTruth(t, one.File), &one.Result)
		for _, f := range fields {
			all.Right, all.Printed, all.Read = all.Right+f.Count.Right, all.Printed+f.Count.Printed, all.Read+f.Count.Read
			for _, v := range f.Values {
				if v.Confidence >= ocr.Bar {
					run.Accepted++
					if v.Exact {
						right++
					}
				}
			}
		}
		run.Sure[goldenName(one.File)] = sureFields(one.Result)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	run.F1, run.Exact = math.Round(10*all.F1())/10, math.Round(1000*float64(right)/float64(max(1, run.Accepted)))/10
	return run
}

func goldenName(file string) string {
	name, _ := filepath.Rel(goldenCards, file)
	return filepath.ToSlash(name)
}

func goldenTruth(t *testing.T, file string) (truth cardscore.Truth) {
	t.Helper()
	_, card := cardscore.Place(file)
	data, err := os.ReadFile(filepath.Join(filepath.Dir(file), "..", "gt", card+".json"))
	if err == nil {
		err = json.Unmarshal(data, &truth)
	}
	if err != nil {
		t.Fatal(err)
	}
	return truth
}

func sureFields(r readout.Result) goldenFields {
	out := goldenFields{}
	for name, f := range r.Fields {
		for _, v := range append([]readout.Reading{{Text: f.Text, Confidence: f.Confidence}}, f.More...) {
			if v.Confidence >= ocr.Bar+steady {
				out[name] = append(out[name], v.Text)
			}
		}
	}
	return out
}

// worseThan says how a run falls behind another one.
func (g goldenRun) worseThan(was goldenRun) (out []string) {
	share, more := otherProcessor, 0.0
	if g.Tesseract != was.Tesseract {
		share, more = otherVersion, 2
	}
	differ, all := g.differences(was)
	if allowed := int(math.Ceil(share * float64(all))); len(differ) > allowed {
		out = append(out, fmt.Sprintf("%d of %d sure fields differ, at most %d may:\n%s", len(differ), all, allowed, strings.Join(differ, "\n")))
	}
	if g.F1 < was.F1-worseF1-more {
		out = append(out, fmt.Sprintf("F1 is %.1f and was %.1f", g.F1, was.F1))
	}
	if g.Exact < was.Exact-worseExact-more {
		out = append(out, fmt.Sprintf("%.1f %% of the sure fields are right, %.1f %% were", g.Exact, was.Exact))
	}
	if least := float64(was.Accepted) * (0.97 - more/100); float64(g.Accepted) < least {
		out = append(out, fmt.Sprintf("%d fields are sure, %d were", g.Accepted, was.Accepted))
	}
	return out
}

// differences are the values that were sure where now only others are: blanks
// and the order of several values aside. What is no longer sure shows in the
// count of them.
func (g goldenRun) differences(was goldenRun) (out []string, all int) {
	for card, fields := range was.Sure {
		for name, before := range fields {
			all += len(before)
			now := g.Sure[card][name]
			if gone, came := without(name, before, now), without(name, now, before); len(came) > 0 {
				for _, text := range gone {
					out = append(out, fmt.Sprintf("%s %s is %q, was %q", card, name, came, text))
				}
			}
		}
	}
	slices.Sort(out)
	return out, all
}

// without are the values of one list that the other has not.
func without(name string, list, other []string) (out []string) {
	field := strings.TrimSuffix(name, "_en")
	for _, v := range list {
		same := func(o string) bool { return cardscore.Key(field, o) == cardscore.Key(field, v) }
		if !slices.ContainsFunc(other, same) {
			out = append(out, v)
		}
	}
	return out
}

// The comparison itself: one that lets everything pass guards nothing.
func TestCards_GoldenRunWorseThan(t *testing.T) {
	card := func(name string) map[string]goldenFields { return map[string]goldenFields{"a.jpg": {"name": {name}}} }
	was := goldenRun{Tesseract: "5.3.0", F1: 90, Accepted: 100, Exact: 98, Sure: card("Ada")}
	for situation, c := range map[string]struct {
		change func(*goldenRun)
		worse  int
	}{
		"Same":                  {func(*goldenRun) {}, 0},
		"Better":                {func(g *goldenRun) { g.F1, g.Accepted, g.Exact = 95, 120, 99 }, 0},
		"OneSureFieldDiffers":   {func(g *goldenRun) { g.Sure = card("Eda") }, 0},
		"ManySureFieldsDiffer":  {func(g *goldenRun) { g.Sure = map[string]goldenFields{"a.jpg": {"name": {"Eda"}, "fax": {"2"}}} }, 1},
		"OtherBlanksAndOneMore": {func(g *goldenRun) { g.Sure = map[string]goldenFields{"a.jpg": {"name": {"Bo", "A da"}}} }, 0},
		"NoLongerSure":          {func(g *goldenRun) { g.Sure, g.Accepted = nil, 90 }, 1},
		"LowerF1":               {func(g *goldenRun) { g.F1 = 88.9 }, 1},
		"LowerF1OtherVersion":   {func(g *goldenRun) { g.F1, g.Tesseract = 88.9, "5.5.0" }, 0},
		"LowExact":              {func(g *goldenRun) { g.Exact = 96.5 }, 1},
		"MuchLowerOtherVersion": {func(g *goldenRun) { g.F1, g.Exact, g.Accepted, g.Tesseract = 80, 90, 50, "5.5.0" }, 3},
	} {
		before, now := was, was
		if situation == "ManySureFieldsDiffer" {
			before.Sure = map[string]goldenFields{"a.jpg": {"name": {"Ada"}, "fax": {"1"}}}
		}
		c.change(&now)
		if worse := now.worseThan(before); len(worse) != c.worse {
			t.Errorf("%s: %q, want %d complaints", situation, worse, c.worse)
		}
	}
}
