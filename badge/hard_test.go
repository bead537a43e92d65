package badge_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"hallpass/badge"
)

// hardNames are made up; each has something that layouts trip over.
var hardNames = []string{
	"X", "Ⅷ", "1", "-", "...", "’", "王", "囍", "龘", "李  四", "　王　芳　",
	"WWWWWWWWWWWWWWWWWWWW", "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii", "MMMM MMMM MMMM MMMM MMMM MMMM",
	"Jean-Baptiste-Emmanuel-Zorg", "O’Brien-D’Angelo MacGillycuddy", "A B C D E F G H I J K L M N O P Q R S T",
	"Ng", "Nguyễn Phúc Bửu Thiện Vĩnh San", "Þórðr Æðelræd Œuvrière", "Ḱḱ Ṩṩ Ạ̈", "Πέτρος Ωμέγας", "Дмитрий Щербаков-Ющенко",
	"阿卜杜热合曼·乌斯曼江·买买提江·艾力·托乎提", "·王·", "欧阳静仪欧阳静仪欧阳静仪欧阳静仪", "（王）", "王（芳）李（娜）赵（敏）",
	"한지민", "山田　太郎左衛門尉", "مريم", "שרה כהן", "สมชาย ใจดี", "🎉🎉🎉", "👩‍👩‍👧‍👦 Lee", "a\u0301\u0301\u0301\u0301\u0301\u0301",
	"\u202eevil", "\x00\x01\x02", "\xff\xfe\xfd", "Zoë\tMüller\r\nBcc: x", strings.Repeat("a", 5000), strings.Repeat("字", 5000),
	strings.Repeat("a b ", 1000), strings.Repeat("-", 300), strings.Repeat("（", 100), strings.Repeat("·", 100), "𠮷𪚥𰻞",
	"<script>", "%PDF-1.3 endstream endobj", "(unbalanced", `back\slash) Tj`,
}

// P9: every name in every field of every template stays on the page, clear of
// its neighbours, at a size that can be read, and the PDF holds.
func TestLayout_HardNamesStayInTheirRooms(t *testing.T) {
	for _, template := range templates {
		r := renderer(t, template)
		var pages []badge.Page
		for _, n := range hardNames {
			pages = append(pages, pageOf(badge.Person{Name: n, NameLatin: n + "n", Company: n, Title: n, Country: n, CategoryLabel: n}))
		}
		for i := range pages {
			if i%2 == 1 {
				pages[i].Show = badge.Show{Name: pages[i].Person.Name, Detail: pages[i].Person.Name}
				pages[i].ShortCode = pages[i].Person.Name
			}
		}
		pdf, reports := mustPDF(t, r, pages...)
		for i, report := range reports {
			before := t.Failed()
			checkBoxes(t, template, report)
			if t.Failed() && !before {
				t.Errorf("%s: that was %.40q", template, pages[i].Person.Name)
			}
			bounded(t, template, pages[i], report)
		}
		run(t, "qpdf", "--check", save(t, pdf))
	}
}

// sizes are the template's own rules by the name of the text and its side.
func sizes(t testing.TB, template string) map[string]struct{ best, floor, lines float64 } {
	t.Helper()
	type item struct {
		Kind, Text string
		Size       struct{ Best, Floor, Lines float64 }
		Items      []item
	}
	var file struct {
		Items []item
		Back  struct{ Items []item }
	}
	if err := json.Unmarshal(templateFile(t, template), &file); err != nil {
		t.Fatal(err)
	}
	out := map[string]struct{ best, floor, lines float64 }{}
	var walk func([]item, int)
	walk = func(items []item, side int) {
		for _, it := range items {
			if it.Kind == "text" || it.Kind == "band" {
				out[fmt.Sprint(it.Text, side)] = struct{ best, floor, lines float64 }{it.Size.Best, it.Size.Floor, max(1, it.Size.Lines)}
			}
			walk(it.Items, side)
		}
	}
	walk(file.Items, 0)
	walk(file.Back.Items, 1)
	return out
}

// bounded holds a report against the template's rules: no text above its best
// size, below its floor or on more lines than it may have, and none cut without
// a sign of it.
func bounded(t testing.TB, template string, page badge.Page, report badge.Report) {
	t.Helper()
	rules := sizes(t, template)
	for _, f := range report.Fields {
		rule, ok := rules[fmt.Sprint(f.Name, f.Side)]
		if !ok {
			continue // the heading's two
		}
		if f.SizePt > rule.best || f.SizePt < rule.floor || float64(len(f.Lines)) > rule.lines {
			t.Errorf("%s: %s of %.40q has %g points on %d lines, want %g to %g on %g", template, f.Name, page.Person.Name, f.SizePt, len(f.Lines), rule.floor, rule.best, rule.lines)
		}
		last := f.Lines[len(f.Lines)-1]
		if f.Cut && !strings.HasSuffix(last, "…") && !strings.HasSuffix(last, "...") && !strings.HasSuffix(last, "……") {
			t.Errorf("%s: %s of %.40q is cut without an ellipsis: %q", template, f.Name, page.Person.Name, last)
		}
		if strings.TrimSpace(last) != last || last == "" {
			t.Errorf("%s: %s ends in the line %q", template, f.Name, last)
		}
	}
}

// One step of fitting after the other: full size, smaller, two lines, smaller
// still, words abbreviated, cut. Each text is a little longer than the one
// before.
func TestLayout_EachStepOfFitting(t *testing.T) {
	for _, c := range []struct {
		template, field, text string
		best                  bool // at full size
		lines                 int
		short, cut            bool
	}{
		{"old/a6", "name", "Li Wei", true, 1, false, false},
		{"old/a6", "name", "Elisabeth Wong", false, 1, false, false},
		{"old/a6", "name", "Elisabeth Charlotte Wong-Ramirez", false, 2, false, false},
		{"old/a6", "name", "Elisabeth Charlotte Wilhelmina Antonia Josepha Wong-Ramirez Hohenzollern", false, 2, true, false},
		{"old/a6", "name", strings.Repeat("Donaudampfschifffahrt", 9), false, 2, false, true},
		{"old/a6", "name", "欧阳静仪", true, 1, false, false},
		{"old/a6", "name", strings.Repeat("欧阳静仪", 2), false, 1, false, false},
		{"old/a6", "name", strings.Repeat("欧阳静仪", 5), false, 2, false, false},
		{"old/a6", "name", strings.Repeat("欧阳静仪", 20), false, 2, false, true},
		{"old/card", "company", "Quillon AB", true, 1, false, false},
		{"old/card", "company", "Quillon Precision Instruments", false, 1, false, false},
		{"old/card", "company", "Quillon Precision Optical Instruments and Lamps", false, 2, false, false},
		{"old/card", "company", "Quillon Precision Optical Instruments International Engineering Equipment Manufacturing Corporation", false, 2, true, false},
		{"old/card", "company", strings.Repeat("Quillonprecisioninstruments", 10), false, 2, false, true},
		{"old/card", "title", "Buyer", true, 1, false, false},
		{"old/card", "title", "Senior Vice President International Operations Manager", false, 1, true, false},
		{"old/label-90x100", "title", "采购总监", true, 1, false, false},
		{"old/label-90x100", "title", strings.Repeat("采购总监", 30), false, 2, false, true},
		{"old/label-90x100", "country", strings.Repeat("Bosnia and Herzegovina ", 5), false, 1, false, true},
	} {
		p := badge.Person{}
		switch c.field {
		case "name":
			p.Name = c.text
		case "company":
			p.Company = c.text
		case "title":
			p.Title = c.text
		case "country":
			p.Country = c.text
		}
		f := field(printed(t, c.template, p), c.field)
		best := sizes(t, c.template)[c.field+"0"].best
		if (f.SizePt == best) != c.best || len(f.Lines) != c.lines || f.Short != c.short && !c.cut || f.Cut != c.cut {
			t.Errorf("%s %s %.50q: %g of %g points, %d lines %q, short %v, cut %v; want full size %v, %d lines, short %v, cut %v",
				c.template, c.field, c.text, f.SizePt, best, len(f.Lines), f.Lines, f.Short, f.Cut, c.best, c.lines, c.short, c.cut)
		}
	}
}

// Many desks draw at once with one set of fonts: each badge is the one that it
// would have been alone, whatever the others draw.
func TestPDF_EachGoroutineItsOwnBadge(t *testing.T) {
	fonts, err := sharedFonts()
	if err != nil {
		t.Fatal(err)
	}
	type job struct {
		r    *badge.Renderer
		page badge.Page
		want []byte
	}
	var jobs []job
	for i := 0; i < len(hardNames); i += 7 {
		r := rendererWith(t, templates[i%len(templates)], fonts)
		page := pageOf(badge.Person{Name: hardNames[i], Company: hardNames[i]})
		want, _ := mustPDF(t, r, page)
		jobs = append(jobs, job{r, page, want})
	}
	var g sync.WaitGroup
	for worker := range 3 {
		g.Go(func() {
			for i := range jobs {
				j := jobs[(i*7+worker*13)%len(jobs)]
				var out bytes.Buffer
				if _, err := j.r.PDF(&out, []badge.Page{j.page}); err != nil || !bytes.Equal(out.Bytes(), j.want) {
					t.Errorf("worker %d: %.30q came out otherwise, %v", worker, j.page.Person.Name, err)
				}
			}
		})
	}
	g.Wait()
}
