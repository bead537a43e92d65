package spool_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"hallpass/badge/spool"
)

// answering is something at the printer's address that is not a good printer.
func answering(t *testing.T, h http.HandlerFunc) spool.Printer {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return open(t, "ipp://"+strings.TrimPrefix(s.URL, "http://")+"/ipp/print")
}

// ippAnswer writes an answer with the given status to the request in r.
func ippAnswer(w http.ResponseWriter, r *http.Request, status uint16, rest string) {
	b, _ := io.ReadAll(r.Body)
	head := binary.BigEndian.AppendUint16([]byte{2, 0}, status)
	w.Header().Set("Content-Type", "application/ipp")
	_, _ = w.Write(append(append(head, b[4:8]...), rest...))
}

func TestIPP_P9_StrangeAnswers(t *testing.T) {
	text := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, s) }
	}
	status := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", n) }
	}
	ipp := func(status uint16, rest string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { ippAnswer(w, r, status, rest) }
	}
	const said = "\x01\x41\x00\x0estatus-message\x00\x05later\x03"
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"WebPage":        {text("<html>welcome</html>"), spool.ErrRefused},
		"Empty":          {text(""), spool.ErrRefused},
		"CutShort":       {ipp(0, "\x02\x21\x00\x06job-i"), spool.ErrRefused},
		"NoEnd":          {ipp(0, "\x02"), spool.ErrRefused},
		"Orphan":         {ipp(0, "\x02\x21\x00\x00\x00\x00\x03"), spool.ErrRefused},
		"Endless":        {text(strings.Repeat("\x02", 2<<20)), spool.ErrRefused},
		"OtherRequest":   {text("\x02\x00\x00\x00\xff\xff\xff\xff\x03"), spool.ErrRefused},
		"Moved":          {status(302), spool.ErrRefused},
		"PasswordNeeded": {status(401), spool.ErrRefused},
		"NotThere":       {status(404), spool.ErrRefused},
		"Restarting":     {status(503), spool.ErrBusy},
		"Forbidden":      {ipp(0x0401, said), spool.ErrRefused},
		"NotAccepting":   {ipp(0x0506, said), spool.ErrBusy},
		"Busy":           {ipp(0x0507, said), spool.ErrBusy},
		"CutOff": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "\x02\x00")
		}, spool.ErrUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			p := answering(t, c.answer)
			if err := p.Submit(t.Context(), spool.Job{Name: "b-1", PDF: page}); !errors.Is(err, c.want) {
				t.Errorf("Submit = %v, want %v", err, c.want)
			}
			if s, err := p.Status(t.Context()); !errors.Is(err, c.want) || s.State != "unreachable" {
				t.Errorf("Status = %+v, %v; want unreachable, %v", s, err, c.want)
			}
		})
	}
}

// The printer takes the job, and its answer is lost: asked again, the job is
// found by its name and not sent a second time.
func TestIPP_P6_AnswerLost(t *testing.T) {
	var sent atomic.Int32 // every connection has a goroutine of its own
	p := answering(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(b)))
		const job = "\x02\x21\x00\x06job-id\x00\x04\x00\x00\x00\x07\x42\x00\x08job-name\x00\x03b-1" +
			"\x23\x00\x09job-state\x00\x04\x00\x00\x00\x05"
		switch op := binary.BigEndian.Uint16(b[2:]); {
		case op == 0x0002: // Print-Job
			sent.Add(1)
			panic(http.ErrAbortHandler)
		case sent.Load() > 0 && strings.Contains(string(b), "not-completed"):
			ippAnswer(w, r, 0, job+"\x03")
		default:
			ippAnswer(w, r, 0, "\x03")
		}
	})
	job := spool.Job{Name: "b-1", PDF: page}
	if err := p.Submit(t.Context(), job); !errors.Is(err, spool.ErrUnreachable) {
		t.Fatalf("Submit = %v, want ErrUnreachable", err)
	}
	if err := p.Submit(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	if n := sent.Load(); n != 1 {
		t.Fatalf("sent %d times, want once", n)
	}
}

func TestIPP_CallerWaitsNoLongerThanAsked(t *testing.T) {
	arrived, done := make(chan struct{}), make(chan struct{})
	p := answering(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-done // a printer that thinks
	})
	defer close(done)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	if _, err := p.Status(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("Status = %v, want context.Canceled", err)
	}
}

func TestIPP_P9_ReasonsWithoutSeverity(t *testing.T) {
	p := answering(t, func(w http.ResponseWriter, r *http.Request) {
		ippAnswer(w, r, 0, "\x04\x23\x00\x0dprinter-state\x00\x04\x00\x00\x00\x05"+
			"\x44\x00\x15printer-state-reasons\x00\x13media-empty-warning\x44\x00\x00\x00\x11media-empty-error"+
			"\x44\x00\x00\x00\x11cover-open-report\x44\x00\x00\x00\x04none"+
			"\x22\x00\x19printer-is-accepting-jobs\x00\x01\x01"+
			"\x36\x00\x0cprinter-name\x00\x0a\x00\x02de\x00\x04Tor1\x03")
	})
	s, err := p.Status(t.Context())
	if err != nil || s.State != "stopped" || strings.Join(s.Reasons, " ") != "cover-open media-empty" ||
		!s.Accepting || s.Name != "Tor1" {
		t.Fatalf("Status = %+v, %v; want stopped, cover-open, media-empty, accepting, Tor1", s, err)
	}
}

// No answer before the job: it was surely not sent. An answer to the job that
// says nothing: it may have been printed, and is never taken for a refusal.
func TestIPP_P6_WhetherItMayHavePrinted(t *testing.T) {
	const printJob, getJobs = 0x0002, 0x000a
	type broken struct {
		answer http.HandlerFunc
		before error
	}
	answers := map[string]broken{
		"CutOff":      {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, spool.ErrNotSent},
		"ServerError": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, spool.ErrNotSent},
		"CutShort":    {func(w http.ResponseWriter, r *http.Request) { ippAnswer(w, r, 0, "\x02\x21\x00\x06job-i") }, spool.ErrRefused},
		"WebPage":     {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>printing</html>") }, spool.ErrRefused},
	}
	at := func(op uint16, answer http.HandlerFunc) spool.Printer {
		return answering(t, func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(strings.NewReader(string(b)))
			if binary.BigEndian.Uint16(b[2:]) == op {
				answer(w, r)
				return
			}
			ippAnswer(w, r, 0, "\x03")
		})
	}
	job := spool.Job{Name: "b-1", PDF: page}
	for name, c := range answers {
		t.Run(name, func(t *testing.T) {
			if err := at(getJobs, c.answer).Submit(t.Context(), job); !errors.Is(err, c.before) {
				t.Errorf("before the job: Submit = %v, want %v", err, c.before)
			}
			err := at(printJob, c.answer).Submit(t.Context(), job)
			if !errors.Is(err, spool.ErrUnreachable) || errors.Is(err, spool.ErrRefused) || errors.Is(err, spool.ErrNotSent) {
				t.Errorf("after the job: Submit = %v, want ErrUnreachable: it may have arrived", err)
			}
		})
	}
	for _, status := range []int{401, 413} {
		refuse := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
		if err := at(printJob, refuse).Submit(t.Context(), job); !errors.Is(err, spool.ErrRefused) {
			t.Errorf("HTTP %d: Submit = %v, want ErrRefused", status, err)
		}
	}
}
