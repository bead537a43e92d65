package ocr_test

import (
	"image"
	"strings"
	"testing"
	"unicode/utf8"

	"hallpass/ocr"
)

// set places lines under one another, 30 pixels high; "#" before a line makes
// it a large one, "|" a line in the right-hand column beside the one before.
func set(lines ...string) (out []ocr.Line) {
	y := 20
	for _, s := range lines {
		x, h := 40, 30
		if rest, ok := strings.CutPrefix(s, "#"); ok {
			s, h = rest, 60
		}
		if rest, ok := strings.CutPrefix(s, ">"); ok {
			s, x, y = rest, 600, y-50
		}
		width := 16 * utf8.RuneCountInString(s)
		out = append(out, ocr.Line{Text: s, Confidence: 0.96, Box: image.Rect(x, y, x+width, y+h)})
		y += h + 20
	}
	return out
}

func TestExtract(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []string
		want      map[string]string
	}{
		{"Simplified", []string{"#何  远山", "研发中心 / 高级工程师", "南京青石仪器有限公司", "手机：163 1234 5678", "电话：025-6123 4567 传真：025-6123 4568", "邮箱：he@qingshi.example", "邮编：210000", "地址：江苏省南京市玄武区长江路18号", "青石大厦6层602室"}, map[string]string{
			"name": "何远山", "department": "研发中心", "title": "高级工程师", "company": "南京青石仪器有限公司", "mobile": "163 1234 5678",
			"phone": "025-6123 4567", "fax": "025-6123 4568", "email": "he@qingshi.example", "postcode": "210000", "address": "江苏省南京市玄武区长江路18号青石大厦6层602室"}},
		{"Traditional", []string{"藍田精密股份有限公司", "#林書涵 業務經理", "行動電話: 0900-123-456", "電話：(02)2345-6789 分機12", "網址：www.lantian.tw", "105 台北市松山區民生路12號3樓"}, map[string]string{
			"name": "林書涵", "title": "業務經理", "company": "藍田精密股份有限公司", "mobile": "0900-123-456", "phone": "(02)2345-6789 分機12", "website": "www.lantian.tw", "address": "105台北市松山區民生路12號3樓"}},
		{"English", []string{"Harbor Lantern Robotics Ltd.", "#Ada M. van Dyke", "Head of Research", "Research & Development", "T +44 20 7946 0123", "M +44 7700 900456", "E ada.vandyke@harborlantern.com", "harborlantern.com", "Unit 4, 12 Quarry Lane,", "London SW1A 1AA"}, map[string]string{
			"name": "Ada M. van Dyke", "title": "Head of Research", "department": "Research & Development", "company": "Harbor Lantern Robotics Ltd.", "phone": "+44 20 7946 0123", "mobile": "+44 7700 900456",
			"email": "ada.vandyke@harborlantern.com", "website": "harborlantern.com", "address": "Unit 4, 12 Quarry Lane, London SW1A 1AA"}},
		{"Bilingual", []string{"#周启明", "Leo Zhou", "销售总监", "Sales Director", "苏州白塔材料有限公司", "Suzhou White Pagoda Materials Co., Ltd.", "手机 Mobile: 164 2345 6789", "微信 WeChat: leo_zhou8", "QQ: 12345678"}, map[string]string{
			"name": "周启明", "name_en": "Leo Zhou", "title": "销售总监", "title_en": "Sales Director", "company": "苏州白塔材料有限公司", "company_en": "Suzhou White Pagoda Materials Co., Ltd.",
			"mobile": "164 2345 6789", "wechat": "leo_zhou8", "qq": "12345678"}},
		{"NoLabels", []string{"#Mina Castell", "mina@brightmill.io", "+1 (415) 555-0123", "www.brightmill.io", "Bright Mill"}, map[string]string{
			"name": "Mina Castell", "email": "mina@brightmill.io", "phone": "+1 (415) 555-0123", "website": "www.brightmill.io", "company": "Bright Mill"}},
		{"WrappedTitleAndCompany", []string{"#Otto Lind", "Deputy General", "Manager", "Northern Copper Wire", "Works Company Limited"}, map[string]string{
			"name": "Otto Lind", "title": "Deputy General Manager", "company": "Northern Copper Wire Works Company Limited"}},
		{"IconsReadAsSigns", []string{"#Otto Lind", "™ otto@copper.example", "@ https://copper.example"}, map[string]string{
			"name": "Otto Lind", "email": "otto@copper.example", "website": "https://copper.example"}},
		{"CommaReadForADot", []string{"E-mail: otto@copper,example"}, map[string]string{"email": "otto@copper.example"}},
		{"DotLostAfterWWW", []string{"官网：wwwcopper.net"}, map[string]string{"website": "www.copper.net"}},
		{"LabelReadIntoTheValue", []string{"邮箱/E：代otto@copper.example", "微信: ':otto_8560"}, map[string]string{"email": "otto@copper.example", "wechat": "otto_8560"}},
		{"BlanksInsideALabel", []string{"行 動電話 : 6286 2713"}, map[string]string{"mobile": "6286 2713"}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got := ocr.Extract(set(c.lines...))
			for field, want := range c.want {
				if got[field].Text != want {
					t.Errorf("%s = %q, want %q", field, got[field].Text, want)
				}
			}
			for field, f := range got {
				if _, ok := c.want[field]; !ok {
					t.Errorf("%s = %q, want none", field, f.Text)
				}
			}
		})
	}
}

// A number that fits no plan is shown, and shown as doubtful.
func TestExtract_KeepsAnImpossibleNumberDoubtful(t *testing.T) {
	for _, c := range []struct {
		line  string
		field string
		sure  bool
	}{
		{"手机: 163 1234 5678", "mobile", true},
		{"手机: 163 1234 567", "mobile", false},
		{"Tel: +852 2345 6789", "phone", true},
		{"Tel: +852 2345 67", "phone", false},
		{"Mobile: +44 7700 900456", "mobile", true},
		{"Mobile: +44 7700 9004", "mobile", false},
	} {
		f, ok := ocr.Extract(set(c.line))[c.field]
		if !ok || (f.Confidence >= ocr.Bar) != c.sure {
			t.Errorf("Extract(%q).%s = %+v, want sure %v", c.line, c.field, f, c.sure)
		}
	}
}

func TestExtract_DoubtOfTheEngineStays(t *testing.T) {
	lines := set("E ada@harbor.example")
	lines[0].Confidence = 0.5
	if f := ocr.Extract(lines)["email"]; f.Confidence > 0.5 {
		t.Errorf("confidence %v, want at most the engine's 0.5", f.Confidence)
	}
}

func TestExtract_SecondValueIsMore(t *testing.T) {
	f := ocr.Extract(set("手机: 163 1234 5678", "手机: 164 8765 4321"))["mobile"]
	if len(f.More) != 1 || f.More[0].Text == f.Text {
		t.Errorf("mobile = %+v, want one value more", f)
	}
}

// FuzzExtract shows that no text breaks the rules: values are not empty,
// confidences stay in range, and what is read twice is read alike.
func FuzzExtract(f *testing.F) {
	f.Add("#王小明\n总经理\n手机：163 1234 5678", 0.9)
	f.Add("T +44 20 7946 0123 | F: +44 20 7946 0124\n（）\n@ @ @\nE\nM ", 0.5)
	f.Add("地址 Add: 香港 1 號\n 2樓", 1.5)
	f.Fuzz(func(t *testing.T, text string, conf float64) {
		lines := set(strings.Split(text, "\n")...)
		for i := range lines {
			lines[i].Confidence = conf
		}
		first, second := ocr.Extract(lines), ocr.Extract(lines)
		for name, v := range first {
			if v.Text == "" || !(v.Confidence >= 0 && v.Confidence <= 1) {
				t.Errorf("%s = %+v", name, v)
			}
			if w := second[name]; w.Text != v.Text {
				t.Errorf("%s is %q and then %q", name, v.Text, w.Text)
			}
		}
	})
}

func BenchmarkExtract(b *testing.B) {
	lines := set("#何远山", "研发中心 / 高级工程师", "南京青石仪器有限公司", "手机：163 1234 5678", "邮箱：he@qingshi.example", "地址：江苏省南京市玄武区长江路18号", "青石大厦6层602室")
	for b.Loop() {
		ocr.Extract(lines)
	}
}
