//go:build cgo

package tesseract_test

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/otiai10/gosseract/v2"

	"hallpass/ocr"
)

var update = flag.Bool("update", false, "write what is read now to testdata")

// golden is what a sample card is read as.
type golden struct {
	// Tesseract is the library's version: another one has other rounding and
	// other layout rules, and its readings differ in places.
	Tesseract string                `json:"tesseract"`
	Fields    map[string]goldenText `json:"fields"`
}

type goldenText struct {
	Text string `json:"text"`
	// Confidence is rounded to hundredths. It depends on the processor too, as
	// the network is summed in another order with other vector instructions.
	Confidence float64  `json:"confidence"`
	More       []string `json:"more,omitempty"`
}

const (
	// otherProcessor is how far a confidence may move with the same version.
	otherProcessor = 0.03
	// otherVersion is how many fields of a card may read otherwise with
	// another version of the library. With the same one every text is exact.
	otherVersion = 2
)

func goldenOf(card ocr.Card) golden {
	g := golden{Tesseract: gosseract.Version(), Fields: map[string]goldenText{}}
	for name, f := range card.Fields {
		t := goldenText{Text: f.Text, Confidence: math.Round(100*f.Confidence) / 100}
		for _, m := range f.More {
			t.More = append(t.More, m.Text)
		}
		g.Fields[name] = t
	}
	return g
}

// The sample cards are read as they were: a change of any field is seen here,
// and either mended or written down with -update and reviewed.
func TestEngine_ReadsTheSampleCardsAsBefore(t *testing.T) {
	reader := &ocr.Reader{Engine: engine(t)}
	for _, name := range []string{"simplified", "traditional", "english", "bilingual", "dark"} {
		t.Run(name, func(t *testing.T) {
			card, err := reader.Read(t.Context(), sample(t, name+".jpg"))
			if err != nil {
				t.Fatal(err)
			}
			got := goldenOf(card)
			file := filepath.Join("testdata", name+".golden.json")
			if *update {
				write(t, file, got)
			}
			compare(t, got, read(t, file))
			for field := range card.Fields {
				if crop := card.Crop(field); crop == nil || !crop.Bounds().In(card.View.Rect) {
					t.Errorf("the picture of %s is not in the view", field)
				}
			}
		})
	}
}

func write(t *testing.T, file string, g golden) {
	t.Helper()
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(g); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) (g golden) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, &g)
	}
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	return g
}

func compare(t *testing.T, got, want golden) {
	t.Helper()
	differ := differences(got, want)
	allowed := 0
	if got.Tesseract != want.Tesseract {
		allowed = otherVersion
		t.Logf("tesseract %s read the golden files, this is %s: %d of %d fields differ", want.Tesseract, got.Tesseract, len(differ), len(want.Fields))
	}
	if len(differ) > allowed {
		t.Errorf("%d fields differ, at most %d may:\n%s", len(differ), allowed, strings.Join(differ, "\n"))
	}
}

// differences are told by field. Confidences count only between readings of
// one version.
func differences(got, want golden) (out []string) {
	names := map[string]bool{}
	for name := range got.Fields {
		names[name] = true
	}
	for name := range want.Fields {
		names[name] = true
	}
	for name := range names {
		g, w := got.Fields[name], want.Fields[name]
		moved := math.Abs(g.Confidence-w.Confidence) > otherProcessor && got.Tesseract == want.Tesseract
		if g.Text != w.Text || !slices.Equal(g.More, w.More) || moved {
			line, _ := json.Marshal([2]goldenText{g, w})
			out = append(out, name+" (is, was): "+string(line))
		}
	}
	slices.Sort(out)
	return out
}

// The comparison itself: a test that lets everything pass guards nothing.
func TestGolden_Differences(t *testing.T) {
	was := golden{"5.3.0", map[string]goldenText{"name": {"Ada", 0.9, nil}, "fax": {"1", 0.8, []string{"2"}}}}
	for _, c := range []struct {
		situation string
		is        golden
		want      int
	}{
		{"Same", was, 0},
		{"OtherText", golden{"5.3.0", map[string]goldenText{"name": {"Eda", 0.9, nil}, "fax": was.Fields["fax"]}}, 1},
		{"FieldLost", golden{"5.3.0", map[string]goldenText{"name": was.Fields["name"]}}, 1},
		{"FieldMore", golden{"5.3.0", map[string]goldenText{"name": was.Fields["name"], "fax": was.Fields["fax"], "qq": {"1234", 0.9, nil}}}, 1},
		{"MoreLost", golden{"5.3.0", map[string]goldenText{"name": was.Fields["name"], "fax": {"1", 0.8, nil}}}, 1},
		{"ConfidenceALittleOff", golden{"5.3.0", map[string]goldenText{"name": {"Ada", 0.92, nil}, "fax": was.Fields["fax"]}}, 0},
		{"ConfidenceOff", golden{"5.3.0", map[string]goldenText{"name": {"Ada", 0.8, nil}, "fax": was.Fields["fax"]}}, 1},
		{"ConfidenceOffInAnotherVersion", golden{"5.5.0", map[string]goldenText{"name": {"Ada", 0.8, nil}, "fax": was.Fields["fax"]}}, 0},
		{"TextInAnotherVersion", golden{"5.5.0", map[string]goldenText{"name": {"Eda", 0.9, nil}, "fax": was.Fields["fax"]}}, 1},
	} {
		if got := differences(c.is, was); len(got) != c.want {
			t.Errorf("%s: %d differences, want %d: %v", c.situation, len(got), c.want, got)
		}
	}
}
