package badge_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"hallpass/badge"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// checkBoxes says whether every text of a page is on it, readable, and clear of
// the others.
func checkBoxes(t testing.TB, template string, report badge.Report) {
	t.Helper()
	parsed, err := badge.ParseTemplate(templateFile(t, template))
	if err != nil {
		t.Fatal(err)
	}
	var size [2]float64
	size[0], size[1] = parsed.SheetMM()
	const grain = 0.02 // boxes are rounded to 0.01 mm
	for i, f := range report.Fields {
		b := f.Box
		if b.X < -grain || b.Y < -grain || b.X+b.W > size[0]+grain || b.Y+b.H > size[1]+grain || b.H <= 0 {
			t.Errorf("%s: %s leaves the page: %+v", template, f.Name, b)
		}
		if f.SizePt < 5 || len(f.Lines) == 0 {
			t.Errorf("%s: %s has %g points and %d lines", template, f.Name, f.SizePt, len(f.Lines))
		}
		for _, line := range f.Lines {
			if !utf8.ValidString(line) || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' }) {
				t.Errorf("%s: %s prints %q", template, f.Name, line)
			}
		}
		for _, other := range report.Fields[:i] {
			if overlap(b, other.Box) {
				t.Errorf("%s: %s %+v overlaps %s %+v", template, f.Name, b, other.Name, other.Box)
			}
		}
	}
}

// The golden files hold where each text of each person stands, to the
// hundredth of a millimetre; -update rewrites them, then look at the badges.
func TestLayout_Golden(t *testing.T) {
	for _, template := range slices.Concat(templates, oldTemplates) {
		r := renderer(t, template)
		got := map[string]badge.Report{}
		for _, name := range everybody() {
			_, reports := mustPDF(t, r, pageOf(people[name]))
			checkBoxes(t, template, reports[0])
			got[name] = reports[0]
		}
		data, err := json.MarshalIndent(got, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", "layout-"+strings.ReplaceAll(template, "/", "-")+".json")
		if *update {
			if err := os.WriteFile(path, append(data, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(want) != string(data)+"\n" {
			t.Errorf("%s: the layout differs from %s; rewrite it with -update and look at the badges", template, path)
		}
	}
}

func printed(t *testing.T, template string, p badge.Person) badge.Report {
	t.Helper()
	_, reports := mustPDF(t, renderer(t, template), pageOf(p))
	checkBoxes(t, template, reports[0])
	return reports[0]
}

func TestLayout_FittingKeepsItsOrder(t *testing.T) {
	name := func(n string) badge.FieldBox { return field(printed(t, "old/a6", badge.Person{Name: n}), "name") }
	short, wide := name("王芳"), name("Christina Petersson")
	if short.SizePt != 44 || len(short.Lines) != 1 {
		t.Errorf("a short name has %g points on %d lines, want 44 on one", short.SizePt, len(short.Lines))
	}
	if wide.SizePt >= 44 || len(wide.Lines) != 1 || wide.Short {
		t.Errorf("a wide name: %+v, want one line, only smaller", wide)
	}
	wrapped := name("Christina Alexandra Petersson")
	if len(wrapped.Lines) != 2 || wrapped.Short || wrapped.Cut {
		t.Errorf("a wider name: %+v, want two lines, unabridged", wrapped)
	}
	initials := name("Maximilian Alexander Konstantin Freiherr von und zu Falkenried-Sonnenthal")
	if !initials.Short || initials.Cut || !strings.Contains(strings.Join(initials.Lines, " "), "Maximilian A. K.") {
		t.Errorf("a very long name: %+v, want initials and no cut", initials)
	}
	cut := name(strings.Repeat("Falkenriedsonne", 20))
	if !cut.Cut || !strings.HasSuffix(cut.Lines[len(cut.Lines)-1], "...") || cut.SizePt != 16 {
		t.Errorf("an endless name: %+v, want a cut with an ellipsis at the floor", cut)
	}
}

func TestLayout_BreaksWhereReadersExpect(t *testing.T) {
	lines := func(f badge.FieldBox) string { return strings.Join(f.Lines, "|") }
	company := printed(t, "old/a6", badge.Person{Company: "青岛海之光照明电器科技发展股份有限公司浦东新区分公司"})
	if got := lines(field(company, "company")); strings.Contains(strings.NewReplacer("股份有限公司", "", "分公司", "", "科技", "").Replace(got), "公|司") ||
		!strings.Contains(got, "|") || strings.Contains(got, "有限|公司") {
		t.Errorf("company lines %q break inside a word", got)
	}
	if got := lines(field(printed(t, "old/a6", people["long-chinese"]), "name")); got != "买买提江·|阿卜杜热合曼·乌斯曼江" {
		t.Errorf("name lines %q, want breaks only at the dots", got)
	}
	title := field(printed(t, "old/a6", badge.Person{Title: "负责华东（含上海、江苏、浙江）和华南（含广东、福建、海南）地区业务的副总经理"}), "title")
	for _, line := range title.Lines {
		if strings.HasPrefix(line, "）") || strings.HasPrefix(line, "、") || strings.HasSuffix(line, "（") {
			t.Errorf("title lines %q break against the rules of punctuation", title.Lines)
		}
	}
}

func TestLayout_AbbreviatesCompaniesAndTitles(t *testing.T) {
	report := printed(t, "old/card", badge.Person{
		Company: "Great Northern Electrical Engineering Equipment Manufacturing and International Development Corporation",
		Title:   "Senior Assistant Manager, Research and Development",
	})
	company, title := field(report, "company"), field(report, "title")
	if text := strings.Join(company.Lines, " "); !company.Short || company.Cut || !strings.HasSuffix(text, "Corp.") {
		t.Errorf("company %+v, want abbreviations instead of a cut", company)
	}
	if text := strings.Join(title.Lines, " "); !title.Short || title.Cut || !strings.Contains(text, "R&D") {
		t.Errorf("title %+v, want abbreviations instead of a cut", title)
	}
}

func TestLayout_EmptyTextsTakeNoRoom(t *testing.T) {
	full := field(printed(t, "old/a6", people["chinese"]), "name")
	alone := field(printed(t, "old/a6", badge.Person{Name: "李文博"}), "name")
	if alone.Box.Y <= full.Box.Y {
		t.Errorf("a name alone stands at %.1f mm, with company and title at %.1f mm; want it lower, in the middle", alone.Box.Y, full.Box.Y)
	}
	if got := printed(t, "old/a6", badge.Person{Name: " \t\n\u200b"}); field(got, "name").Lines != nil || got.Missing != nil {
		t.Errorf("a name of white space prints as %+v", got)
	}
}

func TestLayout_SaysTheLatinNameOnce(t *testing.T) {
	report := printed(t, "old/a6", badge.Person{Name: "Maria Keller", NameLatin: "MARIA KELLER"})
	if field(report, "name_latin").Lines != nil {
		t.Error("the same name is printed twice")
	}
	report = printed(t, "old/a6", badge.Person{NameLatin: "Li Wenbo"})
	if got := field(report, "name").Lines; len(got) != 1 || got[0] != "Li Wenbo" {
		t.Errorf("a person with only a Latin name prints as %q", got)
	}
}
