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
