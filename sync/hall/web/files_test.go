package web_test

import (
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"hallpass/sync/hall/web"
)

// A phone that opens the booth's page again is told that nothing has changed,
// and is sent nothing.
func TestPages_AreSentOnce(t *testing.T) {
	s := start(t)
	_, header, first := s.raw(t, "GET", "/assets/vendor/reader/zxing_reader.wasm", "", nil)
	tag := header.Get("ETag")
	if tag == "" || len(first) == 0 {
		t.Fatalf("the reader: tag %q and %d bytes", tag, len(first))
	}
	for sent, want := range map[string]int{tag: http.StatusNotModified, `"another"`: http.StatusOK} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/assets/vendor/reader/zxing_reader.wasm", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("If-None-Match", sent)
		resp, err := s.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
		if err != nil || resp.StatusCode != want || (want == http.StatusNotModified) != (len(body) == 0) {
			t.Errorf("If-None-Match %s: %d and %d bytes (%v), want %d", sent, resp.StatusCode, len(body), err, want)
		}
	}
}

// counting tells how many files are opened.
type counting struct {
	fs.FS
	opened atomic.Int64
}

func (c *counting) Open(name string) (fs.File, error) {
	c.opened.Add(1)
	return c.FS.Open(name)
}

// Six thousand phones that open the booth's page at once, and take their time,
// share one copy of it, and none of them may take for ever.
func TestPages_SlowPhonesShareOneCopy(t *testing.T) {
	tree := &counting{FS: files}
	h := start(t).hall
	handler := web.New(h, tree, slog.New(slog.DiscardHandler))
	before := tree.opened.Load()
	for range 3 {
		w := &limited{ResponseRecorder: httptest.NewRecorder()}
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/assets/vendor/reader/zxing_reader.wasm", nil))
		if w.Code != http.StatusOK || w.Body.String() != "\x00asm" {
			t.Fatalf("%d %q", w.Code, w.Body)
		}
		if w.until.IsZero() {
			t.Error("the answer may take for ever")
		}
	}
	if got := tree.opened.Load() - before; got != 0 {
		t.Errorf("three answers read the file %d times, want the copy in memory", got)
	}
}

// limited is a recorder that keeps the deadline.
type limited struct {
	*httptest.ResponseRecorder
	until time.Time
}

// SetWriteDeadline is called by http.ResponseController.
func (l *limited) SetWriteDeadline(t time.Time) error {
	l.until = t
	return nil
}
