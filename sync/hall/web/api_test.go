package web_test

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

var ida = map[record.FieldName]string{"name": "=Ida Example", "company": "雾灯", "mobile": "13800000000", "email": "ida@lamps.example"}

func TestLeads_OverHTTP(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	s := start(t, k)
	r := k.Visitor(ida)
	b, badge := k.Badge(r, 1, record.BadgeIssued)
	k.Say(r, b)
	s.deliver(t, k)
	key, other := s.phone(t, "aurora"), s.phone(t, "borealis")
	post := map[string]any{"token": badge, "at": "2027-04-21T09:30:00.000Z", "rating": 2, "notes": "+40 pieces", "client_id": "c1"}
	post["at"] = time.Now().Add(-time.Hour).UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano)
	status, lead := s.ask(t, "POST", "/api/v1/leads", key, post)
	want(t, "first scan", status, lead, http.StatusCreated, "")
	ecard := lead["ecard"].(map[string]any)
	if len(ecard) != 3 || ecard["company"] != "雾灯" || lead["at"] != post["at"] || lead["voided"] != false || lead["pending"] != nil {
		t.Errorf("lead = %v", lead)
	}
	if of := lead["badge"].(map[string]any); of["short_code"] != b.ShortCode || of["category"] != "trade" || of["category_name"].(map[string]any)["en"] != "Trade visitor" {
		t.Errorf("badge = %v", of)
	}
	status, again := s.ask(t, "POST", "/api/v1/leads", key, post)
	if want(t, "sent again", status, again, http.StatusOK, ""); again["id"] != lead["id"] {
		t.Errorf("another lead: %v", again)
	}
	status, amended := s.ask(t, "PATCH", "/api/v1/leads/"+lead["id"].(string), key, map[string]any{"rating": 3})
	if want(t, "amend", status, amended, http.StatusOK, ""); amended["rating"] != 3.0 || amended["notes"] != "+40 pieces" {
		t.Errorf("amended = %v", amended)
	}
	status, body := s.ask(t, "PATCH", "/api/v1/leads/"+lead["id"].(string), other, map[string]any{"rating": 3})
	want(t, "somebody else amends", status, body, http.StatusNotFound, "not_found")
	status, list := s.ask(t, "GET", "/api/v1/leads?after=&limit=1", key, nil)
	if want(t, "list", status, list, http.StatusOK, ""); len(list["leads"].([]any)) != 1 || list["next"] == "" {
		t.Errorf("list = %v", list)
	}
	status, list = s.ask(t, "GET", "/api/v1/leads?after="+list["next"].(string), key, nil)
	if want(t, "end of the list", status, list, http.StatusOK, ""); len(list["leads"].([]any)) != 0 {
		t.Errorf("after the end = %v", list)
	}
	if _, list = s.ask(t, "GET", "/api/v1/leads", other, nil); len(list["leads"].([]any)) != 0 {
		t.Errorf("another exhibitor sees %v", list)
	}
}

// Spreadsheets get text that they neither run nor round.
func TestLeadsCSV_IsSafeInASpreadsheet(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	s := start(t, k)
	key := s.phone(t, "aurora")
	for i, fields := range []map[record.FieldName]string{
		ida, {"name": "0138", "company": "990000000001"}, {"name": "-2+3", "company": "@sum", "email": "a\"b,c\nd"}, {"name": "平安", "company": "'quoted"},
	} {
		r := k.Visitor(fields)
		b, badge := k.Badge(r, 1, record.BadgeIssued)
		k.Say(r, b)
		if status, body := s.ask(t, "POST", "/api/v1/leads", key, map[string]any{"token": badge, "client_id": string(rune('a' + i))}); status != http.StatusCreated {
			t.Fatal(status, body)
		}
	}
	s.deliver(t, k)
	status, header, data := s.raw(t, "GET", "/api/v1/leads.csv", key, nil)
	if status != http.StatusOK || header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Fatalf("%d %v", status, header)
	}
	text, ok := strings.CutPrefix(string(data), "\ufeff")
	if !ok || strings.Count(text, "\r\n") < 5 {
		t.Errorf("no byte order mark or CRLF in %q", data)
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 5 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if got := strings.Join(rows[0], " "); got != "at name company email category rating notes short_code state" {
		t.Errorf("head = %q; the mobile number is never disclosed", got)
	}
	for i, c := range [][]string{{"'=Ida Example", "雾灯"}, {"'0138", "'990000000001"}, {"'-2+3", "'@sum"}, {"平安", "''quoted"}} {
		if row := rows[i+1]; row[1] != c[0] || row[2] != c[1] {
			t.Errorf("row %d = %q, want %q", i, row[1:3], c)
		}
	}
	if strings.Contains(text, "13800000000") {
		t.Error("the file shows a mobile number (P7)")
	}
}

func TestRights_OverHTTP(t *testing.T) {
	s := start(t)
	phone, organizer := s.phone(t, "aurora"), s.organizer(t).Key
	for _, c := range []struct {
		method, path, key string
		status            int
		code              string
	}{
		{"GET", "/api/v1/stats", "", 401, "auth.required"},
		{"GET", "/api/v1/stats", "nonsense", 401, "auth.required"},
		{"GET", "/api/v1/stats", phone, 403, "auth.denied"},
		{"GET", "/api/v1/stats", organizer, 200, ""},
		{"GET", "/api/v1/live", phone, 403, "auth.denied"},
		{"GET", "/api/v1/registrations", phone, 403, "auth.denied"},
		{"GET", "/api/v1/registrations", organizer, 200, ""},
		{"GET", "/api/v1/leads", "", 401, "auth.required"},
		{"GET", "/api/v1/leads", organizer, 403, "auth.denied"},
		{"GET", "/api/v1/leads.csv", organizer, 403, "auth.denied"},
		{"POST", "/api/v1/leads", organizer, 403, "auth.denied"},
		{"PATCH", "/api/v1/leads/x", organizer, 403, "auth.denied"},
		{"GET", "/api/v1/me", phone, 200, ""},
		{"GET", "/api/v1/show", "", 200, ""},
		{"GET", "/api/v1/nothing", organizer, 404, "not_found"},
		{"GET", "/api/v1/leads?limit=1001", phone, 422, "invalid"},
		{"GET", "/api/v1/leads?after=x", phone, 422, "invalid"},
	} {
		status, body := s.ask(t, c.method, c.path, c.key, map[string]any{})
		want(t, c.method+" "+c.path, status, body, c.status, c.code)
	}
}

// Whoever looks sees that nobody in the show is real, also before signing in.
func TestShow_Rehearsal(t *testing.T) {
	s := start(t)
	for _, rehearsal := range []bool{false, true} {
		show := s.hall.Show()
		show.Rehearsal = rehearsal
		if err := s.hall.Revise(t.Context(), show); err != nil {
			t.Fatal(err)
		}
		if status, body := s.ask(t, "GET", "/api/v1/show", "", nil); status != 200 || body["rehearsal"] != rehearsal {
			t.Errorf("status %d, %v; want rehearsal %v", status, body, rehearsal)
		}
	}
}

// P9: a body that is not what we expect gets a sentence.
func TestBadBodies(t *testing.T) {
	s := start(t)
	key := s.phone(t, "aurora")
	for name, c := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"NoJSON": {"hello", 422, "invalid"}, "Truncated": {`{"token":"x`, 422, "invalid"}, "Two": {`{}{}`, 422, "invalid"},
		"TooLarge": {`{"notes":"` + strings.Repeat("x", 70<<10) + `"}`, 413, "too_large"}, "Rating": {`{"token":"x","rating":300}`, 422, "invalid"},
		"Forged": {`{"token":"HP1"}`, 422, "badge.forged"}, "WrongType": {`{"at":"yesterday"}`, 422, "invalid"},
	} {
		status, _, data := s.raw(t, "POST", "/api/v1/leads", key, c.body)
		var body map[string]any
		if err := json.Unmarshal(data, &body); err != nil {
			t.Fatal(err)
		}
		if want(t, name, status, body, c.status, c.code); body["message"] == "" {
			t.Errorf("%s: no sentence", name)
		}
	}
}

func TestSignIn_Cookie(t *testing.T) {
	s := start(t)
	made := s.organizer(t)
	send := func(method, path, cookie, from string, body string) (int, http.Header, []byte) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		}
		if from != "" {
			r.Header.Set("Sec-Fetch-Site", from)
		}
		return s.do(t, r)
	}
	login := `{"name":"dana","password":"` + made.Password + `"}`
	if status, _, _ := send("POST", "/api/v1/signin", "", "cross-site", login); status != http.StatusForbidden {
		t.Errorf("another site signs in: %d", status)
	}
	if status, _, _ := send("POST", "/api/v1/signin", "", "same-origin", `{"name":"dana","password":"guess"}`); status != http.StatusForbidden {
		t.Errorf("wrong password: %d", status)
	}
	status, header, _ := send("POST", "/api/v1/signin", "", "same-origin", login)
	set := header.Get("Set-Cookie")
	if status != http.StatusNoContent {
		t.Fatalf("sign in: %d", status)
	}
	for _, flag := range []string{"hallpass=", "HttpOnly", "Secure", "SameSite=Strict", "Path=/"} {
		if !strings.Contains(set, flag) {
			t.Errorf("cookie %q lacks %s", set, flag)
		}
	}
	cookie, _, _ := strings.Cut(set, ";")
	if status, _, data := send("GET", "/api/v1/me", cookie, "same-origin", ""); status != http.StatusOK || !strings.Contains(string(data), `"role":"organizer"`) {
		t.Errorf("me: %d %s", status, data)
	}
	if status, _, _ := send("DELETE", "/api/v1/signin", cookie, "cross-site", ""); status != http.StatusForbidden {
		t.Errorf("another site signs out: %d", status)
	}
	if status, _, _ := send("DELETE", "/api/v1/signin", cookie, "same-origin", ""); status != http.StatusNoContent {
		t.Errorf("sign out: %d", status)
	}
	if status, _, _ := send("GET", "/api/v1/stats", cookie, "same-origin", ""); status != http.StatusUnauthorized {
		t.Errorf("after signing out: %d", status)
	}
	for _, secret := range []string{made.Password, made.Key, "guess"} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds a secret: %s", s.log.String())
		}
	}
}

// A number changes within a second of the act, on the wire as well.
func TestLive_Stream(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	s := start(t, k)
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/api/v1/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.organizer(t).Key)
	response, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if got := response.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("content type %q", got)
	}
	stream := bufio.NewScanner(response.Body)
	stream.Buffer(nil, 1<<20)
	next := func() (stats struct{ Registrations, Persons, Leads int }) {
		t.Helper()
		for stream.Scan() {
			if data, ok := strings.CutPrefix(stream.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(data), &stats); err != nil {
					t.Fatal(err)
				}
				return stats
			}
		}
		t.Fatalf("the stream ends: %v", stream.Err())
		return stats
	}
	if got := next(); got.Registrations != 0 {
		t.Errorf("first picture = %+v", got)
	}
	k.Say(k.Visitor(ida))
	began := time.Now()
	s.deliver(t, k)
	for next().Registrations != 1 {
	}
	t.Logf("the number changed %v after the act", time.Since(began))
	s.hall.Hangup()
	for stream.Scan() {
	}
	if err := stream.Err(); err != nil {
		t.Errorf("the stream breaks off: %v", err)
	}
}

func TestRegistrations_ForTheOrganizer(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	s := start(t, k)
	r := k.Visitor(ida)
	r.Answers = map[record.QuestionID]record.Answer{"why": {Picks: []string{"buy", "look"}, At: k.Tick()}, "what": {Text: "lamps", At: k.Tick()}}
	k.Say(r, k.Visitor(map[record.FieldName]string{"mobile": "138 0000 0000"}))
	s.deliver(t, k)
	status, body := s.ask(t, "GET", "/api/v1/registrations?limit=1", s.organizer(t).Key, nil)
	if status != http.StatusOK {
		t.Fatal(status, body)
	}
	data, err := json.Marshal(body["registrations"].([]any)[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		`"id":"` + string(r.ID) + `"`, `"mobile":"13800000000"`, `"category":"trade"`, `"source":"typed"`,
		`"why":["buy","look"]`, `"what":"lamps"`, `"card":{"given":true,"version":1}`, `"node":"` + string(k.Node) + `"`,
	} {
		if !strings.Contains(string(data), part) {
			t.Errorf("no %s in %s", part, data)
		}
	}
	person := body["registrations"].([]any)[0].(map[string]any)["person"]
	_, second := s.ask(t, "GET", "/api/v1/registrations?after="+body["next"].(string), s.organizer(t).Key, nil)
	if got := second["registrations"].([]any)[0].(map[string]any); got["person"] != person || person == "" {
		t.Errorf("the second registration is of %v, want %v", got["person"], person)
	}
	if strings.Contains(s.log.String(), "Ida") || strings.Contains(s.log.String(), "13800000000") {
		t.Error("the log names a visitor (P8)")
	}
}

func TestPages(t *testing.T) {
	s := start(t)
	for _, c := range []struct {
		path, holds, kind string
		status            int
	}{
		{"/", "dashboard", "text/html; charset=utf-8", 200},
		{"/booth", "booth", "text/html; charset=utf-8", 200},
		{"/assets/web/booth/service-worker.js", "worker", "text/javascript; charset=utf-8", 200},
		{"/assets/vendor/reader/zxing_reader.wasm", "asm", "application/wasm", 200},
		{"/assets/web/", "", "", 404},
		{"/assets/../go.mod", "", "", 404},
		{"/nowhere", "", "", 404},
		{"/healthz", "ok", "text/plain; charset=utf-8", 200},
	} {
		status, header, data := s.raw(t, "GET", c.path, "", nil)
		if status != c.status || !strings.Contains(string(data), c.holds) || c.kind != "" && header.Get("Content-Type") != c.kind {
			t.Errorf("%s: %d %s %q", c.path, status, header.Get("Content-Type"), data)
		}
		if !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: no content policy", c.path)
		}
		if allowed := header.Get("Service-Worker-Allowed"); (allowed == "/booth") != strings.HasSuffix(c.path, "worker.js") {
			t.Errorf("%s: service worker allowed for %q", c.path, allowed)
		}
	}
}

// A host has a whole /64 of IPv6 addresses; a new one is no new guesser.
func TestPair_GuessesOfOneHostCountTogether(t *testing.T) {
	s := start(t)
	guess := func(address string) int {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/pair/device", strings.NewReader(`{"code":"7KQ4-M2XP-TC9D","name":"phone"}`))
		r.RemoteAddr = address
		w := httptest.NewRecorder()
		s.Config.Handler.ServeHTTP(w, r)
		return w.Code
	}
	for i := range 10 {
		if got := guess(fmt.Sprintf("[2001:db8:0:1::%x]:4000", i+1)); got != http.StatusForbidden {
			t.Fatalf("guess %d: %d, want 403", i, got)
		}
	}
	if got := guess("[2001:db8:0:1:ffff::1]:4000"); got != http.StatusTooManyRequests {
		t.Errorf("the eleventh from the same network: %d, want 429", got)
	}
	for _, other := range []string{"[2001:db8:0:2::1]:4000", "192.0.2.1:4000", "[::ffff:192.0.2.2]:4000"} {
		if got := guess(other); got != http.StatusForbidden {
			t.Errorf("%s: %d, want 403", other, got)
		}
	}
}
