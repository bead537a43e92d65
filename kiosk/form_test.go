package kiosk_test

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hallpass/kiosk"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

func TestRegister_Refuses(t *testing.T) { // P9
	tests := []struct {
		name  string
		spoil func(*kiosk.Form)
		code  fault.Code
		field string
	}{
		{"CategoryUnknown", func(f *kiosk.Form) { f.Category = "royalty" }, fault.Invalid, "category"},
		{"CategoryNotForVisitors", func(f *kiosk.Form) { f.Category = "vip" }, fault.Invalid, "category"},
		{"SourceUnknown", func(f *kiosk.Form) { f.Source = "import" }, fault.Invalid, "source"},
		{"NameMissing", func(f *kiosk.Form) { delete(f.Fields, "name") }, fault.Invalid, "name"},
		{"NameOfSpaces", func(f *kiosk.Form) { f.Fields["name"] = " \t　" }, fault.Invalid, "name"},
		{"NameTooLong", func(f *kiosk.Form) { f.Fields["name"] = strings.Repeat("长", 301) }, fault.Invalid, "name"},
		{"NameNotText", func(f *kiosk.Form) { f.Fields["name"] = "\xff\xfe" }, fault.Invalid, "name"},
		{"FieldUnknown", func(f *kiosk.Form) { f.Fields["shoe_size"] = "42" }, fault.Invalid, "fields"},
		{"AnswerMissing", func(f *kiosk.Form) { f.Answers = nil }, fault.Invalid, "purpose"},
		{"OptionUnknown", func(f *kiosk.Form) { f.Answers["purpose"] = picks("steal") }, fault.Invalid, "purpose"},
		{"TwoOfOne", func(f *kiosk.Form) { f.Answers["heard"] = picks("press", "friend") }, fault.Invalid, "heard"},
		{"WordsForAChoice", func(f *kiosk.Form) { f.Answers["heard"] = record.Answer{Picks: []string{"press"}, Text: "and more"} }, fault.Invalid, "heard"},
		{"ChoiceForWords", func(f *kiosk.Form) { f.Answers["wish"] = picks("coffee") }, fault.Invalid, "wish"},
		{"QuestionUnknown", func(f *kiosk.Form) { f.Answers["age"] = picks("old") }, fault.Invalid, "answers"},
		{"ConsentMissing", func(f *kiosk.Form) { f.Consents = nil }, fault.ConsentRequired, "privacy"},
		{"ConsentRefused", func(f *kiosk.Form) { f.Consents["privacy"] = false }, fault.ConsentRequired, "privacy"},
		{"ConsentUnknown", func(f *kiosk.Form) { f.Consents["soul"] = true }, fault.Invalid, "consents"},
	}
	f := open(t, t.TempDir(), nil)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			form := goodForm()
			tt.spoil(&form)
			_, _, err := f.Register(t.Context(), "", form)
			if got := fault.From(err); got.Code != tt.code || got.Field != tt.field {
				t.Errorf("Register = %v, want %s (%s)", err, tt.code, tt.field)
			}
		})
	}
	if at, err := f.Store.Last(t.Context()); err != nil || at.Seq != 0 {
		t.Errorf("journal has %d entries, %v, after refusals only", at.Seq, err)
	}
}

func picks(ids ...string) record.Answer { return record.Answer{Picks: ids} }

func TestRegister_KeepsWhatTheShowAsksFor(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	form := goodForm()
	form.Fields["name"] = "  Lin\u00a0 Xiao\x00\n "
	form.Fields["fax"] = "+44 1632 960001" // on the card, not asked for
	form.Fields["mobile"] = ""
	form.Category = "public"
	form.Answers = map[record.QuestionID]record.Answer{
		"purpose": picks("sell"), // chosen as a trade visitor before
		"heard":   {Text: "friend"},
		"wish":    {Text: " more  light "},
	}
	e, _, err := f.Register(t.Context(), "", form)
	if err != nil {
		t.Fatal(err)
	}
	r := e.Registration
	fields := map[record.FieldName]string{}
	for name, field := range r.Fields {
		fields[name] = field.Value
	}
	if want := map[record.FieldName]string{"name": "Lin Xiao", "company": "Lumen Optics"}; !reflect.DeepEqual(fields, want) {
		t.Errorf("fields = %q, want %q", fields, want)
	}
	if len(r.Answers) != 2 || r.Answers["heard"].Picks[0] != "friend" || r.Answers["wish"].Text != "more light" {
		t.Errorf("answers = %+v", r.Answers)
	}
	if got := r.Consents["privacy"]; !got.Given || got.Version != 2 {
		t.Errorf("privacy = %+v, want given to version 2", got)
	}
	if got, ok := r.Consents["ecard"]; !ok || got.Given {
		t.Errorf("ecard = %+v, %v, want noted as refused", got, ok)
	}
}

func TestRegister_RepeatIsTheSameRegistration(t *testing.T) { // P3
	dir := t.TempDir()
	var first kiosk.Entry
	t.Run("BeforeTheCrash", func(t *testing.T) {
		f := open(t, dir, nil)
		first, _, _ = f.Register(t.Context(), "key-1", goodForm())
	})
	f := open(t, dir, nil)
	again, fresh, err := f.Register(t.Context(), "key-1", goodForm())
	if err != nil || fresh || again.Registration.ID != first.Registration.ID || again.Current().Token != first.Current().Token {
		t.Errorf("repeat = %s, fresh %v, %v, want %s", again.Registration.ID, fresh, err, first.Registration.ID)
	}
	other := goodForm()
	other.Fields["name"] = "Somebody Else"
	if _, _, err := f.Register(t.Context(), "key-1", other); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("another form under the key = %v, want conflict", err)
	}
	for what, spoil := range map[string]func(*kiosk.Form){
		"MoreAgreedTo":  func(f *kiosk.Form) { f.Consents["ecard"] = true },
		"LessAgreedTo":  func(f *kiosk.Form) { f.Consents = nil },
		"OtherAnswer":   func(f *kiosk.Form) { f.Answers["purpose"] = record.Answer{Picks: []string{"sell"}} },
		"OneMoreAnswer": func(f *kiosk.Form) { f.Answers["wish"] = record.Answer{Text: "tea"} },
		"NoAnswer":      func(f *kiosk.Form) { delete(f.Answers, "purpose") },
		"OneMoreField":  func(f *kiosk.Form) { f.Fields["mobile"] = "13900000000" },
		"OneFieldLess":  func(f *kiosk.Form) { delete(f.Fields, "company") },
		"OtherSource":   func(f *kiosk.Form) { f.Source = record.SourceCard },
	} {
		other := goodForm()
		spoil(&other)
		if _, _, err := f.Register(t.Context(), "key-1", other); fault.CodeOf(err) != fault.Conflict {
			t.Errorf("%s under the key = %v, want conflict", what, err)
		}
	}
	spelled := goodForm() // the same, said otherwise
	spelled.Fields["name"], spelled.Fields["fax"] = "  林晓 ", "not asked here"
	spelled.Answers["heard"] = record.Answer{}
	spelled.Consents["ecard"] = false
	if _, fresh, err := f.Register(t.Context(), "key-1", spelled); err != nil || fresh {
		t.Errorf("the same form spelled otherwise = fresh %v, %v", fresh, err)
	}
	if _, _, err := f.Register(t.Context(), strings.Repeat("k", 201), goodForm()); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("long key = %v, want invalid", err)
	}
}

func TestFind_ByIDAndByCodeAsTyped(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	e := f.register(t)
	code := e.Current().ShortCode
	for _, text := range []string{string(e.Registration.ID), code, strings.ToLower(code[:5]) + " - " + code[5:]} {
		got, err := f.Find(t.Context(), text)
		if err != nil || got.Registration.ID != e.Registration.ID {
			t.Errorf("Find(%q) = %s, %v", text, got.Registration.ID, err)
		}
	}
	for _, text := range []string{"", "01JAAAAAAAAAAAAAAAAAAAAAAA", "../../etc/passwd"} {
		if _, err := f.Find(t.Context(), text); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("Find(%q) = %v, want not found", text, err)
		}
	}
}

// Whatever is typed, the answer is a fault or a registration that is valid,
// within the limits and has nothing but one line of text in each field.
func TestRegister_AnyText(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	rapid.Check(t, func(t *rapid.T) {
		form := goodForm()
		form.Fields["name"] = rapid.OneOf(rapid.String(), rapid.StringN(280, 320, -1)).Draw(t, "name")
		form.Fields["mobile"] = string(rapid.SliceOf(rapid.Byte()).Draw(t, "mobile"))
		e, _, err := f.Register(t.Context(), "", form)
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Fatalf("Register = %v, want invalid", err)
			}
			return
		}
		if err := e.Registration.Validate(); err != nil {
			t.Fatalf("kept a registration that is not valid: %v", err)
		}
		for name, field := range e.Registration.Fields {
			if strings.ContainsFunc(field.Value, func(r rune) bool { return r < ' ' }) || strings.TrimSpace(field.Value) != field.Value || field.Value == "" {
				t.Fatalf("%s = %q", name, field.Value)
			}
		}
	})
}
