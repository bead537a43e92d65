package ocr_test

import (
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
