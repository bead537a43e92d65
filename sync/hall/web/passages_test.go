package web_test

import (
	"net/http"
	"testing"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

func TestPassages_OverHTTP(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	s := start(t, k)
	r := k.Visitor(map[record.FieldName]string{"name": "Ida Example"})
	b, token := k.Badge(r, 1, record.BadgeIssued)
	k.Say(r, b)
	s.deliver(t, k)
	in, err := s.hall.InviteGate(t.Context(), "north")
	if err != nil {
		t.Fatal(err)
	}
	status, paired := s.ask(t, "POST", "/api/v1/pair/device", "", map[string]string{"code": in.Code, "name": "Reader 1"})
	gate, _ := paired["gate"].(map[string]any)
	key, _ := paired["key"].(string)
	if status != http.StatusOK || gate["id"] != "north" || gate["direction"] != "both" || paired["exhibitor"] != nil || key == "" {
		t.Fatalf("pair: %d %v", status, paired)
	}
	scan := map[string]any{"token": token, "at": "2026-11-22T09:00:00Z", "direction": "in", "client_id": "p1"}
	status, body := s.ask(t, "POST", "/api/v1/passages", key, scan)
	badge, _ := body["badge"].(map[string]any)
	if status != http.StatusCreated || body["allowed"] != true || body["code"] != "" || badge["short_code"] != b.ShortCode || badge["category"] != "trade" {
		t.Errorf("in: %d %v", status, body)
	}
	id := body["id"]
	if status, body = s.ask(t, "POST", "/api/v1/passages", key, scan); status != http.StatusOK || body["id"] != id {
		t.Errorf("again: %d %v, want 200 and the same", status, body)
	}
	status, body = s.ask(t, "POST", "/api/v1/passages", key, map[string]any{"token": "HP1NO", "direction": "in"})
	if status != http.StatusCreated || body["allowed"] != false || body["code"] != "badge.forged" || body["message"] == "" {
		t.Errorf("forged: %d %v", status, body)
	}
	status, body = s.ask(t, "POST", "/api/v1/passages", key, map[string]any{"token": token, "direction": "up"})
	want(t, "no direction", status, body, http.StatusUnprocessableEntity, "invalid")
	status, body = s.ask(t, "POST", "/api/v1/passages", "", scan)
	want(t, "nobody", status, body, http.StatusUnauthorized, "auth.required")
	status, body = s.ask(t, "POST", "/api/v1/passages", s.phone(t, "aurora"), scan)
	want(t, "a phone", status, body, http.StatusForbidden, "auth.denied")
	status, body = s.ask(t, "GET", "/api/v1/stats", s.organizer(t).Key, nil)
	if status != http.StatusOK || body["passages"] != 2.0 {
		t.Errorf("stats: %d, passages %v, want 2", status, body["passages"])
	}
}
