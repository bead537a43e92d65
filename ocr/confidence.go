package ocr

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
)

//go:embed confidence.txt
var confidenceFile string

// model is a logistic regression for each group of fields: whether a value is
// exactly what is printed, from what the engine and the rules say of it.
var model = sync.OnceValue(func() map[string][]float64 {
	out := map[string][]float64{}
	for line := range strings.Lines(confidenceFile) {
		name, rest, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		var w []float64
		for _, s := range strings.Fields(rest) {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				panic(fmt.Errorf("confidence.txt: %s: %w", name, err))
			}
			w = append(w, v)
		}
		if len(w) != len(featureNames) {
			panic(fmt.Errorf("confidence.txt: %s has %d weights, want %d", name, len(w), len(featureNames)))
		}
		out[name] = w
	}
	return out
})

// featureNames are in the order of the file's columns.
var featureNames = []string{"one", "mean", "weakest", "lone", "rule", "agrees", "differs", "second", "crossed", "label", "long", "joined", "lone2", "margin", "strange", "illegible", "rivals", "twin", "against", "oddone"}

// features are what confidence goes by.
func (p *piece) features() []float64 {
	doubt := func(v float64) float64 { return math.Log(clamp(1-v, 0.0005, 1)) }
	is := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	mean, weak, lone, lone2 := doubt(p.conf), doubt(p.weak), 0.0, 0.0
	if p.weak == 0 { // an engine that does not tell characters apart
		mean, weak, lone, lone2 = 0, 0, 1, doubt(p.conf)
	}
	return []float64{1, mean, weak, lone, p.rule, is(p.facts.agrees), is(p.facts.differs), p.altOf * is(p.alt != ""), p.facts.crossed, is(p.label), math.Log(float64(1 + runes(p.text))), is(p.lines > 1), lone2, p.facts.margin, p.facts.strange, doubt(p.facts.legible), p.facts.rivals, is(p.facts.twin), is(p.facts.against), is(p.facts.oddOne)}
}

// modelOf is the group a field belongs to.
var modelOf = map[string]string{
	"name": "name", "title": "title", "department": "title", "company": "company", "address": "address",
	"mobile": "number", "phone": "number", "fax": "number", "email": "net", "website": "net", "wechat": "net", "qq": "number", "postcode": "number",
}

// sure is the piece's confidence as it is reported: how often a value like this
// was exactly right on cards that the model was not fitted on. What had to be
// repaired or guessed, or fits no plan, is never sure.
func (p *piece) sure() float64 {
	w := model()[modelOf[p.field]]
	if w == nil || p.rule <= 0 {
		return 0
	}
	z := 0.0
	for i, x := range p.features() {
		z += w[i] * x
	}
	c := clamp(1/(1+math.Exp(-z)), 0, 0.999)
	return clamp(min(c, p.ceiling()), 0, 1)
}

// ceiling bounds the confidence by what the rules know to be doubtful.
func (p *piece) ceiling() float64 {
	top := 1.0
	if p.facts.guessed || p.facts.repaired {
		top = 0.85
	}
	switch modelOf[p.field] {
	case "number":
		if !p.facts.fits && p.field != "qq" && p.field != "postcode" {
			top = min(top, 0.6)
		}
	case "net":
		if p.rule < 0.9 {
			top = min(top, 0.8)
		}
	}
	if p.rule < 0.7 {
		top = min(top, p.rule+0.15)
	}
	if p.conf < 0.6 {
		top = min(top, p.conf)
	}
	return top
}
