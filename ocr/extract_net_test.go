package ocr_test

import (
	"image"
	"testing"

	"hallpass/ocr"
)

func TestExtract_Emails(t *testing.T) {
	for _, c := range []struct {
		situation, line, text string
		sure                  bool
	}{
		{"Plain", "ada.vandyke@harbor.example", "ada.vandyke@harbor.example", true},
		{"Label", "E-mail: ada@harbor.example", "ada@harbor.example", true},
		{"LabelWithoutColon", "Email ada@harbor.example", "ada@harbor.example", true},
		{"LetterLabel", "E: ada@harbor.example", "ada@harbor.example", true},
		{"ChineseLabel", "电子邮箱：ada@harbor.example", "ada@harbor.example", true},
		{"TwoLabels", "邮箱 E-mail: ada@harbor.example", "ada@harbor.example", true},
		{"FullWidth", "邮箱：ａｄａ＠ｈａｒｂｏｒ．ｅｘａｍｐｌｅ", "ada@harbor.example", true},
		{"BlankAroundTheAt", "E-mail: ada @ harbor.example", "ada@harbor.example", true},
		{"BlankBeforeTheDot", "邮箱: ada@harbor .example", "ada@harbor.example", true},
		{"BlanksEverywhere", "ada . vandyke @ harbor . example", "ada.vandyke@harbor.example", true},
		{"BlankInsideTheName", "Email: ada vandyke@harbor.example", "adavandyke@harbor.example", true},
		{"CommaForADot", "E: ada@harbor,example", "ada@harbor.example", false},
		{"DotAtTheEnd", "Email: ada@harbor.example.", "ada@harbor.example", true},
		{"UnknownTopLevel", "Email: ada@harbor.exarnple", "ada@harbor.exarnple", false},
		{"AtLost", "Email: adaharbor.example", "adaharbor.example", false},
		{"TwoAts", "Email: ada@@harbor.example", "ada@@harbor.example", false},
		{"NoDomain", "Email: ada.vandyke@", "ada.vandyke@", false},
		{"Plus", "ada+fair@harbor.example", "ada+fair@harbor.example", true},
		{"Subdomain", "ada@mail.harbor.co.uk", "ada@mail.harbor.co.uk", true},
		{"IconBefore", "™ ada@harbor.example", "ada@harbor.example", true},
		{"EnvelopeReadAsChinese", "邮箱/E：代ada@harbor.example", "ada@harbor.example", true},
		{"MobileLabelForMail", "M: ada@harbor.example", "ada@harbor.example", true},
		{"NameThatBeginsLikeALabel", "mobile.sales@harbor.example", "mobile.sales@harbor.example", true},
		{"InitialThatIsALabelForMail", "e.meyer@harbor.example", "e.meyer@harbor.example", true},
		{"InitialThatIsALabelForAddress", "a.meyer@harbor.example", "a.meyer@harbor.example", true},
		{"InitialThatIsALabelForWeb", "w.chen@harbor.example", "w.chen@harbor.example", true},
		{"LabelledInitial", "E: e.meyer@harbor.example", "e.meyer@harbor.example", true},
		{"DotForTheColonOfTheLabel", "E-mail.ada@harbor.example", "ada@harbor.example", true},
		{"LocalPartIsALetter", "e@harbor.example", "e@harbor.example", true},
	} {
		t.Run(c.situation, func(t *testing.T) { wantLine(t, c.line, "email", c.text, c.sure) })
	}
}

func TestExtract_Websites(t *testing.T) {
	for _, c := range []struct {
		situation, line, text string
		sure                  bool
	}{
		{"Plain", "www.harbor.example", "www.harbor.example", true},
		{"WithoutWWW", "harborlantern.com", "harborlantern.com", true},
		{"Scheme", "https://harbor.example/en", "https://harbor.example/en", true},
		{"SchemeLabelled", "网址：http://www.harbor.example", "http://www.harbor.example", true},
		{"Label", "Web: harborlantern.com", "harborlantern.com", true},
		{"LetterLabel", "W: www.harbor.example", "www.harbor.example", true},
		{"CommaForADot", "www,harbor.example", "www.harbor.example", false},
		{"DotLostAfterWWW", "官网：wwwharbor.net", "www.harbor.net", false},
		{"BlankAfterTheDot", "www. harbor.example", "www.harbor.example", true},
		{"UpperCase", "WWW.HARBOR.EXAMPLE", "WWW.HARBOR.EXAMPLE", true},
		{"Port", "http://harbor.example:8080/", "http://harbor.example:8080", true},
		{"LabelledButNoDomain", "网址：harbor lantern", "harborlantern", false},
		{"GlobeReadAsASign", "@ www.harbor.example", "www.harbor.example", true},
	} {
		t.Run(c.situation, func(t *testing.T) { wantLine(t, c.line, "website", c.text, c.sure) })
	}
}

// What looks a little like an address on the net and is none.
func TestExtract_NoAddressOnTheNet(t *testing.T) {
	for _, line := range []string{"@", "@ @ @", "ada@", "www", "www.", "No.12", "Co.Ltd", "a.b", "...", "http://"} {
		fields := ocr.Extract(set(line))
		for _, field := range []string{"email", "website"} {
			if f, ok := fields[field]; ok {
				t.Errorf("Extract(%q).%s = %q, want none", line, field, f.Text)
			}
		}
	}
}

func TestExtract_MessengersAndPostcodes(t *testing.T) {
	for _, c := range []struct {
		situation, line, field, text string
		sure                         bool
	}{
		{"WeChat", "微信：he_yuanshan", "wechat", "he_yuanshan", true},
		{"WeChatLatin", "WeChat: leo_zhou8", "wechat", "leo_zhou8", true},
		{"WeChatTwoLabels", "微信号 WeChat: leo_zhou8", "wechat", "leo_zhou8", true},
		{"WeChatTraditional", "微訊：leo-zhou8", "wechat", "leo-zhou8", true},
		{"WeChatBrokenByABlank", "微信: leo _zhou8", "wechat", "leo_zhou8", true},
		{"WeChatIsAPhone", "微信：16312345678", "wechat", "16312345678", true},
		{"WeChatTooShort", "微信：leo", "wechat", "leo", false},
		{"WeChatWithAStrangeSign", "微信：leo*zhou", "wechat", "leo*zhou", false},
		{"QQ", "QQ: 12345678", "qq", "12345678", true},
		{"QQChineseLabel", "QQ号：123456789", "qq", "123456789", true},
		{"QQTooShort", "QQ: 123", "qq", "123", false},
		{"Postcode", "邮编：210000", "postcode", "210000", true},
		{"PostcodeTraditional", "郵遞區號：10578", "postcode", "10578", true},
		{"PostcodeSpaced", "邮编: 210 000", "postcode", "210000", true},
		{"PostcodeInLatin", "Zip: 94103", "postcode", "94103", true},
		{"PostcodeTooLong", "邮编：2100001234567", "postcode", "2100001234567", false},
	} {
		t.Run(c.situation, func(t *testing.T) { wantLine(t, c.line, c.field, c.text, c.sure) })
	}
}

// Ids of other services and tax numbers are nobody's telephone.
func TestExtract_OtherNumbersAreNoField(t *testing.T) {
	for _, line := range []string{"LINE: ada_harbor", "Skype: ada.harbor", "统一编号：12345678", "統一編號: 12345678", "税号：91310000123456789X", "VAT: 123456789"} {
		if fields := ocr.Extract(set(line)); len(fields) != 0 {
			t.Errorf("Extract(%q) = %v, want no field", line, fields)
		}
	}
}

// P9: the label says what a value is even where nothing of it can be read.
func TestExtract_LabelWithoutAValue(t *testing.T) {
	for _, line := range []string{"手机：", "Tel:", "E-mail:", "地址：", "QQ:", "微信：", "Fax", "M"} {
		for name, f := range ocr.Extract(set(line)) {
			t.Errorf("Extract(%q).%s = %q, want no field", line, name, f.Text)
		}
	}
}

// A label that was read as one word with its website is no part of it.
func TestExtract_LabelReadIntoTheWebsite(t *testing.T) {
	for _, c := range []struct{ mail, web, want string }{
		{"E ada@harborlight.com", "Wharborlight.com", "harborlight.com"},
		{"E ada@harborlight.com", "harborlight.com", "harborlight.com"},
		{"E ada@lightharbor.com", "Wharborlight.com", "Wharborlight.com"}, // nothing says so
	} {
		fields := ocr.Extract([]ocr.Line{
			{Text: "Ada Harbor", Confidence: 0.99, Weakest: 0.99, Box: image.Rect(40, 40, 300, 80)},
			{Text: c.mail, Confidence: 0.99, Weakest: 0.99, Box: image.Rect(40, 200, 400, 230)},
			{Text: c.web, Confidence: 0.99, Weakest: 0.99, Box: image.Rect(40, 240, 300, 270)},
		})
		if got := fields["website"].Text; got != c.want {
			t.Errorf("%q beside %q: website %q, want %q", c.web, c.mail, got, c.want)
		}
	}
}
