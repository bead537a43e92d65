package ocr_test

import (
	"fmt"
	"image"
	"maps"
	"reflect"
	"slices"
	"testing"

	"hallpass/ocr"

	"pgregory.net/rapid"
)

// fields makes a card of name, text, confidence triples.
func fields(triples ...any) map[string]ocr.Field {
	out := map[string]ocr.Field{}
	for i := 0; i < len(triples); i += 3 {
		out[triples[i].(string)] = ocr.Field{
			Text: triples[i+1].(string), Confidence: triples[i+2].(float64), Box: image.Rect(10, 10*i, 100, 10*i+8),
		}
	}
	return out
}

func TestMerge(t *testing.T) {
	for name, tt := range map[string]struct {
		pictures []map[string]ocr.Field
		want     map[string]string // field → text, confidence to two places, picture, alternatives
	}{
		"SecondSideAddsFields": {
			[]map[string]ocr.Field{fields("name", "潘俊杰", 0.95, "mobile", "13912345678", 0.97), fields("email", "pan@dingrui.example", 0.9, "mobile", "+86 139 1234 5678", 0.5)},
			map[string]string{"name": "潘俊杰 0.95 0 []", "mobile": "13912345678 0.98 0 []", "email": "pan@dingrui.example 0.90 1 []"},
		},
		"SideInLatinBecomesThePair": {
			[]map[string]ocr.Field{
				fields("name", "潘俊杰", 0.95, "title", "运营总监", 0.9, "company", "鼎睿科技有限公司", 0.9, "address", "厦门市文澜街363号", 0.9),
				fields("name", "Helen Pan", 0.96, "title", "Operations Director", 0.9, "company", "Dingrui Technology Co., Ltd.", 0.9, "address", "363 Wenlan Street, Xiamen", 0.8),
			},
			map[string]string{
				"name": "潘俊杰 0.95 0 []", "title": "运营总监 0.90 0 []", "company": "鼎睿科技有限公司 0.90 0 []", "address": "厦门市文澜街363号 0.90 0 []",
				"name_en": "Helen Pan 0.96 1 []", "title_en": "Operations Director 0.90 1 []", "company_en": "Dingrui Technology Co., Ltd. 0.90 1 []", "address_en": "363 Wenlan Street, Xiamen 0.80 1 []",
			},
		},
		"LatinSideFirst": {
			[]map[string]ocr.Field{fields("name", "Helen Pan", 0.96), fields("name", "潘俊杰", 0.95, "name_en", "PAN Helen", 0.7)},
			map[string]string{"name": "潘俊杰 0.95 1 []", "name_en": "Helen Pan 0.97 0 []"},
		},
		"SurerReadingWins": {
			[]map[string]ocr.Field{fields("name", "潘俊木", 0.6, "email", "pan@dingrui.example", 0.9), fields("name", "潘俊杰", 0.95, "email", "pan@dingrui.example", 0.8)},
			map[string]string{"name": "潘俊杰 0.95 1 [潘俊木]", "email": "pan@dingrui.example 0.93 0 []"},
		},
		"AgreementAloneIsNotSure": {
			[]map[string]ocr.Field{fields("title", "Sales Manager", 0.88), fields("title", "SALES MANAGER", 0.6)},
			map[string]string{"title": "Sales Manager 0.89 0 []"},
		},
		"BothSureAndDifferent": {
			[]map[string]ocr.Field{fields("mobile", "13912345678", 0.97, "name", "Ann Lee", 0.95), fields("mobile", "13912345673", 0.95, "name", "Ann Lee", 0.95)},
			map[string]string{"mobile": "13912345678 0.89 0 [13912345673]", "name": "Ann Lee 0.97 0 []"},
		},
		"AnotherOfficeIsAnotherValue": {
			[]map[string]ocr.Field{fields("phone", "021-5012 3456", 0.97), fields("phone", "+44 20 7946 0160", 0.95)},
			map[string]string{"phone": "021-5012 3456 0.97 0 [+44 20 7946 0160]"},
		},
		"SamePictureCountsOnce": {
			[]map[string]ocr.Field{fields("name", "Ann Lee", 0.7), fields("name", "Ann Lee", 0.7), fields("name", "Ann Lee", 0.7)},
			map[string]string{"name": "Ann Lee 0.70 0 []"},
		},
		"None": {nil, map[string]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			m, ok := ocr.Merge(tt.pictures...)
			got := map[string]string{}
			for name, f := range m.Fields {
				more := []string{}
				for _, a := range f.More {
					more = append(more, a.Text)
				}
				got[name] = fmt.Sprintf("%s %.2f %d %v", f.Text, f.Confidence, m.From[name], more)
			}
			if !ok || !maps.Equal(got, tt.want) {
				t.Errorf("Merge = %v %v, want %v", ok, got, tt.want)
			}
		})
	}
}

// Cards of different people are not put together; one person's are, although a
// character was misread or much is new.
func TestMerge_DifferentPeople(t *testing.T) {
	for name, tt := range map[string]struct {
		a, b map[string]ocr.Field
		want bool
	}{
		"Colleagues": {
			fields("name", "李伟", 0.9, "mobile", "13912345678", 0.9, "email", "li.wei@lumen.example", 0.9, "company", "流明", 0.9, "phone", "021-50123456", 0.9),
			fields("name", "王芳", 0.9, "mobile", "13898765432", 0.9, "email", "wang.fang@lumen.example", 0.9, "company", "流明", 0.9, "phone", "021-50123456", 0.9), false,
		},
		"Namesakes": {
			fields("name", "王伟", 0.9, "mobile", "13912345678", 0.9, "email", "ww@lumen.example", 0.9),
			fields("name", "王伟", 0.9, "mobile", "13898765432", 0.9, "email", "sales.director@quillon.example", 0.9), false,
		},
		"OnlyNamesDiffer":   {fields("name", "Ann Lee", 0.9), fields("name", "Bartholomew Quince", 0.9), false},
		"NameMisread":       {fields("name", "李伟", 0.9, "mobile", "13912345678", 0.9), fields("name", "李佛", 0.5, "mobile", "13912345678", 0.9), true},
		"NumberMisread":     {fields("mobile", "13912345678", 0.9), fields("mobile", "13912845673", 0.9), true},
		"SecondMobile":      {fields("name", "李伟", 0.9, "mobile", "13912345678", 0.9, "email", "li@lumen.example", 0.9), fields("mobile", "+852 6123 4567", 0.9, "email", "li@lumen.example", 0.9), true},
		"OtherScript":       {fields("name", "潘俊杰", 0.9), fields("name", "Helen Pan", 0.9), true},
		"NothingInCommon":   {fields("name", "潘俊杰", 0.9), fields("website", "dingrui.example", 0.9), true},
		"NobodyOnEither":    {fields(), fields(), true},
		"LatinNameTurned":   {fields("name", "Helen PAN", 0.9), fields("name", "Pan, Helen", 0.9), true},
		"AreaCodeLeftOut":   {fields("mobile", "+86 139 1234 5678", 0.9), fields("mobile", "13912345678", 0.9), true},
		"NumbersFarApart":   {fields("mobile", "13912345678", 0.9), fields("mobile", "18600001111", 0.9), false},
		"NoLettersToWeigh":  {fields("name", "•", 0.2), fields("name", "Ann Lee", 0.9), true},
		"MailboxesDiffer":   {fields("email", "ann.lee@lumen.example", 0.9), fields("email", "t.quince@lumen.example", 0.9), false},
		"SameMailDifferent": {fields("email", "ann.lee@lumen.example", 0.9, "name", "Ann Lee", 0.9), fields("email", "ann.lee@lumen.example", 0.9, "name", "Lumen Optics", 0.3), true},
	} {
		if _, got := ocr.Merge(tt.a, tt.b); got != tt.want {
			t.Errorf("%s = %v, want %v", name, got, tt.want)
		}
		if _, got := ocr.Merge(tt.b, tt.a); got != tt.want {
			t.Errorf("%s, the other way round = %v, want %v", name, got, tt.want)
		}
	}
}

// anyShot draws what one picture of a card may give; the names that say who it
// is come out alike, so that most pictures are of one person.
func anyShot(t *rapid.T, label string) map[string]ocr.Field {
	value := func(name string, texts ...string) ocr.Field {
		f := ocr.Field{
			Text:       rapid.SampledFrom(texts).Draw(t, label+name),
			Confidence: float64(rapid.IntRange(0, 100).Draw(t, label+name+" %")) / 100,
			Box:        image.Rect(0, 0, rapid.IntRange(1, 9).Draw(t, label+name+" box"), 5),
		}
		if rapid.Bool().Draw(t, label+name+" more") {
			f.More = []ocr.Alternative{{Text: rapid.SampledFrom(texts).Draw(t, label+name+" other"), Confidence: 0.3}}
		}
		return f
	}
	out := map[string]ocr.Field{}
	for name, texts := range map[string][]string{
		"name": {"潘俊杰", "潘俊木", "Helen Pan"}, "name_en": {"Helen Pan", "PAN Helen", "Helen Pam"}, "company": {"鼎睿科技", "Dingrui Technology", "Dingrui Technologv"},
		"mobile": {"13912345678", "+86 139 1234 5678", "13912345673"}, "title": {"总监", "Director"}, "address": {"厦门", "Xiamen", ""},
	} {
		if rapid.Bool().Draw(t, label+name+" there") {
			out[name] = value(name, texts...)
		}
	}
	return out
}

// The promises of Merge, for any pictures of one person: nothing is lost, what
// all agree on is at least as sure as before, a picture given again changes
// nothing, and one picture alone stays as it is.
func TestMerge_Properties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyShot(t, "a "), anyShot(t, "b ")
		m, ok := ocr.Merge(a, b)
		if !ok {
			return
		}
		for _, p := range []map[string]ocr.Field{a, b} {
			for name, f := range p {
				if f.Text != "" && !holds(m.Fields[name], f.Text) && !holds(m.Fields[name+"_en"], f.Text) {
					t.Errorf("%s %q is lost: %+v", name, f.Text, m.Fields)
				}
			}
		}
		for name, f := range m.Fields {
			from := []map[string]ocr.Field{a, b}[m.From[name]]
			if g, en := from[name], from[trimmed(name)]; g.Box != f.Box && en.Box != f.Box {
				t.Errorf("%s: the box is not of picture %d", name, m.From[name])
			}
			fa, fb := a[name], b[name]
			if fa.Text == fb.Text && fa.Text == f.Text && f.Confidence < max(fa.Confidence, fb.Confidence) {
				t.Errorf("%s: agreed on at %v and %v, became %v", name, fa.Confidence, fb.Confidence, f.Confidence)
			}
			if f.Confidence < 0 || f.Confidence > 1 || holds(ocr.Field{More: f.More}, f.Text) {
				t.Errorf("%s = %+v", name, f)
			}
		}
		again, ok := ocr.Merge(a, b, a, b, b)
		if !ok || !reflect.DeepEqual(again, m) {
			t.Errorf("given again = %+v, want %+v", again, m)
		}
		turned, ok := ocr.Merge(b, a)
		if !ok || !slices.Equal(slices.Sorted(maps.Keys(turned.Fields)), slices.Sorted(maps.Keys(m.Fields))) {
			t.Errorf("the other way round = %+v, want the fields of %+v", turned, m)
		}
		for name, f := range m.Fields {
			if turned.Fields[name].Confidence != f.Confidence {
				t.Errorf("%s: %v, the other way round %v", name, f.Confidence, turned.Fields[name].Confidence)
			}
		}
	})
}

func trimmed(name string) string {
	if len(name) > 3 && name[len(name)-3:] == "_en" {
		return name[:len(name)-3]
	}
	return name
}

func holds(f ocr.Field, text string) bool {
	alike := func(x string) bool { return x == text || loosely(x) == loosely(text) }
	return f.Text != "" && alike(f.Text) || slices.ContainsFunc(f.More, func(a ocr.Alternative) bool { return alike(a.Text) })
}

// loosely is for this file's own texts only: one number and one name in two
// ways of writing.
func loosely(s string) string {
	return map[string]string{"+86 139 1234 5678": "13912345678", "PAN Helen": "Helen Pan"}[s] + map[bool]string{true: "", false: s}[s == "+86 139 1234 5678" || s == "PAN Helen"]
}
