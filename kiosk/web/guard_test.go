package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"hallpass/kiosk/web"
)

func TestListen_LoopbackOnly(t *testing.T) {
	for address, want := range map[string]string{
		"127.0.0.1:0":    "",
		"localhost:0":    "",
		"0.0.0.0:0":      "is open to other machines",
		":0":             "is open to other machines",
		"192.0.2.1:8080": "is open to other machines",
		"kiosk:8080":     "is open to other machines",
		"8080":           "has no port",
	} {
		l, err := web.Listen(address)
		if err == nil {
			_ = l.Close()
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("Listen(%q) = %v, want %q", address, err, want)
		}
	}
}

// A page elsewhere must not reach the kiosk: not under a rebound name, not by
// a form, not by an image.
func TestGuard(t *testing.T) {
	s := start(t, parts{})
	host := strings.TrimPrefix(s.URL, "http://")
	tests := []struct {
		name, method, path string
		header             []string
		want               int
	}{
		{"OwnPage", "GET", "/", nil, 200},
		{"OwnRequest", "GET", "/api/v1/status", []string{"Origin", s.URL, "Sec-Fetch-Site", "same-origin"}, 200},
		{"Localhost", "GET", "/api/v1/status", []string{"Host", "localhost:1"}, 200},
		{"IPv6", "GET", "/api/v1/status", []string{"Host", "[::1]:1"}, 200},
		{"ReboundName", "GET", "/api/v1/status", []string{"Host", "evil.example"}, 403},
		{"ReboundPort", "GET", "/", []string{"Host", "evil.example:8080"}, 403},
		{"NumberTrick", "GET", "/", []string{"Host", "127.0.0.1.evil.example"}, 403},
		{"NoHost", "GET", "/", []string{"Host", ":8080"}, 403},
		{"ForeignOrigin", "POST", "/api/v1/registrations", []string{"Origin", "https://evil.example"}, 403},
		{"NullOrigin", "POST", "/api/v1/registrations", []string{"Origin", "null"}, 403},
		{"OtherPort", "POST", "/api/v1/registrations", []string{"Origin", "http://127.0.0.1:1"}, 403},
		{"HTTPSOrigin", "POST", "/api/v1/registrations", []string{"Origin", "https://" + host}, 403},
		{"CrossSiteImage", "GET", "/api/v1/status", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, 403},
		{"LinkToTheAPI", "GET", "/api/v1/status", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 403},
		{"LinkToThePage", "GET", "/", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, h, body := s.call(t, tt.method, tt.path, nil, tt.header...)
			if status != tt.want {
				t.Errorf("status = %d %s, want %d", status, body, tt.want)
			}
			if h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'self'") {
				t.Errorf("headers = %v", h)
			}
			if strings.Contains(strings.ReplaceAll(h.Get("Content-Security-Policy"), "'wasm-unsafe-eval'", ""), "unsafe") {
				t.Errorf("policy = %q", h.Get("Content-Security-Policy"))
			}
		})
	}
}

func TestErrors_AreJSON(t *testing.T) {
	s := start(t, parts{})
	for path, code := range map[string]string{
		"GET /api/v1/nothing":                   "not_found",
		"GET /api/":                             "not_found",
		"PUT /api/v1/registrations":             "not_found",
		"GET /api/v1/registrations/01J0":        "not_found",
		"GET /api/v1/registrations/01J0/events": "not_found",
		"POST /api/v1/registrations/01J0/badge": "auth.denied",
		"GET /api/v1/cards/x/view":              "not_found",
		"GET /api/v1/cards/x/crops/name":        "not_found",
		"POST /api/v1/cards":                    "card.unavailable",
		"POST /api/v1/outlines":                 "card.not_picture",
	} {
		method, url, _ := strings.Cut(path, " ")
		status, _, body := s.call(t, method, url, http.NoBody)
		var f struct{ Code, Message string }
		if err := json.Unmarshal(body, &f); err != nil || f.Code != code || f.Message == "" || status < 400 {
			t.Errorf("%s = %d %s, want %s", path, status, body, code)
		}
	}
}

func TestFiles(t *testing.T) {
	s := start(t, parts{})
	for path, want := range map[string]int{
		"/assets/web/kiosk/main.js": 200, "/assets/": 404, "/assets/web/": 404, "/assets/web": 404, "/assets/none": 404,
		"/assets/../store.go": 404, "/assets/%2e%2e/%2e%2e/etc/passwd": 404, "/healthz": 200, "/metrics": 200, "/elsewhere": 404,
	} {
		if status, _, body := s.call(t, "GET", path, nil); status != want {
			t.Errorf("%s = %d %.60s, want %d", path, status, body, want)
		}
	}
}
