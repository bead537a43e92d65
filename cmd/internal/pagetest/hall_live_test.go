package pagetest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"hallpass/sync/fault"
)

// emptyStats is the hall before the first visitor.
func emptyStats() map[string]any {
	var minutes []any
	for i := range 60 {
		at := time.Now().UTC().Truncate(time.Minute).Add(time.Duration(i-59) * time.Minute)
		minutes = append(minutes, map[string]any{"at": at.Format(time.RFC3339), "registrations": 0, "leads": 0})
	}
	return map[string]any{
		"registrations": 0, "persons": 0, "badges": 0, "passages": 0, "leads": 0, "on_site": 0,
		"per_minute": minutes, "kiosks": []any{}, "quarantine": 0, "reading": readingOff(), "at": time.Now().UTC().Format(time.RFC3339),
	}
}

func (h *fakeHall) postSignin(w http.ResponseWriter, r *http.Request) {
	var body struct{ Name, Password string }
	_ = json.NewDecoder(r.Body).Decode(&body)
	if body.Password != password {
		refuse(w, fault.AuthDenied)
		return
	}
	h.with(func() { h.signedIn = true })
	w.WriteHeader(http.StatusNoContent)
}

func (h *fakeHall) deleteSignin(w http.ResponseWriter, _ *http.Request) {
	h.with(func() { h.signedIn = false })
	w.WriteHeader(http.StatusNoContent)
}

// organizer answers for who is signed in, or refuses.
func (h *fakeHall) organizer(w http.ResponseWriter) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.signedIn {
		refuse(w, fault.AuthRequired)
	}
	return h.signedIn
}

func (h *fakeHall) getMe(w http.ResponseWriter, _ *http.Request) {
	if h.organizer(w) {
		reply(w, http.StatusOK, map[string]any{"name": "morgan", "role": "organizer"})
	}
}

func (h *fakeHall) getStats(w http.ResponseWriter, _ *http.Request) {
	if h.organizer(w) {
		h.mu.Lock()
		defer h.mu.Unlock()
		reply(w, http.StatusOK, h.stats)
	}
}

// push changes the live numbers and tells every dashboard.
func (h *fakeHall) push(stats map[string]any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stats = stats
	for watcher := range h.watchers {
		watcher <- stats
	}
}

func (h *fakeHall) getLive(w http.ResponseWriter, r *http.Request) {
	if !h.organizer(w) {
		return
	}
	watcher := make(chan map[string]any, 64)
	h.with(func() {
		h.watchers[watcher] = true
		watcher <- h.stats
	})
	defer h.with(func() { delete(h.watchers, watcher) })
	w.Header().Set("Content-Type", "text/event-stream")
	for {
		select {
		case stats := <-watcher:
			data, _ := json.Marshal(stats)
			fmt.Fprintf(w, "event: stats\ndata: %s\n\n", data)
			if err := http.NewResponseController(w).Flush(); err != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}
