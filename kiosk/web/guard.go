package web

import (
	"net"
	"net/http"

	"hallpass/sync/fault"
)

// policy lets the page load from here alone; blob and data are the pictures it
// makes itself, and the reader of QR codes is WebAssembly.
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard refuses what does not come from this machine's own page, and sets the
// headers of every answer.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
		if !ownHost(r.Host) || !ownOrigin(r) {
			s.refuse(w, r, fault.New(fault.AuthDenied, "The kiosk answers only its own screen."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ownHost reports whether the Host header names loopback. A rebound name
// reaches the socket but still says its own name.
func ownHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport // no port: 80
	}
	return loopback(host)
}

// ownOrigin reports whether the request is of our own page. Browsers send
// Origin with everything that could change something, and Sec-Fetch-Site with
// the rest; other programs send neither.
func ownOrigin(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" {
		return origin == "http://"+r.Host
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	}
	// A link from elsewhere may open the page itself, and nothing else.
	return r.Method == http.MethodGet && r.URL.Path == "/" && r.Header.Get("Sec-Fetch-Mode") == "navigate"
}
