package qr_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"hallpass/ocr"
	"hallpass/ocr/qr"
	"hallpass/ocr/scenetest"
)

func TestCode_Fields(t *testing.T) {
	for _, c := range []struct {
		situation, text string
		want            map[string]string
	}{
		{"Version3", scenetest.VCard, map[string]string{
			"name": "Ada Harbor", "company": "Northwind Tide Ltd", "mobile": "+44 7700 900123", "email": "ada@harbor.example",
		}},
		{"Version21", "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=AC=A7=E9=98=B3;=E6=B5=B7=E6=B8=AF\nTEL;CELL;VOICE:13800001111\nTEL;WORK;FAX:010-80001111\nTITLE;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=BE=AD=\n=C0=ED\nEND:VCARD", map[string]string{
			"name": "欧阳海港", "mobile": "13800001111", "fax": "010-80001111", "title": "经理",
		}},
		{"Version4", "BEGIN:VCARD\nVERSION:4.0\nFN:Ada Harbor\nTEL;VALUE=uri;TYPE=\"voice,work\":tel:+44-20-7946-0123;ext=12\nitem1.URL:https://www.harbor.example/\nADR;TYPE=work:;;1 Quay\\, West;Portsea;;PO1 1AA;UK\nEND:VCARD", map[string]string{
			"name": "Ada Harbor", "phone": "+44-20-7946-0123", "website": "www.harbor.example", "address": "1 Quay, West, Portsea, PO1 1AA, UK", "postcode": "PO1 1AA",
		}},
		{"TwoScripts", "BEGIN:VCARD\nN:欧阳;海港\nFN:Haigang Ouyang\nORG:北辰海港贸易有限公司;市场部\nADR:;;海港路1号;上海市;;200000;中国\nEND:VCARD", map[string]string{
			"name": "欧阳海港", "name_en": "Haigang Ouyang", "company": "北辰海港贸易有限公司", "department": "市场部", "address": "中国上海市海港路1号", "postcode": "200000",
		}},
		{"FoldedAndIndented", "BEGIN:VCARD\n  FN:Ada Har\n bor\n  EMAIL:ada@harbor.example\n", map[string]string{"name": "Ada Harbor", "email": "ada@harbor.example"}},
		{"NoEnd", "begin:vcard\rfn:Ada Harbor\rtel;type=cell:+447700900123", map[string]string{"name": "Ada Harbor", "mobile": "+447700900123"}},
		{"OnlyN", "BEGIN:VCARD\nN:Harbor;Ada;J.\nEND:VCARD", map[string]string{"name": "Ada J. Harbor"}},
		{"ChatIds", "BEGIN:VCARD\nX-WECHAT:ada_harbor\nX-QQ:10001\nEND:VCARD", map[string]string{"wechat": "ada_harbor", "qq": "10001"}},
		{"MeCard", `MECARD:N:Harbor,Ada;TEL:+447700900123;EMAIL:ada@harbor.example;ADR:1 Quay\; West;URL:http\://harbor.example;ORG:Northwind Tide;;`, map[string]string{
			"name": "Ada Harbor", "mobile": "+447700900123", "email": "ada@harbor.example", "address": "1 Quay; West", "website": "harbor.example", "company": "Northwind Tide",
		}},
		{"MeCardChinese", "MECARD:N:欧阳海港;TIL:经理;DIV:市场部;TEL:010-80001111;;", map[string]string{"name": "欧阳海港", "title": "经理", "department": "市场部", "phone": "010-80001111"}},
		{"BizCard", "BIZCARD:N:Ada;X:Harbor;T:Buyer;C:Northwind Tide;A:1 Quay;B:+442079460123;M:+447700900123;E:ada@harbor.example;;", map[string]string{
			"name": "Ada Harbor", "title": "Buyer", "company": "Northwind Tide", "address": "1 Quay", "phone": "+442079460123", "mobile": "+447700900123", "email": "ada@harbor.example",
		}},
		{"Mail", "mailto:ada%40harbor.example?subject=hello", map[string]string{"email": "ada@harbor.example"}},
		{"Number", "tel:+44 7700 900123", map[string]string{"mobile": "+44 7700 900123"}},
		{"OwnSite", "HTTP://WWW.HARBOR.EXAMPLE/", map[string]string{"website": "WWW.HARBOR.EXAMPLE"}},
		{"LandingPage", "https://u.example/ync4fctypcvfr5679thsdj", nil},
		{"ChatLink", "https://u.wechat.com/EAbc123", nil},
		{"Wifi", "WIFI:S:hall;T:WPA;P:secret;;", nil},
		{"Words", "Scan me at www. nowhere", nil},
		{"Nothing", "", nil},
	} {
		t.Run(c.situation, func(t *testing.T) {
			got := map[string]string{}
			for k, f := range ocr.FieldsOf(qr.Code{Text: c.text}) {
				got[k] = f.Text
			}
			if !maps.Equal(got, c.want) {
				t.Errorf("Fields of %q = %v, want %v", c.text, got, c.want)
			}
		})
	}
}

// FuzzCode_Fields shows that whatever a code holds, its fields can be shown.
func FuzzCode_Fields(f *testing.F) {
	f.Add(scenetest.VCard)
	f.Add("MECARD:N:A,B\\;;TEL:1;")
	f.Add("BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:=E6=\n=B5\nX;ENCODING=B:////\n")
	f.Add("BIZCARD:N:;X:;\x00")
	f.Add("https://[::1")
	f.Add("tel:%")
	f.Fuzz(func(t *testing.T, text string) {
		fields := ocr.FieldsOf(qr.Code{Text: text})
		if !maps.EqualFunc(fields, ocr.FieldsOf(qr.Code{Text: text}), func(a, b ocr.Field) bool { return a.Text == b.Text && slices.Equal(a.More, b.More) }) {
			t.Errorf("two answers for %q", text)
		}
		for name, v := range fields {
			if v.Text == "" || len(v.Text) > 300 || v.Confidence <= 0 || v.Confidence > 1 {
				t.Errorf("%s = %+v of %q", name, v, text)
			}
			if utf8.ValidString(text) && (!utf8.ValidString(v.Text) || strings.IndexFunc(v.Text, unicode.IsControl) >= 0) {
				t.Errorf("%s = %q cannot be shown", name, v.Text)
			}
		}
	})
}
