package web_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/hall/web"
	"hallpass/sync/record"
)

// site is a hall behind TLS, as browsers and kiosks reach it.
type site struct {
	*httptest.Server
	hall *hall.Hall
	log  *lines
}

// lines is a log that a test may read.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer // guarded by mu
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

var files = fstest.MapFS{
	"web/dashboard/index.html":        {Data: []byte("<!doctype html><title>dashboard</title>")},
	"web/booth/index.html":            {Data: []byte("<!doctype html><title>booth</title>")},
	"web/booth/service-worker.js":     {Data: []byte("// worker")},
	"vendor/reader/zxing_reader.wasm": {Data: []byte("\x00asm")},
}

func start(t testing.TB, kiosks ...*halltest.Kiosk) *site {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "hall.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kiosks {
		k.Pair(t, s)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	log := &lines{}
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	server := httptest.NewUnstartedServer(nil)
	server.EnableHTTP2 = true
	server.StartTLS()
	show := halltest.Show()
	h, err := hall.New(t.Context(), hall.Config{
		Store: s, Key: key, Show: &show, URL: server.URL, Log: logger, Fingerprint: sha256.Sum256(server.Certificate().Raw),
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = web.New(h, files, logger)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	t.Cleanup(func() {
		h.Hangup()
		server.Close()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &site{Server: server, hall: h, log: log}
}

func (s *site) link() string { return "wss" + strings.TrimPrefix(s.URL, "https") + "/api/v1/link" }

// deliver sends a kiosk's journal.
func (s *site) deliver(t testing.TB, k *halltest.Kiosk) {
	t.Helper()
	trust := s.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	trust.NextProtos = nil
	conn, welcome, err := k.Dial(t.Context(), s.link(), trust)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Send(t.Context(), conn, int(welcome.Read.Seq)+1, len(k.Changes)); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(1000, ""); err != nil {
		t.Log(err)
	}
}

// organizer returns a key that sees the dashboard.
func (s *site) organizer(t testing.TB) hall.Credentials {
	t.Helper()
	made, err := s.hall.AddUser(t.Context(), "dana", hall.RoleOrganizer)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// phone pairs a device over HTTP and returns its key.
func (s *site) phone(t testing.TB, exhibitor record.ExhibitorID) string {
	t.Helper()
	in, err := s.hall.InviteDevice(t.Context(), exhibitor)
	if err != nil {
		t.Fatal(err)
	}
	status, body := s.ask(t, "POST", "/api/v1/pair/device", "", map[string]string{"code": in.Code, "name": "Android"})
	if status != http.StatusOK {
		t.Fatalf("pair device: %d %v", status, body)
	}
	if of := body["exhibitor"].(map[string]any); of["id"] != string(exhibitor) || of["booth"] == "" {
		t.Errorf("paired with %v", of)
	}
	return body["key"].(string)
}

// ask sends JSON and decodes the answer.
func (s *site) ask(t testing.TB, method, path, key string, body any) (int, map[string]any) {
	t.Helper()
	status, _, data := s.raw(t, method, path, key, body)
	var out map[string]any
	if len(data) > 0 {
		if err := json.Unmarshal(data, &out); err != nil {
			t.Fatalf("%s %s: %v in %q", method, path, err, data)
		}
	}
	return status, out
}

func (s *site) raw(t testing.TB, method, path, key string, body any) (int, http.Header, []byte) {
	t.Helper()
	data, isText := body.(string)
	if !isText && body != nil {
		marshalled, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		data = string(marshalled)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	return s.do(t, r)
}

func (s *site) do(t testing.TB, r *http.Request) (int, http.Header, []byte) {
	t.Helper()
	response, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, data
}

func want(t testing.TB, what string, status int, body map[string]any, wantStatus int, code string) {
	t.Helper()
	if status != wantStatus || code != "" && body["code"] != code {
		t.Errorf("%s: %d %v, want %d %s", what, status, body, wantStatus, code)
	}
}
