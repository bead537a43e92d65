package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"net/http"
	"strings"
	"time"
)

// pages serves the pages and what they are made of. They change with the
// program only: a browser asks again each time and hears, by the content's
// hash, that nothing has changed. 6,000 phones that open the booth's page
// again then cost headers and not a megabyte each; those that open it for the
// first time share the one copy in memory, however slowly they read.
type pages map[string]file // by file name

type file struct {
	tag  string // entity tag (RFC 9110 §8.8.3)
	data []byte
}

// pageTime is enough for a megabyte on a link of 70 kbit/s.
const pageTime = 2 * time.Minute

// served are the folders that browsers reach; fonts and templates are not.
var served = []string{"web", "vendor"}

func newPages(files fs.FS) pages {
	p := pages{}
	for _, folder := range served {
		// What cannot be read has no page.
		_ = fs.WalkDir(files, folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return nil
			}
			data, err := fs.ReadFile(files, name)
			if err != nil {
				return nil
			}
			sum := sha256.Sum256(data)
			p[name] = file{`"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, data}
			return nil
		})
	}
	return p
}

func (p pages) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /assets/", func(w http.ResponseWriter, r *http.Request) {
		p.serve(w, r, strings.TrimPrefix(r.URL.Path, "/assets/"))
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		p.serve(w, r, "web/dashboard/index.html")
	})
	mux.HandleFunc("GET /booth", func(w http.ResponseWriter, r *http.Request) {
		p.serve(w, r, "web/booth/index.html")
	})
}

// serve answers with one file; folders have no page.
func (p pages) serve(w http.ResponseWriter, r *http.Request, name string) {
	found, ok := p[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	// Only a recorder of a test has no deadlines; a real connection has.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(pageTime))
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", found.tag)
	if name == "web/booth/service-worker.js" {
		w.Header().Set("Service-Worker-Allowed", "/booth") // it lies deeper than the page it serves
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(found.data))
}
