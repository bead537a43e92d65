package ocr_test

import (
	"strings"
	"testing"

	"hallpass/ocr"
)

// What one field says of another puts letters right, and the result is never
// sure.
func TestExtract_FieldsPutOneAnotherRight(t *testing.T) {
	for _, c := range []struct {
		situation   string
		lines       []string
		field, want string
	}{
		{"HostByTheMail", []string{"E: ada@harborlantern.com", "Web: warw.harborlantern.com"}, "website", "www.harborlantern.com"},
		{"DomainOneLetterOff", []string{"E: ada@harborlantern.com", "Web: www.harborlantem.com"}, "", ""},
		{"AtReadAsALetter", []string{"adaqharborlantern.com", "www.harborlantern.com"}, "email", "ada@harborlantern.com"},
		{"LetterLabelInTheMail", []string{"T +44 20 7946 0123", "e.ada.castell@harbor.example"}, "email", "ada.castell@harbor.example"},
		{"NameCutShort", []string{"#Wendy Whi", "wendy.whitfield@harbor.example"}, "name", "Wendy Whitfield"},
		{"NameWithALetterLost", []string{"#Beatrice Quilfeather", "bquillfeather@harbor.example"}, "name", "Beatrice Quillfeather"},
		{"SmallLForCapitalI", []string{"#lsabel Castell", "isabel@harbor.example"}, "name", "Isabel Castell"},
		{"LettersForZeros", []string{"#覃奕辰", "qinoo3@zhicang.example"}, "email", "qin003@zhicang.example"},
		{"ZeroForALetter", []string{"#Queenie Zhao", "queenie-zha043@harbor.example"}, "email", "queenie-zhao43@harbor.example"},
		{"MailHostByTheSite", []string{"ming@mail.1kust.edu.tw", "lkust.edu.tw"}, "email", "ming@mail.lkust.edu.tw"},
		{"SignBeforeTheMail", []string{"#Goh Mei Xian", "E-mail: lmeixian_goh@harbor.example"}, "email", "meixian_goh@harbor.example"},
		{"CapitalsBehindTheMail", []string{"E: ada@harbor.exampleZY"}, "email", "ada@harbor.example"},
		{"CopyrightSignForAt", []string{"ada©harbor.example"}, "email", "ada@harbor.example"},
		{"CornForCom", []string{"E: ada@harbor.corn"}, "email", "ada@harbor.com"},
		{"ZeroInTheEnding", []string{"https://harborlantern.i0"}, "website", "https://harborlantern.io"},
		{"DistrictMisread", []string{"浙江省宁波市勤州区长江路18号"}, "address", "浙江省宁波市鄞州区长江路18号"},
		{"DistrictLostACharacter", []string{"桃園市中區環北路740號"}, "address", "桃園市中壢區環北路740號"},
		{"CityMisread", []string{"彩化縣鹿港鎮鹿工路230號"}, "address", "彰化縣鹿港鎮鹿工路230號"},
		{"LetterInAHouseNumber", []string{"19o Quarry Lane, London SW1A 1AA"}, "address", "190 Quarry Lane, London SW1A 1AA"},
		{"PostBox", []string{"P.0. Box 705, Savannah, GA 31401"}, "address", "P.O. Box 705, Savannah, GA 31401"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			fields := ocr.Extract(set(c.lines...))
			if c.field == "" { // either may be wrong: both must at least agree
				if _, host, _ := strings.Cut(fields["email"].Text, "@"); "www."+host != fields["website"].Text {
					t.Errorf("mail %q and web %q", fields["email"].Text, fields["website"].Text)
				}
				return
			}
			f := fields[c.field]
			if f.Text != c.want {
				t.Errorf("%s = %q, want %q", c.field, f.Text, c.want)
			}
			if f.Confidence >= ocr.Bar {
				t.Errorf("%s has confidence %.2f although it was put right", c.field, f.Confidence)
			}
			if len(f.Why) == 0 {
				t.Errorf("%s says nothing of why", c.field)
			}
		})
	}
}

// What is in order stays as printed.
func TestExtract_NothingPutRightThatIsRight(t *testing.T) {
	for _, c := range []struct {
		field string
		lines []string
		want  string
	}{
		{"name", []string{"#Emily van der Berg", "emily.vanderberg@harbor.example"}, "Emily van der Berg"},
		{"name", []string{"#Goh Mei Xian", "meixian_goh@harbor.example"}, "Goh Mei Xian"},
		{"email", []string{"#Leo Zhao", "leo007@harbor.example"}, "leo007@harbor.example"},
		{"address", []string{"高雄市前鎮區成功三路444號8樓"}, "高雄市前鎮區成功三路444號8樓"},
		{"address", []string{"台中市中區民權路12號"}, "台中市中區民權路12號"},
		{"address", []string{"江苏省苏州市工业园区翡翠路545号"}, "江苏省苏州市工业园区翡翠路545号"},
		{"mobile", []string{"M: 465 8000 6994"}, "465 8000 6994"},
	} {
		if got := ocr.Extract(set(c.lines...))[c.field].Text; got != c.want {
			t.Errorf("Extract(%q).%s = %q, want %q", c.lines, c.field, got, c.want)
		}
	}
}

// Names of many kinds, with what is printed around them.
func TestExtract_NamesOfManyKinds(t *testing.T) {
	for _, c := range []struct{ situation, line, want string }{
		{"Foreign", "玛丽亚·科瓦奇", "玛丽亚·科瓦奇"},
		{"Tibetan", "扎西次仁", "扎西次仁"},
		{"Japanese", "山田太郎", "山田太郎"},
		{"WithALatinName", "苗奕辰（Gloria）", "苗奕辰（Gloria）"},
		{"FormOfAddress", "柯心怡 先生", "柯心怡"},
		{"Title", "Dr. Noor Lockhart", "Dr. Noor Lockhart"},
		{"Degrees", "Noor Lockhart, J.D., CPA", "Noor Lockhart"},
		{"LastNameFirst", "LIEN, Chih-Ming", "LIEN, Chih-Ming"},
		{"UpperCaseParticles", "DESMOND DE LA FONTAINE", "DESMOND DE LA FONTAINE"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			if got := ocr.Extract(set("#"+c.line, "", "手机: 163 1234 5678"))["name"].Text; got != c.want {
				t.Errorf("name of %q = %q, want %q", c.line, got, c.want)
			}
		})
	}
}

// Another engine's reading of the same print decides where it fits better.
func TestExtract_SecondReading(t *testing.T) {
	for _, c := range []struct{ situation, first, second, field, want string }{
		{"NumberThatFits", "Tel: +852 2345 678", "Tel: +852 2345 6789", "phone", "+852 2345 6789"},
		{"MailWithItsAt", "E: adaharbor.example", "E: ada@harbor.example", "email", "ada@harbor.example"},
		{"BlanksOfTheSecond", "HeadofQuality", "Head of Quality", "title", "Head of Quality"},
		{"WorseSecond", "Tel: +852 2345 6789", "Tel: +852 2345", "phone", "+852 2345 6789"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			lines := set(c.first)
			lines[0].Second = ocr.Reading{Text: c.second, Confidence: 0.9}
			if got := ocr.Extract(lines)[c.field].Text; got != c.want {
				t.Errorf("%s = %q, want %q", c.field, got, c.want)
			}
		})
	}
}

// P9: a page of prose has no address.
func TestExtract_ProseIsNoAddress(t *testing.T) {
	prose := "昨日，本市召开道路工作会议，会议指出，人民路、中山路一带的大厦和广场将于明年完工，"
	if f, ok := ocr.Extract(set(prose, prose, prose, prose, prose))["address"]; ok && f.Confidence >= ocr.Bar {
		t.Errorf("address = %+v", f)
	}
}
