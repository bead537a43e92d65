package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// said is a registration with another company, by whoever saw it as it was.
func said(k *halltest.Kiosk, r record.Registration, company string) record.Registration {
	return record.Rewrite(r, r.Set("field.company", record.Version{Text: company, At: k.After(r.Latest())}))
}

// Two kiosks that have not heard of each other, a person at the hall who chooses,
// and one who corrects by hand.
func TestConflicts_OverHTTP(t *testing.T) {
	a, b := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	s := start(t, a, b)
	for range 3 {
		r := a.Visitor(ida)
		a.Say(r, said(a, r, "Quillon"))
		b.Say(said(b, r, "雾灯科技"))
	}
	s.deliver(t, a)
	s.deliver(t, b)
	key := s.organizer(t).Key
	status, page := s.ask(t, "GET", "/api/v1/conflicts?limit=2", key, nil)
	want(t, "conflicts", status, page, http.StatusOK, "")
	list := page["conflicts"].([]any)
	if len(list) != 2 || page["next"] == "" {
		t.Fatalf("page = %v", page)
	}
	_, rest := s.ask(t, "GET", "/api/v1/conflicts?limit=2&after="+url.QueryEscape(page["next"].(string)), key, nil)
	if len(rest["conflicts"].([]any)) != 1 {
		t.Fatalf("next page = %v", rest)
	}
	status, bad := s.ask(t, "GET", "/api/v1/conflicts?after=%21", key, nil)
	want(t, "another cursor", status, bad, http.StatusUnprocessableEntity, "invalid")

	c := list[0].(map[string]any)
	sides := c["sides"].([]any)
	first, last := sides[0].(map[string]any), sides[1].(map[string]any)
	if c["part"] != "field.company" || last["stands"] != true || first["stands"] != false || !strings.HasPrefix(first["kiosk"].(string), "Entrance") || first["by"] != "" {
		t.Fatalf("conflict = %v", c)
	}
	at := "/api/v1/conflicts/" + url.PathEscape(c["id"].(string))
	choice := map[string]any{"choice": first["version"], "seen": []any{first["version"], last["version"]}}
	for name, body := range map[string]map[string]any{
		"no version": {"choice": "soon", "seen": []any{}}, "no side": {"choice": first["version"], "seen": []any{"x"}},
	} {
		status, got := s.ask(t, "POST", at, key, body)
		want(t, name, status, got, http.StatusUnprocessableEntity, "invalid")
	}
	status, got := s.ask(t, "POST", at, key, map[string]any{"choice": first["version"], "seen": []any{first["version"]}})
	want(t, "a side not seen", status, got, http.StatusConflict, "conflict")
	status, got = s.ask(t, "POST", at, s.phone(t, "aurora"), choice)
	want(t, "a booth chooses", status, got, http.StatusForbidden, "auth.denied")
	status, got = s.ask(t, "POST", at, key, choice)
	if want(t, "choose", status, got, http.StatusOK, ""); got["fields"].(map[string]any)["company"] != first["value"] {
		t.Errorf("after the choice: %v", got)
	}
	status, got = s.ask(t, "POST", at, key, choice)
	want(t, "chosen twice", status, got, http.StatusNotFound, "not_found")
	status, got = s.ask(t, "POST", "/api/v1/conflicts/nothing", key, choice)
	want(t, "no such conflict", status, got, http.StatusNotFound, "not_found")

	id := list[1].(map[string]any)["registration"].(map[string]any)["id"].(string)
	status, got = s.ask(t, "PATCH", "/api/v1/registrations/"+id, key, map[string]any{"fields": map[string]any{"company": "Quillon Ltd"}, "category": "media"})
	if want(t, "correct", status, got, http.StatusOK, ""); got["category"] != "media" {
		t.Errorf("corrected = %v", got)
	}
	status, got = s.ask(t, "PATCH", "/api/v1/registrations/"+id, key, map[string]any{"answers": map[string]any{"why": 7}})
	want(t, "no answer", status, got, http.StatusUnprocessableEntity, "invalid")
	if _, got = s.ask(t, "GET", "/api/v1/registrations/"+id, key, nil); got["fields"].(map[string]any)["company"] != "Quillon Ltd" {
		t.Errorf("registration = %v", got)
	}
	status, got = s.ask(t, "GET", "/api/v1/registrations/nobody", key, nil)
	want(t, "nobody", status, got, http.StatusNotFound, "not_found")
	_, stats := s.ask(t, "GET", "/api/v1/stats", key, nil)
	if stats["conflicts"] != 1.0 {
		t.Errorf("stats say %v conflicts", stats["conflicts"])
	}
	_, log := s.ask(t, "GET", "/api/v1/decisions", key, nil)
	made := log["decisions"].([]any)
	if len(made) != 2 || made[0].(map[string]any)["act"] != "correct" || made[1].(map[string]any)["by"] != "dana" {
		t.Errorf("decisions = %v", log)
	}
}

func TestQuarantine_OverHTTP(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	s := start(t, k)
	for range 3 {
		k.SayBytes("moon.phase", []byte("full of Ida Example"))
	}
	s.deliver(t, k)
	key := s.organizer(t).Key
	_, page := s.ask(t, "GET", "/api/v1/quarantine?limit=2", key, nil)
	list := page["quarantine"].([]any)
	if len(list) != 2 || list[0].(map[string]any)["code"] != "fact.unknown" || list[0].(map[string]any)["discarded"] != nil {
		t.Fatalf("page = %v", page)
	}
	_, raw, body := s.raw(t, "GET", "/api/v1/quarantine", key, nil)
	if strings.Contains(string(body), "Ida") {
		t.Errorf("P8: the list says what was refused: %v %s", raw, body)
	}
	at := "/api/v1/quarantine/" + list[0].(map[string]any)["id"].(string)
	status, got := s.ask(t, "POST", at+"/retry", key, nil)
	if status < 400 || got["code"] != "fact.unknown" {
		t.Errorf("judged again: %d %v", status, got)
	}
	status, got = s.ask(t, "POST", at+"/discard", key, map[string]any{"reason": " "})
	want(t, "discard without a reason", status, got, http.StatusUnprocessableEntity, "invalid")
	status, got = s.ask(t, "POST", at+"/discard", key, map[string]any{"reason": "of a rehearsal"})
	want(t, "discard", status, got, http.StatusOK, "")
	_, page = s.ask(t, "GET", "/api/v1/quarantine?state=discarded", key, nil)
	kept := page["quarantine"].([]any)
	if len(kept) != 1 || kept[0].(map[string]any)["discarded"].(map[string]any)["reason"] != "of a rehearsal" {
		t.Errorf("discarded = %v", page)
	}
	status, got = s.ask(t, "POST", "/api/v1/quarantine/retry", key, nil)
	if want(t, "retry all", status, got, http.StatusOK, ""); got["taken"] != 0.0 || got["left"] != 2.0 {
		t.Errorf("retried = %v", got)
	}
	for path, code := range map[string]string{"/api/v1/quarantine/9/retry": "not_found", "/api/v1/quarantine/x/retry": "not_found"} {
		status, got = s.ask(t, "POST", path, key, nil)
		want(t, path, status, got, http.StatusNotFound, code)
	}
	status, got = s.ask(t, "GET", "/api/v1/quarantine?state=moon", key, nil)
	want(t, "another state", status, got, http.StatusUnprocessableEntity, "invalid")
	_, stats := s.ask(t, "GET", "/api/v1/stats", key, nil)
	if stats["quarantine"] != 2.0 || stats["discarded"] != 1.0 {
		t.Errorf("stats = %v", stats)
	}
}
