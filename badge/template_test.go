package badge_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"hallpass/badge"
)

// spoiled is the A6 template with one thing replaced.
func spoiled(t testing.TB, old, new string) []byte {
	t.Helper()
	data := string(templateFile(t, "old/a6"))
	if !strings.Contains(data, old) {
		t.Fatalf("the template has no %q", old)
	}
	return []byte(strings.Replace(data, old, new, 1))
}

// P9: a template that could print badly is refused with a sentence that says
// where and what.
func TestParseTemplate_RefusesWhatPrintsBadly_P9(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"not JSON", `{`, `[`, "badge template"},
		{"unknown key", `"align"`, `"aling"`, `"aling"`},
		{"unknown kind", `"kind": "rule"`, `"kind": "ruler"`, `kind "ruler"`},
		{"unknown source", `"text": "title"`, `"text": "rank"`, `text "rank"`},
		{"unknown alignment", `"align": "center"`, `"align": "middle"`, `align "middle"`},
		{"bad colour", `"#4A5463"`, `"red"`, `"red"`},
		{"too wide", `"width": 105`, `"width": 1050`, "side 1050 mm"},
		{"outside the page", `[32.5, 84.5, 40, 40]`, `[70, 84.5, 40, 40]`, "leaves the page"},
		{"negative place", `[32.5, 84.5, 40, 40]`, `[-1, 84.5, 40, 40]`, "leaves the page"},
		{"overlap", `[32.5, 84.5, 40, 40]`, `[32.5, 60, 40, 40]`, "overlap"},
		{"small QR", `[32.5, 84.5, 40, 40]`, `[32.5, 84.5, 40, 19]`, "at least 20 mm"},
		{"no QR", `"kind": "qr"`, `"kind": "rule"`, "0 items of kind qr"},
		{"empty box", `[44.5, 26.2, 16, 0.8]`, `[44.5, 26.2, 16, 0]`, "above 0"},
		{"tiny floor", `"floor": 16`, `"floor": 4`, `size of "name"`},
		{"floor above best", `"best": 44`, `"best": 15`, `size of "name"`},
		{"too many lines", `"lines": 2`, `"lines": 7`, "7 lines"},
		{"too low for a line", `"height": 20`, `"height": 2`, "too low"},
		{"stack too full", `"height": 20`, `"height": 40`, "add up to"},
		{"negative space", `"space": 3`, `"space": -3`, "space -3"},
		{"pad eats the band", `"pad": 6`, `"pad": 52`, "too narrow"},
		{"heading without room", `[8, 9, 89, 15]`, `[8, 5, 12, 20]`, "too narrow"},
		{"twice a key", `"align": "center",`, `"align": "center", "align": "left",`, `"align" stands twice`},
		{"null", `"width": 105`, `"width": null`, `"width" is null`},
		{"a number for a word", `"weight": "bold"`, `"weight": 7`, `"weight" must not be a number`},
		{"three numbers", `[32.5, 84.5, 40, 40]`, `[32.5, 84.5, 40]`, "use [x, y, width, height]"},
		{"five numbers", `[32.5, 84.5, 40, 40]`, `[32.5, 84.5, 40, 40, 1]`, "use [x, y, width, height]"},
		{"key of another kind", `"fill": "accent"`, `"fill": "accent", "text": "name"`, `key "text" is unknown here`},
		{"key of another case", `"width"`, `"Width"`, `key "Width"`},
		{"half a line", `"lines": 2`, `"lines": 1.5`, "1.5 lines"},
		{"unknown size", `"floor": 16`, `"floor": 16, "ceiling": 20`, `"ceiling"`},
		{"truncated", `"valign": "middle"`, "\"valign\": \"mid\xe4\xb8", "UTF-8"},
		{"control character in the name", `"name": "a6"`, `"name": "a\u0007"`, "control character"},
		{"stack in a stack", `"kind": "text", "text": "country"`, `"kind": "stack", "text": "country"`, "stack holds texts"},
	} {
		_, err := badge.ParseTemplate(spoiled(t, c.old, c.new))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: err = %v, want one with %q", c.name, err, c.want)
		}
	}
	for name, cut := range map[string]int{"half": 500, "all but the last brace": len(templateFile(t, "old/a6")) - 2, "nothing": 0} {
		if _, err := badge.ParseTemplate(templateFile(t, "old/a6")[:cut]); err == nil || !strings.Contains(err.Error(), "too early") {
			t.Errorf("%s of a template: %v", name, err)
		}
	}
	if _, err := badge.ParseTemplate(append(templateFile(t, "old/a6"), "{}"...)); err == nil {
		t.Error("two templates in one file were accepted")
	}
	if _, err := badge.ParseTemplate([]byte(strings.Repeat(" ", 1<<20))); err == nil {
		t.Error("a megabyte of nothing was accepted")
	}
}

// P9: what stands where, and on what, is refused just as clearly.
func TestParseTemplate_RefusesBadPlaces_P9(t *testing.T) {
	const qr, size = `{"kind": "qr", "box": [60, 0, 30, 30]}`, `"size": {"best": 9, "floor": 6}`
	for _, c := range []struct{ name, items, want string }{
		{"half on a rect", `{"kind": "rect", "box": [0, 0, 30, 30], "fill": "accent"}, {"kind": "text", "text": "name", "box": [20, 10, 30, 10], ` + size + `}`, "item 2 (text) lies half on item 1 (rect)"},
		{"before the rect", `{"kind": "text", "text": "name", "box": [20, 10, 30, 10], ` + size + `}, {"kind": "rect", "box": [0, 0, 30, 30], "fill": "accent"}`, "item 1 (text) lies half on item 2 (rect)"},
		{"in a rounded corner", `{"kind": "rect", "box": [0, 0, 40, 30], "fill": "accent", "radius": 10}, {"kind": "text", "text": "name", "box": [1, 1, 30, 10], ` + size + `}`, "lies half on"},
		{"over an outline", `{"kind": "rect", "box": [0, 0, 40, 30], "outline": "accent", "stroke": 2}, {"kind": "text", "text": "name", "box": [1, 1, 30, 10], ` + size + `}`, "lies half on"},
		{"over an ellipse's edge", `{"kind": "ellipse", "box": [0, 0, 50, 20], "fill": "accent"}, {"kind": "text", "text": "name", "box": [1, 1, 48, 18], ` + size + `}`, "lies half on"},
		{"crossed out", `{"kind": "line", "from": [1, 1], "to": [50, 50], "stroke": 1}, {"kind": "text", "text": "name", "box": [10, 18, 20, 10], ` + size + `}`, "lies half on"},
		{"in a slot", `{"kind": "slot", "box": [10, 5, 14, 4]}, {"kind": "text", "text": "name", "box": [0, 0, 50, 10], ` + size + `}`, "overlap"},
		{"outside by a stroke", `{"kind": "line", "from": [0, 0.2], "to": [50, 0.2], "stroke": 1}`, "leaves the page"},
		{"a line without ends", `{"kind": "line", "stroke": 1}`, "two different points"},
		{"a line without width", `{"kind": "line", "from": [0, 5], "to": [50, 5]}`, "stroke 0"},
		{"an invisible rect", `{"kind": "rect", "box": [0, 0, 30, 30]}`, "nothing to see"},
		{"an outline without width", `{"kind": "rect", "box": [0, 0, 30, 30], "outline": "accent"}`, "need each other"},
		{"a negative stroke", `{"kind": "rect", "box": [0, 0, 30, 30], "outline": "accent", "stroke": -1}`, "stroke -1"},
		{"too thick", `{"kind": "ellipse", "box": [0, 0, 30, 10], "outline": "accent", "stroke": 6}`, "too wide"},
		{"conditional code", `{"kind": "qr", "if": {"has": "name"}, "box": [0, 0, 30, 30]}`, "every badge needs its code"},
		{"two codes", `{"kind": "qr", "box": [0, 0, 30, 30]}`, "2 items of kind qr"},
		{"what is there at once", `{"kind": "text", "if": {"category": "vip"}, "say": "A", "box": [0, 0, 30, 5], ` + size + `}, {"kind": "text", "if": {"category": ["VIP", "press"]}, "say": "B", "box": [0, 0, 30, 5], ` + size + `}`, "overlap"},
		{"unknown condition", `{"kind": "text", "if": {"catgory": "vip"}, "say": "A", "box": [0, 0, 30, 5], ` + size + `}`, `"catgory"`},
		{"condition on an unknown text", `{"kind": "text", "if": {"has": "rank"}, "say": "A", "box": [0, 0, 30, 5], ` + size + `}`, `"rank"`},
		{"empty condition", `{"kind": "text", "if": {"flag": []}, "say": "A", "box": [0, 0, 30, 5], ` + size + `}`, "list of words"},
		{"two texts in one", `{"kind": "text", "say": "A", "text": "name", "box": [0, 0, 30, 5], ` + size + `}`, `either "text" or "say"`},
		{"no text", `{"kind": "text", "box": [0, 0, 30, 5], ` + size + `}`, `or "say"`},
		{"control characters", `{"kind": "text", "say": "A\nB", "box": [0, 0, 30, 5], ` + size + `}`, "control character"},
		{"an essay", `{"kind": "text", "say": "` + strings.Repeat("字", 401) + `", "box": [0, 0, 30, 5], ` + size + `}`, "400 characters"},
		{"mono of a picture on a shape", `{"kind": "rect", "box": [0, 0, 30, 30], "fill": "accent", "mono": "sharp"}`, `mono "sharp"`},
		{"too many", strings.Repeat(`{"kind": "rule", "box": [0, 0, 1, 1], "fill": "accent"},`, 200) + qr, "limit is 200"},
	} {
		_, err := badge.ParseTemplate([]byte(`{"width": 90, "height": 60, "items": [` + c.items + `, ` + qr + `]}`))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: err = %v, want one with %q", c.name, err, c.want)
		}
	}
	for _, c := range []struct{ name, back, want string }{
		{"no place for the back", `{"items": []}`, `on ""`},
		{"unknown key", `{"on": "page", "width": 5}`, `"width"`},
		{"bad item", `{"on": "below", "items": [{"kind": "rule", "box": [0, 0, 99, 1]}]}`, "the back: item 1 (rule)"},
		{"no object", `[]`, "the back: no JSON object"},
		{"too long when unfolded", `{"on": "below", "items": []}`, "side 600 mm"},
	} {
		height := map[bool]int{true: 300, false: 60}[strings.HasPrefix(c.name, "too long")]
		_, err := badge.ParseTemplate(fmt.Appendf(nil, `{"width": 90, "height": %d, "items": [%s], "back": %s}`, height, qr, c.back))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: err = %v, want one with %q", c.name, err, c.want)
		}
	}
}

// What touches no text, or carries it whole, is a good place.
func TestParseTemplate_TakesGoodPlaces(t *testing.T) {
	const qr, size = `{"kind": "qr", "box": [60, 0, 30, 30]}`, `"size": {"best": 9, "floor": 6}`
	for name, items := range map[string]string{
		"text in a rounded rect":  `{"kind": "rect", "box": [0, 0, 50, 20], "fill": "accent", "radius": 6}, {"kind": "text", "text": "name", "box": [3, 3, 44, 14], ` + size + `}`,
		"text in an ellipse":      `{"kind": "ellipse", "box": [0, 0, 50, 30], "fill": "accent"}, {"kind": "text", "text": "name", "box": [10, 8, 30, 14], ` + size + `}`,
		"text beside an ellipse":  `{"kind": "ellipse", "box": [0, 0, 50, 50], "fill": "accent"}, {"kind": "text", "text": "name", "box": [0, 0, 7, 7], ` + size + `}`,
		"text beside a slant":     `{"kind": "line", "from": [1, 1], "to": [50, 50], "stroke": 1}, {"kind": "text", "text": "name", "box": [30, 5, 20, 10], ` + size + `}`,
		"text on shape on shape":  `{"kind": "rect", "box": [0, 0, 90, 60], "fill": "accent"}, {"kind": "rect", "box": [2, 2, 40, 30], "fill": "#FFFFFF"}, {"kind": "text", "text": "name", "box": [5, 5, 30, 10], ` + size + `}`,
		"slot in a colour":        `{"kind": "rect", "box": [0, 0, 90, 15], "fill": "category"}, {"kind": "slot", "box": [10, 5, 14, 4], "stroke": 0.3}`,
		"parts for one of two":    `{"kind": "text", "if": {"flag": "a"}, "say": "A", "box": [0, 0, 30, 5], ` + size + `}, {"kind": "text", "if": {"not_flag": ["a", "b"]}, "say": "B", "box": [0, 0, 30, 5], ` + size + `}`,
		"a whole number as float": `{"kind": "text", "say": "A", "box": [0, 0, 30, 5], "size": {"best": 9, "floor": 6, "lines": 1.0}}`,
	} {
		if _, err := badge.ParseTemplate([]byte(`{"width": 90, "height": 60, "items": [` + items + `, ` + qr + `]}`)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseTemplate_ShippedOnesCarryTheirFileName(t *testing.T) {
	for _, name := range templates {
		template, err := badge.ParseTemplate(templateFile(t, name))
		if err != nil || template.Name != name || template.WidthMM <= 0 || template.HeightMM <= 0 {
			t.Errorf("%s: %+v, %v", name, template, err)
		}
	}
}

func TestNew_RefusesNothing(t *testing.T) {
	fonts, err := sharedFonts()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := badge.New(badge.Template{}, fonts); err == nil {
		t.Error("a zero template was accepted")
	}
	template, err := badge.ParseTemplate(templateFile(t, "old/a6"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := badge.New(template, nil); err == nil {
		t.Error("nil fonts were accepted")
	}
}

// Whatever template is accepted also prints, and keeps its texts apart.
func FuzzParseTemplate(f *testing.F) {
	for _, name := range templates {
		f.Add(templateFile(f, name))
	}
	f.Add([]byte(`{"name":"x","width":20,"height":20,"items":[{"kind":"qr","box":[0,0,20,20]}]}`))
	f.Add([]byte(`{"width":60,"height":50,"items":` + face + `,"back":{"on":"below","items":` + face + `}}`))
	fonts, err := sharedFonts()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		template, err := badge.ParseTemplate(data)
		if err != nil {
			return
		}
		r, err := badge.New(template, fonts)
		if err != nil {
			t.Fatal(err)
		}
		_, reports := mustPDF(t, r, pageOf(people["long"]))
		w, h := template.SheetMM()
		for i, a := range reports[0].Fields {
			if a.Box.X < -0.02 || a.Box.Y < -0.02 || a.Box.X+a.Box.W > w+0.02 || a.Box.Y+a.Box.H > h+0.02 {
				out, _ := json.Marshal(a)
				t.Fatalf("%s: leaves the page of %g × %g mm", out, w, h)
			}
			for _, b := range reports[0].Fields[:i] {
				if a.Side == b.Side && overlap(a.Box, b.Box) {
					t.Fatalf("%s %+v overlaps %s %+v", a.Name, a.Box, b.Name, b.Box)
				}
			}
		}
	})
}

// overlap forgives the rounding of boxes to 0.01 mm.
func overlap(a, b badge.Box) bool {
	const grain = 0.02
	return a.X < b.X+b.W-grain && b.X < a.X+a.W-grain && a.Y < b.Y+b.H-grain && b.Y < a.Y+a.H-grain
}
