package ocr_test

import (
	"testing"

	"hallpass/ocr"
)

func TestExtract_Companies(t *testing.T) {
	for _, c := range []struct{ situation, line, text string }{
		{"Simplified", "苏州白塔材料有限公司", "苏州白塔材料有限公司"},
		{"Traditional", "藍田精密股份有限公司", "藍田精密股份有限公司"},
		{"PlaceInBrackets", "白塔材料（苏州）有限公司", "白塔材料（苏州）有限公司"},
		{"BranchInBrackets", "白塔材料有限公司（上海）", "白塔材料有限公司（上海）"},
		{"Branch", "白塔材料有限公司上海分公司", "白塔材料有限公司上海分公司"},
		{"University", "青石理工大学", "青石理工大学"},
		{"LawFirm", "白塔律师事务所", "白塔律师事务所"},
		{"Hospital", "青石市第二医院", "青石市第二医院"},
		{"SpacedByTheEngine", "苏 州 白 塔 材 料 有 限 公 司", "苏州白塔材料有限公司"},
		{"LatinLtd", "Harbor Lantern Robotics Ltd.", "Harbor Lantern Robotics Ltd."},
		{"LatinCoLtd", "Suzhou White Pagoda Co., Ltd.", "Suzhou White Pagoda Co., Ltd."},
		{"LatinCoLtdTight", "Suzhou White Pagoda Co.,Ltd", "Suzhou White Pagoda Co.,Ltd"},
		{"GmbH", "Kupferdraht Nord GmbH", "Kupferdraht Nord GmbH"},
		{"Inc", "Bright Mill, Inc.", "Bright Mill, Inc."},
		{"Group", "Harbor Lantern Group", "Harbor Lantern Group"},
		{"UniversityOf", "University of Quarry Bay", "University of Quarry Bay"},
		{"LogoSignBefore", "® Harbor Lantern Ltd.", "Harbor Lantern Ltd."},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got := ocr.Extract(set(c.line, "", "#周启明", "手机: 163 1234 5678"))
			if got["company"].Text != c.text {
				t.Errorf("company of %q = %q, want %q", c.line, got["company"].Text, c.text)
			}
			if got["name"].Text != "周启明" {
				t.Errorf("name beside %q = %q", c.line, got["name"].Text)
			}
		})
	}
}

// Without a legal form, the domain's letters tell the company: surely when it
// holds them all, as doubtful when it is a part of them.
func TestExtract_CompanyWithoutAnEnding(t *testing.T) {
	for _, c := range []struct {
		situation, brand, net, want string
	}{
		{"Website", "Bright Mill", "www.brightmill.io", "Bright Mill"},
		{"EmailOnly", "Bright Mill", "ada@brightmill.io", "Bright Mill"},
		{"DashedDomain", "Northgate Analytics", "northgate-analytics.io", "Northgate Analytics"},
		{"BrandIsPartOfTheDomain", "Bluefin", "bluefincapital.com", "Bluefin"},
		{"DomainIsPartOfTheBrand", "Bluefin Capital Advisers", "bluefin.com", "Bluefin Capital Advisers"},
		{"OtherDomain", "Bright Mill", "www.harbor.example", ""},
		{"PublicMail", "Bright Mill", "ada@gmail.com", ""},
	} {
		t.Run(c.situation, func(t *testing.T) {
			f := ocr.Extract(set("#Ada M. Castell", "", c.brand, "", c.net))["company"]
			whole := c.want != "" && c.situation != "BrandIsPartOfTheDomain"
			if f.Text != c.want || f.Confidence >= ocr.Bar != whole {
				t.Errorf("company = %+v, want %q, sure: %t", f, c.want, whole)
			}
		})
	}
}

func TestExtract_Addresses(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []string
		want      string
	}{
		{"OneLine", []string{"江苏省南京市玄武区长江路18号"}, "江苏省南京市玄武区长江路18号"},
		{"Label", []string{"地址：江苏省南京市玄武区长江路18号"}, "江苏省南京市玄武区长江路18号"},
		{"TwoLabels", []string{"地址 Add: 南京市玄武区长江路18号"}, "南京市玄武区长江路18号"},
		{"SpacedByTheEngine", []string{"地址： 南京市 玄武区 长江路 18 号"}, "南京市玄武区长江路18号"},
		{"TwoLines", []string{"地址：江苏省南京市玄武区长江路18号", "青石大厦6层602室"}, "江苏省南京市玄武区长江路18号青石大厦6层602室"},
		{"ThreeLines", []string{"地址：江苏省南京市玄武区", "长江路18号青石大厦", "6层602室"}, "江苏省南京市玄武区长江路18号青石大厦6层602室"},
		{"TraditionalPostcodeInFront", []string{"105 台北市松山區民生路12號3樓"}, "105台北市松山區民生路12號3樓"},
		{"HongKong", []string{"香港九龍灣石塔道8號藍田中心12樓1203室"}, "香港九龍灣石塔道8號藍田中心12樓1203室"},
		{"Latin", []string{"18 Quarry Lane, London SW1A 1AA"}, "18 Quarry Lane, London SW1A 1AA"},
		{"LatinLabel", []string{"Address: 18 Quarry Lane, London"}, "18 Quarry Lane, London"},
		{"LatinTwoLines", []string{"Unit 4, 12 Quarry Lane,", "London SW1A 1AA"}, "Unit 4, 12 Quarry Lane, London SW1A 1AA"},
		{"LatinThreeLines", []string{"Unit 4, Lantern House,", "12 Quarry Lane,", "London SW1A 1AA"}, "Unit 4, Lantern House, 12 Quarry Lane, London SW1A 1AA"},
		{"LatinFourLines", []string{"Unit 4, Lantern House,", "12 Quarry Lane, Stone Park,", "London SW1A 1AA,", "United Kingdom"}, "Unit 4, Lantern House, 12 Quarry Lane, Stone Park, London SW1A 1AA, United Kingdom"},
		{"LatinCommaAtTheEnd", []string{"18 Quarry Lane, London,"}, "18 Quarry Lane, London"},
		{"Canada", []string{"990 Lantern Street, Floor 33, Toronto, ON M5J 2R8"}, "990 Lantern Street, Floor 33, Toronto, ON M5J 2R8"},
		{"America", []string{"500 Lantern Ave, Suite 12, San Francisco, CA 94103"}, "500 Lantern Ave, Suite 12, San Francisco, CA 94103"},
		{"TaiwanInLatin", []string{"7F., No. 176, Lantern Rd., East Dist., Hsinchu City"}, "7F., No. 176, Lantern Rd., East Dist., Hsinchu City"},
		{"PinBeforeIt", []string{"© 18 Quarry Lane, London SW1A 1AA"}, "18 Quarry Lane, London SW1A 1AA"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			wantFields(t, ocr.Extract(set(c.lines...)), map[string]string{"address": c.want})
		})
	}
}

// Two offices are two addresses, and both languages have their own.
func TestExtract_TwoAddresses(t *testing.T) {
	got := ocr.Extract(set("总部地址：江苏省南京市玄武区长江路18号", "工厂地址：江苏省苏州市白塔区石塔路9号"))["address"]
	if len(got.More) != 1 || got.Text == got.More[0].Text {
		t.Errorf("address = %+v, want one more", got)
	}
	got = ocr.Extract(set("江苏省南京市玄武区长江路18号", "上海市徐汇区石塔路9号3楼"))["address"]
	if len(got.More) != 1 {
		t.Errorf("address = %+v, want one more", got)
	}
	wantFields(t, ocr.Extract(set("南京市玄武区长江路18号", "No. 18, Changjiang Road, Nanjing, China")), map[string]string{
		"address": "南京市玄武区长江路18号", "address_en": "No. 18, Changjiang Road, Nanjing, China"})
}

// A line far below, far to the side or of other size is not the address's
// second line.
func TestExtract_AddressEndsWhereItEnds(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []string
	}{
		{"Gap", []string{"地址：江苏省南京市玄武区长江路18号", "", "6层602室"}},
		{"LargerPrint", []string{"地址：江苏省南京市玄武区长江路18号", "#6层602室"}},
		{"Label", []string{"地址：江苏省南京市玄武区长江路18号", "邮编：210000"}},
		{"OtherColumn", []string{"地址：江苏省南京市玄武区长江路18号", ">6层602室"}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got := ocr.Extract(set(c.lines...))["address"]
			if got.Text != "江苏省南京市玄武区长江路18号" {
				t.Errorf("address = %q, want the first line only", got.Text)
			}
		})
	}
}

// Lines set around the middle of the card belong together too.
func TestExtract_CentredAddress(t *testing.T) {
	lines := set("Unit 4, Lantern House, 12 Quarry Lane,", "London SW1A 1AA")
	shift := (lines[0].Box.Dx() - lines[1].Box.Dx()) / 2
	lines[1].Box.Min.X += shift
	lines[1].Box.Max.X += shift
	wantFields(t, ocr.Extract(lines), map[string]string{"address": "Unit 4, Lantern House, 12 Quarry Lane, London SW1A 1AA"})
}
