package badge_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hallpass/badge"
)

// spoiled is the A6 template with one thing replaced.
func spoiled(t testing.TB, old, new string) []byte {
	t.Helper()
	data := string(templateFile(t, "a6"))
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
		{"stack in a stack", `"kind": "text", "text": "country"`, `"kind": "stack", "text": "country"`, "stack holds texts"},
	} {
		_, err := badge.ParseTemplate(spoiled(t, c.old, c.new))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: err = %v, want one with %q", c.name, err, c.want)
		}
	}
	if _, err := badge.ParseTemplate(append(templateFile(t, "a6"), "{}"...)); err == nil {
		t.Error("two templates in one file were accepted")
	}
	if _, err := badge.ParseTemplate([]byte(strings.Repeat(" ", 1<<20))); err == nil {
		t.Error("a megabyte of nothing was accepted")
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
	template, err := badge.ParseTemplate(templateFile(t, "a6"))
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
		for i, a := range reports[0].Fields {
			if a.Box.X < -0.02 || a.Box.Y < -0.02 || a.Box.X+a.Box.W > template.WidthMM+0.02 || a.Box.Y+a.Box.H > template.HeightMM+0.02 {
				out, _ := json.Marshal(a)
				t.Fatalf("%s: leaves the page of %g × %g mm", out, template.WidthMM, template.HeightMM)
			}
			for _, b := range reports[0].Fields[:i] {
				if overlap(a.Box, b.Box) {
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
