package main

import (
	"encoding/json"
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"slices"

	"hallpass/cmd/internal/cardscore"
	"hallpass/cmd/internal/readout"
	"hallpass/ocr"
)

// cardSet is a folder of cards.
type cardSet struct {
	name, dir string
	truth     map[string]cardscore.Truth
}

// fitted says that confidences were fitted with these cards, or rules mended
// after looking at them; the cards' README says of which.
func (s cardSet) fitted() bool {
	return slices.Contains([]string{"known", "other", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"}, s.name)
}

func loadSets(dirs []string) (out []cardSet, err error) {
	for _, dir := range dirs {
		truth, err := cardscore.LoadTruth(dir)
		if err != nil {
			return nil, fmt.Errorf("cards: %w; name folders of cards with -cards", err)
		}
		out = append(out, cardSet{filepath.Base(filepath.Clean(dir)), dir, truth})
	}
	return out, nil
}

// pictures are the files of a tier, by name.
func (s cardSet) pictures(tier string) (out []string) {
	for id := range s.truth {
		for _, ext := range []string{".jpg", ".jpeg", ".png", ".webp", ".heic"} {
			file := filepath.Join(s.dir, tier, id+ext)
			if _, err := os.Stat(file); err == nil {
				out = append(out, file)
				break
			}
		}
	}
	slices.Sort(out)
	return out
}

// own are the results that belong to this set's cards and to the tiers asked
// for; no tiers are all.
func (s cardSet) own(results []readout.Result, tiers []string) (out []readout.Result) {
	for _, r := range results {
		tier, card := cardscore.Place(r.File)
		if _, ok := s.truth[card]; ok && (len(tiers) == 0 || slices.Contains(tiers, tier)) {
			out = append(out, r)
		}
	}
	return out
}

// printedLine is a line as the card's maker drew it, in pixels.
type printedLine struct {
	Text           string
	Vert           bool
	X0, X1, Y0, Y1 float64
}

// printed gives each card's own lines as a faultless engine would.
func (s cardSet) printed() (out []readout.Result, err error) {
	dir := filepath.Join(s.dir, "gt")
	if _, err := os.Stat(dir); err != nil {
		dir = s.dir
	}
	for id := range s.truth {
		data, err := os.ReadFile(filepath.Join(dir, id+".json"))
		if err != nil {
			return nil, err
		}
		var card struct{ Lines []printedLine }
		if err := json.Unmarshal(data, &card); err != nil {
			return nil, fmt.Errorf("truth %s: %w", id, err)
		}
		var lines []ocr.Line
		for _, l := range card.Lines {
			lines = append(lines, l.line())
		}
		out = append(out, readout.Of("perfect/"+id, ocr.Card{Engine: "perfect", Lines: lines, Fields: ocr.Extract(lines)}, 0))
	}
	return out, nil
}

func (l printedLine) line() ocr.Line {
	whole := func(v float64) int { return int(math.Round(v)) }
	return ocr.Line{
		Text: l.Text, Confidence: 1, Weakest: 1, Upright: l.Vert,
		Box: image.Rect(whole(l.X0), whole(l.Y0), whole(l.X1), whole(l.Y1)),
	}
}
