package pagetest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"hallpass/assets"
	"hallpass/sync/fault"
)

// kiosk is the kiosk's API as its page sees it, with answers that a test
// decides: no printer, no reader, no disk.
type kiosk struct {
	*httptest.Server
	tb testing.TB

	mu       sync.Mutex
	show     map[string]any
	printer  map[string]any
	hall     string
	advice   string                       // what outlines answers while a card is seen
	away     bool                         // whether the program is gone
	stranger bool                         // whether cards are somebody else's from now on
	strange  bool                         // whether cards are of a script that is not read, and one of two
	seen     bool                         // whether a card is seen at all
	refuse   map[string]fault.Code        // "POST cards" → the fault it answers next, once
	field    string                       // that such faults name
	drop     map[string]int               // "POST registrations" → connections to cut after the work
	mute     map[string]int               // "POST registrations" → calls to leave without an answer after the work
	tear     map[string]int               // "POST registrations" → answers to break off in the middle
	calls    map[string]int               // "DELETE cards" → how often
	bodies   map[string]map[string]any    // Idempotency-Key → registration, as the ledger has it
	cards    map[string]bool              // in memory
	listener map[chan map[string]any]bool // event streams
	badge    map[string]any
	asked    []map[string]any // bodies of what was asked about the badge
	right    map[string]any   // the last correction
	printers []map[string]any
	place    string // of another printer, where the badge is
	known    string // a mobile number that has registered
	list     bool   // whether the list of people who are expected is here
}

func newKiosk(tb testing.TB) *kiosk {
	tb.Helper()
	k := &kiosk{
		tb: tb, hall: "up", seen: true, list: true, printer: map[string]any{"state": "idle", "reasons": []string{}},
		refuse: map[string]fault.Code{}, drop: map[string]int{}, mute: map[string]int{}, tear: map[string]int{}, calls: map[string]int{},
		bodies: map[string]map[string]any{}, cards: map[string]bool{}, listener: map[chan map[string]any]bool{},
	}
	if err := json.Unmarshal(sampleShow(tb), &k.show); err != nil {
		tb.Fatal(err)
	}
	k.show["ocr"], k.show["codes"], k.show["revision"] = true, true, "first"
	k.Server = httptest.NewServer(k.routes())
	tb.Cleanup(k.Server.Close)
	tb.Cleanup(k.Server.CloseClientConnections)
	return k
}

func (k *kiosk) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", http.FileServerFS(assets.Files())))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		// The strictest policy that the page must live with.
		w.Header().Set("Content-Security-Policy", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'")
		http.ServeFileFS(w, r, assets.Files(), "web/kiosk/index.html")
	})
	for pattern, answer := range map[string]http.HandlerFunc{
		"GET show":                              k.getShow,
		"GET status":                            k.getStatus,
		"POST outlines":                         k.postOutlines,
		"POST cards":                            k.postCards,
		"GET cards/{id}/crops/{field}":          k.getCrop,
		"DELETE cards/{id}":                     k.deleteCard,
		"POST registrations":                    k.postRegistrations,
		"GET registrations/{id}":                k.getRegistration,
		"GET registrations/{id}/events":         k.getEvents,
		"POST registrations/{id}/badge":         k.postBadge,
		"POST registrations/{id}/badge/confirm": k.postConfirm,
		"POST registrations/{id}/badge/void":    k.postVoid,
		"PUT registrations/{id}":                k.putRegistration,
		"POST previews":                         k.postPreview,
		"POST known":                            k.postKnown,
		"POST preregistrations":                 k.postPreregistrations,
		"GET status/events":                     k.getStatusEvents,
	} {
		method, path, _ := bytes.Cut([]byte(pattern), []byte(" "))
		mux.HandleFunc(string(method)+" /api/v1/"+string(path), k.counted(pattern, answer))
	}
	return mux
}

// counted counts the call and answers with the fault that the test asked for,
// if any. A dropped call does its work and then loses the connection.
func (k *kiosk) counted(pattern string, answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		k.mu.Lock()
		k.calls[pattern]++
		code, refused := k.refuse[pattern]
		field := k.field
		delete(k.refuse, pattern)
		away := k.away
		drop := k.drop[pattern] > 0
		if drop {
			k.drop[pattern]--
		}
		mute, tear := k.mute[pattern] > 0, k.tear[pattern] > 0
		if mute {
			k.mute[pattern]--
		}
		if tear {
			k.tear[pattern]--
		}
		k.mu.Unlock()
		switch {
		case tear:
			answer(httptest.NewRecorder(), r)
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`{"id":"r1",`))
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		case mute:
			answer(httptest.NewRecorder(), r)
			<-r.Context().Done()
		case away:
			panic(http.ErrAbortHandler)
		case refused:
			reply(w, fault.Status(code), map[string]any{"code": code, "message": "in English", "field": field})
		case drop:
			answer(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		default:
			answer(w, r)
		}
	}
}

// with changes what the kiosk answers from now on.
func (k *kiosk) with(change func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	change()
}

func (k *kiosk) count(pattern string) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.calls[pattern]
}

// registrations returns what was registered, once per key.
func (k *kiosk) registrations() []map[string]any {
	k.mu.Lock()
	defer k.mu.Unlock()
	var all []map[string]any
	for _, body := range k.bodies {
		all = append(all, body)
	}
	return all
}

func (k *kiosk) getShow(w http.ResponseWriter, _ *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	reply(w, http.StatusOK, k.show)
}

func (k *kiosk) getStatus(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, k.standing())
}

func (k *kiosk) standing() map[string]any {
	k.mu.Lock()
	defer k.mu.Unlock()
	return map[string]any{
		"hall": k.hall, "printer": k.printer, "printers": k.printers, "reader": "tesseract", "show": k.show["id"], "revision": k.show["revision"],
		"last_badge": time.Date(2027, 4, 21, 1, 42, 0, 0, time.UTC).Format(time.RFC3339),
	}
}

func (k *kiosk) postRegistrations(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	key := r.Header.Get("Idempotency-Key")
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || key == "" {
		reply(w, http.StatusUnprocessableEntity, map[string]any{"code": fault.Invalid})
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	status := http.StatusCreated
	if k.bodies[key] != nil {
		status = http.StatusOK
	}
	k.bodies[key] = body
	if k.badge == nil {
		k.badge = map[string]any{"state": "reserved", "reason": "", "printer": "folder"}
	}
	reply(w, status, map[string]any{"id": "r1", "short_code": "7KQ4M-2XPTC", "token": "ABC", "badge": k.badge})
}

func (k *kiosk) getRegistration(w http.ResponseWriter, _ *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	reply(w, http.StatusOK, map[string]any{"id": "r1", "badge": k.badge})
}

// print moves the badge on and tells every stream.
func (k *kiosk) print(state, reason string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.badge = map[string]any{"state": state, "reason": reason, "printer": "folder", "place": k.place, "away": k.place != "", "issue": 1}
	for stream := range k.listener {
		stream <- k.badge
	}
}

func (k *kiosk) getEvents(w http.ResponseWriter, r *http.Request) {
	stream := make(chan map[string]any, 16)
	k.mu.Lock()
	k.listener[stream] = true
	stream <- k.badge
	k.mu.Unlock()
	defer k.with(func() { delete(k.listener, stream) })
	w.Header().Set("Content-Type", "text/event-stream")
	for {
		select {
		case badge := <-stream:
			data, _ := json.Marshal(badge)
			fmt.Fprintf(w, "event: badge\ndata: %s\n\n", data)
			if err := http.NewResponseController(w).Flush(); err != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// waitRegistered waits until the page follows its badge.
func (k *kiosk) waitRegistered(tb testing.TB) {
	tb.Helper()
	waitFor(tb, func() bool {
		k.mu.Lock()
		defer k.mu.Unlock()
		return len(k.listener) > 0
	})
}

// waitFor polls until done or fails after half a minute, on a busy machine.
func waitFor(tb testing.TB, done func() bool) {
	tb.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for tick := time.NewTicker(10 * time.Millisecond); ; <-tick.C {
		if done() {
			tick.Stop()
			return
		}
		if time.Now().After(deadline) {
			tb.Fatal("waited half a minute for what did not come")
		}
	}
}
