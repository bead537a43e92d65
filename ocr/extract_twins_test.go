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
