package web_test

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"hallpass/badge/token"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// P5: what a device fetches once lets it tell genuine badges without a network;
// whoever is not signed in learns neither that nor anything about a badge.
func TestKeys_ForDevicesThatCheckOffline_P5(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	s := start(t, k)
	_, badge := k.Badge(k.Visitor(nil), 1, record.BadgeIssued)
	status, _, body := s.raw(t, http.MethodGet, "/api/v1/keys", s.organizer(t).Key, nil)
	var keys struct {
		Show, Hall string
		Statements []string
	}
	if err := json.Unmarshal(body, &keys); err != nil || status != http.StatusOK || len(keys.Statements) != 1 {
		t.Fatalf("keys: %d %s, %v", status, body, err)
	}
	public, err := hex.DecodeString(keys.Hall)
	if err != nil {
		t.Fatal(err)
	}
	ring := token.NewRing(keys.Show, public)
	for _, statement := range keys.Statements {
		if err := ring.Add(statement); err != nil {
			t.Error(err)
		}
	}
	if _, err := ring.Open(badge, time.Now()); err != nil {
		t.Errorf("a genuine badge, offline: %v", err)
	}
	if status, _, _ := s.raw(t, http.MethodGet, "/api/v1/keys", "", nil); status != http.StatusUnauthorized {
		t.Errorf("keys for anybody: %d", status)
	}
	var first string
	for _, text := range []string{badge, badge[:149] + "0", "HTTPS://LAMPS.EXAMPLE", strings.Repeat("0", 150), ""} {
		status, _, body := s.raw(t, http.MethodPost, "/api/v1/leads", "", map[string]string{"token": text})
		if first == "" {
			first = string(body)
		}
		if status != http.StatusUnauthorized || string(body) != first {
			t.Errorf("an outsider asks about %q: %d %s, want the one answer %s", text, status, body, first)
		}
	}
	_, _, body = s.raw(t, http.MethodGet, "/api/v1/stats", s.organizer(t).Key, nil)
	var stats struct {
		Voids struct {
			WindowMS int64 `json:"window_ms"`
			Kiosk    string
			Behind   int
		}
	}
	if err := json.Unmarshal(body, &stats); err != nil || stats.Voids.WindowMS < 25_000 || stats.Voids.Behind != 1 || stats.Voids.Kiosk == "" {
		t.Errorf("stats say of voids %+v, %v, want the kiosk that has not called", stats.Voids, err)
	}
}
