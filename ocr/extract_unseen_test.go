package ocr_test

import (
	"image"
	"slices"
	"testing"

	"hallpass/ocr"
)

// Ways of setting cards that no known layout has.
func TestExtract_UnseenLayouts(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []string
		want      map[string]string
	}{
		{"TradeAboveAnOfficersTitle", []string{"#Maeve Corrigan", "Logistics", "CFO", "Lantern Brewing Limited"}, map[string]string{
			"name": "Maeve Corrigan", "department": "Logistics", "title": "CFO", "company": "Lantern Brewing Limited"}},
		{"RegionAsDepartment", []string{"#Padma Rajagopal", "Supervisor", "Northern Region"}, map[string]string{"title": "Supervisor", "department": "Northern Region"}},
		{"GroupAsDepartment", []string{"#李冠霖", "智慧設備事業群", "Smart Equipment Group"}, map[string]string{"department": "智慧設備事業群"}},
		{"RankWrappedBeforeItsLastWord", []string{"#林宥廷", "電動車動力電池系統整合首席", "專家"}, map[string]string{"title": "電動車動力電池系統整合首席專家"}},
		{"NicknameInQuotes", []string{"#Bartholomew “Bart” Ngata", "Kauri Shore Honey Ltd"}, map[string]string{
			"name": "Bartholomew “Bart” Ngata", "company": "Kauri Shore Honey Ltd"}},
		{"UniversityOfAnotherLanguage", []string{"Technische Hochschule Seefeld", "#Klaus Eberle"}, map[string]string{"company": "Technische Hochschule Seefeld", "name": "Klaus Eberle"}},
		{"AccountByItself", []string{"#周雅雯", "V4628924"}, map[string]string{"wechat": "v4628924", "fax": ""}},
		{"TaxNumberUnderAnAddress", []string{"A.高雄市苓雅區四維三路244號11F", "統一號95930750"}, map[string]string{
			"address": "高雄市苓雅區四維三路244號11F", "phone": ""}},
		{"MottoOfTheWorld", []string{"讓世界看見台灣", "#辜建志"}, map[string]string{"address": "", "name": "辜建志"}},
		{"BankAccount", []string{"T: +886 2 5550 0123", "匯款帳戶 0000 1111 2222 33"}, map[string]string{"phone": "+886 2 5550 0123", "mobile": "", "fax": ""}},
		{"TownBeforeAnAddress", []string{"Tel: +31 20 555 0993", "Rotterdam: Havenweg 19, 301IBB", "Rotterdam, The Netherlands"}, map[string]string{
			"address": "Havenweg 19, 3011 BB Rotterdam, The Netherlands"}},
		{"BranchBeforeAnAddress", []string{"分行：基隆市七堵區工建路406號6樓"}, map[string]string{"address": "基隆市七堵區工建路406號6樓"}},
		{"PostcodeInSmallLetters", []string{"A / 54 Anchor Quay. Galway H91 x0x0, lreland"}, map[string]string{"address": "54 Anchor Quay, Galway H91 X0X0, Ireland"}},
		{"WordsRunIntoNumbers", []string{"No.617-2Yanjiang Road,Minhang Distrit, Shanghai, China"}, map[string]string{
			"address": "No.617-2 Yanjiang Road, Minhang District, Shanghai, China"}},
		{"SignBeforeARoom", []string{"地址：新疆乌鲁木齐市天山区枫林路349号恒丰商厦2幢i1602"}, map[string]string{"address": "新疆乌鲁木齐市天山区枫林路349号恒丰商厦2幢1602"}},
		{"InitialReadAsOne", []string{"#VAN HOUTEN, LIESBETH", "Email: 1.vanhouten@office.houtwit.nl"}, map[string]string{"email": "l.vanhouten@office.houtwit.nl"}},
		{"DomainOfTwoOthers", []string{"E-mail: yau-h@haitangli.asia", "E-mail: office@haitangit.asia", "https://www.haitangli.asia"}, map[string]string{
			"email": "yau-h@haitangli.asia", "website": "https://www.haitangli.asia"}},
		{"PointLostBeforeTheEnding", []string{"E-mail: office@haitangli asia"}, map[string]string{"email": "office@haitangli.asia"}},
		{"BarBeforeAnExtension", []string{"FAX 02 7336 49241轉437"}, map[string]string{"fax": "02 7336 4924轉437"}},
		{"OfficerBehindATrade", []string{"#Jean-Luc Fontaine", "Logistics CFO", "Fontaine & Cie"}, map[string]string{
			"department": "Logistics", "title": "CFO", "company": "Fontaine & Cie"}},
		{"OfficerOfAGroup", []string{"#Ada Castell", "Group CFO"}, map[string]string{"title": "Group CFO", "department": ""}},
		{"TitleAboveACompany", []string{"#Marco D'Angelo", "Direttore Vendite", "Officine Bellini S.p.A."}, map[string]string{
			"name": "Marco D'Angelo", "title": "Direttore Vendite", "company": "Officine Bellini S.p.A."}},
		{"Cooperative", []string{"#Claire Tremblay", "Conseillère", "Coopérative Boréale", "Tél. : 514 555-0123, poste 22"}, map[string]string{
			"title": "Conseillère", "company": "Coopérative Boréale", "phone": "514 555-0123, poste 22"}},
		{"ExtensionInBrackets", []string{"电话：010-55501234（分机 410）"}, map[string]string{"phone": "010-55501234(分机 410)"}},
		{"RegisterNumbersWithoutAColon", []string{"#Marco Bellini", "P.IVA 01234567890", "TRN 100123456700003", "IBAN FR76 3000 1000 0112 3456"}, map[string]string{
			"phone": "", "mobile": "", "fax": "", "address": ""}},
		{"TaxNumberBehindAnAddress", []string{"台北市信義區松高路9號12樓 統一編號 12345678"}, map[string]string{"address": "台北市信義區松高路9號12樓", "phone": ""}},
		{"LabelsInShellBrackets", []string{"〔統編〕12345678", "〔手機〕0900-123-456", "〔地址〕台北市中山區南京東路二段100號5樓"}, map[string]string{
			"mobile": "0900-123-456", "fax": "", "phone": "", "address": "台北市中山區南京東路二段100號5樓"}},
		{"HostDoubled", []string{"www-www.bellini.it"}, map[string]string{"website": "www.bellini.it"}},
		{"FreeNumber", []string{"免费热线 400-555-0123"}, map[string]string{"phone": "400-555-0123"}},
		{"FieldWrappedBehindAComma", []string{"#Lotte van Houten", "Chief Expert, EV Traction Battery", "Systems Integration", "Houten B.V."}, map[string]string{
			"title": "Chief Expert, EV Traction Battery Systems Integration", "company": "Houten B.V.", "department": ""}},
		{"PolishCard", []string{"#Łukasz Wiśniewski", "Bursztyn Sp. z o.o.", "ul. Długa 12, 00-238 Warszawa, Polska", "NIP 1234567890"}, map[string]string{
			"company": "Bursztyn Sp. z o.o.", "address": "ul. Długa 12, 00-238 Warszawa, Polska", "phone": ""}},
		{"BranchWithAnOfficeNumber", []string{"Branch: Office 402, Corniche Tower, Abu Dhabi, UAE"}, map[string]string{"address": "Office 402, Corniche Tower, Abu Dhabi, UAE"}},
		{"FreeNumberInFrench", []string{"Sans frais : 1 800 555-0199"}, map[string]string{"phone": "1 800 555-0199"}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			fields := ocr.Extract(set(c.lines...))
			for field, want := range c.want {
				if got := fields[field].Text; got != want {
					t.Errorf("%s = %q, want %q", field, got, want)
				}
			}
		})
	}
}

// The other engine shows where an accent was; where most print has accents,
// Latin values without any are never sure.
func TestExtract_Accents(t *testing.T) {
	lines := set("Address: Seehaldenstrasse 542, CH-8002 Zurich")
	lines[0].Second = ocr.Reading{Text: "Address: Seehaldenstrasse 542, CH-8002 Ziirich", Confidence: 0.9}
	if got := ocr.Extract(lines)["address"].Text; got != "Seehaldenstrasse 542, CH-8002 Zürich" {
		t.Errorf("address = %q", got)
	}
	fields := ocr.Extract(set("#INES GARCIA", "Ceramicas Oro, S.L.", "M: +34 600 555 981", "ines.garcia@oro.es"))
	for _, field := range []string{"name", "company"} {
		if f := fields[field]; f.Text == "" || f.Confidence >= ocr.Bar {
			t.Errorf("%s is %q with confidence %.2f", field, f.Text, f.Confidence)
		}
	}
}

// A label above its value counts although the value's box, taller, reaches into
// the label's.
func TestExtract_LabelAboveTouchesItsValue(t *testing.T) {
	lines := []ocr.Line{
		{Text: "座機", Confidence: 0.96, Box: image.Rect(55, 533, 111, 568)},
		{Text: "(+852) 3716 9443", Confidence: 0.96, Box: image.Rect(52, 555, 218, 595)},
		{Text: "傳真", Confidence: 0.96, Box: image.Rect(52, 591, 105, 629)},
		{Text: "(+852) 3590 8112", Confidence: 0.96, Box: image.Rect(50, 615, 256, 659)},
	}
	fields := ocr.Extract(lines)
	if f := fields["fax"]; f.Text != "(+852) 3590 8112" || !slices.Contains(f.Why, "beside it") {
		t.Errorf("fax = %+v", f)
	}
}

// What is no character behind a name goes where the mail address tells, and the
// name is never sure.
func TestExtract_OrnamentBehindAName(t *testing.T) {
	f := ocr.Extract(set("#南宫铁生姓", "office@baichuan.example", "nigelnangong@baichuan.example"))["name"]
	if f.Text != "南宫铁生" || f.Confidence >= ocr.Bar {
		t.Errorf("name = %q with confidence %.2f", f.Text, f.Confidence)
	}
}
