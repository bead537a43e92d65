package web_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/web"
	"hallpass/sync/record"
	"hallpass/sync/record/showfile"
	"hallpass/sync/wire"
)

// counter is the hall's control socket as the operator's commands reach it.
type counter struct{ *httptest.Server }

func (s *site) counter(t *testing.T) counter {
	t.Helper()
	server := httptest.NewServer(web.Control(s.hall, slog.New(slog.DiscardHandler)))
	t.Cleanup(server.Close)
	return counter{server}
}

func (c counter) ask(t *testing.T, method, path string, body any) (int, map[string]any) {
	t.Helper()
	text, isText := body.(string)
	if !isText && body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		text = string(data)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, c.URL+path, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(web.OperatorHeader, "Dana%20%E4%B8%B9")
	response, err := c.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatalf("%s %s: %v in %q", method, path, err, data)
	}
	return response.StatusCode, out
}

const roster = "Name,Company,Code,Category,Lunch\nAda Example,Nordlicht,EARLY1,trade,yes\nBo Example,Aurora,EARLY2,nonsense,no\n"

// A list by the control socket: tried, taken in, again, and what is no list.
func TestControl_Import(t *testing.T) { // P9
	s := start(t, halltest.NewKiosk("lamps-2027"))
	c := s.counter(t)
	for _, step := range []struct {
		name                string
		order               web.ImportRequest
		added, same, failed float64
	}{
		{"tried", web.ImportRequest{List: []byte(roster), DryRun: true}, 1, 0, 1},
		{"taken in", web.ImportRequest{List: []byte(roster)}, 1, 0, 1},
		{"again", web.ImportRequest{List: []byte(roster)}, 0, 1, 1},
	} {
		status, got := c.ask(t, "POST", "/import", step.order)
		want(t, step.name, status, got, http.StatusOK, "")
		if got["added"] != step.added || got["unchanged"] != step.same || got["failed"] != step.failed {
			t.Errorf("%s: %v", step.name, got)
		}
		problem := got["problems"].([]any)[0].(map[string]any)
		if ignored := got["ignored"].([]any); len(ignored) != 1 || ignored[0] != "Lunch" || problem["line"] != 3.0 {
			t.Errorf("%s: ignored %v, problem %v", step.name, ignored, problem)
		}
	}
	for name, body := range map[string]any{
		"nothing": "", "no JSON": "{", "no base64": `{"list":"?"}`, "an empty list": web.ImportRequest{},
		"only names of columns that mean nothing": web.ImportRequest{List: []byte("a,b\n1,2\n")},
		"a column that is not there":              web.ImportRequest{List: []byte(roster), Columns: map[string]string{"Shoe": "name"}},
		"a key that is not there":                 web.ImportRequest{List: []byte(roster), Key: "Customer"},
		"a category that is not there":            web.ImportRequest{List: []byte(roster), Category: "nonsense"},
		"not text":                                web.ImportRequest{List: []byte("name\n\xff\xfe\n\x00")},
	} {
		status, got := c.ask(t, "POST", "/import", body)
		if status/100 != 4 && got["failed"] != 2.0 { // or every line is a problem
			t.Errorf("%s: %d %v", name, status, got)
		}
	}
	if got := s.hall.Stats(); got.Registrations != 0 {
		t.Errorf("who is expected counts: %+v", got)
	}
}

// The show by the control socket: read, changed, refused. A change is pushed to a
// connected kiosk over the connection it has; the kiosk asks for nothing.
func TestControl_ShowIsPushed(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	s := start(t, k)
	c := s.counter(t)
	trust := s.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	trust.NextProtos = nil
	conn, _, err := k.Dial(t.Context(), s.link(), trust)
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan record.Show, 10)
	go func() { // asks for nothing: what comes is pushed
		defer close(told)
		for {
			frame, err := conn.Receive(t.Context())
			if err != nil {
				return
			}
			batch, _ := frame.(wire.Batch)
			for _, change := range batch.Changes {
				if fact, err := wire.Decode(change.Kind, change.Payload); err == nil {
					if show, ok := fact.(record.Show); ok {
						told <- show
					}
				}
			}
			if n := len(batch.Changes); n > 0 && conn.Send(t.Context(), wire.Ack{Seq: batch.Changes[n-1].Seq}) != nil {
				return
			}
		}
	}()
	if first := <-told; first.ID != "lamps-2027" {
		t.Fatalf("told %+v", first)
	}
	status, _ := c.ask(t, "GET", "/show", nil)
	if status != http.StatusOK {
		t.Fatal(status)
	}
	show := s.hall.Show()
	show.Name = record.Text{"en": "Lamps, renamed"}
	other := show
	other.ID = "moths-2027"
	bare := show
	bare.Categories = nil
	for name, bad := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"nothing":       {"", http.StatusUnprocessableEntity, "invalid"},
		"no JSON":       {"{", http.StatusUnprocessableEntity, "invalid"},
		"unknown key":   {`{"idd":"x"}`, http.StatusUnprocessableEntity, "invalid"},
		"another show":  {string(showfile.Format(other)), http.StatusConflict, "conflict"},
		"no categories": {string(showfile.Format(bare)), http.StatusUnprocessableEntity, "fact.refused"},
	} {
		status, got := c.ask(t, "POST", "/show", bad.body)
		want(t, name, status, got, bad.status, bad.code)
	}
	status, got := c.ask(t, "POST", "/show", string(showfile.Format(show)))
	if want(t, "set", status, got, http.StatusOK, ""); got["id"] != "lamps-2027" {
		t.Errorf("set: %v", got)
	}
	if next := <-told; next.Name["en"] != "Lamps, renamed" {
		t.Errorf("pushed %+v", next)
	}
	if _, now := c.ask(t, "GET", "/show", nil); now["name"].(map[string]any)["en"] != "Lamps, renamed" {
		t.Errorf("the show is %v", now)
	}
	if err := conn.Close(1000, ""); err != nil {
		t.Log(err)
	}
}

// What the operator takes back, erases or decides carries the operator's name.
func TestControl_OperatorsName(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	s := start(t, k)
	c := s.counter(t)
	r := k.Visitor(map[record.FieldName]string{"name": "Ida Example"})
	b, _ := k.Badge(r, 1, record.BadgeIssued)
	k.Say(r, b)
	k.SayBytes("moon.phase", []byte("full"))
	s.deliver(t, k)
	for _, step := range []struct {
		method, path string
		body         any
		status       int
	}{
		{"POST", "/voids", map[string]string{"badge": b.ShortCode, "reason": "lost"}, http.StatusOK},
		{"POST", "/voids", map[string]string{"badge": b.ShortCode}, http.StatusUnprocessableEntity},
		{"POST", "/registrations/" + string(r.ID) + "/erase", nil, http.StatusOK},
		{"POST", "/registrations/nobody/erase", nil, http.StatusNotFound},
		{"GET", "/erasures", nil, http.StatusOK},
		{"GET", "/conflicts", nil, http.StatusOK},
		{"POST", "/conflicts/nothing", map[string]any{"choice": "1.0.x", "seen": []string{}}, http.StatusUnprocessableEntity},
		{"GET", "/quarantine", nil, http.StatusOK},
		{"POST", "/quarantine/1/discard", map[string]string{"reason": "no moon here"}, http.StatusOK},
		{"POST", "/quarantine/retry", nil, http.StatusOK},
	} {
		status, got := c.ask(t, step.method, step.path, step.body)
		want(t, step.method+" "+step.path, status, got, step.status, "")
	}
	_, log := s.ask(t, "GET", "/api/v1/decisions", s.organizer(t).Key, nil)
	made := log["decisions"].([]any)
	for _, d := range made {
		if d.(map[string]any)["by"] != "Dana 丹" {
			t.Errorf("decided by %v", d)
		}
	}
	if len(made) != 3 {
		t.Errorf("decisions = %v, want those of void, erasure and discard", made)
	}
}
