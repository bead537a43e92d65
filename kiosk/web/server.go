// Package web owns the kiosk's HTTP: the touch screen's page, its API under
// /api/v1, health and metrics. It decides nothing: the desk does.
//
// It serves this machine only. Listen refuses any address but loopback, and
// every request must name a loopback host (so that a page elsewhere cannot
// reach it by DNS rebinding) and, if a page sent it, come from this page's own
// origin. There is no sign-in: who stands at the screen is the visitor. What is
// done with a badge that exists needs the Idempotency-Key that it was registered
// under, which only that visitor's screen knows, or the staff's code.
//
// Every answer is "no-store", because a screen forgets its visitor (P7), and
// every error under /api/v1 is {"code","message","field"} with the status of
// package fault. Bodies are bounded: 20 MB for a card, 2 MB for a camera
// frame, 256 kB for a form.
package web

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"hallpass/kiosk"
	"hallpass/sync/fault"
)

// Server answers the screen. The fields are set before Handler and not changed.
type Server struct {
	Desk    *kiosk.Desk
	Node    func(context.Context) (Node, error) // the node's part of the status
	Files   fs.FS                               // assets.Files
	Metrics http.Handler
	Version string
	Reader  string // what reads cards: tesseract, ppocr or none
	// StaffCode lets staff act on any visitor's badge; empty: nobody is staff.
	StaffCode string
	Log       *slog.Logger

	door  staffDoor
	codes codeDoor
}

// Node is what the status says of journal and hall.
type Node struct {
	Node      string
	Epoch     string
	LastSeq   uint64
	AckedSeq  uint64
	Hall      string // up, down, or none if the kiosk is not paired
	LastBadge time.Time

	HallSince time.Time     // since when the hall is up or down; zero if not known
	AckedAt   time.Time     // when the hall last acknowledged anything; zero if never
	Skew      time.Duration // the hall's clock minus ours, at the last connection
	Journal   *Journal      // nil until it was verified for the first time
}

// Journal is what the last reading of the whole journal found.
type Journal struct {
	Verified bool
	Damaged  uint64 // the first entry that is not in order, 0 if all are
	Lost     uint64 // entries that were damaged before; all else was told the hall anew
}

// Listen opens a TCP address of loopback, such as 127.0.0.1:8080. It refuses
// others: this API has no sign-in.
func Listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, errors.New("listen: " + address + ` has no port; try "127.0.0.1:8080"`)
	}
	if !loopback(host) {
		return nil, errors.New("listen: " + address + ` is open to other machines and a kiosk has no sign-in; try "127.0.0.1:8080"`)
	}
	return net.Listen("tcp", address)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Handler returns the whole site.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	api := func(pattern string, h func(http.ResponseWriter, *http.Request) error) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.Handle(method+" /api/v1/"+path, s.answer(h))
	}
	api("GET show", s.show)
	api("POST cards", s.readCard)
	api("GET cards/{card}/crops/{field}", s.crop)
	api("GET cards/{card}/view", s.view)
	api("DELETE cards/{card}", s.forgetCard)
	api("POST outlines", s.outline)
	api("POST previews", s.preview)
	api("POST known", s.known)
	api("POST preregistrations", s.expected)
	api("POST registrations", s.register)
	api("GET registrations/{id}", s.registration)
	api("GET registrations/{id}/events", s.events)
	api("PUT registrations/{id}", s.correct)
	api("GET registrations/{id}/steps", s.steps)
	api("POST registrations/{id}/badge", s.reprint)
	api("POST registrations/{id}/badge/confirm", s.confirm)
	api("POST registrations/{id}/badge/void", s.void)
	api("GET staff", s.overview)
	api("POST staff/searches", s.search)
	api("GET staff/registrations/{id}", s.person)
	api("POST staff/printers/{n}/roll", s.roll)
	api("GET status", s.status)
	api("GET status/events", s.statusEvents)
	mux.Handle("/api/", s.answer(func(http.ResponseWriter, *http.Request) error {
		return fault.New(fault.NotFound, "The kiosk has no such address.")
	}))
	mux.HandleFunc("GET /healthz", s.health)
	mux.Handle("GET /metrics", s.Metrics)
	mux.HandleFunc("GET /assets/", s.asset)
	mux.HandleFunc("GET /{$}", s.page)
	return s.guard(mux)
}

// page is the touch screen.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, s.Files, "web/kiosk/index.html")
}

// asset serves files, never a folder's list.
func (s *Server) asset(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/assets/")
	info, err := fs.Stat(s.Files, name)
	if err != nil || info.IsDir() {
		http.NotFound(w, r)
		return
	}
	http.ServeFileFS(w, r, s.Files, name)
}

// health is 200 while the data file answers.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	if _, err := s.Node(r.Context()); err != nil {
		s.Log.Error("health", "err", err)
		http.Error(w, "data file does not answer", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ok\n"))
}
