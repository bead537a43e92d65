package kiosk_test

import (
	"strings"
	"testing"
	"time"

	"hallpass/badge/spool"
	"hallpass/badge/spool/labelsim"
	"hallpass/badge/token"
	"hallpass/kiosk"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// visitors registers people by name, company and mobile number.
func visitors(tb testing.TB, f *fixture, people ...[3]string) (all []kiosk.Entry) {
	tb.Helper()
	for _, p := range people {
		form := goodForm()
		form.Fields = map[record.FieldName]string{"name": p[0], "company": p[1], "mobile": p[2], "name_en": "Holder"}
		e, _, err := f.Register(tb.Context(), "", form)
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func names(all []kiosk.Entry) string {
	var out []string
	for _, e := range all {
		out = append(out, e.Registration.Field("name"))
	}
	return strings.Join(out, ", ")
}

func TestDesk_Search(t *testing.T) {
	f := open(t, t.TempDir(), nil)
	all := visitors(t, f,
		[3]string{"林晓明", "流明光学有限公司", "+86 199 0000 1234"},
		[3]string{"Anaïs Müller", "Brightwell Lamps", "0199-5550-77"},
		[3]string{"Ana Miller", "Lumen Optics", ""},
		[3]string{"林静", "Brightwell Lamps", ""})
	badge := all[1].Current()
	for _, c := range []struct{ name, text, want string }{
		{"Name", "林晓明", "林晓明"},
		{"PartOfAChineseName", "晓明", "林晓明"},
		{"NewestFirst", "林", "林静, 林晓明"},
		{"CompanyPart", "光学", "林晓明"},
		{"NoCase", "BRIGHTWELL", "林静, Anaïs Müller"},
		{"NoAccents", "anais muller", "Anaïs Müller"},
		{"AnyOrder", "lamps 林", "林静"},
		{"BeginsOfWords", "ana mil", "Ana Miller"},
		{"NotInsideALatinWord", "iller", ""},
		{"NumberHoweverGrouped", "19900001234", "林晓明"},
		{"NumberInGroups", "+86 199-0000 1234", "林晓明"},
		{"NumberWithoutItsCountry", "199 0000 1234", "林晓明"},
		{"NumberOfTenDigits", "0199 555 077", "Anaïs Müller"},
		{"AnotherNumber", "+86 199 0000 1235", ""},
		{"NameAndNumber", "林 1234", "林晓明"},
		{"EndOfANumber", "555077", "Anaïs Müller"},
		{"ShortCode", token.FormatShort(badge.ShortCode), "Anaïs Müller"},
		{"ShortCodeTyped", " " + strings.ToLower(badge.ShortCode) + " ", "Anaïs Müller"},
		{"ID", string(all[2].Registration.ID), "Ana Miller"},
		{"QRCode", badge.Token, "Anaïs Müller"},
		{"Nobody", "Zoe", ""},
		{"Empty", " ", ""},
		{"Signs", "?!", ""},
		{"TooLong", strings.Repeat("林", 200), ""},
		{"NoText", "\xff\xfe", ""},
	} {
		found, judged, err := f.Search(t.Context(), c.text, 10)
		if err != nil || names(found) != c.want {
			t.Errorf("%s: Search(%q) = %s, %v, want %s", c.name, c.text, names(found), err, c.want)
		}
		if (judged != nil) != (c.name == "QRCode") || judged != nil && (judged.Reason != token.Genuine || judged.Claims.Issue != 1) {
			t.Errorf("%s: judged %+v", c.name, judged)
		}
	}
	if found, _, err := f.Search(t.Context(), "林", 1); err != nil || names(found) != "林静" {
		t.Errorf("one of many = %s, %v, want the latest", names(found), err)
	}
}

// What does not come by itself is on the staff's screen, and nothing else; after
// a day nobody waits for it any more.
func TestDesk_NeedsHelp(t *testing.T) {
	p := newPrinter()
	f := open(t, t.TempDir(), p)
	f.run(t)
	good := f.register(t)
	f.await(t, good.Registration.ID, record.BadgeIssued)
	p.set(func() { p.status.Blind, p.held = true, true })
	lost := f.register(t)
	f.await(t, lost.Registration.ID, record.BadgeUnknown)
	found, err := f.NeedsHelp(t.Context(), 10)
	if err != nil || len(found) != 1 || found[0].Registration.ID != lost.Registration.ID {
		t.Fatalf("needs help: %s, %v, want the badge that nobody saw", names(found), err)
	}
	asked, left := found[0].Reprints(kiosk.Staff)
	if asked != 0 || left != 10 {
		t.Errorf("reprints = %d asked, %d left, want 0 and 10", asked, left)
	}
	if _, err := f.Confirm(t.Context(), lost.Registration.ID, true, kiosk.Staff); err != nil {
		t.Fatal(err)
	}
	if found, err := f.NeedsHelp(t.Context(), 10); err != nil || len(found) != 0 {
		t.Errorf("confirmed, but needs help: %s, %v", names(found), err)
	}
	f.stop()
	f.register(t) // waits for nobody's printer
	now := time.Now()
	f.Now = func() time.Time { return now.Add(25 * time.Hour) }
	if found, err := f.NeedsHelp(t.Context(), 10); err != nil || len(found) != 0 {
		t.Errorf("a day later: %s, %v", names(found), err)
	}
}

func TestReasons_VisitorsHaveFewer(t *testing.T) {
	if got := strings.Join(kiosk.Visitor.Reasons(), " "); got != "misprint not-out corrected not-mine" {
		t.Errorf("visitors' reasons = %s", got)
	}
	if got := len(kiosk.Staff.Reasons()); got != 6 {
		t.Errorf("staff have %d reasons, want 6", got)
	}
}

func TestDesk_NewRoll(t *testing.T) {
	engine, err := labelsim.Start(labelsim.Config{Width: 90, Length: 100})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	label, err := spool.Open(engine.URI())
	if err != nil {
		t.Fatal(err)
	}
	f := openDesk(t, t.TempDir(), nil, plain{})
	f.Printers = pool(newPrinter(), label)
	if err := f.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.close(t) })
	if err := f.NewRoll(t.Context(), 1, 250); err != nil {
		t.Fatal(err)
	}
	press, err := f.Press(t.Context())
	if err != nil || press.Pool[0].Counts || !press.Pool[1].Counts || press.Pool[1].LabelsLeft != 250 {
		t.Errorf("pool = %+v, %v, want 250 labels in the second printer, at once", press.Pool, err)
	}
	for name, c := range map[string]struct {
		printer, labels int
		want            fault.Code
	}{
		"Empty": {1, 0, fault.Invalid}, "Endless": {1, 1_000_000, fault.Invalid},
		"NoRolls": {0, 250, fault.NotFound}, "NoPrinter": {2, 250, fault.NotFound}, "Negative": {-1, 250, fault.NotFound},
	} {
		if err := f.NewRoll(t.Context(), c.printer, c.labels); fault.CodeOf(err) != c.want {
			t.Errorf("%s = %v, want %s", name, err, c.want)
		}
	}
	_ = engine.Close()
	if err := f.NewRoll(t.Context(), 1, 250); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("a printer that is off = %v, want unavailable", err)
	}
}
