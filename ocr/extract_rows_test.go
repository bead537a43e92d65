package ocr_test

import (
	"image"
	"testing"

	"hallpass/ocr"
)

// situation is a card that a rule was made for, and some of what it says; an
// empty value wants no such field.
type situation struct {
	name  string
	lines []string
	want  map[string]string
}

func (c situation) check(t *testing.T) {
	t.Run(c.name, func(t *testing.T) {
		got := ocr.Extract(set(c.lines...))
		for field, want := range c.want {
			if got[field].Text != want {
				t.Errorf("%s = %q, want %q; all %v", field, got[field].Text, want, got)
			}
		}
	})
}

// Several values in one row, and one value in several.
func TestExtract_Rows(t *testing.T) {
	for _, c := range []situation{
		{"PointsBetweenNumbers", []string{"M +46 70 174 06 99· T +46 8 465 004 99"}, map[string]string{"mobile": "+46 70 174 06 99", "phone": "+46 8 465 004 99"}},
		{"PointBetweenMailAndSite", []string{"#Ada Harbor", "ada.harbor@harbor.example· https://harbor.example"}, map[string]string{
			"email": "ada.harbor@harbor.example", "website": "https://harbor.example"}},
		{"PointBetweenSiteAndMail", []string{"https://www.harbor.cn · ada@harbor.cn"}, map[string]string{"email": "ada@harbor.cn", "website": "https://www.harbor.cn"}},
		{"StrokeBehindTheAreaCode", []string{"座机：0531/55501234"}, map[string]string{"phone": "0531/55501234", "mobile": ""}},
		{"TwoNumbersWithAStroke", []string{"Tel: 0531-55501234/55501235"}, map[string]string{"phone": "0531-55501234"}},
		{"BracketClosedBelow", []string{"传真/Fax: 0591-55501234（分机", "410)"}, map[string]string{"fax": "0591-55501234(分机 410)", "phone": ""}},
		{"MailBrokenAtThePoint", []string{"Email: ada.harbor@lantern-robotics.", "example.com"}, map[string]string{"email": "ada.harbor@lantern-robotics.example.com", "website": ""}},
		{"MailBrokenAtTheSign", []string{"ada.harbor.lantern@", "robotics.com"}, map[string]string{"email": "ada.harbor.lantern@robotics.com", "website": ""}},
		{"SiteUnderMail", []string{"ada@robotics.com", "robotics.com"}, map[string]string{"email": "ada@robotics.com", "website": "robotics.com"}},
		{"HalfOfTheLabelMisread", []string{"營棠地址/Add：臺北市松山區民生路12號3樓"}, map[string]string{"address": "臺北市松山區民生路12號3樓"}},
		{"MisreadOffice", []string{"Head Offce: 18 Quarry Lane, London SW1A 1AA"}, map[string]string{"address": "18 Quarry Lane, London SW1A 1AA", "title": ""}},
	} {
		c.check(t)
	}
}

// A table: each label stands beside its value, and the value of a label that is
// no field of a card is none either.
func TestExtract_Table(t *testing.T) {
	got := ocr.Extract([]ocr.Line{
		at("座机", 56, 300, 66, 36), at("0531/55501234", 258, 300, 216, 36),
		at("直线/Direct", 56, 340, 160, 36), at("0531-55509876", 258, 340, 216, 36),
		at("地址", 56, 380, 66, 36), at("山东省济南市历下区育才胡同236号21楼", 258, 380, 520, 36),
		at("开户行及账", 60, 420, 132, 36), at("清河农商行济南支行0000111160340000", 258, 420, 540, 36),
		at("号/Bank", 60, 452, 110, 36),
		at("执业证号/Licence", 60, 490, 224, 36), at("S0750000111119", 304, 490, 221, 36),
	})
	want := map[string]string{"phone": "0531/55501234", "address": "山东省济南市历下区育才胡同236号21楼", "mobile": "", "fax": ""}
	for field, text := range want {
		if got[field].Text != text {
			t.Errorf("%s = %q, want %q", field, got[field].Text, text)
		}
	}
	if more := got["phone"].More; len(more) != 1 || more[0].Text != "0531-55509876" {
		t.Errorf("further telephones: %v", more)
	}
	if more := got["address"].More; len(more) != 0 {
		t.Errorf("further addresses: %v", more)
	}
}

// A column of characters found in pieces is one line.
func TestExtract_ColumnInPieces(t *testing.T) {
	up := func(text string, x, y, w, h int) ocr.Line {
		l := at(text, x, y, w, h)
		l.Upright = true
		return l
	}
	got := ocr.Extract([]ocr.Line{
		at("謝宥廷", 186, 296, 160, 58), at("海", 51, 343, 46, 45), at("財務長", 185, 360, 94, 42),
		up("棠里", 46, 390, 56, 112), up("照明電器股份有限", 47, 505, 56, 390), at("公", 48, 898, 50, 48), at("司", 48, 948, 50, 48),
	})
	if got["company"].Text != "海棠里照明電器股份有限公司" || got["name"].Text != "謝宥廷" || got["title"].Text != "財務長" {
		t.Errorf("%v", got)
	}
}

// Two values that one row holds, with no more than a wide blank between.
func TestExtract_WideBlankInARow(t *testing.T) {
	text := "Secretary General Member Services"
	var middles []int
	x := 70
	for i, r := range text {
		if i > 0 && r == 'M' {
			x += 24 // what the blank before is wider
		}
		middles = append(middles, x)
		x += 14
	}
	got := ocr.Extract([]ocr.Line{
		{Text: text, Confidence: 0.97, Box: image.Rect(64, 270, x, 307), At: middles},
		at("China Smart Warehousing Association", 64, 350, 500, 37),
	})
	if got["title"].Text != "Secretary General" || got["department"].Text != "Member Services" {
		t.Errorf("%v", got)
	}
}

// Words that earlier lists did not know, and what is neither name nor company.
func TestExtract_KindsOfWords(t *testing.T) {
	for _, c := range []situation{
		{"MarksOfCertification", []string{"#司徒安琪", "RoHS", "ISO 9001:2015", "CE"}, map[string]string{"name": "司徒安琪", "name_en": "", "company": "", "postcode": ""}},
		{"OfficeOfACounty", []string{"临溪县文化和旅游局", "#司徒安琪", "科长", "公共服务科"}, map[string]string{"company": "临溪县文化和旅游局", "title": "科长", "department": "公共服务科"}},
		{"PersonBeforeABank", []string{"Jean-Luc Valmont Banque Privée Valmont & Cie", "Portfolio Manager"}, map[string]string{
			"name": "Jean-Luc Valmont", "company": "Banque Privée Valmont & Cie", "title": "Portfolio Manager"}},
		{"TwoTitlesWithAPoint", []string{"#其其格·乌兰", "招商总监·国家二级建造师"}, map[string]string{"name": "其其格·乌兰", "title": "招商总监"}},
		{"TitleAboveADepartment", []string{"#祝耀祖", "高级工艺美术师", "会展项目组"}, map[string]string{"title": "高级工艺美术师", "department": "会展项目组"}},
		{"TradesAsFamilyNames", []string{"#Anna Baker", "Potter & Mason Ltd", "Instructor"}, map[string]string{"name": "Anna Baker", "company": "Potter & Mason Ltd", "title": "Instructor"}},
		{"SupervisoryBoard", []string{"#杜玉兰", "监察人", "清河照明电器有限公司"}, map[string]string{"title": "监察人"}},
		{"WordsThatOnlyLookLikeLabels", []string{"Central Harbour Analytics Ltd", "#Ada Harbor", "Reception Manager"}, map[string]string{
			"company": "Central Harbour Analytics Ltd", "title": "Reception Manager", "phone": ""}},
	} {
		c.check(t)
	}
}
