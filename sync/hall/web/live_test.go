package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// patient is a recorder that tells of each flush under which deadline it was,
// and keeps the deadline that holds.
type patient struct {
	*httptest.ResponseRecorder
	until   time.Time
	flushed chan time.Time
}

// SetWriteDeadline is called by http.ResponseController.
func (p *patient) SetWriteDeadline(t time.Time) error {
	p.until = t
	return nil
}

// SetReadDeadline is called by http.ResponseController.
func (p *patient) SetReadDeadline(time.Time) error { return nil }

// FlushError is called by http.ResponseController.
func (p *patient) FlushError() error {
	p.flushed <- p.until
	return nil
}

// Each picture has to be taken within its time; between two of them there is no
// deadline, because over HTTP/2 one that passes ends the stream even if nothing
// waits to be written.
func TestLive_QuietStreamStays(t *testing.T) {
	s := start(t)
	r := httptest.NewRequest(http.MethodGet, "/api/v1/live", nil)
	r.Header.Set("Authorization", "Bearer "+s.organizer(t).Key)
	w := &patient{ResponseRecorder: httptest.NewRecorder(), flushed: make(chan time.Time, 8)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Config.Handler.ServeHTTP(w, r)
	}()
	if until := <-w.flushed; time.Until(until) <= 0 {
		t.Errorf("a picture is written with the deadline %v", until)
	}
	s.hall.Hangup()
	<-done
	if !w.until.IsZero() {
		t.Error("the deadline of the last picture goes on while nothing happens")
	}
}
