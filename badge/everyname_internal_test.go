package badge

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"hallpass/assets"
)

var everyName = flag.Bool("everyname", false, "render all generated names and standard characters, not a share of them")

const generated = 10_000

// everyFont shares what a kiosk without fonts of its system has.
func everyFont(t testing.TB) *Fonts {
	t.Helper()
	fonts, err := shippedFonts()
	if err != nil {
		t.Fatal(err)
	}
	return fonts
}

var shippedFonts = sync.OnceValues(func() (*Fonts, error) {
	return OpenFonts(assets.Files(), "fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf")
})

// textsOnly is a shipped template without its QR, which would take most of the
// time.
func textsOnly(t testing.TB, name string, fonts *Fonts) *Renderer {
	t.Helper()
	data, err := fs.ReadFile(assets.Files(), "badge/"+name+".json")
	if err != nil {
		t.Fatal(err)
	}
	template, err := ParseTemplate(data)
	if err != nil {
		t.Fatal(err)
	}
	isCode := func(it item) bool { return it.Kind == "qr" }
	template.items = slices.DeleteFunc(slices.Clone(template.items), isCode)
	template.back = slices.DeleteFunc(slices.Clone(template.back), isCode)
	r, err := New(template, fonts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// P9: 10,000 names of 15 scripts on all templates, one in twenty in every field:
// each letter has a glyph of some font that is shipped, and no ink leaves
// its field's box or the page.
func TestEveryName_Measured_P9(t *testing.T) {
	fonts := everyFont(t)
	m := newMaker(t, 1)
	scripts := scripts()
	templates := []string{"a6", "card", "label-62x100", "label-90x100", "fanfold"}
	var all []*Renderer
	for _, name := range templates {
		all = append(all, textsOnly(t, name, fonts))
	}
	wrong := 0
	for i := range generated {
		script := scripts[i%len(scripts)]
		name := m.name(script)
		person := Person{Name: name}
		if i%20 == 0 {
			person = Person{Name: name, NameLatin: m.name("Latin"), Company: name + " " + m.name(script), Title: name, Country: name, CategoryLabel: name}
		}
		r := all[(i/len(scripts))%len(all)]
		p, err := r.arrange(Page{Person: person})
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range problems(p) {
			t.Errorf("%s %q on %s: %s", script, name, r.template.Name, problem)
			if wrong++; wrong > 20 {
				t.FailNow()
			}
		}
		if p.report.Missing != nil {
			t.Errorf("%s %q: no font has %q", script, name, p.report.Missing)
		}
	}
}

// problems measures a plan by its glyphs' outlines.
func problems(p *plan) (out []string) {
	boxes := map[int][]Box{}
	for _, f := range p.report.Fields {
		for i := range p.sides {
			boxes[i] = append(boxes[i], f.Box)
		}
	}
	for n, s := range p.sides {
		page := Box{0, 0, s.w, s.h}
		for _, l := range s.lines {
			em, pen := l.size*mmPerPoint, 0.0
			for _, g := range l.glyphs {
				if g.index == 0 {
					out = append(out, "a glyph is missing")
				}
				ink, ok := g.face.ink(g.index)
				box := Box{l.x + (pen+g.dx+ink.left)*em, l.baseline - (g.dy+ink.up)*em, (ink.right - ink.left) * em, (ink.up - ink.down) * em}
				if l.turned {
					box.X, box.Y = 2*l.x-box.X-box.W, 2*l.baseline-box.Y-box.H
				}
				pen += g.advance
				const grain = 0.015 // boxes are rounded to 0.01 mm
				inside := func(b Box) bool { return b.grow(grain).holds(box) }
				if ok && !inside(page) || ok && !slices.ContainsFunc(boxes[n], inside) {
					out = append(out, fmt.Sprintf("ink at %.2f is outside of all %.2f", box, boxes[n]))
				}
			}
		}
	}
	return out
}

// P9: every one of the 8,105 standard characters (the level of GB 18030-2022
// that names need) is drawn from the family itself, in both weights.
func TestEveryStandardCharacter_P9(t *testing.T) {
	all, err := standardCharacters()
	if err != nil || len(all) != 8105 {
		t.Fatalf("%d characters, %v; install Debian's unicode-data (.ci/install test)", len(all), err)
	}
	fonts := everyFont(t)
	for _, r := range all {
		for w := range fonts.chains {
			clusters, missing := fonts.shape(weight(w), string(r))
			if missing != nil || len(clusters) != 1 || clusters[0].glyphs[0].index == 0 || clusters[0].glyphs[0].face != fonts.chains[w][0]() || clusters[0].ink == (extent{}) {
				t.Errorf("%c %U, weight %d: %+v, missing %q", r, r, w, clusters, missing)
			}
		}
	}
}

// room is where the names of the rendered pages may leave ink, on a small page
// that has nothing else but the QR below it.
const roomJSON = `{"name":"room","width":60,"height":40,"items":[
	{"kind":"text","text":"name","weight":"bold","box":[5,3,50,12],"size":{"best":30,"wrap":14,"floor":6,"lines":2},"align":"%s","valign":"middle"},
	{"kind":"qr","box":[20,18,20,20]}]}`

// P9: names as poppler renders them: there is ink, all of it in the name's room
// or the QR's, and pdftotext finds what was set. A share of them; all with
// -everyname.
func TestEveryName_Rendered_P9(t *testing.T) {
	m := newMaker(t, 2)
	scripts := scripts()
	count := 12 * len(scripts)
	if *everyName {
		count = generated
	}
	var names []string
	for i := range count {
		names = append(names, m.name(scripts[i%len(scripts)]))
	}
	rendered(t, "left", names, func(name, found string) bool {
		if strings.ContainsFunc(name, func(r rune) bool { return unicode.In(r, unicode.Arabic, unicode.Hebrew) }) {
			return true // poppler turns these lines itself, vowels and ligatures included
		}
		letters := func(s string) string {
			return strings.Map(func(r rune) rune {
				if unicode.IsSpace(r) {
					return -1
				}
				return r
			}, s)
		}
		return letters(name) == letters(found)
	})
}

// The standard characters as poppler renders them, four in a row.
func TestEveryStandardCharacter_Rendered(t *testing.T) {
	all, err := standardCharacters()
	if err != nil {
		t.Fatal(err)
	}
	step := 40
	if *everyName {
		step = 1
	}
	var names []string
	for i := 0; i+4 <= len(all); i += 4 * step {
		names = append(names, string(all[i:i+4]))
	}
	names = append(names, string(all[len(all)-4:]))
	rendered(t, "right", names, func(name, found string) bool { return strings.Contains(found, name) })
}

// rendered prints names, a page each, and looks at the pages.
func rendered(t *testing.T, align string, names []string, same func(shown, found string) bool) {
	t.Helper()
	template, err := ParseTemplate(fmt.Appendf(nil, roomJSON, align))
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(template, everyFont(t))
	if err != nil {
		t.Fatal(err)
	}
	const batch = 250
	for part := range slices.Chunk(names, batch) {
		var pages []Page
		for _, name := range part {
			pages = append(pages, Page{Person: Person{Name: name}, Token: "HP1"})
		}
		dir := t.TempDir()
		var pdf bytes.Buffer
		reports, err := r.PDF(&pdf, pages)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "names.pdf")
		if err := os.WriteFile(file, pdf.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		program(t, "pdftoppm", "-r", "127", "-gray", "-aa", "no", "-aaVector", "no", file, filepath.Join(dir, "page"))
		texts := strings.Split(program(t, "pdftotext", "-raw", file, "-"), "\f")
		pictures, err := filepath.Glob(filepath.Join(dir, "page*.pgm"))
		if err != nil || len(pictures) != len(part) || len(texts) != len(part)+1 {
			t.Fatalf("%d pictures and %d texts of %d pages, %v", len(pictures), len(texts)-1, len(part), err)
		}
		for i, picture := range pictures {
			if problem := inkOutside(picture); problem != "" {
				t.Errorf("%q: %s", part[i], problem)
			}
			if shown := strings.Join(reports[i].Fields[0].Lines, " "); !same(shown, texts[i]) {
				t.Errorf("%q is shown as %q: pdftotext finds %q", part[i], shown, texts[i])
			}
		}
	}
}

func program(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(out)
}

// inkOutside reads a PGM of 5 dots a millimetre.
func inkOutside(file string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	var w, h, most int
	if n, err := fmt.Sscanf(string(data[:min(len(data), 40)]), "P5\n%d %d\n%d\n", &w, &h, &most); n != 3 {
		return fmt.Sprintf("no PGM: %v", err)
	}
	dots := data[len(data)-w*h:]
	const perMM, grain = 5, 1
	room := image.Rect(5*perMM-grain, 3*perMM-grain, 55*perMM+grain, 15*perMM+grain)
	code := image.Rect(20*perMM-grain, 18*perMM-grain, 40*perMM+grain, 38*perMM+grain)
	inRoom := 0
	for i, dot := range dots {
		if at := image.Pt(i%w, i/w); dot < 128 {
			switch {
			case at.In(room):
				inRoom++
			case !at.In(code):
				return fmt.Sprintf("ink at %.1f, %.1f mm", float64(at.X)/perMM, float64(at.Y)/perMM)
			}
		}
	}
	if inRoom == 0 {
		return "no ink"
	}
	return ""
}
