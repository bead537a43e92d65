package cardscore_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hallpass/cmd/internal/cardscore"
	"hallpass/cmd/internal/readout"
)

func result(file string, confidence float64, name string) readout.Result {
	return readout.Result{File: file, MS: 10, Fields: map[string]readout.Field{"name": {Text: name, Confidence: confidence}}}
}

// Four readings at 0.9 of which three are right: the bin says 75 %, and the
// expected calibration error is the 15 points between.
func TestBins_SayHowOftenAConfidenceIsRight(t *testing.T) {
	truth := map[string]cardscore.Truth{}
	var results []readout.Result
	for i, name := range []string{"Ada Quill", "Bert Quill", "Cora Quill", "nobody"} {
		id := string(rune('a' + i))
		truth[id] = cardscore.Truth{Lang: "en", Fields: map[string][]string{"name": {[]string{"Ada Quill", "Bert Quill", "Cora Quill", "Dora Quill"}[i]}}}
		results = append(results, result("mild/"+id+".jpg", 0.9, name))
	}
	total := cardscore.Score(truth, results, cardscore.Options{Bar: 0.9}).Totals["mild"][cardscore.All]
	bins := total.Bins.List()
	if len(bins) != 1 || bins[0].From != 0.9 || bins[0].Read != 4 || bins[0].Right != 3 {
		t.Errorf("bins = %+v", bins)
	}
	if e := total.Bins.Error(); math.Abs(e-15) > 1e-9 {
		t.Errorf("calibration error = %v, want 15", e)
	}
	if e := new(cardscore.Bins).Error(); e != 0 {
		t.Errorf("calibration error of nothing = %v", e)
	}
}

func TestScore_NamesEachMistake(t *testing.T) {
	truth := map[string]cardscore.Truth{
		"a": {Lang: "en", Fields: map[string][]string{"name": {"Ada Quill"}}},
		"b": {Lang: "en", Fields: map[string][]string{"name": {"Bert Quill"}, "fax": {"1"}}},
		"c": {Lang: "en", Fields: map[string][]string{"name": {"Cora Quill"}}},
		"d": {Lang: "en", Fields: map[string][]string{"name": {"Dora Quill"}}},
	}
	failed := result("mild/c.jpg", 0, "")
	failed.Error = "blank"
	got := cardscore.Score(truth, []readout.Result{result("mild/a.jpg", 1, "ADA QUILL"), result("mild/b.jpg", 1, "Bart Quill"), failed}, cardscore.Options{Bar: 0.9})
	var found []string
	for _, m := range got.Errors {
		found = append(found, m.Card+" "+m.Field+" "+m.Failed)
	}
	if want := "b name ,b fax ,c name blank,d name missing"; strings.Join(found, ",") != want {
		t.Errorf("mistakes %q, want %q", strings.Join(found, ","), want)
	}
	present := cardscore.Score(truth, []readout.Result{result("mild/a.jpg", 1, "Ada Quill")}, cardscore.Options{Bar: 0.9, Present: true})
	if total := present.Totals["mild"][cardscore.All]; total.Cards != 1 || total.F1() != 100 || total.Perfect != 1 {
		t.Errorf("only what was read: %+v", total)
	}
}

// Two layouts, one all right and one all wrong: leaving out either moves F1 by
// 50 points, and the jackknife of that is 50.
func TestTotal_SpreadOverLayouts(t *testing.T) {
	truth := map[string]cardscore.Truth{}
	var results []readout.Result
	for id, name := range map[string]string{"one_en": "Ada Quill", "one_mix": "Ada Quill", "two_en": "nobody", "two_mix": "nobody"} {
		truth[id] = cardscore.Truth{Lang: "en", Fields: map[string][]string{"name": {"Ada Quill"}}}
		results = append(results, result("mild/"+id+".jpg", 1, name))
	}
	total := cardscore.Score(truth, results, cardscore.Options{}).Totals["mild"][cardscore.All]
	if len(total.Layouts) != 2 || math.Abs(total.Spread()-50) > 1e-9 {
		t.Errorf("%d layouts, spread %v, want 2 and 50", len(total.Layouts), total.Spread())
	}
	if one := new(cardscore.Total); !math.IsNaN(one.Spread()) {
		t.Errorf("spread of nothing = %v", one.Spread())
	}
}

func TestLoadTruth_Refuses(t *testing.T) {
	empty, broken := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "a_en.json"), []byte(`{"fields":3}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{empty: "no card's truth", broken: "truth a_en"} {
		if _, err := cardscore.LoadTruth(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("LoadTruth = %v, want %q", err, want)
		}
	}
}

func TestKey_SameAndDifferent(t *testing.T) {
	for _, c := range []struct {
		field, a, b string
		same        bool
	}{
		{"phone", "+44 (20) 7946-0160", "442079460160", true},
		{"phone", "+44 20 7946 0160", "020 7946 0160", false},
		{"email", "A@Quillon.example", "a@quillon.example", true},
		{"email", "a.b@quillon.example", "ab@quillon.example", false},
		{"website", "https://WWW.quillon.example/", "quillon.example", true},
		{"website", "quillon.example/a", "quillon.example", false},
		{"company", "Ｑｕｉｌｌｏｎ　Ltd.", "quillon ltd", true},
		{"company", "R&D Labs", "RD Labs", false},
		{"name", "Strauß", "STRAUSS", true},
		{"address", "3 号", "3号", true},
	} {
		if got := cardscore.Key(c.field, c.a) == cardscore.Key(c.field, c.b); got != c.same {
			t.Errorf("Key(%s): %q and %q the same: %v, want %v", c.field, c.a, c.b, got, c.same)
		}
	}
}

func TestPlace(t *testing.T) {
	for file, want := range map[string][2]string{
		"cards/mild/c1_en.jpg": {"mild", "c1_en"}, `cards\hard\a.b.png`: {"hard", "a.b"}, "c1.jpg": {"-", "c1"}, "/c1.jpg": {"-", "c1"},
	} {
		if tier, card := cardscore.Place(file); tier != want[0] || card != want[1] {
			t.Errorf("Place(%q) = %q, %q, want %q", file, tier, card, want)
		}
	}
}
