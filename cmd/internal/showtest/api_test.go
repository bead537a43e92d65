package showtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

// The parts of the answers that these tests look at.

type stats struct {
	Registrations, Persons, Badges, Leads, Quarantine int
	Kiosks                                            []struct {
		Node, Name, State string
		Unsent            int
	}
	Reading struct {
		Learn  bool
		Kiosks int
		Fields []struct {
			Field          string
			Sure, Doubtful struct{ Accepted, Corrected, Emptied int }
			Typed          int
		}
	}
}

// cards is how many cards were counted by their name.
func (s stats) cards() (n int) {
	for _, f := range s.Reading.Fields {
		if f.Field == "name" {
			n += f.Sure.Accepted + f.Sure.Corrected + f.Sure.Emptied + f.Doubtful.Accepted + f.Doubtful.Corrected + f.Doubtful.Emptied + f.Typed
		}
	}
	return n
}

type status struct {
	Node, Epoch, Hall string
	LastSeq           int `json:"last_seq"`
	AckedSeq          int `json:"acked_seq"`
	Unsent            int
	Journal           struct{ Verified *bool }
}

type registration struct {
	ID, Token string
	ShortCode string `json:"short_code"`
	Badge     struct{ ID, State, Reason string }
}

// call sends one JSON request and decodes the answer into T; any status but 2xx
// fails the test with the body.
func call[T any](tb testing.TB, method, url, bearer string, body any) T {
	tb.Helper()
	var out T
	answer, code := ask(tb, method, url, bearer, body)
	if code/100 != 2 {
		tb.Fatalf("%s %s: %d %s", method, url, code, answer)
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		tb.Fatalf("%s %s: %v in %s", method, url, err, answer)
	}
	return out
}

// ask sends one request and returns whatever comes back.
func ask(tb testing.TB, method, url, bearer string, body any) ([]byte, int) {
	tb.Helper()
	var payload io.Reader
	switch b := body.(type) {
	case nil:
	case []byte:
		payload = bytes.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			tb.Fatal(err)
		}
		payload = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(tb.Context(), method, url, payload)
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	if err != nil {
		tb.Fatal(err)
	}
	return answer, resp.StatusCode
}

// eventually polls until the condition holds and returns how long that took.
func eventually(tb testing.TB, what string, ok func() bool) time.Duration {
	tb.Helper()
	const patience = 30 * time.Second
	began := time.Now()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Since(began) > patience {
			tb.Fatalf("%s: not so after %s", what, patience)
		}
		<-tick.C
	}
	return time.Since(began)
}

// form is a registration as the kiosk's page sends it.
func form(i int) map[string]any {
	return map[string]any{
		"fields": map[string]string{
			"name":    fmt.Sprintf("Visitor %d", i),
			"company": "Quillon Instruments",
			"mobile":  fmt.Sprintf("+44 7700 9000%02d", i), // reserved for drama by Ofcom
			"email":   fmt.Sprintf("visitor%d@quillon.example", i),
		},
		"category": "public", "source": "typed",
		"consents": map[string]bool{"privacy": true},
	}
}
