package record_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// judge fails the test unless a fact is taken (field "") or refused for a field.
func judge(t *testing.T, name string, fact record.Fact, field string) {
	t.Helper()
	err := fact.Validate()
	if field == "" {
		if err != nil {
			t.Errorf("%s: Validate() = %v, want nil", name, err)
		}
		return
	}
	got := fault.From(err)
	if got.Code != fault.RefusedFact || got.Field != field || !strings.HasSuffix(got.Message, ".") {
		t.Errorf("%s: Validate() = %v (field %q), want a sentence about %q", name, err, got.Field, field)
	}
}

func many[K ~string, V any](n int, value V) map[K]V {
	out := map[K]V{}
	for i := range n {
		out[K(fmt.Sprint("k", i))] = value
	}
	return out
}

// P9: each limit at its last good value and its first bad one. Characters
// count, not bytes.
func TestRegistration_Limits(t *testing.T) {
	text := func(n int) record.Register[string] { return record.Register[string]{Value: strings.Repeat("司", n)} }
	for _, c := range []struct {
		name   string
		change func(*record.Registration)
		field  string
	}{
		{"LongestField", func(r *record.Registration) { r.Fields["address"] = text(1000) }, ""},
		{"FieldTooLong", func(r *record.Registration) { r.Fields["address"] = text(1001) }, "address"},
		{"MostFields", func(r *record.Registration) { r.Fields = many[record.FieldName](64, text(1)) }, ""},
		{"TooManyFields", func(r *record.Registration) { r.Fields = many[record.FieldName](65, text(1)) }, "fields"},
		{"NoFields", func(r *record.Registration) { r.Fields = nil }, ""},
		{"MostAnswers", func(r *record.Registration) { r.Answers = many[record.QuestionID](64, record.Answer{}) }, ""},
		{"TooManyAnswers", func(r *record.Registration) { r.Answers = many[record.QuestionID](65, record.Answer{}) }, "fields"},
		{"TooManyConsents", func(r *record.Registration) { r.Consents = many[record.ConsentID](65, record.Consent{}) }, "fields"},
		{"LongestAnswer", func(r *record.Registration) {
			r.Answers = many[record.QuestionID](1, record.Answer{Text: strings.Repeat("é", 1000)})
		}, ""},
		{"AnswerTooLong", func(r *record.Registration) {
			r.Answers = many[record.QuestionID](1, record.Answer{Text: strings.Repeat("é", 1001)})
		}, "k0"},
		{"AnswerNoText", func(r *record.Registration) { r.Answers = many[record.QuestionID](1, record.Answer{Text: "\xff"}) }, "k0"},
		{"MostPicks", func(r *record.Registration) {
			r.Answers = many[record.QuestionID](1, record.Answer{Picks: make([]string, 64)})
		}, ""},
		{"TooManyPicks", func(r *record.Registration) {
			r.Answers = many[record.QuestionID](1, record.Answer{Picks: make([]string, 65)})
		}, "k0"},
		{"ErasedHasNothing", func(r *record.Registration) {
			r.Fields, r.Erased = nil, record.Stamp{Wall: 9, Node: "hall"}
		}, ""},
	} {
		r := goodRegistration()
		c.change(&r)
		judge(t, c.name, r, c.field)
	}
}

func TestBadge_Limits(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*record.Badge)
		field  string
	}{
		{"NoID", func(b *record.Badge) { b.ID = "" }, "id"},
		{"IDCutShort", func(b *record.Badge) { b.ID = b.ID[:25] }, "id"},
		{"IDTooLong", func(b *record.Badge) { b.ID += "0" }, "id"},
		{"IDBeyond128Bits", func(b *record.Badge) { b.ID = "8ZZZZZZZZZZZZZZZZZZZZZZZZZ" }, "id"},
		{"IDWithAnO", func(b *record.Badge) { b.ID = "O" + b.ID[1:] }, "id"},
		{"IDInSmallLetters", func(b *record.Badge) { b.ID = record.BadgeID(strings.ToLower("01JD000000000000000000000A")) }, "id"},
		{"NobodysBadge", func(b *record.Badge) { b.Registration = "" }, "registration"},
		{"NoShow", func(b *record.Badge) { b.Show = "" }, "show"},
		{"HighestIssue", func(b *record.Badge) { b.Issue = 65535 }, ""},
		{"NoIssue", func(b *record.Badge) { b.Issue = 0 }, "issue"},
		{"CodeTooLong", func(b *record.Badge) { b.ShortCode = strings.Repeat("A", 1001) }, "short_code"},
		{"ReasonNoText", func(b *record.Badge) { b.Reason.Value = "\xc3\x28" }, "short_code"},
	} {
		b := goodBadge()
		c.change(&b)
		judge(t, c.name, b, c.field)
	}
}

func TestLead_Limits(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*record.Lead)
		field  string
	}{
		{"NoID", func(l *record.Lead) { l.ID = "" }, "id"},
		{"NobodysLead", func(l *record.Lead) { l.Exhibitor = "" }, "exhibitor"},
		{"MetNobody", func(l *record.Lead) { l.Badge = "" }, "badge"},
		{"NoTime", func(l *record.Lead) { l.At = time.Time{} }, "at"},
		{"HighestRating", func(l *record.Lead) { l.Rating.Value = record.MaxRating }, ""},
		{"RatingTooHigh", func(l *record.Lead) { l.Rating.Value = record.MaxRating + 1 }, "rating"},
		{"LongestNotes", func(l *record.Lead) { l.Notes.Value = strings.Repeat("记", 1000) }, ""},
		{"NotesTooLong", func(l *record.Lead) { l.Notes.Value = strings.Repeat("记", 1001) }, "notes"},
		{"ClientIDNoText", func(l *record.Lead) { l.ClientID = "\xff" }, "notes"},
	} {
		l := goodLead()
		c.change(&l)
		judge(t, c.name, l, c.field)
	}
}

func goodShow() record.Show {
	return record.Show{
		ID: "lumen-2027", Name: record.Text{"en": "Lumen"}, Languages: []string{"en"}, Timezone: "Asia/Shanghai",
		FirstDay: time.Date(2027, 4, 21, 0, 0, 0, 0, time.UTC), Days: 3,
		Categories: []record.Category{{ID: "trade", Name: record.Text{"en": "Trade"}, Colour: "#123456"}},
		Questions: []record.Question{{ID: "q1", Kind: record.QuestionSingle, Text: record.Text{"en": "Why?"},
			Options: []record.Option{{ID: "a"}, {ID: "b"}}}},
		Consents:   []record.ConsentText{{ID: "card", Version: 1, Text: record.Text{"en": "Yes."}}},
		Exhibitors: []record.Exhibitor{{ID: "aurora", Name: record.Text{"en": "Aurora"}}},
	}
}

// P9: whoever writes a show file is told which place of it will not do.
func TestShow_Limits(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*record.Show)
		field  string
	}{
		{"Good", func(*record.Show) {}, ""},
		{"NoID", func(s *record.Show) { s.ID = "" }, "id"},
		{"IDInCapitals", func(s *record.Show) { s.ID = "Lumen" }, "id"},
		{"IDWithASpace", func(s *record.Show) { s.ID = "lumen 2027" }, "id"},
		{"LongestID", func(s *record.Show) { s.ID = record.ShowID(strings.Repeat("a", 32)) }, ""},
		{"IDTooLong", func(s *record.Show) { s.ID = record.ShowID(strings.Repeat("a", 33)) }, "id"},
		{"IDWithALineAfterIt", func(s *record.Show) { s.ID = "lumen\n" }, "id"},
		{"NoName", func(s *record.Show) { s.Name = nil }, "name"},
		{"NoLanguage", func(s *record.Show) { s.Languages = nil }, "languages"},
		{"LogoIsText", func(s *record.Show) { s.Logo = []byte("logo.png") }, "logo"},
		{"LogoTooLarge", func(s *record.Show) { s.Logo = append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 256<<10)...) }, "logo"},
		{"AccentByName", func(s *record.Show) { s.Accent = "blue" }, "accent"},
		{"NoDays", func(s *record.Show) { s.Days = 0 }, "days"},
		{"MostDays", func(s *record.Show) { s.Days = 31 }, ""},
		{"TooManyDays", func(s *record.Show) { s.Days = 32 }, "days"},
		{"NoFirstDay", func(s *record.Show) { s.FirstDay = time.Time{} }, "first_day"},
		{"FirstDayLongAgo", func(s *record.Show) { s.FirstDay = time.Date(2019, 12, 31, 0, 0, 0, 0, time.UTC) }, "first_day"},
		{"FirstDayFarAhead", func(s *record.Show) { s.FirstDay = time.Date(2199, 1, 1, 0, 0, 0, 0, time.UTC) }, "first_day"},
		{"IdleForAnHour", func(s *record.Show) { s.Idle = time.Hour }, ""},
		{"IdleForLonger", func(s *record.Show) { s.Idle = time.Hour + 1 }, "idle_seconds"},
		{"IdleNegative", func(s *record.Show) { s.Idle = -1 }, "idle_seconds"},
		{"Timezone", func(s *record.Show) { s.Timezone = "Asia/Nowhere" }, "timezone"},
		{"NoCategory", func(s *record.Show) { s.Categories = nil }, "categories"},
		{"CategoryTwice", func(s *record.Show) { s.Categories = append(s.Categories, s.Categories[0]) }, "categories[1]"},
		{"LongestCategory", func(s *record.Show) { s.Categories[0].ID = "abcdefghijkl" }, ""},
		{"CategoryTooLongForAToken", func(s *record.Show) { s.Categories[0].ID = "abcdefghijklm" }, "categories[0]"},
		{"CategoryWithoutName", func(s *record.Show) { s.Categories[0].Name = nil }, "categories[0]"},
		{"CategoryWithoutColour", func(s *record.Show) { s.Categories[0].Colour = "" }, "categories[0]"},
		{"QuestionTwice", func(s *record.Show) { s.Questions = append(s.Questions, s.Questions[0]) }, "questions[1]"},
		{"QuestionKind", func(s *record.Show) { s.Questions[0].Kind = "slider" }, "questions[0]"},
		{"QuestionWithoutText", func(s *record.Show) { s.Questions[0].Text = nil }, "questions[0]"},
		{"OneOption", func(s *record.Show) { s.Questions[0].Options = s.Questions[0].Options[:1] }, "questions[0]"},
		{"OptionTwice", func(s *record.Show) { s.Questions[0].Options[1].ID = "a" }, "questions[0]"},
		{"OptionWithoutID", func(s *record.Show) { s.Questions[0].Options[1].ID = "" }, "questions[0]"},
		{"OpenQuestion", func(s *record.Show) { s.Questions[0].Kind, s.Questions[0].Options = record.QuestionText, nil }, ""},
		{"ConsentTwice", func(s *record.Show) { s.Consents = append(s.Consents, s.Consents[0]) }, "consents[1]"},
		{"ConsentWithoutVersion", func(s *record.Show) { s.Consents[0].Version = 0 }, "consents[0]"},
		{"ConsentWithoutText", func(s *record.Show) { s.Consents[0].Text = nil }, "consents[0]"},
		{"ExhibitorTwice", func(s *record.Show) { s.Exhibitors = append(s.Exhibitors, s.Exhibitors[0]) }, "exhibitors[1]"},
		{"ExhibitorWithoutName", func(s *record.Show) { s.Exhibitors[0].Name = nil }, "exhibitors[0]"},
		{"ExhibitorIDInChinese", func(s *record.Show) { s.Exhibitors[0].ID = "灯" }, "exhibitors[0]"},
	} {
		s := goodShow()
		c.change(&s)
		judge(t, c.name, s, c.field)
	}
}

// P9: what the hall tells all kiosks, and their receipts.
func TestNews_Limits(t *testing.T) {
	const badge = record.BadgeID("01JD0000000000000000000000")
	at := record.Stamp{Wall: 1, Node: "hall"}
	id := strings.Repeat("i", 128)
	void := func(change func(*record.Void)) record.Void {
		v := record.Void{Badge: badge, Registration: "R1", Show: "lumen", At: at, Reason: strings.Repeat("r", 64)}
		change(&v)
		return v
	}
	list := func(change func(*record.Registered)) record.Registered {
		r := record.Registered{Show: "lumen", Key: make([]byte, 32), Region: "ZZ", Entries: slices.Repeat([]record.Digest{{Registration: "R1"}}, 1024)}
		change(&r)
		return r
	}
	for _, c := range []struct {
		name  string
		fact  record.Fact
		field string
	}{
		{"Void", void(func(v *record.Void) { v.Registration = record.RegistrationID(id) }), ""},
		{"VoidOfNoBadge", void(func(v *record.Void) { v.Badge = "B1" }), "badge"},
		{"VoidOfNobody", void(func(v *record.Void) { v.Registration = "" }), "registration"},
		{"VoidOfLongID", void(func(v *record.Void) { v.Registration = record.RegistrationID(id + "i") }), "registration"},
		{"VoidOfNoShow", void(func(v *record.Void) { v.Show = "" }), "show"},
		{"VoidOfNoTime", void(func(v *record.Void) { v.At = record.Stamp{} }), "at"},
		{"VoidWithLongReason", void(func(v *record.Void) { v.Reason += "r" }), "reason"},
		{"VoidWithReasonNoText", void(func(v *record.Void) { v.Reason = "\xff" }), "reason"},
		{"Erasure", record.Erasure{Registration: "R1", Show: "lumen", At: at}, ""},
		{"ErasureOfNobody", record.Erasure{Show: "lumen", At: at}, "registration"},
		{"ErasureOfNoShow", record.Erasure{Registration: "R1", At: at}, "show"},
		{"ErasureOfNoTime", record.Erasure{Registration: "R1", Show: "lumen"}, "at"},
		{"Receipt", record.Erased{Registration: "R1", Show: "lumen", Node: "k1", At: at}, ""},
		{"ReceiptForNobody", record.Erased{Show: "lumen", Node: "k1", At: at}, "registration"},
		{"ReceiptOfNoShow", record.Erased{Registration: "R1", Node: "k1", At: at}, "show"},
		{"ReceiptByNobody", record.Erased{Registration: "R1", Show: "lumen", At: at}, "node"},
		{"ReceiptOfNoTime", record.Erased{Registration: "R1", Show: "lumen", Node: "k1"}, "at"},
		{"LongestList", list(func(*record.Registered) {}), ""},
		{"EmptyList", list(func(r *record.Registered) { r.Entries = nil }), ""},
		{"ListTooLong", list(func(r *record.Registered) { r.Entries = append(r.Entries, r.Entries[0]) }), "entries"},
		{"ListOfNobody", list(func(r *record.Registered) { r.Entries[7].Registration = "" }), "entries"},
		{"ListOfNoShow", list(func(r *record.Registered) { r.Show = "" }), "show"},
		{"ListWithShortKey", list(func(r *record.Registered) { r.Key = r.Key[1:] }), "key"},
		{"ListOfNoRegion", list(func(r *record.Registered) { r.Region = "CHN" }), "region"},
		{"ErasureOfNoText", record.Erasure{Registration: "\xff", Show: "lumen", At: at}, "registration"},
	} {
		judge(t, c.name, c.fact, c.field)
	}
}

// P7: a code that is short is guessed.
func TestIsCode(t *testing.T) {
	for text, want := range map[string]bool{
		"EARLY1": true, strings.Repeat("7", 64): true,
		"": false, "EARLY": false, "early1": false, "EARLY 1": false, "EARLY-1": false, "ÉARLY1": false, strings.Repeat("7", 65): false,
	} {
		if got := record.IsCode(text); got != want {
			t.Errorf("IsCode(%q) = %v, want %v", text, got, want)
		}
	}
	r := record.Registration{ID: "R1", Show: "lumen", Created: record.Stamp{Wall: 1}, Code: "EARLY1"}
	judge(t, "WithCode", r, "")
	r.Code = "early"
	judge(t, "WithShortCode", r, "code")
}
