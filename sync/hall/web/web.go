// Package web owns how the hall is reached: the JSON API under /api/v1, the
// kiosks' websocket, the live stream, and the files of the dashboard and the
// booth page. It turns requests into calls of package hall and answers into
// JSON; it decides nothing and keeps nothing.
//
// # Who asks
//
// A bearer key (Authorization: Bearer KEY) of a device or a program, or the
// cookie of a sign-in. A cookie request that changes something must come from
// our own pages (http.CrossOriginProtection); a key is proof enough. What a
// principal may do is for package hall to say.
//
// # Failure
//
// Every refusal is {"code","message","field"} with the code's HTTP status. The
// whole chain goes to the log once, and only where the fault is ours (5xx); no
// body, query, token or name is ever logged (P8).
package web

import (
	"io/fs"
	"log/slog"
	"net/http"

	"hallpass/sync/hall"
)

// API answers for one hall.
type API struct {
	hall  *hall.Hall
	log   *slog.Logger
	guard *http.CrossOriginProtection
	local bool // behind the control socket: whoever asks is the operator
}

// New returns all routes. Files is the assets' tree.
func New(h *hall.Hall, files fs.FS, log *slog.Logger) http.Handler {
	a := &API{hall: h, log: log, guard: http.NewCrossOriginProtection()}
	mux := http.NewServeMux()
	newPages(files).routes(mux)
	for pattern, f := range map[string]handler{
		"GET /api/v1/show":          a.show,
		"GET /api/v1/stats":         a.stats,
		"GET /api/v1/live":          a.live,
		"POST /api/v1/signin":       a.signIn,
		"DELETE /api/v1/signin":     a.signOut,
		"GET /api/v1/me":            a.me,
		"GET /api/v1/registrations": a.registrations,
		"GET /api/v1/keys":          a.statements,

		"GET /api/v1/registrations/{id}":       a.registration,
		"PATCH /api/v1/registrations/{id}":     a.correct,
		"GET /api/v1/conflicts":                a.conflicts,
		"POST /api/v1/conflicts/{id}":          a.choose,
		"GET /api/v1/decisions":                a.decisions,
		"GET /api/v1/quarantine":               a.quarantine,
		"POST /api/v1/quarantine/retry":        a.retryAll,
		"POST /api/v1/quarantine/{id}/retry":   a.retry,
		"POST /api/v1/quarantine/{id}/discard": a.discard,

		"GET /api/v1/erasures":          a.erasures,
		"POST /api/v1/badges/{id}/void": a.voidBadge,
		"POST /api/v1/voids":            a.void,
		"POST /api/v1/pair/kiosk":       a.pairKiosk,
		"POST /api/v1/pair/device":      a.pairDevice,
		"POST /api/v1/leads":            a.takeLead,
		"PATCH /api/v1/leads/{id}":      a.amendLead,
		"GET /api/v1/leads":             a.leads,
		"GET /api/v1/leads.csv":         a.leadsCSV,
		"GET /healthz":                  a.health,
		"POST /api/v1/passages":         a.admit,
	} {
		mux.Handle(pattern, a.handle(f))
	}
	mux.Handle("POST /api/v1/registrations/{id}/erase", a.large(a.erase))
	mux.HandleFunc("GET /api/v1/link", a.link)
	mux.Handle("/api/", a.handle(unknown))
	return secure(mux)
}

// policy lets the pages run our own modules and the wasm decoder, and nothing
// else: no inline script, no other host, no frame.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; " +
	"connect-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}
