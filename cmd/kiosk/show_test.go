package main

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"hallpass/assets"
	"hallpass/sync/hall"
	hallstore "hallpass/sync/hall/store"
	"hallpass/sync/hall/web"
)

// otherHall is a hall of a show that no kiosk has in itself. Its links open
// with a delay, as on a slow network.
func otherHall(t *testing.T, delay time.Duration) (h *hall.Hall, url string) {
	t.Helper()
	s, err := hallstore.Open(filepath.Join(t.TempDir(), "hall.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	show, err := badgeShow("")
	if err != nil {
		t.Fatal(err)
	}
	show.ID = "other-2027"
	if h, err = hall.New(t.Context(), hall.Config{Store: s, Key: key, Show: &show}); err != nil {
		t.Fatal(err)
	}
	pages := web.New(h, assets.Files(), slog.New(slog.DiscardHandler))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/link" {
			<-time.After(delay)
		}
		pages.ServeHTTP(w, r)
	}))
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
	return h, server.URL
}

// A kiosk that was just paired registers nobody for the show that it has in
// itself: the hall would put them all in quarantine (P1, P2).
func TestRun_FirstVisitorAfterPairingIsTheHalls(t *testing.T) {
	h, url := otherHall(t, 300*time.Millisecond)
	in, err := h.InviteKiosk(t.Context(), "Entrance 1")
	if err != nil {
		t.Fatal(err)
	}
	c := runKiosk(t, "-data", t.TempDir(), "-readers", "0", "-hall", url, "-pair", in.Code)
	var show struct{ ID string }
	get(t, c.URL()+"/api/v1/show", &show)
	if show.ID != "other-2027" {
		t.Errorf("the page gets the show %q, want the hall's", show.ID)
	}
	if _, status, err := post(c.URL(), "first", form(1)); err != nil || status != http.StatusCreated {
		t.Fatalf("register: %d, %v", status, err)
	}
	eventually(t, "the visitor is counted at the hall", func() bool {
		s := h.Stats()
		return s.Registrations == 1 || s.Quarantine > 0
	})
	if n := h.Stats().Quarantine; n != 0 {
		t.Errorf("%d facts in quarantine, want none", n)
	}
	c.Interrupt()
}
