package ocr

import (
	"image"
	"slices"
	"testing"

	"hallpass/ocr/qr"
)

var northwind = qr.Code{Text: "BEGIN:VCARD\nFN:Ada Harbor\nORG:Northwind Tide Ltd\nTEL;TYPE=CELL:+447700900123\nTEL;TYPE=WORK:+442079460123\nEMAIL:ada@harbor.example\nURL:https://harbor.example/\nEND:VCARD", Box: image.Rect(9, 9, 99, 99)}

func field(text string, confidence float64) Field { return Field{Text: text, Confidence: confidence} }

// The code beats what was read; what is printed keeps its looks.
func TestMergeCode_Says(t *testing.T) {
	for _, c := range []struct {
		situation   string
		field       string
		read        Field
		want        string
		alternative string
	}{
		{"NothingRead", "email", Field{}, "ada@harbor.example", ""},
		{"SameButBlanks", "mobile", field("+44 7700 900123", 0.7), "+44 7700 900123", ""},
		{"SameWithoutCountry", "mobile", field("07700 900 123", 0.7), "07700 900 123", ""},
		{"OneDigitMisread", "mobile", field("+44 7700 900128", 0.7), "+44 7700 900123", ""},
		{"UnderAnotherName", "phone", field("020 7946 0123", 0.6), "020 7946 0123", ""},
		{"AnotherNumberToo", "mobile", field("+44 7700 900999", 0.95), "+44 7700 900999", "+447700900123"},
		{"WholeOtherNumber", "mobile", field("+86 138 0000 1111", 0.95), "+86 138 0000 1111", "+447700900123"},
		{"MailMisread", "email", field("ada@harb0r.exarnple", 0.8), "ada@harbor.example", ""},
		{"MailInCapitals", "email", field("Ada@Harbor.example", 0.8), "Ada@Harbor.example", ""},
		{"SiteWithWWW", "website", field("www.harbor.example", 0.8), "www.harbor.example", ""},
		{"SiteMisread", "website", field("www.harb0r.example", 0.8), "www.harbor.example", ""},
		{"SiteOfSomebodyElse", "website", field("www.quite-different.example", 0.5), "harbor.example", "www.quite-different.example"},
		{"NameInCapitals", "name", field("ADA HARBOR", 0.6), "ADA HARBOR", ""},
		{"NameWithTitle", "name", field("Dr. Ada Harbor", 0.6), "Dr. Ada Harbor", ""},
		{"NameMisread", "name", field("Ada Harbar", 0.6), "Ada Harbor", ""},
		{"LongerCompany", "company", field("Northwind Tide Ltd (Europe)", 0.6), "Northwind Tide Ltd (Europe)", ""},
		{"SureOfAnotherCompany", "company", field("Southern Gale", 0.95), "Southern Gale", "Northwind Tide Ltd"},
	} {
		t.Run(c.situation, func(t *testing.T) {
			read := map[string]Field{}
			if c.read.Text != "" {
				read[c.field] = c.read
			}
			got := mergeCode(read, northwind)[c.field]
			if got.Text != c.want || got.Confidence < Bar {
				t.Errorf("%s = %q (%.2f), want %q", c.field, got.Text, got.Confidence, c.want)
			}
			if c.alternative == "" && len(got.More) > 0 || c.alternative != "" && (len(got.More) != 1 || got.More[0].Text != c.alternative) {
				t.Errorf("more = %v, want %q", got.More, c.alternative)
			}
			if c.alternative == "" && !slices.Contains(got.Why, whyCode) {
				t.Errorf("why = %q", got.Why)
			}
			if c.read.Text != "" && read[c.field].Text != c.read.Text {
				t.Error("what was read has been changed in place")
			}
		})
	}
}

func TestMergeCode_SomebodyElse(t *testing.T) {
	read := map[string]Field{"name": field("Grace Quay", 0.95), "email": field("grace@southern.example", 0.9), "mobile": field("+86 138 0000 1111", 0.9)}
	got := mergeCode(read, northwind)
	if f := got["name"]; f.Text != "Grace Quay" || f.Confidence >= Bar || len(f.Why) == 0 {
		t.Errorf("name = %+v, want the printed one in doubt", f)
	}
	if f := got["email"]; f.Text != "grace@southern.example" || f.Confidence != 0.9 {
		t.Errorf("email = %+v, want it as it was", f)
	}
	if _, told := got["company"]; told {
		t.Error("somebody else's company was taken over")
	}
	// One thing in common is enough to believe the code.
	read["email"] = field("ada@harbor.example", 0.9)
	if f := mergeCode(read, northwind)["name"]; f.Text != "Ada Harbor" || len(f.More) != 1 {
		t.Errorf("name = %+v, want the code's, with the printed one beside it", f)
	}
}

// On a card in two languages each script has its own field.
func TestMergeCode_TwoScripts(t *testing.T) {
	latin := qr.Code{Text: "MECARD:N:Ouyang,Haigang;;"}
	got := mergeCode(map[string]Field{"name": field("欧阳海港", 0.97)}, latin)
	if got["name"].Text != "欧阳海港" || got["name_en"].Text != "Haigang Ouyang" {
		t.Errorf("name %q, name_en %q", got["name"].Text, got["name_en"].Text)
	}
	chinese := qr.Code{Text: "MECARD:N:欧阳海港;EMAIL:hg@harbor.example;;"}
	got = mergeCode(map[string]Field{"name": field("Haigang Ouyang", 0.9), "email": field("hg@harbor.example", 0.9)}, chinese)
	if got["name"].Text != "欧阳海港" || got["name_en"].Text != "Haigang Ouyang" {
		t.Errorf("name %q, name_en %q", got["name"].Text, got["name_en"].Text)
	}
}

// A link is a website only where the card's own mail has the same domain.
func TestMergeCode_Link(t *testing.T) {
	link := qr.Code{Text: "https://www.harbor.example/c/123"}
	own := map[string]Field{"email": field("ada@harbor.example", 0.9)}
	if f := mergeCode(own, link)["website"]; f.Text != "www.harbor.example" {
		t.Errorf("website = %+v", f)
	}
	other := map[string]Field{"email": field("ada@southern.example", 0.9)}
	if f, told := mergeCode(other, link)["website"]; told {
		t.Errorf("website = %+v, want none", f)
	}
}

// The parts of an address come in an order of their own: print is kept.
func TestMergeCode_Address(t *testing.T) {
	code := qr.Code{Text: "BEGIN:VCARD\nADR:;;海港路1号;上海市;;200000;中国\nEND:VCARD"}
	printed := "上海市浦东新区海港路1号港湾大厦"
	if f := mergeCode(map[string]Field{"address": field(printed, 0.8)}, code)["address"]; f.Text != printed || f.Confidence != 0.8 || len(f.More) > 0 {
		t.Errorf("address = %+v, want it as printed", f)
	}
	if f := mergeCode(nil, code)["address"]; f.Text != "中国上海市海港路1号" || f.Confidence >= Bar {
		t.Errorf("address = %+v, want the code's, to be looked at", f)
	}
}
