package ocr_test

import (
	"testing"

	"hallpass/ocr"
)

// only is the one field a single line gives; the test fails when there are
// more.
func only(t *testing.T, line string) (name string, f ocr.Field) {
	t.Helper()
	fields := ocr.Extract(set(line))
	if len(fields) > 1 {
		t.Errorf("Extract(%q) = %v, want one field at most", line, fields)
	}
	for name, f = range fields {
	}
	return name, f
}

// wantLine checks the field and the text that a line gives, and whether it is
// sure.
func wantLine(t *testing.T, line, field, text string, sure bool) {
	t.Helper()
	name, f := only(t, line)
	if name != field || f.Text != text {
		t.Errorf("Extract(%q) = %s %q, want %s %q", line, name, f.Text, field, text)
	}
	if field != "" && (f.Confidence >= ocr.Bar) != sure {
		t.Errorf("Extract(%q).%s has confidence %.2f, want sure: %v", line, name, f.Confidence, sure)
	}
}

func TestExtract_NumbersByPlan(t *testing.T) {
	for _, c := range []struct {
		situation, line, field, text string
		sure                         bool
	}{
		{"MainlandMobile", "163 1234 5678", "mobile", "163 1234 5678", true},
		{"MainlandMobileAbroad", "+86 163 1234 5678", "mobile", "+86 163 1234 5678", true},
		{"MainlandMobileDoubleZero", "0086-163-1234-5678", "mobile", "0086-163-1234-5678", true},
		{"MainlandMobileTenDigits", "手机：163 1234 567", "mobile", "163 1234 567", false},
		{"MainlandMobileTwelveDigits", "手机：163 1234 56789", "mobile", "163 1234 56789", false},
		{"MainlandPrefixThatIsNotGiven", "手机：123 1234 5678", "mobile", "123 1234 5678", false},
		{"MainlandLandline", "电话：010-6123 4567", "phone", "010-6123 4567", true},
		{"MainlandExtensionAfterDash", "电话：(021)61234567-617", "phone", "(021)61234567-617", true},
		{"MainlandExtensionAfterWord", "电话：021-61234567转8012", "phone", "021-61234567转8012", true},
		{"MainlandHotline", "热线：400-123-4567", "phone", "400-123-4567", true},
		{"TaiwanMobile", "行動電話：0900-123-456", "mobile", "0900-123-456", true},
		{"TaiwanMobileAbroad", "M +886 900 123 456", "mobile", "+886 900 123 456", true},
		{"TaiwanMobileZeroKept", "M +886 (0)900 123 456", "mobile", "+886 (0)900 123 456", true},
		{"TaiwanLandline", "電話：(02)2345-6789", "phone", "(02)2345-6789", true},
		{"TaiwanExtension", "電話：(02)2345-6789 分機12", "phone", "(02)2345-6789 分機12", true},
		{"TaiwanHashExtension", "Tel: (02)2345-6789 #12", "phone", "(02)2345-6789 #12", true},
		{"HongKong", "Tel: +852 2345 6789", "phone", "+852 2345 6789", true},
		{"HongKongBracketed", "電話：(852) 2345 6789", "phone", "(852) 2345 6789", true},
		{"HongKongSevenDigits", "Tel: +852 2345 678", "phone", "+852 2345 678", false},
		{"MacauMobile", "Mobile: +853 6123 4567", "mobile", "+853 6123 4567", true},
		{"America", "+1 (415) 555-0123", "phone", "+1 (415) 555-0123", false},
		{"AmericaLabelled", "Tel: +1 (415) 555-0123", "phone", "+1 (415) 555-0123", true},
		{"AmericaExtension", "Tel: 415-555-0123 ext. 42", "phone", "415-555-0123 ext. 42", true},
		{"AmericaAreaCodeFromOne", "Tel: +1 (115) 555-0123", "phone", "+1 (115) 555-0123", false},
		{"BritainMobile", "+44 7700 900456", "mobile", "+44 7700 900456", true},
		{"BritainTrunkZeroInBrackets", "T +44 (0)20 7946 0123", "phone", "+44 (0)20 7946 0123", true},
		{"Australia", "M: +61 491 570 156", "mobile", "+61 491 570 156", true},
		{"Japan", "Mobile 090-0123-4567", "mobile", "090-0123-4567", true},
		{"GermanyLong", "Tel. +49 30 23125 000", "phone", "+49 30 23125 000", true},
		{"UnknownCountryOfRightLength", "Tel: +999 12 345 6789", "phone", "+999 12 345 6789", true},
		{"UnknownCountryTooShort", "Tel: +999 12 34", "phone", "+999 12 34", false},
		{"DotsBetweenGroups", "Tel: 020.7946.0123", "phone", "020.7946.0123", true},
		{"FullWidthDigits", "手机：１６３１２３４５６７８", "mobile", "16312345678", true},
		{"FullWidthBrackets", "传真：（021）61234567", "fax", "(021)61234567", true},
		{"FullWidthBracketsAlone", "（02）2345-6789", "phone", "(02)2345-6789", true},
		{"LongDashes", "Fax: 021—6123–4567", "fax", "021-6123-4567", true},
		{"TooLongForAnyPlan", "Tel: 1234 5678 9012 3456 7890", "phone", "1234 5678 9012 3456 7890", false},
		{"FewDigitsWithLabel", "Tel: 12345", "phone", "12345", false},
		{"FewDigitsWithoutLabel", "12345", "", "", false},
	} {
		t.Run(c.situation, func(t *testing.T) { wantLine(t, c.line, c.field, c.text, c.sure) })
	}
}

// Letters that engines take digits for are read as digits after a label, and
// what had to be repaired is never sure.
func TestExtract_LettersReadForDigits(t *testing.T) {
	for _, c := range []struct{ situation, line, field, text string }{
		{"CapitalO", "手机：163 1234 567O", "mobile", "163 1234 5670"},
		{"SmallL", "Mobile: +44 77OO 9l0456", "mobile", "+44 7700 910456"},
		{"LettersSAndB", "Tel: +852 234S 67B9", "phone", "+852 2345 6789"},
		{"BracketForOne", "Fax: 02]-61234567", "fax", "021-61234567"},
	} {
		t.Run(c.situation, func(t *testing.T) { wantLine(t, c.line, c.field, c.text, false) })
	}
}

func TestExtract_SeveralNumbersOnOneLine(t *testing.T) {
	for _, c := range []struct {
		situation, line string
		want            map[string]string
	}{
		{"PhoneAndFax", "电话：025-6123 4567 传真：025-6123 4568", map[string]string{"phone": "025-6123 4567", "fax": "025-6123 4568"}},
		{"Bars", "T +44 20 7946 0123 | F +44 20 7946 0124 | M +44 7700 900456", map[string]string{"phone": "+44 20 7946 0123", "fax": "+44 20 7946 0124", "mobile": "+44 7700 900456"}},
		{"Slash", "Tel: +852 2345 6789 / Fax: +852 2345 6780", map[string]string{"phone": "+852 2345 6789", "fax": "+852 2345 6780"}},
		{"FullWidthBar", "手机：163 1234 5678｜微信：he_yuanshan", map[string]string{"mobile": "163 1234 5678", "wechat": "he_yuanshan"}},
		{"SecondInFullWidthBrackets", "电话：（021）61234567 传真：（021）61234568", map[string]string{"phone": "(021)61234567", "fax": "(021)61234568"}},
		{"NumberAndMail", "M: +44 7700 900456 E: ada@harbor.example", map[string]string{"mobile": "+44 7700 900456", "email": "ada@harbor.example"}},
		{"PhoneAndPostcode", "电话：025-6123 4567 邮编：210000", map[string]string{"phone": "025-6123 4567", "postcode": "210000"}},
	} {
		t.Run(c.situation, func(t *testing.T) { wantFields(t, ocr.Extract(set(c.line)), c.want) })
	}
}

// wantFields checks that exactly the wanted fields are read.
func wantFields(t *testing.T, got map[string]ocr.Field, want map[string]string) {
	t.Helper()
	for field, text := range want {
		if got[field].Text != text {
			t.Errorf("%s = %q, want %q", field, got[field].Text, text)
		}
	}
	for field, f := range got {
		if _, ok := want[field]; !ok {
			t.Errorf("%s = %q, want none", field, f.Text)
		}
	}
}

// Every further value is kept, surest first, none twice.
func TestExtract_MoreNumbers(t *testing.T) {
	lines := set("手机: 163 1234 567", "手机: 164 8765 4321", "手机: 165 1111 2222", "手机: 165 1111 2222")
	f := ocr.Extract(lines)["mobile"]
	if f.Text != "164 8765 4321" {
		t.Errorf("mobile = %q, want the first that fits a plan", f.Text)
	}
	var more []string
	for _, m := range f.More {
		more = append(more, m.Text)
	}
	if len(more) != 2 || more[0] != "165 1111 2222" || more[1] != "163 1234 567" {
		t.Errorf("more = %q, want the other one that fits and then the one that does not, each once", more)
	}
	if n := len(f.More); n > 0 && f.More[n-1].Confidence >= ocr.Bar {
		t.Errorf("the number that fits no plan has confidence %.2f", f.More[n-1].Confidence)
	}
}
