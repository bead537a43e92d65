package main

import (
	"fmt"
	"os"

	"hallpass/cmd/internal/cardscore"
	"hallpass/cmd/internal/readout"
	"hallpass/ocr"
)

// bench gathers what was measured.
type bench struct {
	scores []score
	costs  []cost

	growths []growth
}

// score is one engine over one folder of cards.
type score struct {
	engine string
	set    cardSet
	report cardscore.Report
}

func (b *bench) score(engine string, set cardSet, results []readout.Result, bar float64) {
	b.scores = append(b.scores, score{engine, set, cardscore.Score(set.truth, results, cardscore.Options{Bar: bar})})
}

// perfect decides on what is printed.
func (b *bench) perfect(s settings, sets []cardSet) error {
	for _, set := range sets {
		results, err := set.printed()
		if err != nil {
			return err
		}
		b.score("perfect", set, results, s.bar)
	}
	return nil
}

// replay decides again on what was read before. A file may hold cards of
// several folders; each counts where its truth is.
func (b *bench) replay(s settings, sets []cardSet) error {
	for _, file := range s.replay {
		results, err := loadResults(file)
		if err != nil {
			return err
		}
		if !s.asRead {
			decideAgain(results)
		}
		used := 0
		for _, set := range sets {
			if own := set.own(results, s.tiers); len(own) > 0 {
				b.score(own[0].Engine, set, own, s.bar)
				used += len(own)
			}
		}
		if used == 0 {
			return fmt.Errorf("%s: no card of these folders; name their folder with -cards", file)
		}
	}
	return nil
}

func decideAgain(results []readout.Result) {
	for i, r := range results {
		if r.Error == "" {
			results[i].Fields = readout.Fields(ocr.Extract(r.Print()))
		}
	}
}

func loadResults(file string) ([]readout.Result, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	results, err := readout.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return results, nil
}
