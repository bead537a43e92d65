package badge_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hallpass/badge"
)

// written parses a template that a test writes itself.
func written(t testing.TB, text string) *badge.Renderer {
	t.Helper()
	template, err := badge.ParseTemplate([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	fonts, err := sharedFonts()
	if err != nil {
		t.Fatal(err)
	}
	r, err := badge.New(template, fonts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const face = `[
	{"kind": "rect", "box": [0, 0, 60, 12], "fill": "category"},
	{"kind": "text", "text": "name", "box": [4, 1, 40, 10], "size": {"best": 20, "floor": 8}},
	{"kind": "ellipse", "box": [46, 2, 10, 8], "fill": "accent"},
	{"kind": "qr", "box": [4, 14, 30, 30]},
	{"kind": "line", "from": [36, 14], "to": [56, 40], "stroke": 1, "colour": "#B3261E"},
	{"kind": "rect", "box": [38, 38, 12, 8], "outline": "#000000", "stroke": 0.5, "radius": 3},
	{"kind": "logo", "box": [48, 14, 8, 8]}]`

// shot draws a PDF's pages with an independent program.
func shot(t testing.TB, pdf []byte, dpi int) (pages []image.Image) {
	t.Helper()
	file := save(t, pdf)
	prefix := filepath.Join(filepath.Dir(file), "shot")
	run(t, "pdftoppm", "-r", fmt.Sprint(dpi), "-png", file, prefix)
	names, err := filepath.Glob(prefix + "*.png")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, img)
	}
	return pages
}

// differing is the share of the pixels of two areas of one size that are not
// alike; from gives the pixel of the second.
func differing(img image.Image, area image.Rectangle, other image.Image, from func(x, y int) (int, int)) float64 {
	bad := 0
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			r1, g1, b1, _ := img.At(x, y).RGBA()
			r2, g2, b2, _ := other.At(from(x, y)).RGBA()
			if max(math.Abs(float64(r1)-float64(r2)), math.Abs(float64(g1)-float64(g2)), math.Abs(float64(b1)-float64(b2))) > 0x6000 {
				bad++
			}
		}
	}
	return float64(bad) / float64(area.Dx()*area.Dy())
}

func logoPage(t testing.TB) badge.Page {
	t.Helper()
	logo, err := badge.ParsePicture(encoded(t, picture(60, 60)))
	if err != nil {
		t.Fatal(err)
	}
	page := pageOf(people["chinese"])
	page.Show.Logo = logo
	return page
}

// A badge that is folded below has its back upside down under its front: turned
// by 180 degrees it is the front again, everything on it included.
func TestTemplate_FoldBelowTurnsTheBack(t *testing.T) {
	r := written(t, `{"name": "fold", "width": 60, "height": 50, "items": `+face+`, "back": {"on": "below", "items": `+face+`}}`)
	pdf, reports := mustPDF(t, r, logoPage(t))
	pages := shot(t, pdf, 127)                                                                   // 5 dots a mm
	if size := pages[0].Bounds().Size(); len(pages) != 1 || size.X/2 != 150 || size.Y/2 != 250 { // a started dot counts
		t.Fatalf("%d pages, the first %v; want one of 300 × 500 dots", len(pages), size)
	}
	if share := differing(pages[0], image.Rect(0, 0, 300, 250), pages[0], func(x, y int) (int, int) { return 299 - x, 499 - y }); share > 0.02 {
		t.Errorf("%.1f %% of the back's pixels are not the front's, turned", 100*share)
	}
	front, back := reports[0].Fields[0], reports[0].Fields[1]
	if front.Side != 0 || back.Side != 1 || math.Abs(back.Box.X+back.Box.W-(60-front.Box.X)) > 0.02 || math.Abs(back.Box.Y+back.Box.H-(100-front.Box.Y)) > 0.02 {
		t.Errorf("front %+v, back %+v: not turned about the middle of the sheet", front, back)
	}
}

func TestTemplate_FoldBesideMovesTheBack(t *testing.T) {
	r := written(t, `{"width": 60, "height": 50, "items": `+face+`, "back": {"on": "beside", "items": `+face+`}}`)
	pdf, reports := mustPDF(t, r, logoPage(t))
	page := shot(t, pdf, 127)[0]
	if share := differing(page, image.Rect(0, 0, 300, 250), page, func(x, y int) (int, int) { return x + 300, y }); share > 0.02 {
		t.Errorf("%.1f %% of the back's pixels are not the front's", 100*share)
	}
	if f := reports[0].Fields; f[1].Side != 1 || math.Abs(f[1].Box.X-f[0].Box.X-60) > 0.02 {
		t.Errorf("fields %+v", f)
	}
}

func TestTemplate_BackOnAPageOfItsOwn(t *testing.T) {
	r := written(t, `{"width": 60, "height": 50, "items": `+face+`, "back": {"on": "page", "items": [
		{"kind": "text", "say": "若拾到请交还服务台 Found it? Please return it to the desk.", "box": [5, 5, 50, 20], "size": {"best": 12, "floor": 6, "lines": 4}}]}}`)
	pdf, reports := mustPDF(t, r, logoPage(t), logoPage(t))
	run(t, "qpdf", "--check", save(t, pdf))
	texts := strings.Split(run(t, "pdftotext", "-raw", save(t, pdf), "-"), "\f")
	if len(texts) != 5 || !strings.Contains(texts[1], "return it to") || !strings.Contains(texts[2], "李文博") {
		t.Errorf("pages %q", texts)
	}
	if f := field(reports[1], "say"); f.Side != 1 || f.Cut || f.Lines == nil {
		t.Errorf("say: %+v", f)
	}
}

func names(report badge.Report) (names []string) {
	for _, f := range report.Fields {
		names = append(names, f.Name+":"+strings.Join(f.Lines, "|"))
	}
	return names
}

// Each condition, on a template whose parts share one place where they exclude
// each other.
func TestTemplate_Conditions(t *testing.T) {
	const size = `"size": {"best": 9, "floor": 6}`
	r := written(t, `{"width": 90, "height": 60, "items": [{"kind": "qr", "box": [50, 0, 40, 40]},
		{"kind": "text", "say": "V", "if": {"category": ["VIP", "press"]}, "box": [0, 0, 40, 5], `+size+`},
		{"kind": "text", "say": "P", "if": {"not_category": ["vip", "press", "staff"]}, "box": [0, 0, 40, 5], `+size+`},
		{"kind": "text", "say": "S", "if": {"flag": "speaker"}, "box": [0, 5, 40, 5], `+size+`},
		{"kind": "text", "say": "N", "if": {"not_flag": ["speaker"]}, "box": [0, 5, 40, 5], `+size+`},
		{"kind": "text", "text": "company", "if": {"has": ["company", "title"]}, "box": [0, 10, 40, 5], `+size+`},
		{"kind": "text", "say": "T", "if": {"lacks": "title"}, "box": [0, 10, 40, 5], `+size+`},
		{"kind": "text", "say": "I", "if": {"has": "portrait"}, "box": [0, 15, 40, 5], `+size+`},
		{"kind": "stack", "box": [0, 20, 40, 20], "items": [
			{"kind": "text", "say": "A", "if": {"lacks": ["company"], "flag": ["speaker", "guest"]}, "height": 5, `+size+`},
			{"kind": "text", "say": "B", "height": 5, `+size+`}]}]}`)
	portrait := logoPage(t).Show.Logo
	for _, c := range []struct {
		person badge.Person
		want   string
	}{
		{badge.Person{}, "P N T B"},
		{badge.Person{Category: "vip"}, "V N T B"},
		{badge.Person{Category: "Press", Flags: []string{"guest"}}, "V N T A B"},
		{badge.Person{Category: "STAFF", Flags: []string{"speaker"}}, "S T A B"},
		{badge.Person{Company: "Acme", Flags: []string{"speaker"}}, "P S T B"},
		{badge.Person{Company: "Acme", Title: "CEO"}, "P N company:Acme B"},
		{badge.Person{Title: " \u200b", Portrait: portrait}, "P N T I B"},
	} {
		_, reports := mustPDF(t, r, pageOf(c.person))
		got := strings.ReplaceAll(strings.Join(names(reports[0]), " "), "say:", "")
		if got != c.want {
			t.Errorf("%+v shows %q, want %q", c.person, got, c.want)
		}
	}
}

// Texts are black or white by what lies under them, and a code stands on white
// wherever it is put.
func TestTemplate_EverythingReadsOnEveryGround(t *testing.T) {
	const size = `"size": {"best": 24, "floor": 8}`
	r := written(t, `{"width": 100, "height": 60, "items": [
		{"kind": "text", "text": "name", "box": [5, 5, 40, 12], `+size+`},
		{"kind": "ellipse", "box": [0, 0, 50, 23], "fill": "#101020"},
		{"kind": "text", "text": "company", "box": [5, 25, 40, 12], "colour": "#FFFF99", `+size+`},
		{"kind": "rect", "box": [0, 40, 100, 20], "fill": "#202020"},
		{"kind": "text", "text": "title", "box": [5, 45, 40, 12], "colour": "#332211", `+size+`},
		{"kind": "qr", "box": [55, 5, 40, 50]}]}`)
	pdf, _ := mustPDF(t, r, pageOf(badge.Person{Name: "王芳芳芳", Company: "海川智能装备", Title: "采购总监"}))
	img := shot(t, pdf, 254)[0] // 10 dots a mm
	for _, c := range []struct {
		name        string
		area        image.Rectangle
		ground, ink bool // light
	}{
		{"on a dark ellipse", image.Rect(50, 50, 450, 170), false, true},
		{"pale on paper", image.Rect(50, 250, 450, 370), true, false},
		{"dark on a dark rect", image.Rect(50, 450, 450, 570), false, true},
	} {
		light, dark := 0, 0
		for y := c.area.Min.Y; y < c.area.Max.Y; y++ {
			for x := c.area.Min.X; x < c.area.Max.X; x++ {
				switch r, _, _, _ := img.At(x, y).RGBA(); {
				case r > 0xC000:
					light++
				case r < 0x4000:
					dark++
				}
			}
		}
		ground, ink := max(light, dark), min(light, dark)
		if (light > dark) != c.ground || ink*40 < ground {
			t.Errorf("%s: %d light and %d dark pixels", c.name, light, dark)
		}
	}
	file := filepath.Join(t.TempDir(), "shot.png")
	if err := os.WriteFile(file, encoded(t, img), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := run(t, "zbarimg", "-q", "--raw", file); !strings.Contains(got, exampleToken) {
		t.Errorf("zbarimg reads %q from the code on a dark rect", got)
	}
}

func TestTemplate_SheetIsWhatComesOutOfThePrinter(t *testing.T) {
	for on, want := range map[string][2]float64{"page": {60, 50}, "below": {60, 100}, "beside": {120, 50}} {
		template, err := badge.ParseTemplate([]byte(`{"width": 60, "height": 50, "items": ` + face + `, "back": {"on": "` + on + `"}}`))
		if err != nil {
			t.Fatal(err)
		}
		if w, h := template.SheetMM(); w != want[0] || h != want[1] {
			t.Errorf("%s: %g × %g mm, want %v", on, w, h, want)
		}
	}
}

// A program that shows badges finds the holes where they come out of the
// printer.
func TestTemplate_SlotsAreOnThePrintedPage(t *testing.T) {
	const slots = `[{"kind": "slot", "box": [5, 3, 15, 4]}, {"kind": "qr", "box": [20, 10, 35, 35]}]`
	front := badge.Box{X: 5, Y: 3, W: 15, H: 4}
	for on, want := range map[string][][]badge.Box{
		"page":   {{front}, {front}},
		"below":  {{front, {X: 40, Y: 93, W: 15, H: 4}}},
		"beside": {{front, {X: 65, Y: 3, W: 15, H: 4}}},
	} {
		template := written(t, `{"width": 60, "height": 50, "items": `+slots+`, "back": {"on": "`+on+`", "items": `+slots+`}}`).Template()
		if got := template.Slots(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: slots at %v, want %v", on, got, want)
		}
	}
}

// A floor need not be a step of sizes; the text that just fits at it is whole.
func TestTemplate_FloorBetweenSteps(t *testing.T) {
	r := written(t, `{"width": 60, "height": 50, "items": [{"kind": "qr", "box": [20, 10, 35, 35]},
		{"kind": "text", "text": "company", "box": [0, 0, 16, 8], "size": {"best": 5.9, "floor": 5.9, "lines": 3}}]}`)
	_, reports := mustPDF(t, r, pageOf(badge.Person{Company: "Norrsken Stage Light"}))
	if f := field(reports[0], "company"); f.SizePt != 5.9 || f.Cut || len(f.Lines) != 2 {
		t.Errorf("%+v, want two whole lines of 5.9 points", f)
	}
}
