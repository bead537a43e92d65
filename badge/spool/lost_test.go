package spool_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"hallpass/badge/spool"
	"hallpass/badge/spool/spooltest"
	"hallpass/badge/spool/virtual"
)

const (
	opPrintJob     = 0x0002
	opCreateJob    = 0x0005
	opSendDocument = 0x0006
	opGetJobs      = 0x000a
)

// line is a bad line to a real printer: what happens to a request is decided
// by meddle, which gets its operation and what passes it on.
func line(t testing.TB, v *virtual.Printer, meddle func(op uint16, w http.ResponseWriter, pass func() (status int, answer []byte))) spool.Printer {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		meddle(binary.BigEndian.Uint16(body[2:]), w, func() (int, []byte) {
			resp, err := http.Post(strings.Replace(v.URI(), "ipp:", "http:", 1), "application/ipp", bytes.NewReader(body))
			if err != nil {
				return http.StatusBadGateway, nil
			}
			defer resp.Body.Close()
			answer, _ := io.ReadAll(resp.Body)
			return resp.StatusCode, answer
		})
	}))
	t.Cleanup(s.Close)
	return open(t, strings.Replace(s.URL, "http:", "ipp:", 1)+"/ipp/print")
}

func reply(w http.ResponseWriter, status int, answer []byte) {
	w.WriteHeader(status)
	_, _ = w.Write(answer)
}

// Whichever answer is lost, a job sent again is printed once, and whether it
// surely stayed here is told.
func TestIPP_P6_AnswerOfEachStepLost(t *testing.T) {
	for name, c := range map[string]struct {
		lost    uint16
		notSent bool
	}{"Question": {opGetJobs, true}, "JobMade": {opCreateJob, true}, "DocumentTaken": {opSendDocument, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := startPrinter(t)
			var once sync.Once
			p := line(t, v, func(op uint16, w http.ResponseWriter, pass func() (int, []byte)) {
				status, answer := pass()
				if op == c.lost {
					once.Do(func() { panic(http.ErrAbortHandler) })
				}
				reply(w, status, answer)
			})
			err := p.Submit(t.Context(), spooltest.Job("b-1"))
			if !errors.Is(err, spool.ErrUnreachable) || errors.Is(err, spool.ErrNotSent) != c.notSent {
				t.Errorf("Submit = %v, want ErrUnreachable, not sent %v", err, c.notSent)
			}
			spooltest.Submit(t, p, spooltest.Job("b-1"))
			spooltest.Until(t, p, "b-1", spool.Completed)
			spooltest.Submit(t, p, spooltest.Job("b-2"))
			spooltest.Until(t, p, "b-2", spool.Completed)
			if got := len(pdfs(t, v.Badges())); got != 2 {
				t.Errorf("printed %d, want 2: each once", got)
			}
		})
	}
}

// A printer works off a request long after we gave up waiting, even after the
// job was sent again: it still comes out once.
func TestIPP_P6_SlowerThanTheTimeOut(t *testing.T) {
	for name, late := range map[string]uint16{"JobMade": opCreateJob, "DocumentTaken": opSendDocument} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := startPrinter(t)
			ctx, giveUp := context.WithCancel(t.Context())
			again, done := make(chan struct{}), make(chan struct{})
			var once sync.Once
			p := line(t, v, func(op uint16, w http.ResponseWriter, pass func() (int, []byte)) {
				slow := false
				if op == late {
					once.Do(func() { slow = true })
				}
				if !slow {
					status, answer := pass()
					reply(w, status, answer)
					return
				}
				giveUp()
				<-again
				pass()
				close(done)
			})
			if err := p.Submit(ctx, spooltest.Job("b-1")); !errors.Is(err, context.Canceled) {
				t.Errorf("Submit = %v, want context.Canceled", err)
			}
			spooltest.Submit(t, p, spooltest.Job("b-1"))
			spooltest.Until(t, p, "b-1", spool.Completed)
			close(again)
			<-done
			spooltest.Submit(t, p, spooltest.Job("b-2")) // also if an empty job has come of it
			spooltest.Until(t, p, "b-2", spool.Completed)
			if got := len(pdfs(t, v.Badges())); got != 2 {
				t.Errorf("printed %d, want 2: each once", got)
			}
		})
	}
}

// A job was made and the kiosk was switched off before it sent the page: the
// job is there, it waits, and a kiosk that has started again fills or cancels it.
func TestIPP_P6_SwitchedOffBetweenJobAndPage(t *testing.T) {
	for name, then := range map[string]func(t *testing.T, p spool.Printer){
		"SentAgain": func(t *testing.T, p spool.Printer) {
			spooltest.Submit(t, p, spooltest.Job("b-1"))
			spooltest.Until(t, p, "b-1", spool.Completed)
		},
		"Canceled": func(t *testing.T, p spool.Printer) {
			if s, err := p.Cancel(t.Context(), "b-1"); err != nil || s.State != spool.Canceled && s.State != spool.Aborted {
				t.Errorf("Cancel = %+v, %v; want canceled", s, err)
			}
			spooltest.Submit(t, p, spooltest.Job("b-2"))
			spooltest.Until(t, p, "b-2", spool.Completed)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := startPrinter(t)
			cut := line(t, v, func(op uint16, w http.ResponseWriter, pass func() (int, []byte)) {
				if op == opSendDocument {
					panic(http.ErrAbortHandler)
				}
				status, answer := pass()
				reply(w, status, answer)
			})
			if err := cut.Submit(t.Context(), spooltest.Job("b-1")); !errors.Is(err, spool.ErrUnreachable) {
				t.Fatalf("Submit = %v, want ErrUnreachable", err)
			}
			p := open(t, v.URI())
			if s, err := p.Job(t.Context(), "b-1"); err != nil || s.State != spool.Pending {
				t.Fatalf("Job = %+v, %v; want pending", s, err)
			}
			then(t, p)
			if got := len(pdfs(t, v.Badges())); got != 1 {
				t.Errorf("printed %d, want 1", got)
			}
		})
	}
}
