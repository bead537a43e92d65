package web_test

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"hallpass/kiosk/store"
	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/record/contact"
	"hallpass/sync/wire"
)

// told is a kiosk with a hall, which has told it of a show that also asks for a
// mobile number and has guests of honour.
func told(t *testing.T) *site {
	t.Helper()
	s := start(t, parts{printer: "none"})
	if err := s.Store.Pair(t.Context(), store.Pairing{URL: "https://hall.example", Node: "01M8000000000000000000000K", Hall: "HALL", Show: "lumen-2027"}); err != nil {
		t.Fatal(err)
	}
	show := sampleShow()
	show.Revised = record.Stamp{Wall: 1, Node: "HALL"}
	show.Fields = append(show.Fields, record.FieldRule{Name: "mobile"})
	show.Categories = append(show.Categories, record.Category{ID: "vip", Name: record.Text{"en": "Guest"}, Colour: "#654321"})
	s.tell(t, 1, show)
	return s
}

// tell has the kiosk hear facts of the hall, the first under the number seq.
func (s *site) tell(t *testing.T, seq uint64, facts ...record.Fact) {
	t.Helper()
	var changes []record.Change
	for i, f := range facts {
		payload, err := wire.Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		at := seq + uint64(i)                                                                                                                                                  //nolint:gosec // a test's list is short
		changes = append(changes, record.Change{Node: "HALL", Seq: at, Stamp: record.Stamp{Wall: int64(at), Node: "HALL"}, Kind: f.Kind(), Payload: payload, Salt: []byte{1}}) //nolint:gosec // the same
	}
	if err := s.Store.Apply(t.Context(), "E1", changes); err != nil {
		t.Fatal(err)
	}
	s.Desk.Heard(t.Context())
}

// guest is somebody who is expected.
func guest(code string, category record.CategoryID) record.Registration {
	at := record.Stamp{Wall: 5, Node: "HALL"}
	return record.Registration{
		ID: record.RegistrationID("R-" + code), Show: "lumen-2027", Node: "HALL", Created: at, Source: record.SourceImport, Awaited: true, Code: code,
		Category: record.Register[record.CategoryID]{Value: category, At: at},
		Fields: map[record.FieldName]record.Register[string]{
			"name": {Value: "林晓", At: at}, "company": {Value: "Lumen Optics", At: at}, "department": {Value: "not asked for", At: at},
		},
		Answers: map[record.QuestionID]record.Answer{"wish": {Text: "light", At: at}},
	}
}

// P2, P7: whether a contact has registered is told, and nothing else.
func TestKnown(t *testing.T) {
	s := told(t)
	key := bytes.Repeat([]byte{7}, record.DigestKeySize)
	s.tell(t, 2, record.Registered{Show: "lumen-2027", Key: key, Region: "CN", Entries: []record.Digest{{Hash: contact.Hash(key, "tel:+8613800000000"), Registration: "R1"}}})
	for body, want := range map[string]string{
		`{"fields":{"mobile":"138 0000 0000"}}`:                 `{"known":true}`,
		`{"fields":{"mobile":"+86 138-0000-0000","name":"Bo"}}`: `{"known":true}`,
		`{"fields":{"mobile":"138 0000 0001"}}`:                 `{"known":false}`,
		`{"fields":{"mobile":"138 0000 0000"},"code":"EARLY1"}`: `{"known":false}`, // who brings a code is expected
		`{"fields":{}}`: `{"known":false}`,
		``:              `{"known":false}`,
	} {
		if status, _, got := s.call(t, "POST", "/api/v1/known", strings.NewReader(body)); status != 200 || strings.TrimSpace(string(got)) != want {
			t.Errorf("%s = %d %s, want %s", body, status, got, want)
		}
	}
	var f struct{ Code string }
	s.json(t, 422, &f, "POST", "/api/v1/known", `{"fields":[]}`)
	s.json(t, 413, &f, "POST", "/api/v1/known", `{"fields":{"name":"`+strings.Repeat("a", 300<<10)+`"}}`)
	if log := s.Log.String(); strings.Contains(log, "138") { // P8
		t.Errorf("the log knows the number:\n%s", log)
	}
}

// Who is expected is found by the code however it was typed, as far as the show
// asks, and confirmed once; afterwards the code is used.
func TestPreregistrations_FoundAndConfirmedOnce(t *testing.T) { // P3
	s := told(t)
	s.tell(t, 2, guest("EARLY1", "trade"), guest("GUEST1", "vip"))
	var got struct {
		Code, Category string
		Fields         map[string]string
		Answers        map[string]any
	}
	for _, typed := range []string{"EARLY1", " early-1 ", "https://lumen.example/c?code=early1", "https://lumen.example/EARLY1"} {
		s.json(t, 200, &got, "POST", "/api/v1/preregistrations", `{"code":"`+typed+`"}`)
		if got.Code != "EARLY1" || got.Category != "trade" || got.Fields["name"] != "林晓" || len(got.Fields) != 2 || got.Answers["wish"] != "light" {
			t.Errorf("%q = %+v", typed, got)
		}
	}
	form := strings.NewReplacer(`"source":"typed"`, `"source":"preregistration","code":"EARLY1"`, "Lumen Optics", "Aurora").Replace(goodForm)
	var made, again registered
	s.json(t, 201, &made, "POST", "/api/v1/registrations", form, "Idempotency-Key", "k1")
	s.json(t, 200, &again, "POST", "/api/v1/registrations", form, "Idempotency-Key", "k1")
	if made.ID != "R-EARLY1" || again.ID != made.ID {
		t.Errorf("made %+v, then %+v, want the expected one once", made, again)
	}
	var f struct{ Code, Field string }
	for _, path := range []string{"preregistrations", "registrations"} {
		body := form
		if path == "preregistrations" {
			body = `{"code":"EARLY1"}`
		}
		if s.json(t, 409, &f, "POST", "/api/v1/"+path, body, "Idempotency-Key", "k2"); f.Code != "conflict" || f.Field != "code" {
			t.Errorf("%s with a used code: %+v", path, f)
		}
	}
	if log := s.Log.String(); strings.Contains(log, "EARLY1\"") || strings.Contains(log, "林晓") { // P8
		t.Errorf("the log knows the visitor:\n%s", log)
	}
}

// The category that the list gives is kept, shown and corrected around, though
// nobody may choose it.
func TestPreregistrations_CategoryOfTheList(t *testing.T) {
	s := told(t)
	s.tell(t, 2, guest("GUEST1", "vip"))
	as := func(more string) string {
		return strings.NewReplacer(`"trade"`, `"vip"`, `"source":"typed"`, `"source":"preregistration"`+more).Replace(goodForm)
	}
	var f struct{ Code, Field string }
	if s.json(t, 422, &f, "POST", "/api/v1/registrations", as("")); f.Field != "category" {
		t.Errorf("without the code: %+v", f)
	}
	if status, h, _ := s.call(t, "POST", "/api/v1/previews", strings.NewReader(as(""))); status != 200 || h.Get("Content-Type") != "image/png" {
		t.Errorf("preview = %d", status)
	}
	var made registered
	s.json(t, 201, &made, "POST", "/api/v1/registrations", as(`,"code":"GUEST1"`), "Idempotency-Key", "k1")
	var entry struct{ Category string }
	s.json(t, 200, &entry, "PUT", "/api/v1/registrations/"+made.ID, strings.Replace(as(""), "Lumen Optics", "Aurora", 1), "Idempotency-Key", "k1")
	if entry.Category != "vip" {
		t.Errorf("category = %q", entry.Category)
	}
}

// P9: a code that opens nothing says why; who goes on trying has to wait.
func TestPreregistrations_Refused(t *testing.T) {
	s := told(t)
	var f struct{ Code, Message, Field string }
	ask := func(status int, code fault.Code, body string) {
		t.Helper()
		s.json(t, status, &f, "POST", "/api/v1/preregistrations", body)
		if f.Code != string(code) || f.Message == "" {
			t.Errorf("%s: %+v, want %s", body, f, code)
		}
	}
	for range 20 { // no list yet: nobody is guessing
		ask(http.StatusServiceUnavailable, fault.Unavailable, `{"code":"EARLY1"}`)
	}
	s.tell(t, 2, guest("EARLY1", "trade"))
	ask(422, fault.Invalid, `{"code":7}`)
	for _, none := range []string{`{"code":"NOBODY"}`, `{"code":""}`, ``, `{"code":"EARLY"}`, `{"code":"' OR 1=1"}`, `{"code":"` + strings.Repeat("A", 70) + `"}`} {
		if ask(404, fault.NotFound, none); f.Field != "code" {
			t.Errorf("%s names %q", none, f.Field)
		}
	}
	for range 4 {
		ask(404, fault.NotFound, `{"code":"NOBODY"}`)
	}
	ask(http.StatusTooManyRequests, fault.TooMany, `{"code":"EARLY1"}`)
}

// A changed setting is in the status at once, and whoever listens is told without
// asking again.
func TestStatusEvents_TellOfAChangedShow(t *testing.T) {
	s := told(t)
	var before, after struct {
		Codes    bool
		Revision string
		Name     map[string]string
	}
	s.json(t, 200, &before, "GET", "/api/v1/show", "")
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/api/v1/status/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.Body.Close() }()
	lines := bufio.NewScanner(stream.Body)
	heard := func(revision string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), `"revision":"`+revision+`"`) {
				return
			}
		}
		t.Fatalf("the stream ended before %s: %v", revision, lines.Err())
	}
	heard(before.Revision)
	show := sampleShow()
	show.Revised, show.Name = record.Stamp{Wall: 9, Node: "HALL"}, record.Text{"en": "Lumen West"}
	s.tell(t, 2, show)
	heard("lumen-2027.9.0")
	s.json(t, 200, &after, "GET", "/api/v1/show", "")
	if !before.Codes || after.Revision != "lumen-2027.9.0" || after.Name["en"] != "Lumen West" {
		t.Errorf("before %+v, after %+v", before, after)
	}
	alone := start(t, parts{printer: "none"})
	if alone.json(t, 200, &after, "GET", "/api/v1/show", ""); after.Codes {
		t.Error("a kiosk without a hall offers codes")
	}
}
