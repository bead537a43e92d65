package web_test

import (
	"encoding/json"
	"strings"
	"testing"
)

type staffEntry struct {
	ID, Source string
	Fields     map[string]string
	Badge      struct {
		State, ShortCode string
		Issue            int
	}
	Answers  map[string]any
	Consents map[string]bool
	Asked    int
	Left     int
	Steps    []struct{ State string }
}

const staffKey = "Bearer 4711"

// P7: who is not staff learns nothing here, not even whether somebody exists.
func TestStaff_OnlyWithTheCode(t *testing.T) {
	s := start(t, parts{})
	r := made(t, s, "mine")
	for _, call := range [][3]string{
		{"GET", "/api/v1/staff", ""}, {"POST", "/api/v1/staff/searches", `{"text":"林晓"}`},
		{"GET", "/api/v1/staff/registrations/" + r.ID, ""}, {"GET", "/api/v1/staff/registrations/none", ""},
		{"POST", "/api/v1/staff/printers/0/roll", `{"labels":250}`},
	} {
		if got := codeOf(t, s, call[0], call[1], call[2], "Idempotency-Key", "mine"); got != "auth.denied" && got != "too_many" {
			t.Errorf("%s %s without a code = %q, want auth.denied", call[0], call[1], got)
		}
	}
}

// The overview says what staff need: badges, printers, and how far the hall is.
func TestStaff_Overview(t *testing.T) {
	s := start(t, parts{printer: "none"})
	var r registered
	s.json(t, 201, &r, "POST", "/api/v1/registrations", goodForm)
	var got struct {
		Status struct {
			Printer struct{ State string }
			Jobs    int
		}
		Sync struct {
			Hall      string
			HallSince *string `json:"hall_since"`
			AckedAt   *string `json:"acked_at"`
			Unsent    int
			SkewMS    *int64 `json:"skew_ms"`
		}
		Needs   []staffEntry
		Reasons []string
	}
	s.json(t, 200, &got, "GET", "/api/v1/staff", "", "Authorization", staffKey)
	if len(got.Needs) != 1 || got.Needs[0].ID != r.ID || got.Needs[0].Fields["name"] != "林晓" {
		t.Errorf("needs = %+v, want the badge that has no printer", got.Needs)
	}
	if got.Sync.Hall != "none" || got.Sync.Unsent == 0 || got.Sync.AckedAt != nil || got.Sync.HallSince != nil || got.Sync.SkewMS == nil {
		t.Errorf("sync = %+v", got.Sync)
	}
	if got.Status.Printer.State != "none" || strings.Join(got.Reasons, " ") != "lost damaged misprint not-out corrected not-mine" {
		t.Errorf("status %+v, reasons %v", got.Status, got.Reasons)
	}
}

// Found by name, by short code and by the QR code, with what a correction must
// send back; and corrected with just that.
func TestStaff_FindAndCorrect(t *testing.T) {
	s := start(t, parts{})
	r := made(t, s, "k")
	var hits struct {
		Found []staffEntry
		Code  *struct {
			Reason, Category string
			Issue            int
		}
	}
	find := func(text string) {
		t.Helper()
		body, err := json.Marshal(map[string]string{"text": text})
		if err != nil {
			t.Fatal(err)
		}
		hits.Code, hits.Found = nil, nil
		s.json(t, 200, &hits, "POST", "/api/v1/staff/searches", string(body), "Authorization", staffKey)
	}
	for _, text := range []string{"林晓", "lumen", r.ShortCode, r.Token} {
		find(text)
		if len(hits.Found) != 1 || hits.Found[0].ID != r.ID {
			t.Errorf("search %q = %+v", text, hits.Found)
		}
		if (hits.Code != nil) != (text == r.Token) || hits.Code != nil && (hits.Code.Reason != "" || hits.Code.Issue != 1 || hits.Code.Category != "trade") {
			t.Errorf("search %q: code %+v", text, hits.Code)
		}
	}
	if find("nobody"); hits.Found == nil || len(hits.Found) != 0 || hits.Code != nil {
		t.Errorf("nobody = %+v, want an empty list", hits)
	}
	var e staffEntry
	s.json(t, 200, &e, "GET", "/api/v1/staff/registrations/"+r.ID, "", "Authorization", staffKey)
	if e.Left != 10 || e.Asked != 0 || e.Source != "typed" || !e.Consents["privacy"] || len(e.Steps) < 3 || e.Badge.State != "issued" {
		t.Errorf("person = %+v", e)
	}
	e.Fields["name"] = "林晓明"
	form, err := json.Marshal(map[string]any{"fields": e.Fields, "category": "trade", "answers": e.Answers, "consents": e.Consents, "source": e.Source})
	if err != nil {
		t.Fatal(err)
	}
	s.json(t, 200, &struct{}{}, "PUT", "/api/v1/registrations/"+r.ID, string(form), "Authorization", staffKey)
	s.json(t, 200, &e, "GET", "/api/v1/staff/registrations/"+r.ID, "", "Authorization", staffKey)
	if e.Fields["name"] != "林晓明" || e.Badge.Issue != 2 || e.Asked != 1 || e.Left != 9 {
		t.Errorf("corrected = %+v", e)
	}
	if strings.Contains(s.Log.String(), "林晓") || strings.Contains(s.Log.String(), r.Token) {
		t.Error("the log names the visitor or a token (P8)")
	}
}

func TestStaff_RollOfAPrinterThatHasNone(t *testing.T) { // P9
	s := start(t, parts{})
	for _, n := range []string{"0", "7", "-1", "x"} {
		if got := codeOf(t, s, "POST", "/api/v1/staff/printers/"+n+"/roll", `{"labels":250}`, "Authorization", staffKey); got != "not_found" {
			t.Errorf("a roll for printer %s = %q, want not_found", n, got)
		}
	}
	if got := codeOf(t, s, "POST", "/api/v1/staff/searches", `{"text":7}`, "Authorization", staffKey); got != "invalid" {
		t.Errorf("a search for a number = %q, want invalid", got)
	}
}
