package ocr_test

import (
	"testing"

	"hallpass/ocr"
)

// What another value contradicts, or what may have lost a sign, is never sure.
func TestExtract_Contradicted(t *testing.T) {
	for _, c := range []struct {
		situation, field, text string
		lines                  []string
	}{
		{"MailNearlySpellsPinyin", "email", "suiyun75@zhiweilab.top", []string{"#姚素云", "suiyun75@zhiweilab.top", "www.zhiweilab.top"}},
		{"InitialDoubledInTheNameOnly", "email", "shij@jiegu-auto.com", []string{"#石建军", "shij@jiegu-auto.com", "www.jiegu-auto.com"}},
		{"AccentsOfAPhonesCountry", "company", "Frutas Manso SpA", []string{"Frutas Manso SpA", "+56 2 2555 0142"}},
		{"AccentsOfAnAddress", "name", "Nuria Castell", []string{"#Nuria Castell", "Calle Mayor 12, 28013 Madrid, Spain"}},
		{"FirmOfATradeOnly", "company", "BREWING CO.", []string{"BREWING CO.", "#Marcus Castell", "marcus@copperheron.beer"}},
		{"ExtensionsWordReadAsADigit", "phone", "(029)46167326 4 987", []string{"电话 (029)46167326 4 987"}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			f := ocr.Extract(set(c.lines...))[c.field]
			if f.Text != c.text || f.Confidence >= ocr.Bar {
				t.Errorf("%s = %q at %.2f, want %q below %.2f", c.field, f.Text, f.Confidence, c.text, ocr.Bar)
			}
		})
	}
}

// A mail address that spells the name, or an office's, is as sure as before.
func TestExtract_MailOfTheName(t *testing.T) {
	for _, lines := range [][]string{
		{"#Yvonne Castell", "yvonne@hongtaihang.com", "www.hongtaihang.com"},
		{"#石建军", "shijj@jiegu-auto.com", "www.jiegu-auto.com"},
		{"#Tara Castell", "office@hongtaihang.com", "www.hongtaihang.com"},
		{"#Yvonne Castell", "ycastell@hongtaihang.com", "www.hongtaihang.com"},
	} {
		if f := ocr.Extract(set(lines...))["email"]; f.Text != lines[1] || f.Confidence < ocr.Bar {
			t.Errorf("email = %q at %.2f, want %q sure", f.Text, f.Confidence, lines[1])
		}
	}
}

// What is left of a label before a Chinese address is no part of it, and a stroke
// between two languages parts them.
func TestExtract_RestsBetweenScripts(t *testing.T) {
	tells(t, ocr.Extract(set("Ad云南省昆明市五华区解放北街543号")), map[string]string{"address": "云南省昆明市五华区解放北街543号"})
	tells(t, ocr.Extract(set("#Ada Castell", "出口业务主管_Export Supervisor")), map[string]string{"title": "出口业务主管", "title_en": "Export Supervisor"})
}
