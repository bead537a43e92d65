package ocr_test

import (
	"strings"
	"testing"

	"hallpass/ocr"
)

// A name stands larger than the rest, over a title and a company.
func TestExtract_Names(t *testing.T) {
	for _, c := range []struct{ situation, line, text string }{
		{"TwoCharacters", "何山", "何山"},
		{"ThreeCharacters", "周启明", "周启明"},
		{"SetWide", "周  启  明", "周启明"},
		{"Traditional", "劉書涵", "劉書涵"},
		{"CompoundSurname", "欧阳远山", "欧阳远山"},
		{"CompoundSurnameOneGivenName", "司马青", "司马青"},
		{"CompoundSurnameTraditional", "諸葛書涵", "諸葛書涵"},
		{"TwoFamilyNames", "陳林書涵", "陳林書涵"},
		{"RareSurname", "凸远山", "凸远山"},
		{"Latin", "Ada Castell", "Ada Castell"},
		{"LatinMiddleInitial", "Ada M. Castell", "Ada M. Castell"},
		{"LatinHyphen", "Ada-Marie Castell", "Ada-Marie Castell"},
		{"LatinApostrophe", "Ada O’Castell", "Ada O'Castell"},
		{"LatinParticles", "Otto van der Lind", "Otto van der Lind"},
		{"LatinUmlaut", "Jürgen Müßig", "Jürgen Müßig"},
		{"LatinUpperCase", "ADA CASTELL", "ADA CASTELL"},
		{"LatinFourWords", "María de la Vega", "María de la Vega"},
		{"Pinyin", "Qiming Zhou", "Qiming Zhou"},
		{"PinyinWithComma", "ZHOU, Qiming", "ZHOU, Qiming"},
		{"Vietnamese", "Nguyễn Thị Lan", "Nguyễn Thị Lan"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got := ocr.Extract(set("#"+c.line, "销售经理", "苏州白塔材料有限公司"))
			if got["name"].Text != c.text {
				t.Errorf("name of %q = %q, want %q", c.line, got["name"].Text, c.text)
			}
			if got["company"].Text != "苏州白塔材料有限公司" || got["title"].Text != "销售经理" {
				t.Errorf("title %q, company %q beside the name %q", got["title"].Text, got["company"].Text, c.line)
			}
		})
	}
}

func TestExtract_NameAmongLikelyOthers(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []string
		want      map[string]string
	}{
		{"NameAndTitleOnOneLine", []string{"#林書涵 業務經理"}, map[string]string{"name": "林書涵", "title": "業務經理"}},
		{"NameInTwoScriptsOnOneLine", []string{"#周启明 Leo Zhou"}, map[string]string{"name": "周启明", "name_en": "Leo Zhou"}},
		{"LatinBeforeChinese", []string{"#Leo Zhou 周启明"}, map[string]string{"name": "周启明", "name_en": "Leo Zhou"}},
		{"SloganIsNoName", []string{"Light For Everyone", "#Ada Castell", "ada.castell@harbor.example"}, map[string]string{"name": "Ada Castell", "email": "ada.castell@harbor.example"}},
		{"MailTellsTheName", []string{"Copper Lantern", "Ada Castell", "ada.castell@harbor.example"}, map[string]string{"name": "Ada Castell", "email": "ada.castell@harbor.example"}},
		{"BrandOfTheDomainIsNoName", []string{"Bright Mill", "#Ada Castell", "www.brightmill.io"}, map[string]string{"name": "Ada Castell", "company": "Bright Mill", "website": "www.brightmill.io"}},
		{"BrandInLargeLetters", []string{"#Bright Mill", "Ada Castell", "ada@brightmill.io"}, map[string]string{"name": "Ada Castell", "company": "Bright Mill", "email": "ada@brightmill.io"}},
		{"NobodyNamed", []string{"苏州白塔材料有限公司", "电话：0512-6123 4567"}, map[string]string{"company": "苏州白塔材料有限公司", "phone": "0512-6123 4567"}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got := ocr.Extract(set(c.lines...))
			for field, want := range c.want {
				if got[field].Text != want {
					t.Errorf("%s = %q, want %q", field, got[field].Text, want)
				}
			}
			if _, ok := c.want["name"]; !ok && got["name"].Text != "" {
				t.Errorf("name = %q, want none", got["name"].Text)
			}
		})
	}
}

func TestExtract_TitlesAndDepartments(t *testing.T) {
	for _, c := range []struct{ situation, line, title, department string }{
		{"Chinese", "总经理", "总经理", ""},
		{"ChineseTraditional", "業務副總", "業務副總", ""},
		{"SpeckReadAsAFullStop", "專案主任.", "專案主任", ""},
		{"SpacedOut", "总 经 理", "总经理", ""},
		{"SlashBetween", "研发中心 / 高级工程师", "高级工程师", "研发中心"},
		{"BlankBetween", "市场部 经理", "经理", "市场部"},
		{"BarBetween", "市场部｜产品经理", "产品经理", "市场部"},
		{"TwoTitles", "董事长 / 总经理", "董事长/总经理", ""},
		{"TitleInBrackets", "高级工程师（结构）", "高级工程师（结构）", ""},
		{"DepartmentAlone", "技术支持部", "", "技术支持部"},
		{"Latin", "Sales Director", "Sales Director", ""},
		{"LatinShort", "CEO", "CEO", ""},
		{"LatinAmpersand", "Founder & CEO", "Founder & CEO", ""},
		{"LatinOf", "Head of Quality", "Head of Quality", ""},
		{"LatinDepartment", "Research & Development", "", "Research & Development"},
		{"LatinDepartmentWord", "Overseas Business Department", "", "Overseas Business Department"},
		{"LatinDepartmentOf", "Department of Finance", "", "Department of Finance"},
		{"LatinDepartmentAndTitle", "Sales Department Deputy Manager", "Deputy Manager", "Sales Department"},
		{"VicePresident", "Vice President, Operations", "Vice President, Operations", ""},
		{"TwoLanguagesOnOneLine", "总经理 General Manager", "总经理", ""},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got := ocr.Extract(set("#周启明", c.line))
			if got["name"].Text != "周启明" {
				t.Errorf("name = %q", got["name"].Text)
			}
			if got["title"].Text != c.title || got["department"].Text != c.department {
				t.Errorf("Extract(%q): title %q, department %q; want %q, %q", c.line, got["title"].Text, got["department"].Text, c.title, c.department)
			}
		})
	}
}

// A family name that is in no list is shown, as doubtful.
func TestExtract_RareNameIsDoubtful(t *testing.T) {
	if f := ocr.Extract(set("#凸远山", "销售经理", "苏州白塔材料有限公司"))["name"]; f.Text != "凸远山" || f.Confidence >= ocr.Bar {
		t.Errorf("name = %+v, want it below %.2f", f, ocr.Bar)
	}
}

// Without a word of the lists, the line under the name is taken for the
// title, and nobody is told that this is sure.
func TestExtract_GuessedTitleIsDoubtful(t *testing.T) {
	f := ocr.Extract(set("#Ada Castell", "Lantern Whisperer"))["title"]
	if f.Text != "Lantern Whisperer" || f.Confidence >= ocr.Bar {
		t.Errorf("title = %+v, want the line under the name, below %.2f", f, ocr.Bar)
	}
}

// A second title is kept as more of the same.
func TestExtract_TwoTitlesAreOneAndMore(t *testing.T) {
	got := ocr.Extract(set("#周启明", "董事长", "", "高级工程师"))["title"]
	all := []string{got.Text}
	for _, m := range got.More {
		all = append(all, m.Text)
	}
	if s := strings.Join(all, ","); s != "董事长,高级工程师" {
		t.Errorf("titles %q, want 董事长 and 高级工程师", s)
	}
}
