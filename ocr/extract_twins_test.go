package ocr_test

import (
	"testing"
	"unicode/utf8"

	"hallpass/ocr"
)

// The two languages of a card tell what each other's lines are.
func TestExtract_Twins(t *testing.T) {
	for _, c := range []situation{
		{"TitleWithTheWordsOfADepartment", []string{"#杜曉彤", "Po Hiu Tung", "海外業務", "Overseas Sales"}, map[string]string{"title": "海外業務", "title_en": "Overseas Sales", "department": ""}},
		{"DepartmentStaysOne", []string{"#杜曉彤", "To Hiu Tung", "經理", "Manager", "海外業務部", "Overseas Sales"}, map[string]string{"title_en": "Manager", "department": "海外業務部"}},
		{"TitleThatNoListHas", []string{"#杜曉彤", "To Hiu Tung", "御茶頭", "Tea Ceremony Master"}, map[string]string{"name": "杜曉彤"}},
		{"RareFamilyName", []string{"#黁曉彤", "#Nun Hiu Tung", "Overseas Sales Manager"}, map[string]string{"name": "黁曉彤", "name_en": "Nun Hiu Tung"}},
		{"ServiceCentreOfAFirm", []string{"清河知微教育咨询集团有限公司", "#澹台素云", "培训讲师", "售后服务中心"}, map[string]string{"company": "清河知微教育咨询集团有限公司", "department": "售后服务中心"}},
		{"ServiceCentreAlone", []string{"清河市残疾人服务中心", "#澹台素云"}, map[string]string{"company": "清河市残疾人服务中心", "department": ""}},
	} {
		c.check(t)
	}
}

// doubtful is a line of which the engine is unsure of some characters.
func doubtful(text, unsure string, y int) ocr.Line {
	l := at(text, 40, y, 40*utf8.RuneCountInString(text), 40)
	l.Weakest = 0.99
	for i, r := range []rune(text) {
		l.At = append(l.At, 60+40*i)
		v := 0.99
		for _, u := range unsure {
			if u == r {
				v, l.Weakest = 0.6, 0.6
			}
		}
		l.Sure = append(l.Sure, v)
	}
	return l
}

// Words of titles and departments are put right where the engine was not sure,
// and never shown as sure.
func TestExtract_RolesPutRight(t *testing.T) {
	for _, c := range []struct{ name, text, unsure, field, want string }{
		{"OneCharacter", "探購部", "探", "department", "採購部"},
		{"InsideALongerWord", "供應鍵管理部", "鍵", "department", "供應鏈管理部"},
		{"LostCharacter", "產品計部", "計", "department", "產品設計部"},
		{"SureCharacterStays", "探購部", "", "department", "探購部"},
		{"Latin", "Chief Operating Offcer", "", "title", "Chief Operating Officer"},
		{"LatinTitle", "Proprretor", "", "title", "Proprietor"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := ocr.Extract([]ocr.Line{doubtful(c.text, c.unsure, 100)})[c.field]
			if f.Text != c.want || f.Text != c.text && f.Confidence >= ocr.Bar {
				t.Errorf("%s = %q with %.2f, want %q", c.field, f.Text, f.Confidence, c.want)
			}
		})
	}
}

// A number behind a name in a mail address has digits.
func TestExtract_NumberBehindANameInMail(t *testing.T) {
	got := ocr.Extract(set("#PONG, Suk Yee", "sukyee2l@harbor.com.hk"))["email"]
	if got.Text != "sukyee21@harbor.com.hk" || got.Confidence >= ocr.Bar {
		t.Errorf("email = %q with %.2f", got.Text, got.Confidence)
	}
}

// What an own set of cards, made for the purpose, had wrong.
func TestExtract_WaysOfSetting(t *testing.T) {
	for _, c := range []situation{
		{"LabelsInFullWidthBrackets", []string{"（E）ada@harbor.example", "（W）www.harbor.example", "（A）青岛市崂山区香港东路195号"}, map[string]string{
			"email": "ada@harbor.example", "website": "www.harbor.example", "address": "青岛市崂山区香港东路195号"}},
		{"RegionBehindATitle", []string{"#Ngozi Adeyemi", "Key Account Manager, DACH", "University of Wexmoor"}, map[string]string{
			"name": "Ngozi Adeyemi", "title": "Key Account Manager, DACH", "company": "University of Wexmoor"}},
		{"ProfessionByItsEnding", []string{"#Chloé Dumas", "Food Technologist", "Blue Fern Foods Ltd"}, map[string]string{"title": "Food Technologist", "department": ""}},
		{"PlaceInBracketsBehindAFirm", []string{"上海木石建筑设计事务所", "Mushi Architects (Shanghai)", "#单立人"}, map[string]string{"company": "上海木石建筑设计事务所", "company_en": "Mushi Architects (Shanghai)"}},
		{"UserIsFamilyAndGivenName", []string{"#翁倩玉", "Kevin Weng", "wengqianyu@wexmoor.cn"}, map[string]string{"name_en": "Kevin Weng"}},
		{"UserHasTheLostLetters", []string{"#Wendy Whi", "wendy.whitfield@wexmoor.example"}, map[string]string{"name": "Wendy Whitfield"}},
		{"HandleOfAMessenger", []string{"Follow us @northlight", "ada@harbor.example"}, map[string]string{"email": "ada@harbor.example"}},
		{"DigitInADomainBeforeALabel", []string{"邮箱：lu_siyuan@wh7y.cn; 网址：www.wh7y.cn"}, map[string]string{"email": "lu_siyuan@wh7y.cn", "website": "www.wh7y.cn"}},
		{"LegalFormMisread", []string{"Farboat Exhibition Services Co., td"}, map[string]string{"company": "Farboat Exhibition Services Co., Ltd"}},
		{"ExtensionMisread", []string{"德機：+886 8 789-3187分樓81"}, map[string]string{"phone": "+886 8 789-3187分機81"}},
		{"TaxNumberWithoutItsLabel", []string{"+886 900 624 155", "63075202（一）"}, map[string]string{"mobile": "+886 900 624 155", "phone": "", "fax": ""}},
		{"DepartmentThatIsALabelToo", []string{"#童晓雯", "研发部", "清河网络科技有限公司"}, map[string]string{"department": "研发部"}},
		{"ProvinceInItaly", []string{"Via dei Gelsi, 406 - 20121 Milano (Ml) - Italia"}, map[string]string{"address": "Via dei Gelsi, 406 - 20121 Milano (MI) - Italia"}},
		{"TownNumberIsNoMobile", []string{"手机 163 1234 5678", "61234567"}, map[string]string{"mobile": "163 1234 5678", "phone": "61234567"}},
	} {
		c.check(t)
	}
}

// What may as well be something else is shown, and never as sure.
func TestExtract_NeverSure(t *testing.T) {
	for _, c := range []struct {
		name, field string
		lines       []string
	}{
		{"WordOfTheDomainNotPrinted", "company", []string{"Signal Cooperative", "www.prairiesignal.coop"}},
		{"SignsBehindANumber", "fax", []string{"Fax: 0591-55501234 分"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if f := ocr.Extract(set(c.lines...))[c.field]; f.Text != "" && f.Confidence >= ocr.Bar {
				t.Errorf("%s = %q with %.2f", c.field, f.Text, f.Confidence)
			}
		})
	}
}

// In a column of labels, what no list has is one too: misread, or of what is no
// field of a card.
func TestExtract_LabelsMisreadInATable(t *testing.T) {
	got := ocr.Extract([]ocr.Line{
		at("簡淑儀", 20, 9, 157, 72),
		at("信箱", 48, 286, 65, 34), at("kan_sukyee@harbor.hk", 218, 286, 275, 34),
		at("行動電話", 48, 330, 107, 34), at("64692339", 220, 330, 130, 34),
		at("市話", 48, 374, 65, 34), at("85227068125", 220, 374, 182, 34),
		at("國文傅真", 48, 418, 105, 34), at("34001975", 220, 418, 130, 34),
		at("牌照番號", 48, 462, 103, 34), at("12345678", 220, 462, 130, 34),
	})
	for field, want := range map[string]string{"name": "簡淑儀", "fax": "34001975", "phone": "85227068125", "mobile": "64692339"} {
		if got[field].Text != want || len(got[field].More) > 0 {
			t.Errorf("%s = %+v, want %q alone", field, got[field], want)
		}
	}
}

// Long words of trades get their letter back where the engine had doubts, and
// words of other languages keep theirs.
func TestExtract_WordsPutRight(t *testing.T) {
	line := func(text, unsure string) ocr.Line {
		l := doubtful(text, unsure, 100)
		l.Box.Max.X, l.At = l.Box.Min.X+16*len(text), nil
		return l
	}
	for _, c := range []struct{ text, unsure, want string }{
		{"Fertile Field Intormation Technology Co., Ltd.", "t", "Fertile Field Information Technology Co., Ltd."},
		{"Lanterna Electronica S.p.A.", "", "Lanterna Electronica S.p.A."},
	} {
		if f := ocr.Extract([]ocr.Line{line(c.text, c.unsure)})["company"]; f.Text != c.want {
			t.Errorf("company = %q, want %q", f.Text, c.want)
		}
	}
}

// What engines lose of addresses on the net is put back by the endings of hosts,
// the card's other address and its name; nothing of it is sure.
func TestExtract_AddressesPutRight(t *testing.T) {
	for _, c := range []situation{
		{"PointsOfTheEnding", []string{"Email: zhao43@harbor.edu.cn", "www.harboreducn"}, map[string]string{"email": "zhao43@harbor.edu.cn", "website": "www.harbor.edu.cn"}},
		{"NoPointAtAll", []string{"E-mail: ada@lantern-seikicojp"}, map[string]string{"email": "ada@lantern-seiki.co.jp"}},
		{"PointBehindMail", []string{"E-mail: ada@mailgranite-vale.org", "Web: granite-vale.org"}, map[string]string{"email": "ada@mail.granite-vale.org", "website": "granite-vale.org"}},
	} {
		c.check(t)
	}
	l := doubtful("bruce-then16@harbor.com", "t", 200)
	got := ocr.Extract(append(set("#Bruce Chen"), l))["email"]
	if got.Text != "bruce-chen16@harbor.com" || got.Confidence >= ocr.Bar {
		t.Errorf("email = %q with %.2f", got.Text, got.Confidence)
	}
	if got := ocr.Extract(append(set("#Bruce Chen"), doubtful("bruce-then16@harbor.com", "", 200)))["email"]; got.Text != "bruce-then16@harbor.com" {
		t.Errorf("email that the engine is sure of = %q", got.Text)
	}
}
