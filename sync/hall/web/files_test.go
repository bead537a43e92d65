package web_test

import (
	"io"
	"net/http"
	"testing"
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
