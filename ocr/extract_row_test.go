package ocr_test

import (
	"slices"
	"testing"

	"hallpass/ocr"
)

// What engines lose between two values of a row: the bar, the blank, or both.
func TestExtract_ValuesOfARow(t *testing.T) {
	for _, c := range []struct {
		situation string
		lines     []string
		want      map[string]string
	}{
		{"BarReadAsAnI", []string{"rui@serradoporto.com.br I serradoporto.com.br"}, map[string]string{
			"email": "rui@serradoporto.com.br", "website": "serradoporto.com.br"}},
		{"BarBeforeALabel", []string{"Tel. +55 13 5550 0142", "2 I Cel. +55 13 90000 4172"}, map[string]string{
			"phone": "+55 13 5550 0142", "mobile": "+55 13 90000 4172"}},
		{"NumeralInATitle", []string{"#Rui Prado", "Phase I Trials Manager"}, map[string]string{"title": "Phase I Trials Manager"}},
		{"BarBeforeAChineseTitle", []string{"#霍嘉敏", "1高級跟單員"}, map[string]string{"title": "高級跟單員"}},
		{"LabelBehindAChineseAddress", []string{"上海市闵行区莲花路1978号B栋812室TEL：+86-21-5474-0382"}, map[string]string{
			"address": "上海市闵行区莲花路1978号B栋812室", "phone": "+86-21-5474-0382"}},
		{"LabelInTwoLanguages", []string{"手机Mobile: +86 163 5104 7392"}, map[string]string{"mobile": "+86 163 5104 7392", "address": ""}},
		{"LabelBehindAnAddressOnTheNet", []string{"m.vasse@valdor.fr mail", "www.valdor.frweb"}, map[string]string{
			"email": "m.vasse@valdor.fr", "website": "www.valdor.fr"}},
		{"TopDomainThatEndsLikeALabel", []string{"www.quillon.website"}, map[string]string{"website": "www.quillon.website"}},
		{"TitleInTwoLanguages", []string{"#孔令军", "售后服务科科长After-Sales Service Chief"}, map[string]string{
			"title": "售后服务科科长", "title_en": "After-Sales Service Chief"}},
		{"TradeWithE", []string{"#桑宇", "Yu Sang", "产品总监", "E-Bike R&D Product Director"}, map[string]string{
			"title": "产品总监", "title_en": "Product Director", "email": ""}},
		{"IconReadAsABracket", []string{"）天津市武清区王庆坨镇东街12号"}, map[string]string{"address": "天津市武清区王庆坨镇东街12号"}},
	} {
		t.Run(c.situation, func(t *testing.T) { tells(t, ocr.Extract(set(c.lines...)), c.want) })
	}
}

// A name stays one word and one line, and words stand as they are printed.
func TestExtract_NamesAboveTitles(t *testing.T) {
	tells(t, ocr.Extract(set("#Annelise du Toit-Radebe", "Parts & Service Co-ordinator")), map[string]string{
		"name": "Annelise du Toit-Radebe", "title": "Parts & Service Co-ordinator"})
	tells(t, ocr.Extract(set("#Gavin Yin", "High-Speed Cable Dept.", "Product Manager")), map[string]string{
		"department": "High-Speed Cable Dept.", "title": "Product Manager"})
}

// Of two numbers without labels the one with an extension stands on a desk.
func TestExtract_ExtensionIsADesk(t *testing.T) {
	tells(t, ocr.Extract(set("#Ada Castell", "(970) 555-0142 ext. 6", "(970) 555-0187")), map[string]string{
		"phone": "(970) 555-0142 ext. 6", "mobile": "(970) 555-0187"})
}

// An address that ends with its province is whole: what begins with a flat is
// another one.
func TestExtract_AddressEndsWithItsProvince(t *testing.T) {
	got := ocr.Extract(set("61 Beimen Road, Qiaoli, Changping, Dongguan, Guangdong", "Flat 8B, Wing Cheong Ind. Bldg, 19 Kwai Hei Street, Hong Kong"))
	if a := all(got, "address"); len(a) != 2 || !slices.Contains(a, "61 Beimen Road, Qiaoli, Changping, Dongguan, Guangdong") {
		t.Errorf("addresses = %q, want two", a)
	}
}
