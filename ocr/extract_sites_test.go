package ocr_test

import (
	"slices"
	"testing"

	"hallpass/ocr"
)

// all are a field's values, sorted.
func all(fields map[string]ocr.Field, names ...string) (out []string) {
	for _, name := range names {
		if f, ok := fields[name]; ok {
			out = append(out, f.Text)
			for _, m := range f.More {
				out = append(out, m.Text)
			}
		}
	}
	slices.Sort(out)
	return out
}

// tells compares the fields that want names; an empty value wants none.
func tells(t *testing.T, got map[string]ocr.Field, want map[string]string) {
	t.Helper()
	for field, text := range want {
		if got[field].Text != text {
			t.Errorf("%s = %q, want %q", field, got[field].Text, text)
		}
	}
}

// Firms with several sites: each address counts, and neither the name of a site
// nor what the firm deals in is a part of one.
func TestExtract_Sites(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []ocr.Line
		want      []string
	}{
		{"ShopsAboveTheirAddresses", []ocr.Line{
			at("南京店", 60, 500, 97, 43), at("扬州店", 630, 500, 97, 43),
			at("南京市玄武区龙蟠路88号", 60, 550, 400, 43), at("扬州市广陵区文昌中路21号", 630, 550, 420, 43),
			at("电话：025-5550 1234", 60, 600, 260, 38), at("电话：0514-5550 1235", 630, 600, 260, 38),
		}, []string{"南京市玄武区龙蟠路88号", "扬州市广陵区文昌中路21号"}},
		{"TownsInTwoScripts", []ocr.Line{
			at("桂林 Guilin", 60, 520, 150, 45), at("桂林市象山区漓江路28号", 60, 570, 400, 38),
		}, []string{"桂林市象山区漓江路28号"}},
		{"ProvinceAboveTheTown", []ocr.Line{
			at("江苏省", 60, 520, 110, 40), at("常州市新北区通江路19号", 60, 565, 400, 40),
		}, []string{"江苏省常州市新北区通江路19号"}},
		{"WorksThatNoLabelHas", []ocr.Line{
			at("手機", 70, 360, 67, 40), at("0900-627-413", 180, 360, 190, 40),
			at("電話", 70, 410, 67, 40), at("(04)5556-3178", 180, 410, 190, 40),
			at("傳真", 70, 460, 67, 40), at("(04)5556-3182", 180, 460, 190, 40),
			at("總公司", 70, 510, 90, 38), at("台中市大里區中興路58巷21號", 180, 510, 390, 39),
			at("三廠", 70, 560, 62, 38), at("彰化縣和美鎮彰美路15號", 180, 560, 380, 39),
		}, []string{"台中市大里區中興路58巷21號", "彰化縣和美鎮彰美路15號"}},
		{"TradesUnderAnAddress", []ocr.Line{
			at("地址", 78, 548, 60, 36), at("江苏省常州市新北区通江路19号", 190, 548, 480, 43),
			at("磨床·数控中心·机床大修", 64, 603, 470, 44),
		}, []string{"江苏省常州市新北区通江路19号"}},
		{"BritishHouses", []ocr.Line{
			at("The Heron", 58, 438, 138, 32), at("The Old Forge", 535, 438, 180, 32),
			at("Marsh Road, Seaford BN25 9XX", 55, 470, 380, 33), at("14 Tanner Yard, Lewes BN7 9XX", 535, 470, 390, 33),
			at("Tel: 01632 960 417", 56, 510, 197, 33), at("Tel: 01632 960 582", 535, 510, 197, 33),
		}, []string{"14 Tanner Yard, Lewes BN7 9XX", "Marsh Road, Seaford BN25 9XX"}},
		{"PlaceThatLooksLikeAHost", []ocr.Line{
			at("12/F, Harbour Bldg, 20 Sheung On St,", 550, 560, 550, 38), at("Chai Wan,HK", 552, 605, 171, 38),
		}, []string{"12/F, Harbour Bldg, 20 Sheung On St, Chai Wan, HK"}},
		{"OfficesBesideTheirAddresses", []ocr.Line{
			at("青岛远桥达国际货运代理有限公司", 170, 60, 550, 44),
			at("青岛市市北区港华路6号航运中心2108室", 200, 590, 479, 39), at("青岛总部", 80, 592, 119, 37),
			at("日照市东港区海滨六路66号物流大厦507室", 228, 632, 504, 39), at("日照分公司", 81, 634, 141, 37),
		}, []string{"日照市东港区海滨六路66号物流大厦507室", "青岛市市北区港华路6号航运中心2108室"}},
		{"OfficesInLatin", []ocr.Line{
			at("Zilverreiger Forwarding B.V.", 165, 79, 508, 42),
			at("Waalhaven Oostzijde 214,3089 XX Rotterdam", 215, 544, 475, 34), at("Head office", 95, 546, 116, 32),
			at("Sloekade 11,4389 XX Vlissingen", 215, 584, 322, 34), at("Warehouse", 95, 586, 117, 32),
		}, []string{"Sloekade 11, 4389 XX Vlissingen", "Waalhaven Oostzijde 214, 3089 XX Rotterdam"}},
		{"SitesInTheRowOfTheirAddresses", []ocr.Line{
			at("Showroom Via Tommaso Riva 31, 20121 Milano, Italy", 442, 281, 606, 41), at("Factory Strada Provinciale 32,20833 Giussano (MB),Italy", 443, 324, 586, 39),
		}, []string{"Strada Provinciale 32, 20833 Giussano (MB), Italy", "Via Tommaso Riva 31, 20121 Milano, Italy"}},
		{"SiteWithoutABlankBehind", []ocr.Line{
			at("台中市北屯區文心路四段12號", 407, 333, 336, 37), at("展示中心", 297, 336, 107, 32),
			at("神岡工廠台中市神岡區中山路19巷38號", 295, 376, 473, 38),
		}, []string{"台中市北屯區文心路四段12號", "台中市神岡區中山路19巷38號"}},
		{"RoadOfAFactory", []ocr.Line{at("Factory Road 12, Lewes BN7 9XX", 60, 500, 400, 36)}, []string{"Factory Road 12, Lewes BN7 9XX"}},
		{"LabelBehindTheAddress", []ocr.Line{at("武汉市江夏区高新二路38号创新园C3栋5层地址", 61, 542, 700, 34)}, []string{"武汉市江夏区高新二路38号创新园C3栋5层"}},
		{"EstateAndVillage", []ocr.Line{at("庄园：云南省普洱市思茅区南屏镇小河村", 220, 673, 534, 33)}, []string{"云南省普洱市思茅区南屏镇小河村"}},
		{"SharpS", []ocr.Line{at("Adresse", 64, 519, 105, 37), at("KirchgieBerstraBe 18, 12487 Berlin, Germany", 235, 521, 489, 35)},
			[]string{"Kirchgießerstraße 18, 12487 Berlin, Germany"}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			fields := ocr.Extract(c.lines)
			if got := all(fields, "address", "address_en"); !slices.Equal(got, c.want) {
				t.Errorf("addresses %q, want %q", got, c.want)
			}
			if got := all(fields, "website"); len(got) > 0 {
				t.Errorf("websites %q, want none", got)
			}
		})
	}
}

// A site is none without an address, and the firm's name stays.
func TestExtract_BranchWithoutAnAddress(t *testing.T) {
	f := ocr.Extract([]ocr.Line{at("上海分公司", 60, 60, 200, 50), at("周詠琪", 60, 200, 160, 70), at("手机：163 1234 5678", 60, 400, 260, 36)})
	tells(t, f, map[string]string{"company": "上海分公司", "name": "周詠琪", "mobile": "163 1234 5678"})
}

// Labels under their values, as on cards set in columns, do not take the values
// of the row below.
func TestExtract_LabelsUnderTheirValues(t *testing.T) {
	f := ocr.Extract([]ocr.Line{
		at("+353 20 910 0382", 89, 385, 181, 33), at("+353 20 913 4471", 539, 385, 172, 33), at("+353 20 913 4499", 807, 385, 177, 33),
		at("mobile", 88, 419, 75, 30), at("office", 537, 419, 59, 26), at("fax", 805, 419, 40, 27),
		at("declan@ballymore-med.ie", 88, 460, 362, 37), at("ballymore-med.ie", 536, 460, 183, 33),
		at("email", 89, 497, 62, 30), at("web", 537, 497, 47, 28),
	})
	tells(t, f, map[string]string{"mobile": "+353 20 910 0382", "phone": "+353 20 913 4471", "fax": "+353 20 913 4499", "email": "declan@ballymore-med.ie", "website": "ballymore-med.ie"})
}

// spaced is a Chinese line whose characters are a step apart, and one of them
// farther from the next.
func spaced(text string, x, y, step, wide, seam int) ocr.Line {
	l := at(text, x, y, 0, step+4)
	for i := range []rune(text) {
		l.At = append(l.At, x+step/2)
		l.Box.Max.X = x + step
		if x += step; i == wide-1 {
			x += seam - step
		}
	}
	return l
}

// A blank between a department and a title that the engine did not see shows in
// the room between their characters.
func TestExtract_RoomBetweenDepartmentAndTitle(t *testing.T) {
	name := at("赖晓芸", 70, 180, 165, 61)
	for _, c := range []struct {
		line              ocr.Line
		title, department string
	}{
		{spaced("品牌运营中心渠道经理", 70, 250, 25, 6, 50), "渠道经理", "品牌运营中心"},
		{spaced("第二营业部课长代理", 70, 250, 24, 5, 40), "课长代理", "第二营业部"},
		{spaced("品牌运营中心渠道经理", 70, 250, 25, 6, 26), "品牌运营中心渠道经理", ""},
		{spaced("业务部经理", 70, 250, 25, 3, 36), "业务部经理", ""},
	} {
		tells(t, ocr.Extract([]ocr.Line{name, c.line, at("三枝精机有限公司", 70, 60, 300, 44)}), map[string]string{"title": c.title, "department": c.department})
	}
}

// Where no word says that an office is a firm, its place or the domain does.
func TestExtract_OnlyOfficeOfACard(t *testing.T) {
	card := func(office, latin string, more ...ocr.Line) map[string]ocr.Field {
		return ocr.Extract(append([]ocr.Line{
			at(office, 90, 72, 309, 49), at(latin, 90, 122, 330, 41),
			at("周詠琪", 86, 210, 195, 80), at("註冊視光師", 88, 290, 164, 44),
		}, more...))
	}
	f := card("晨曦眼科視光中心", "Aurora Eye & Vision Centre", at("www.aurora-eye.com.hk", 295, 511, 305, 37))
	tells(t, f, map[string]string{"company": "晨曦眼科視光中心", "company_en": "Aurora Eye & Vision Centre", "department": ""})
	f = card("晨曦眼科視光中心", "Aurora Eye & Vision Centre", at("北辰醫療有限公司", 90, 600, 300, 40))
	tells(t, f, map[string]string{"company": "北辰醫療有限公司", "department": "晨曦眼科視光中心"})

	// Right under the title it is a department, whatever else the card lacks.
	f = ocr.Extract([]ocr.Line{at("周詠琪", 86, 210, 195, 80), at("销售经理", 88, 300, 164, 40), at("客户服务部", 88, 345, 200, 40)})
	tells(t, f, map[string]string{"company": "", "department": "客户服务部"})
}

func TestExtract_LearntFromAFifthSet(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []ocr.Line
		want  map[string]string
	}{
		{"NumberOfAMessenger", []ocr.Line{at("WhatsApp", 86, 429, 133, 42), at("(852) 5555 9138", 296, 429, 215, 40)},
			map[string]string{"mobile": "(852) 5555 9138"}},
		{"LettersOfALabelFarApart", []ocr.Line{
			at("电话：0599-555 0815", 425, 251, 261, 37), at("电", 407, 255, 36, 29),
			at("真：0599-555 0816", 450, 288, 236, 37), at("传", 407, 290, 32, 31)},
			map[string]string{"phone": "0599-555 0815", "fax": "0599-555 0816"}},
		{"HalfALabelMisread", []ocr.Line{at("電話：2555 5408", 380, 252, 193, 37), at("傅：2555 5416", 380, 288, 193, 37)},
			map[string]string{"phone": "2555 5408", "fax": "2555 5416"}},
		{"BodyOfSomebody", []ocr.Line{at("Chamber of Danish-Speaking Traders in South China", 192, 196, 764, 45), at("Penny Liang", 46, 370, 215, 52)},
			map[string]string{"company": "Chamber of Danish-Speaking Traders in South China", "address": "", "name": "Penny Liang"}},
		{"LettersOfArchitects", []ocr.Line{at("Callum Okafor-Hart RAIA", 71, 477, 394, 50), at("Director", 71, 530, 95, 36)},
			map[string]string{"name": "Callum Okafor-Hart", "title": "Director"}},
		{"DashBehindATitle", []ocr.Line{at("Declan Moore", 93, 200, 385, 45), at("Territory Manager-Wound Care", 88, 256, 392, 33)},
			map[string]string{"title": "Territory Manager", "department": "Wound Care"}},
		{"DashInsideATitle", []ocr.Line{at("Declan Moore", 93, 200, 385, 45), at("Vice-President Sales", 88, 256, 300, 33)},
			map[string]string{"title": "Vice-President Sales", "department": ""}},
		{"PairAboveTheTitle", []ocr.Line{at("Nur Aisyah binte Osman", 541, 97, 585, 54), at("Weddings & Galas", 872, 158, 254, 35), at("Account Director", 872, 199, 254, 35), at("Brightstar Events Pte Ltd", 691, 348, 437, 50)},
			map[string]string{"title": "Account Director", "department": "Weddings & Galas", "company": "Brightstar Events Pte Ltd"}},
		{"BritishNumbersWithoutACode", []ocr.Line{at("07700 900372", 394, 711, 176, 32), at("01632 960 715", 404, 755, 165, 32), at("isolde@forge-stoneware.uk", 132, 792, 438, 38)},
			map[string]string{"mobile": "07700 900372", "phone": "01632 960 715", "fax": ""}},
		{"OneNumberForBoth", []ocr.Line{at("手机/微信：1630879 2145", 323, 512, 328, 42)},
			map[string]string{"mobile": "1630879 2145", "wechat": "1630879 2145"}},
		{"InitialsBehindTheFamily", []ocr.Line{at("龙庆生", 60, 100, 160, 66), at("Long Qingsheng", 60, 180, 260, 44), at("longqs@amber-wine.com", 60, 400, 300, 36)},
			map[string]string{"name": "龙庆生", "name_en": "Long Qingsheng"}},
		{"ItalianForm", []ocr.Line{at("Frutas del Norte SpA", 251, 173, 380, 46), at("Marta Vidal", 47, 396, 324, 56)},
			map[string]string{"company": "Frutas del Norte SpA"}},
		{"PublisherInTwoScripts", []ocr.Line{at("青竹文化出版社", 45, 137, 320, 60), at("Greenleaf Publishing House", 374, 78, 384, 43), at("www.greenleaf.hk", 369, 440, 335, 45)},
			map[string]string{"company": "青竹文化出版社", "company_en": "Greenleaf Publishing House"}},
		{"BesideTheTitle", []ocr.Line{at("Nigel Harrow", 63, 55, 393, 62), at("Senior Buyer", 61, 118, 157, 36), at("Garden Furniture", 247, 119, 215, 33), at("Finch Imports Ltd", 62, 196, 489, 42)},
			map[string]string{"title": "Senior Buyer", "department": "Garden Furniture", "company": "Finch Imports Ltd"}},
		{"BesideTheTitleFarAway", []ocr.Line{at("Nigel Harrow", 63, 55, 393, 62), at("Senior Buyer", 61, 118, 157, 36), at("Quiet Rooms", 647, 119, 215, 33), at("Finch Imports Ltd", 62, 196, 489, 42)},
			map[string]string{"title": "Senior Buyer", "department": ""}},
	} {
		t.Run(c.name, func(t *testing.T) { tells(t, ocr.Extract(c.lines), c.want) })
	}
}

// The domain decides between two readings of a character, and only between them.
func TestExtract_DomainSpellsTheBrand(t *testing.T) {
	card := func(second string) string {
		line := at("宏鐵油壓機械股份有限公司", 177, 61, 498, 48)
		line.Second = ocr.Reading{Text: second, Confidence: 0.85}
		return ocr.Extract([]ocr.Line{line, at("www.hungkai-hyd.com.tw", 721, 477, 267, 33)})["company"].Text
	}
	for second, want := range map[string]string{
		"宏鎧油壓機械股份有限公司": "宏鎧油壓機械股份有限公司",
		"宏銅油壓機械股份有限公司": "宏鐵油壓機械股份有限公司", // the domain spells neither
		"宏鎧油壓機械股份公司":   "宏鐵油壓機械股份有限公司", // not the same characters
		"":             "宏鐵油壓機械股份有限公司",
	} {
		if got := card(second); got != want {
			t.Errorf("second reading %q: %q, want %q", second, got, want)
		}
	}
}
