package ocr_test

import (
	"image"
	"testing"

	"hallpass/ocr"
)

// at places one line of the given height.
func at(text string, x, y, w, h int) ocr.Line {
	return ocr.Line{Text: text, Confidence: 0.97, Box: image.Rect(x, y, x+w, y+h)}
}

// Labels are printed in front, twice, behind, in brackets, tight, and are
// misread in one sign.
func TestExtract_LabelsInEveryForm(t *testing.T) {
	for _, c := range []struct{ situation, line, field, text string }{
		{"SecondLabelWithoutABlank", "手機Mobile:0900 123 456", "mobile", "0900 123 456"},
		{"SignReadBetween", "电话iTel (025)61234567", "phone", "(025)61234567"},
		{"Brackets", "[Telephone] (65) 6000-0979", "phone", "(65) 6000-0979"},
		{"ChineseBrackets", "【手机Mobile】163 1234 5678", "mobile", "163 1234 5678"},
		{"Behind", "0900-123-456 (流動電話)", "mobile", "0900-123-456"},
		{"BehindInTwoLanguages", "ada@harbor.example (電子郵件 Email)", "email", "ada@harbor.example"},
		{"BehindAndMisread", "(02)2345-6789 (瓣公室)", "phone", "(02)2345-6789"},
		{"TwoWords", "Direct line +49 30 23125 788", "phone", "+49 30 23125 788"},
		{"OneForL", "Te1: +852 2345 6789", "phone", "+852 2345 6789"},
		{"ZeroForO", "M0bile: +44 7700 900456", "mobile", "+44 7700 900456"},
		{"LetterLost", "Moble: +44 7700 900456", "mobile", "+44 7700 900456"},
		{"CharacterMisread", "手杌：163 1234 5678", "mobile", "163 1234 5678"},
		{"FaxMisread", "傅真：(02)2345-6789", "fax", "(02)2345-6789"},
		{"TightLetter", "M+44 7700 900456", "mobile", "+44 7700 900456"},
		{"OfficeBeforeANumber", "Office 0113 496 0199", "phone", "0113 496 0199"},
		{"OfficeBeforeAPlace", "Head Office: 18 Quarry Lane, London SW1A 1AA", "address", "18 Quarry Lane, London SW1A 1AA"},
		{"OfficeMisreadBeforeAPlace", "Head Offce: 18 Quarry Lane, London SW1A 1AA", "address", "18 Quarry Lane, London SW1A 1AA"},
		{"PlaceLabelled", "工廠：866 彰化縣鹿港鎮鹿工路230號", "address", "866彰化縣鹿港鎮鹿工路230號"},
		{"IconBeforeANumber", "9 +852 2345 6789", "phone", "+852 2345 6789"},
		{"MobileUnderAPlainLabel", "联系电话：16312345678", "mobile", "16312345678"},
		{"OnlineBeforeAHost", "Online harborlantern.com", "website", "harborlantern.com"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			name, f := only(t, c.line)
			if name != c.field || f.Text != c.text {
				t.Errorf("Extract(%q) = %s %q, want %s %q", c.line, name, f.Text, c.field, c.text)
			}
		})
	}
}

// The label's own column, or its own line above the value.
func TestExtract_LabelsApartFromTheirValues(t *testing.T) {
	want := map[string]string{"mobile": "163 1234 5678", "phone": "025-6123 4567", "email": "he@qingshi.example"}
	t.Run("InAColumn", func(t *testing.T) {
		wantFields(t, ocr.Extract([]ocr.Line{
			at("手机", 40, 100, 60, 30), at("163 1234 5678", 180, 100, 200, 30),
			at("电话 Tel", 40, 150, 110, 30), at("025-6123 4567", 180, 150, 200, 30),
			at("E", 40, 200, 18, 30), at("he@qingshi.example", 180, 200, 260, 30),
		}), want)
	})
	t.Run("Above", func(t *testing.T) {
		wantFields(t, ocr.Extract([]ocr.Line{
			at("手机 Mobile", 40, 100, 120, 24), at("163 1234 5678", 40, 126, 200, 30),
			at("电话", 40, 180, 60, 24), at("025-6123 4567", 40, 206, 200, 30),
			at("邮箱", 40, 260, 60, 24), at("he@qingshi.example", 40, 286, 260, 30),
		}), want)
	})
}

// What a wide gap or a bar parts is two values; so are a department and a
// title, a name and a title, a company and a name on one line.
func TestExtract_TwoThingsOnOneLine(t *testing.T) {
	for _, c := range []struct {
		situation, line string
		want            map[string]string
	}{
		{"LatinBar", "Sales Division|Regional Sales Manager", map[string]string{"department": "Sales Division", "title": "Regional Sales Manager"}},
		{"LatinBlank", "Marketing Department Sales Director", map[string]string{"department": "Marketing Department", "title": "Sales Director"}},
		{"LatinSlash", "Intellectual Property / Partner", map[string]string{"department": "Intellectual Property", "title": "Partner"}},
		{"RunTogether", "SeniorSalesManager", map[string]string{"title": "Senior Sales Manager"}},
		{"RunTogetherWithSmallWords", "AttorneyatLaw", map[string]string{"title": "Attorney at Law"}},
		{"TwoTitles", "供應鏈總監 / 高級經濟師", map[string]string{"title": "供應鏈總監"}},
		{"NumbersOfTwoKindsWithALetter", "座机：0512-24705739 /F:0512 8875 0311", map[string]string{"phone": "0512-24705739", "fax": "0512 8875 0311"}},
	} {
		t.Run(c.situation, func(t *testing.T) { wantFields(t, ocr.Extract(set(c.line)), c.want) })
	}
}

// P8, P9: registration numbers, accounts and hours are nobody's field.
func TestExtract_WhatIsNoField(t *testing.T) {
	for _, line := range []string{"[Reg] Co. Reg. No. 200008305K", "匯款帳戶：第三商業銀行 中壢分行 000-726-322981", "63075202 (統一編號)", "开户行：青石银行南京分行", "营业时间：周一至周五 9:00-18:00", "诚信为本 服务至上", "Engineering tomorrow's certainty", "扫码加微信", "ISO 9001:2015"} {
		for name, f := range ocr.Extract(set(line)) {
			t.Errorf("Extract(%q).%s = %q, want no field", line, name, f.Text)
		}
	}
}
