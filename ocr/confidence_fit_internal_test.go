package ocr

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// -fit TRUTH=NDJSON,TRUTH=NDJSON rewrites confidence.txt from the lines that
// "kiosk read -json" printed for cards whose true fields are known, and prints
// how the model does on layouts left out of the fitting.
var fitOn = flag.String("fit", "", "truth folder = NDJSON of kiosk read -json, several between commas: refit confidence.txt")

// -groups number,address fits these groups of fields and leaves the others.
var fitGroups = flag.String("groups", "name,title,company,address,number,net", "with -fit: the groups of fields to fit")

// -columns crossed fits these weights and holds all others, so that a new piece
// of evidence moves only the values that have it.
var fitColumns = flag.String("columns", strings.Join(featureNames, ","), "with -fit: the columns to fit")

// example is one value that was read: its features and whether it was right.
type example struct {
	group, layout, set string // set is the dump and the tier
	x                  []float64
	right              bool
	p                  *piece
}

func TestConfidence_Model(t *testing.T) {
	if *fitOn != "" {
		refit(t)
	}
	for field, group := range modelOf {
		if len(model()[group]) != len(featureNames) {
			t.Errorf("%s has no weights", field)
		}
	}
	// What an engine is less sure of is never surer.
	for field := range modelOf {
		last := 1.0
		for conf := 0.99; conf > 0.3; conf -= 0.05 {
			p := &piece{text: "value", field: field, conf: conf, weak: conf * 0.9, rule: 1, lines: 1, facts: facts{fits: true}}
			if c := p.sure(); c > last+1e-9 {
				t.Errorf("%s: confidence %.3f at %.2f, more than %.3f before", field, c, conf, last)
			} else {
				last = c
			}
		}
	}
}

func refit(t *testing.T) {
	t.Helper()
	var all []example
	for pair := range strings.SplitSeq(*fitOn, ",") {
		truth, lines, _ := strings.Cut(pair, "=")
		all = append(all, examplesOf(t, truth, lines)...)
	}
	layouts := map[string]bool{}
	for _, e := range all {
		layouts[e.layout] = true
	}
	type count struct{ kept, right, total int }
	sets := map[string]*count{"all": {}}
	names := slices.Sorted(maps.Keys(layouts))
	for _, out := range names {
		weights := train(all, out)
		for _, e := range all {
			if e.layout != out || weights[e.group] == nil {
				continue
			}
			if sets[e.set] == nil {
				sets[e.set] = &count{}
			}
			for _, c := range []*count{sets["all"], sets[e.set]} {
				c.total++
				if min(predict(weights[e.group], e.x), e.p.ceiling()) >= Bar {
					c.kept++
					if e.right {
						c.right++
					}
				}
			}
		}
	}
	t.Logf("%d layouts left out in turn; from %.2f on:", len(names), Bar)
	for _, set := range slices.Sorted(maps.Keys(sets)) {
		c := sets[set]
		t.Logf("%-40s %5.1f %% of %4d values, %6.2f %% of them exact", set, 100*float64(c.kept)/float64(c.total), c.total, 100*float64(c.right)/float64(c.kept))
	}
	weights := train(all, "")
	var b strings.Builder
	fmt.Fprintf(&b, "# Weights of the confidence model, by group of fields; fitted by\n# go test ./ocr -run Confidence_Model -fit TRUTH=NDJSON,…\n# on %d values. Columns: %s\n", len(all), strings.Join(featureNames, " "))
	for _, g := range []string{"name", "title", "company", "address", "number", "net"} {
		if weights[g] == nil {
			weights[g] = model()[g]
		}
		fmt.Fprintf(&b, "%s:", g)
		for _, w := range weights[g] {
			fmt.Fprintf(&b, " %.4f", w)
		}
		b.WriteByte('\n')
	}
	if err := os.WriteFile("confidence.txt", []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}

func predict(w, x []float64) float64 {
	z := 0.0
	for i := range x {
		z += w[i] * x[i]
	}
	return 1 / (1 + math.Exp(-z))
}

// train fits each group by gradient descent with a small penalty. Doubt of the
// engine must not raise confidence: these weights stay at or below zero.
func train(all []example, without string) map[string][]float64 {
	out := map[string][]float64{}
	fit := columnsToFit()
	for g := range strings.SplitSeq(*fitGroups, ",") {
		var set []example
		for _, e := range all {
			if e.group == g && e.layout != without && (fit[0] || e.p.field != "mobile") { // no area code
				set = append(set, e)
			}
		}
		w := heldWeights(g, fit)
		step := make([]float64, len(w))
		for range 3000 {
			grad := make([]float64, len(w))
			for _, e := range set {
				d := predict(w, e.x)
				if e.right {
					d--
				} else {
					d *= costOfError(g)
				}
				for i, x := range e.x {
					grad[i] += d * x
				}
			}
			for i := range w {
				if !fit[i] && (i > 0 || g != "number") {
					continue
				}
				gr := grad[i]/float64(len(set)) + 0.002*w[i]
				step[i] = 0.9*step[i] - 0.05*gr
				w[i] += step[i]
			}
			for _, i := range []int{1, 2, 12} {
				w[i] = min(w[i], 0)
			}
			for _, i := range []int{5, 8} {
				w[i] = max(w[i], 0)
			}
		}
		if !fit[0] { // of landlines alone: it stands for mobiles too
			w[0] = model()[g][0]
		}
		out[g] = w
	}
	return out
}

// columnsToFit says which columns' weights are fitted.
func columnsToFit() (out []bool) {
	for _, name := range featureNames {
		out = append(out, slices.Contains(strings.Split(*fitColumns, ","), name))
	}
	return out
}

// heldWeights are those that are not fitted, and zeros.
func heldWeights(group string, fit []bool) []float64 {
	w := slices.Clone(model()[group])
	for i := range w {
		if fit[i] {
			w[i] = 0
		}
	}
	return w
}

// costOfError weighs a wrong value more than a right one, so that Bar is on the
// safe side: most where nothing but the print says what is right.
func costOfError(group string) float64 {
	if group == "name" || group == "address" {
		return 3
	}
	return 2
}

var layoutOf = regexp.MustCompile(`[A-Za-z]+\d+_`)

func examplesOf(t *testing.T, truth, lines string) (out []example) {
	t.Helper()
	f, err := os.Open(lines)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for sc := bufio.NewReader(f); ; {
		line, err := sc.ReadBytes('\n')
		if len(line) == 0 && err != nil {
			return out
		}
		var r struct {
			File  string
			Lines []dumped
		}
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		id := strings.TrimSuffix(filepath.Base(r.File), filepath.Ext(r.File))
		want := truthOf(t, filepath.Join(truth, id+".json"))
		var ls []Line
		for _, l := range r.Lines {
			ls = append(ls, l.line())
		}
		for _, p := range decided(ls) {
			if g := modelOf[p.field]; g != "" && p.text != "" && p.rule > 0 && p.field != "qq" && p.field != "postcode" {
				_, right := want[p.field][keyOf(p.field, p.text)]
				out = append(out, example{g, layoutOf.FindString(id), filepath.Base(lines) + " " + filepath.Base(filepath.Dir(r.File)), p.features(), right, p})
			}
		}
	}
}

// dumped is a line as kiosk read prints it.
type dumped struct {
	Text                string
	Confidence, Weakest float64
	Box                 [4]int
	Upright             bool
	At                  []int
	Sure                []float64
	Second              *Reading
}

func (d dumped) line() Line {
	l := Line{Text: d.Text, Confidence: d.Confidence, Weakest: d.Weakest, Upright: d.Upright, At: d.At, Sure: d.Sure, Box: image.Rect(d.Box[0], d.Box[1], d.Box[0]+d.Box[2], d.Box[1]+d.Box[3])}
	if d.Second != nil {
		l.Second = *d.Second
	}
	return l
}

func truthOf(t *testing.T, file string) map[string]map[string]bool {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var card struct{ Fields map[string][]string }
	if err := json.Unmarshal(data, &card); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]bool{}
	for field, values := range card.Fields {
		out[field] = map[string]bool{}
		for _, v := range values {
			out[field][keyOf(field, v)] = true
		}
	}
	return out
}

// keyOf is equal for what counts as exactly read: blanks, signs and case aside.
func keyOf(field, s string) string {
	switch modelOf[field] {
	case "number":
		return onlyDigits(s)
	case "net":
		s = strings.ToLower(squeeze(s))
		if field == "website" {
			s = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://"), "www.")
		}
		return strings.TrimSuffix(s, "/")
	}
	return strings.Map(func(r rune) rune {
		if r >= 0xff01 && r <= 0xff5e {
			r -= 0xfee0
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '&' || r == '#' {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
