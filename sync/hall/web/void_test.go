package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// P5: what the organizer takes back is refused at the next gate; whose word it was
// is kept. Both routes, and everybody who may not.
func TestVoids_OverHTTP_P5(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	s := start(t, k)
	var badges []record.Badge
	var texts []string
	for range 2 {
		r := k.Visitor(map[record.FieldName]string{"name": "Ida Example"})
		b, text := k.Badge(r, 1, record.BadgeIssued)
		k.Say(r, b)
		badges, texts = append(badges, b), append(texts, text)
	}
	s.deliver(t, k)
	key, gate := s.organizer(t).Key, s.reader(t, "north")
	lost := map[string]string{"badge": texts[0], "reason": "lost"}
	for name, c := range map[string]struct {
		path, key string
		body      any
		status    int
		code      string
	}{
		"nobody":           {"voids", "", lost, http.StatusUnauthorized, "auth.required"},
		"nobody, no JSON":  {"voids", "", "{", http.StatusUnauthorized, "auth.required"},
		"a booth":          {"voids", s.phone(t, "aurora"), lost, http.StatusForbidden, "auth.denied"},
		"a gate":           {"badges/" + string(badges[0].ID) + "/void", gate, lost, http.StatusForbidden, "auth.denied"},
		"no JSON":          {"voids", key, "{", http.StatusUnprocessableEntity, "invalid"},
		"no reason":        {"voids", key, map[string]string{"badge": texts[0]}, http.StatusUnprocessableEntity, "invalid"},
		"a sentence":       {"voids", key, map[string]string{"badge": texts[0], "reason": "Ida lost it"}, http.StatusUnprocessableEntity, "invalid"},
		"no badge":         {"voids", key, map[string]string{"reason": "lost"}, http.StatusNotFound, "not_found"},
		"no such badge":    {"badges/nothing/void", key, lost, http.StatusNotFound, "not_found"},
		"too large a form": {"voids", key, map[string]string{"badge": strings.Repeat("a", 70<<10), "reason": "lost"}, http.StatusRequestEntityTooLarge, "too_large"},
	} {
		status, got := s.ask(t, "POST", "/api/v1/"+c.path, c.key, c.body)
		want(t, name, status, got, c.status, c.code)
	}
	enters := func(text, client string) map[string]any {
		t.Helper()
		status, got := s.ask(t, "POST", "/api/v1/passages", gate, map[string]any{"token": text, "direction": "in", "client_id": client, "at": "2026-11-22T09:00:00Z"})
		if status/100 != 2 {
			t.Errorf("passage: %d %v", status, got)
		}
		return got
	}
	if got := enters(texts[0], "p1"); got["allowed"] != true {
		t.Errorf("before: %v", got)
	}
	status, got := s.ask(t, "POST", "/api/v1/voids", key, lost)
	want(t, "void by its QR", status, got, http.StatusOK, "")
	if got["fresh"] != true || got["badge"] != string(badges[0].ID) || got["state"] != "voided" || got["reason"] != "lost" || got["short_code"] != badges[0].ShortCode {
		t.Errorf("void by its QR: %v", got)
	}
	status, got = s.ask(t, "POST", "/api/v1/voids", key, map[string]string{"badge": texts[0], "reason": "stolen"})
	if want(t, "once more", status, got, http.StatusOK, ""); got["fresh"] != false || got["reason"] != "lost" {
		t.Errorf("once more: %v", got)
	}
	status, got = s.ask(t, "POST", "/api/v1/badges/"+badges[1].ShortCode+"/void", key, map[string]string{"reason": "stolen"})
	if want(t, "void by its short code", status, got, http.StatusOK, ""); got["badge"] != string(badges[1].ID) {
		t.Errorf("void by its short code: %v", got)
	}
	for i, text := range texts {
		if got := enters(text, "after "+fmt.Sprint(i)); got["allowed"] != false || got["code"] != "badge.voided" {
			t.Errorf("after: %v", got)
		}
	}
	if got := enters(texts[0], "p1"); got["allowed"] != true {
		t.Errorf("the scan before the void, sent again: %v, want its first verdict", got)
	}
	_, log := s.ask(t, "GET", "/api/v1/decisions", key, nil)
	if made := log["decisions"].([]any); len(made) != 2 || made[0].(map[string]any)["act"] != "void" || made[0].(map[string]any)["reason"] != "stolen" || made[0].(map[string]any)["by"] != "dana" {
		t.Errorf("decisions = %v", log)
	}
	if log := s.log.String(); strings.Contains(log, texts[0]) || strings.Contains(log, "Ida") {
		t.Errorf("P8: the log holds a badge's code:\n%s", log)
	}
}

// reader pairs a gate's reader and returns its key.
func (s *site) reader(t *testing.T, gate string) string {
	t.Helper()
	in, err := s.hall.InviteGate(t.Context(), gate)
	if err != nil {
		t.Fatal(err)
	}
	status, paired := s.ask(t, "POST", "/api/v1/pair/device", "", map[string]string{"code": in.Code, "name": "Reader 1"})
	want(t, "pair", status, paired, http.StatusOK, "")
	return paired["key"].(string)
}
