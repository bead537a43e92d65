package web_test

import (
	"net/http"
	"strings"
	"testing"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// P10: an erasure over HTTP: who may, what is left, and which kiosks have yet to do
// it; it says nothing of whose data it was.
func TestErasures_OverHTTP_P10(t *testing.T) {
	k, off := halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	s := start(t, k, off)
	r := k.Visitor(map[record.FieldName]string{"name": "Ida Example", "email": "ida@lamps.example"})
	k.Say(r)
	s.deliver(t, k)
	key := s.organizer(t).Key
	at := "/api/v1/registrations/" + string(r.ID) + "/erase"
	for name, c := range map[string]struct {
		method, path, key string
		status            int
		code              string
	}{
		"nobody erases":     {"POST", at, "", http.StatusUnauthorized, "auth.required"},
		"a booth erases":    {"POST", at, s.phone(t, "aurora"), http.StatusForbidden, "auth.denied"},
		"a booth looks":     {"GET", "/api/v1/erasures", s.phone(t, "aurora"), http.StatusForbidden, "auth.denied"},
		"nobody looks":      {"GET", "/api/v1/erasures", "", http.StatusUnauthorized, "auth.required"},
		"no such visitor":   {"POST", "/api/v1/registrations/nobody/erase", key, http.StatusNotFound, "not_found"},
		"a name, not an id": {"POST", "/api/v1/registrations/Ida%20Example/erase", key, http.StatusNotFound, "not_found"},
	} {
		status, got := s.ask(t, c.method, c.path, c.key, nil)
		want(t, name, status, got, c.status, c.code)
	}
	if _, none := s.ask(t, "GET", "/api/v1/erasures", key, nil); len(none["erasures"].([]any)) != 0 {
		t.Errorf("before: %v", none)
	}
	for _, when := range []string{"erase", "erase again"} {
		status, got := s.ask(t, "POST", at, key, nil)
		want(t, when, status, got, http.StatusOK, "")
		list := got["erasures"].([]any)
		if len(list) != 1 || list[0].(map[string]any)["registration"] != string(r.ID) || len(list[0].(map[string]any)["missing"].([]any)) != 2 {
			t.Errorf("%s: %v", when, got)
		}
	}
	k.Say(record.Erased{Registration: r.ID, Show: "lamps-2027", Node: k.Node, At: k.Tick()})
	s.deliver(t, k)
	_, got := s.ask(t, "GET", "/api/v1/erasures", key, nil)
	e := got["erasures"].([]any)[0].(map[string]any)
	missing := e["missing"].([]any)
	if len(e["done"].([]any)) != 1 || len(missing) != 1 || missing[0].(map[string]any)["name"] != off.Paired().Name {
		t.Errorf("with one receipt: %v", e)
	}
	status, _, body := s.raw(t, "GET", "/api/v1/registrations/"+string(r.ID), key, nil)
	if strings.Contains(string(body), "Ida") || strings.Contains(string(body), "lamps.example") {
		t.Errorf("what is left of the visitor: %d %s", status, body)
	}
	_, log := s.ask(t, "GET", "/api/v1/decisions", key, nil)
	if made := log["decisions"].([]any); len(made) != 1 || made[0].(map[string]any)["act"] != "erase" || made[0].(map[string]any)["by"] != "dana" {
		t.Errorf("decisions = %v", log)
	}
}
