package cardscore

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// LoadTruth reads DIR/gt/*.json, or DIR/*.json where there is no gt: one card
// each, named after its file. A card without a language has the last part of
// its name. It fails if there is no card or one cannot be understood.
func LoadTruth(dir string) (map[string]Truth, error) {
	if info, err := os.Stat(filepath.Join(dir, "gt")); err == nil && info.IsDir() {
		dir = filepath.Join(dir, "gt")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	out := map[string]Truth{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		id := strings.TrimSuffix(filepath.Base(file), ".json")
		t := Truth{Lang: id[strings.LastIndexByte(id, '_')+1:]}
		if err := json.Unmarshal(data, &t); err != nil {
			return nil, fmt.Errorf("truth %s: %w", id, err)
		}
		if t.Fields != nil {
			out[id] = t
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w in %s", errNoTruth, dir)
	}
	return out, nil
}

var errNoTruth = errors.New("no card's truth (*.json with \"fields\")")

// Place tells the tier and the card from the path of a picture: TIER/CARD.jpg.
// A bare name has the tier "-".
func Place(file string) (tier, card string) {
	file = strings.ReplaceAll(file, `\`, "/")
	base := path.Base(file)
	tier = path.Base(path.Dir(file))
	if tier == "." || tier == "/" {
		tier = "-"
	}
	return tier, strings.TrimSuffix(base, path.Ext(base))
}
