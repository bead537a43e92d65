package web_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

type badgeNow struct {
	Badge struct {
		State, Reason, Place string
		Issue                int
		Away                 bool
	}
	Fields map[string]string
}

// made registers under a key and waits until the badge is out.
func made(tb testing.TB, s *site, key string) registered {
	tb.Helper()
	var r registered
	s.json(tb, 201, &r, "POST", "/api/v1/registrations", goodForm, "Idempotency-Key", key)
	if got := s.last(tb, r.ID); !strings.Contains(got, `"state":"issued"`) {
		tb.Fatalf("last event = %s", got)
	}
	return r
}

func codeOf(tb testing.TB, s *site, method, path, body string, header ...string) string {
	tb.Helper()
	_, _, data := s.call(tb, method, path, strings.NewReader(body), header...)
	var f struct{ Code string }
	if err := json.Unmarshal(data, &f); err != nil {
		tb.Fatal(err)
	}
	return f.Code
}

// P7: what is done with a badge that exists is done by its own screen, or by
// staff; another visitor's screen, and no screen at all, are refused.
func TestBadge_OwnScreenOrStaff(t *testing.T) {
	s := start(t, parts{})
	mine, other := made(t, s, "mine"), made(t, s, "other")
	for path, body := range map[string]string{
		"POST /badge":         `{"reason":"misprint"}`,
		"POST /badge/confirm": `{"out":true}`,
		"POST /badge/void":    `{"reason":"not-mine"}`,
		"PUT ":                goodForm,
		"GET /steps":          "",
	} {
		method, tail, _ := strings.Cut(path, " ")
		for name, header := range map[string][]string{
			"Nobody": nil, "AnotherVisitor": {"Idempotency-Key", "other"}, "NoKey": {"Idempotency-Key", ""},
			"WrongCode": {"Authorization", "Bearer 47"},
		} {
			if name == "WrongCode" && tail != "/badge" {
				continue // five in a minute shut the door for all
			}
			if got := codeOf(t, s, method, "/api/v1/registrations/"+mine.ID+tail, body, header...); got != "auth.denied" {
				t.Errorf("%s %s as %s = %q, want auth.denied", method, tail, name, got)
			}
		}
	}
	if got := codeOf(t, s, "POST", "/api/v1/registrations/"+other.ID+"/badge", `{"reason":"lost"}`, "Idempotency-Key", "other"); got != "auth.denied" {
		t.Errorf("a visitor says lost = %q, want auth.denied", got)
	}
	var second badgeNow
	s.json(t, 200, &second, "POST", "/api/v1/registrations/"+other.ID+"/badge", `{"reason":"lost"}`, "Authorization", "Bearer 4711")
	if second.Badge.Issue != 2 {
		t.Errorf("staff's reprint = %+v", second)
	}
	for range 8 {
		codeOf(t, s, "POST", "/api/v1/registrations/"+mine.ID+"/badge", `{}`, "Authorization", "Bearer 0000")
	}
	if got := codeOf(t, s, "POST", "/api/v1/registrations/"+mine.ID+"/badge", `{"reason":"lost"}`, "Authorization", "Bearer 4711"); got != "too_many" {
		t.Errorf("after many wrong codes = %q, want too_many", got)
	}
}

// "Not mine" voids at once and prints nothing; the corrected form then is the
// same registration with another badge.
func TestBadge_NotMineThenCorrected(t *testing.T) {
	s := start(t, parts{})
	r := made(t, s, "k")
	var now badgeNow
	for range 2 { // a second touch changes nothing
		s.json(t, 200, &now, "POST", "/api/v1/registrations/"+r.ID+"/badge/void", `{"reason":"not-mine"}`, "Idempotency-Key", "k")
		if now.Badge.State != "voided" || now.Badge.Issue != 1 || now.Badge.Reason != "not-mine" {
			t.Fatalf("after not mine: %+v", now)
		}
	}
	right := strings.Replace(goodForm, "林晓", "林晓明", 1)
	s.json(t, 200, &now, "PUT", "/api/v1/registrations/"+r.ID, right, "Idempotency-Key", "k")
	if now.Badge.Issue != 2 || now.Fields["name"] != "林晓明" {
		t.Errorf("corrected: %+v", now)
	}
	if got := s.last(t, r.ID); !strings.Contains(got, `"state":"issued"`) || !strings.Contains(got, `"issue":2`) {
		t.Errorf("last event = %s", got)
	}
	var log struct {
		Steps []struct {
			State, Reason, Printer string
			Issue                  int
		}
	}
	s.json(t, 200, &log, "GET", "/api/v1/registrations/"+r.ID+"/steps", "", "Authorization", "Bearer 4711")
	var way []string
	for _, st := range log.Steps {
		way = append(way, st.State+":"+st.Reason)
	}
	want := "reserved: sent: issued: voided:not-mine reserved:not-mine sent: issued:"
	if got := strings.Join(way, " "); got != want && got != strings.Replace(want, "reserved:not-mine", "reserved:corrected", 1) {
		t.Errorf("steps = %s", got)
	}
}

func TestBadge_ConfirmWhatIsNotInDoubt(t *testing.T) { // P9
	s := start(t, parts{})
	r := made(t, s, "k")
	path := "/api/v1/registrations/" + r.ID + "/badge/confirm"
	if got := codeOf(t, s, "POST", path, `{}`, "Idempotency-Key", "k"); got != "invalid" {
		t.Errorf("no word = %q, want invalid", got)
	}
	if got := codeOf(t, s, "POST", path, `{"out":false}`, "Idempotency-Key", "k"); got != "conflict" {
		t.Errorf("not out, of a badge that the printer confirmed = %q, want conflict", got)
	}
	var now badgeNow
	s.json(t, 200, &now, "POST", path, `{"out":true}`, "Idempotency-Key", "k")
	if now.Badge.State != "issued" {
		t.Errorf("confirmed twice = %+v", now)
	}
}

// The status is told as it is now, with the pool, to whoever listens.
func TestStatusEvents(t *testing.T) {
	s := start(t, parts{})
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/api/v1/status/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var status struct {
			Printers []struct {
				Place, State string
				LabelsLeft   int     `json:"labels_left"`
				EmptyAt      *string `json:"empty_at"`
			}
		}
		if err := json.Unmarshal([]byte(data), &status); err != nil {
			t.Fatal(err)
		}
		if len(status.Printers) != 1 || status.Printers[0].Place != "Desk 1" || status.Printers[0].LabelsLeft != -1 || status.Printers[0].EmptyAt != nil {
			t.Errorf("printers = %+v", status.Printers)
		}
		return
	}
	t.Errorf("no status came: %v", lines.Err())
}

// The badge that a form would give is a picture; nothing is kept of it, and a
// field at fault is named (P9).
func TestPreviews(t *testing.T) {
	s := start(t, parts{})
	var before, after struct {
		LastSeq int `json:"last_seq"`
	}
	s.json(t, 200, &before, "GET", "/api/v1/status", "")
	status, h, data := s.call(t, "POST", "/api/v1/previews", strings.NewReader(`{"fields":{"name":"林晓"},"category":"trade"}`))
	if status != 200 || h.Get("Content-Type") != "image/png" || !strings.HasPrefix(string(data), "\x89PNG") || h.Get("Hallpass-Missing") != "" {
		t.Errorf("preview = %d %v, %d bytes", status, h, len(data))
	}
	_, h, _ = s.call(t, "POST", "/api/v1/previews", strings.NewReader(`{"fields":{"name":"林𖿤"},"category":"trade"}`))
	if got := h.Get("Hallpass-Missing"); got != "%F0%96%BF%A4" {
		t.Errorf("missing %q, want the sign that no font has", got)
	}
	s.json(t, 200, &after, "GET", "/api/v1/status", "")
	if after != before {
		t.Errorf("the journal grew from %d to %d", before.LastSeq, after.LastSeq)
	}
	for body, field := range map[string]string{`{"fields":{},"category":"trade"}`: "name", `{"fields":{"name":"x"},"category":"none"}`: "category"} {
		var f struct{ Code, Field string }
		s.json(t, 422, &f, "POST", "/api/v1/previews", body)
		if f.Code != "invalid" || f.Field != field {
			t.Errorf("%s = %+v, want invalid %s", body, f, field)
		}
	}
}
