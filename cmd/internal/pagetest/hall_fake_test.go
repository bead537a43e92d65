// Package pagetest_test drives each page in a real Chromium against servers
// whose answers the test decides: the kiosk's screen, the booth phone and the
// dashboard. It owns no program code; what a page does with a real kiosk and a
// real hall is package showtest's to prove.
package pagetest_test

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"hallpass/assets"
	"hallpass/badge/token"
	"hallpass/cmd/internal/browser"
	"hallpass/sync/fault"
)

const (
	pairingCode = "7KQ4-M2XP-TC3V"
	otherCode   = "0000-1111-2222" // of another exhibitor
	password    = "correct horse 7"
)

// hallPolicy is the content policy that the hall's pages must live with.
const hallPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; " +
	"connect-src 'self'; img-src 'self' blob: data:; manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// fakeHall is the hall's API as its pages see it, with answers that a test decides.
type fakeHall struct {
	*httptest.Server
	tb  testing.TB
	key ed25519.PrivateKey

	mu        sync.Mutex // guards all below
	leads     []map[string]any
	forged    map[string]bool // tokens whose signature is wrong
	pending   bool            // registrations have not reached the hall
	people    map[string]map[string]any
	denied    bool // the device's key is not taken any more
	away      bool // every answer is lost, as in a dead spot
	lost      bool // leads are kept, and the answer is lost
	pairings  int
	posts     int
	stats     map[string]any
	rehearsal bool
	signedIn  bool
	inbox     inbox
	watchers  map[chan map[string]any]bool
	urls      []string // all that was asked for
}

// inREADME are the pictures of the hall's pages that the repository keeps; they
// are written by the flag of the kiosk's tests:
//
//	go test ./cmd/internal/pagetest -run 'Booth|Dashboard' -screenshots ../../../assets/screenshots
var inREADME = []string{
	"booth-card-en", "booth-card-zh-CN", "booth-scan-en", "booth-leads-zh-CN", "booth-forged-zh-CN", "dashboard-desk-en", "dashboard-desk-zh-CN",
	"dashboard-wall-en", "dashboard-wall-zh-CN", "dashboard-empty-en", "dashboard-reading-en", "dashboard-reading-zh-CN",
	"dashboard-conflicts-en", "dashboard-conflicts-zh-CN", "dashboard-quarantine-en", "dashboard-quarantine-zh-CN", "signin-en", "signin-zh-CN",
}

func photo(b *browser.Browser, name string) {
	if *screenshots != "" && (*every || slices.Contains(inREADME, name)) {
		still(b)
		b.Screenshot(filepath.Join(*screenshots, name+".png"))
	}
}

func newHall(tb testing.TB) *fakeHall {
	tb.Helper()
	h := &fakeHall{
		tb: tb, key: ed25519.NewKeyFromSeed([]byte("0123456789abcdef0123456789abcdef")),
		forged: map[string]bool{}, people: map[string]map[string]any{}, stats: emptyStats(), watchers: map[chan map[string]any]bool{},
	}
	h.Server = httptest.NewServer(h.routes())
	tb.Cleanup(h.Close)
	tb.Cleanup(h.CloseClientConnections)
	return h
}

func (h *fakeHall) routes() http.Handler {
	mux := http.NewServeMux()
	files := http.StripPrefix("/assets/", http.FileServerFS(assets.Files()))
	mux.HandleFunc("GET /assets/", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/booth/service-worker.js") {
			w.Header().Set("Service-Worker-Allowed", "/booth")
		}
		files.ServeHTTP(w, r)
	})
	page := func(file string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, assets.Files(), file) }
	}
	mux.HandleFunc("GET /{$}", page("web/dashboard/index.html"))
	mux.HandleFunc("GET /booth", page("web/booth/index.html"))
	for pattern, answer := range map[string]http.HandlerFunc{
		"GET /api/v1/show": h.getShow, "POST /api/v1/pair/device": h.postPair,
		"POST /api/v1/leads": h.postLead, "PATCH /api/v1/leads/{id}": h.patchLead,
		"GET /api/v1/leads": h.getLeads, "GET /api/v1/leads.csv": h.getCSV,
		"POST /api/v1/signin": h.postSignin, "DELETE /api/v1/signin": h.deleteSignin, "GET /api/v1/me": h.getMe,
		"GET /api/v1/stats": h.getStats, "GET /api/v1/live": h.getLive,
	} {
		mux.HandleFunc(pattern, answer)
	}
	for pattern, answer := range h.inboxRoutes() {
		mux.HandleFunc(pattern, answer)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		h.urls = append(h.urls, r.URL.String())
		away := h.away
		h.mu.Unlock()
		if away {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Security-Policy", hallPolicy)
		mux.ServeHTTP(w, r)
	})
}

// with changes what the hall answers from now on.
func (h *fakeHall) with(change func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change()
}

// badge returns a badge's token; person is what its e-card says.
func (h *fakeHall) badge(n byte, person map[string]any) string {
	h.tb.Helper()
	id := [16]byte{n, 1, 2, 3}
	text, err := token.Sign(h.key, token.Claims{Badge: id, Issue: 1, Category: "trade"})
	if err != nil {
		h.tb.Fatal(err)
	}
	h.with(func() { h.people[text] = person; h.people[token.ShortCode(id)] = person })
	return text
}

// kept returns the leads that the hall has.
func (h *fakeHall) kept() []map[string]any {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]map[string]any(nil), h.leads...)
}

// asked returns every address that was asked for.
func (h *fakeHall) asked() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.urls, "\n")
}

func (h *fakeHall) getShow(w http.ResponseWriter, _ *http.Request) {
	var show map[string]any
	if err := json.Unmarshal(sampleShow(h.tb), &show); err != nil {
		h.tb.Error(err)
	}
	h.mu.Lock()
	show["rehearsal"] = h.rehearsal
	h.mu.Unlock()
	reply(w, http.StatusOK, show)
}

func (h *fakeHall) postPair(w http.ResponseWriter, r *http.Request) {
	var body struct{ Code, Name string }
	_ = json.NewDecoder(r.Body).Decode(&body)
	exhibitor := map[string]any{"id": "e1", "name": map[string]any{"en": "Yunxiu Precision Machinery", "zh-CN": "云岫精密机械"}, "booth": "3C18"}
	switch strings.ReplaceAll(body.Code, "-", "") {
	case strings.ReplaceAll(pairingCode, "-", ""):
	case strings.ReplaceAll(otherCode, "-", ""):
		exhibitor = map[string]any{"id": "e2", "name": map[string]any{"en": "Fjordlicht"}, "booth": "1A02"}
	default:
		refuse(w, fault.PairingCode)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.denied = false
	h.pairings++
	device := fmt.Sprintf("d%d", h.pairings)
	reply(w, http.StatusOK, map[string]any{"device": device, "key": device + "-of-" + exhibitor["id"].(string), "exhibitor": exhibitor})
}

// paired answers whose device it is, or refuses it.
func (h *fakeHall) paired(w http.ResponseWriter, r *http.Request) (exhibitor string, ok bool) {
	_, exhibitor, ok = strings.Cut(r.Header.Get("Authorization"), "-of-")
	if h.denied || !ok {
		refuse(w, fault.AuthRequired)
		return "", false
	}
	return exhibitor, true
}

func (h *fakeHall) postLead(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.posts++
	if h.lost {
		w = httptest.NewRecorder()
		defer func() { panic(http.ErrAbortHandler) }()
	}
	var body map[string]any
	exhibitor, ok := h.paired(w, r)
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || !ok {
		return
	}
	for _, lead := range h.leads {
		if lead["client_id"] == body["client_id"] && lead["device"] == r.Header.Get("Authorization") {
			reply(w, http.StatusOK, h.shown(lead))
			return
		}
	}
	badge, _ := body["token"].(string)
	if badge == "" {
		badge, _ = body["code"].(string)
	}
	switch {
	case h.forged[badge]:
		refuse(w, fault.BadgeForged)
	case h.people[badge] == nil:
		refuse(w, fault.BadgeUnknown)
	default:
		body["exhibitor"], body["device"] = exhibitor, r.Header.Get("Authorization")
		body["id"], body["of"] = fmt.Sprintf("l%d", len(h.leads)+1), badge
		h.leads = append(h.leads, body)
		reply(w, http.StatusCreated, h.shown(body))
	}
}

// shown is a lead as the hall answers it.
func (h *fakeHall) shown(lead map[string]any) map[string]any {
	out := map[string]any{
		"id": lead["id"], "client_id": lead["client_id"], "at": lead["at"], "rating": lead["rating"], "notes": lead["notes"], "voided": false,
		"badge": map[string]any{"short_code": "7KQ4M2XPTC", "category": "trade", "category_name": map[string]any{"en": "Trade visitor", "zh-CN": "专业观众"}},
	}
	if h.pending {
		out["ecard"], out["pending"], out["withheld"] = map[string]any{}, true, []string{}
		return out
	}
	out["ecard"], out["withheld"] = h.people[lead["of"].(string)], []string{"mobile", "address"}
	return out
}

func (h *fakeHall) patchLead(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.paired(w, r); !ok {
		return
	}
	for _, lead := range h.leads {
		if lead["id"] == r.PathValue("id") {
			_ = json.NewDecoder(r.Body).Decode(&lead)
			reply(w, http.StatusOK, h.shown(lead))
			return
		}
	}
	refuse(w, fault.NotFound)
}

func (h *fakeHall) getLeads(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	exhibitor, ok := h.paired(w, r)
	if !ok {
		return
	}
	all := []map[string]any{}
	for _, lead := range h.leads {
		if lead["exhibitor"] == exhibitor {
			all = append(all, h.shown(lead))
		}
	}
	reply(w, http.StatusOK, map[string]any{"leads": all, "next": ""})
}

func (h *fakeHall) getCSV(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.paired(w, r); ok {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		fmt.Fprintf(w, "\ufeffname\r\n")
	}
}

func refuse(w http.ResponseWriter, code fault.Code) {
	reply(w, fault.Status(code), map[string]any{"code": code, "message": "in English", "field": ""})
}
