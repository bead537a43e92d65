package badge_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"hallpass/assets"
	"hallpass/badge"
)

// sharedFonts parses the shipped fonts once for all tests, as a kiosk does.
var sharedFonts = sync.OnceValues(func() (*badge.Fonts, error) { return openFonts(assets.Files()) })

const regularTTF, boldTTF = "fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf"

func openFonts(fsys fs.FS, fallbacks ...string) (*badge.Fonts, error) {
	return badge.OpenFonts(fsys, regularTTF, boldTTF, fallbacks...)
}

// templates are the shipped ones. Those of the first version, which shows may
// still have, lie in testdata/old and are called "old/a6" and so on.
var templates = []string{"a6", "card", "fanfold", "label-62x100", "label-90x100"}

var oldTemplates = []string{"old/a6", "old/card", "old/label-90x100"}

func templateFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := fs.ReadFile(assets.Files(), "badge/"+name+".json")
	if strings.HasPrefix(name, "old/") {
		data, err = os.ReadFile("testdata/" + name + ".json")
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func renderer(t testing.TB, template string) *badge.Renderer {
	t.Helper()
	fonts, err := sharedFonts()
	if err != nil {
		t.Fatal(err)
	}
	return rendererWith(t, template, fonts)
}

func rendererWith(t testing.TB, template string, fonts *badge.Fonts) *badge.Renderer {
	t.Helper()
	parsed, err := badge.ParseTemplate(templateFile(t, template))
	if err != nil {
		t.Fatal(err)
	}
	r, err := badge.New(parsed, fonts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const (
	exampleToken = "HP1$+AWKB DKAPKT K33LMEL-PLF$LY3M200I914H067GUB300000055UUM5K7DLM6O35VA2PT4" +
		"3A6E-M6VSZCRIMKY:0/0E1YIBGVHEPBK8D99JIM7HVSD56JM815K65WA7$$BM+5V:889RSP6924"
	exampleShort = "TQW8B-16TQP"
)

var exampleShow = badge.Show{Name: "2027 流明照明展", Detail: "Lumen Expo 2027", Accent: "#0B57D0"}

func pageOf(p badge.Person) badge.Page {
	return badge.Page{Person: p, Show: exampleShow, Token: exampleToken, ShortCode: exampleShort}
}

// people are made up; each is a situation that every template must bear.
var people = map[string]badge.Person{
	"chinese": {Name: "李文博", NameLatin: "Li Wenbo", Company: "海川智能装备有限公司", Title: "采购总监",
		CategoryLabel: "专业观众 Trade visitor", CategoryColour: "#0B57D0"},
	"english": {Name: "Maria Keller", Company: "Norrsken Stage Light AB", Title: "Head of Procurement", Country: "Sweden",
		CategoryLabel: "采购商 Buyer", CategoryColour: "#0E7A4B"},
	"traditional": {Name: "歐陽靜儀", NameLatin: "Au-Yeung Ching Yee", Company: "臺灣寶島燈飾股份有限公司", Title: "董事長特別助理",
		CategoryLabel: "媒体 Media", CategoryColour: "#7A3FC4"},
	"long": {Name: "Maximilian Alexander Konstantin Freiherr von und zu Falkenried-Sonnenthal", NameLatin: "Maximilian von Falkenried",
		Company: "Donauländische Beleuchtungsanlagen- und Straßenlaternenmanufaktur International Corporation Company Limited",
		Title:   "Senior Vice President Research and Development, Marketing and International Operations Manager",
		Country: "Österreich", CategoryLabel: "专业观众 Trade visitor", CategoryColour: "#0B57D0"},
	"long-chinese": {Name: "买买提江·阿卜杜热合曼·乌斯曼江", NameLatin: "Maimaitijiang Abudureheman",
		Company:       "新疆维吾尔自治区乌鲁木齐高新技术产业开发区天山北路丝绸之路国际照明电器进出口贸易股份有限公司第二分公司",
		Title:         "华北华东华南大区战略合作与供应链管理中心执行副总经理兼采购委员会秘书长",
		CategoryLabel: "贵宾 VIP", CategoryColour: "#9A7400"},
	"rare": {Name: "张𬭎", NameLatin: "Zhang Hong", Company: "㛃囍龘𰻞", Title: "工程师 🎉",
		CategoryLabel: "公众 Public", CategoryColour: "#5A6573"},
	"vietnamese": {Name: "Nguyễn Thị Ánh Tuyết", Company: "Công ty Ánh Dương", CategoryLabel: "Buyer", CategoryColour: "#FFD54A"},
	"short":      {Name: "王芳", CategoryLabel: "工作人员 Staff"},
	"nobody":     {},
}

// everybody's names, always in the same order.
func everybody() []string { return slices.Sorted(maps.Keys(people)) }

// manyPages takes the people in turn.
func manyPages(n int) []badge.Page {
	names := everybody()
	pages := make([]badge.Page, n)
	for i := range pages {
		pages[i] = pageOf(people[names[i%len(names)]])
		pages[i].ShortCode = fmt.Sprintf("%05d-%05d", i, i)
	}
	return pages
}

func mustPDF(t testing.TB, r *badge.Renderer, pages ...badge.Page) ([]byte, []badge.Report) {
	t.Helper()
	var out bytes.Buffer
	reports, err := r.PDF(&out, pages)
	if err != nil {
		t.Fatal(err)
	}
	if len(reports) != len(pages) {
		t.Fatalf("%d reports for %d pages", len(reports), len(pages))
	}
	return out.Bytes(), reports
}

// onlyToken tells that a reader found the badge's token, on both sides if
// there are two, and nothing else.
func onlyToken(read string) bool {
	lines := strings.Split(strings.TrimSuffix(read, "\n"), "\n")
	return !slices.ContainsFunc(lines, func(l string) bool { return l != exampleToken })
}

// field finds a text in a report; a missing one has no lines.
func field(report badge.Report, name string) badge.FieldBox {
	for _, f := range report.Fields {
		if f.Name == name {
			return f
		}
	}
	return badge.FieldBox{}
}
