package spool_test

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"hallpass/badge/spool"
	"hallpass/badge/spool/spooltest"
)

// listening is something at a printer's address that knows no HTTP.
func listening(t *testing.T, treat func(net.Conn)) spool.Printer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { defer c.Close(); treat(c) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	return open(t, "ipp://"+l.Addr().String()+"/ipp/print")
}

// drain reads until the other side has gone.
func drain(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

func TestIPP_P9_ConnectionsThatBreak(t *testing.T) {
	for name, treat := range map[string]func(net.Conn){
		"AcceptsAndDies": func(c net.Conn) {},
		"Resets":         func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) },
		"HalfCloses": func(c net.Conn) {
			_ = c.(*net.TCPConn).CloseWrite()
			drain(c)
		},
		"Noise": func(c net.Conn) {
			_, _ = c.Write([]byte("\x1b@\x00\x00~HS\r\n\x02\x03"))
			drain(c)
		},
		"HeadersWithoutEnd": func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			for line := make([]byte, 64<<10); ; {
				for i := range line {
					line[i] = 'a'
				}
				if _, err := c.Write(append(append([]byte("X: "), line...), "\r\n"...)); err != nil {
					return
				}
			}
		},
		"DiesInTheAnswer": func(c net.Conn) {
			_, _ = c.Read(make([]byte, 1))
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: 500\r\n\r\n\x02\x00\x00\x00")
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := listening(t, treat)
			if s, err := p.Status(t.Context()); !errors.Is(err, spool.ErrUnreachable) || s.State != "unreachable" {
				t.Errorf("Status = %+v, %v; want ErrUnreachable", s, err)
			}
			if err := p.Submit(t.Context(), spooltest.Job("b-1")); !errors.Is(err, spool.ErrUnreachable) || !errors.Is(err, spool.ErrNotSent) {
				t.Errorf("Submit = %v, want ErrUnreachable and ErrNotSent: no job was made", err)
			}
			if s, err := p.Job(t.Context(), "b-1"); !errors.Is(err, spool.ErrUnreachable) || s.State != spool.Unknown {
				t.Errorf("Job = %+v, %v; want ErrUnreachable", s, err)
			}
		})
	}
}

// A printer that takes the connection and says nothing costs the caller no
// more than it wants to wait.
func TestIPP_P9_SilentForever(t *testing.T) {
	p := listening(t, drain)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if s, err := p.Status(ctx); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, spool.ErrUnreachable) || s.State != "unreachable" {
		t.Errorf("Status = %+v, %v; want unreachable", s, err)
	}
}

// The print server is switched off with a badge waiting, and knows it when it
// is back. CUPS itself may give the printer a second time what was in it, as
// it does not ask; a kiosk that must not print twice prints to the printer.
func TestCUPS_P6_RestartedWithABadgeWaiting(t *testing.T) {
	t.Parallel()
	c := startServer(t)
	r, v := queued(t, c)
	p := r.Open(t)
	r.Raise(t, "media-empty")
	spooltest.Submit(t, p, spooltest.Job("b-1"))
	spooltest.UntilStatus(t, p, "media-empty", func(s spool.Status) bool { return slices.Contains(s.Reasons, "media-empty") })
	if err := c.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	spooltest.Submit(t, p, spooltest.Job("b-1"))
	r.Raise(t)
	spooltest.Until(t, p, "b-1", spool.Completed)
	if got := len(pdfs(t, v.Badges())); got < 1 {
		t.Error("printed none, want it")
	}
}

// CUPS is there, the printer behind it is not.
func TestCUPS_P6_PrinterBehindItIsOff(t *testing.T) {
	t.Parallel()
	r, v := queued(t, startServer(t))
	p := r.Open(t)
	v.Kill()
	spooltest.Submit(t, p, spooltest.Job("b-1"))
	spooltest.UntilStatus(t, p, "offline", func(s spool.Status) bool { return slices.Contains(s.Reasons, "offline") })
	if s, err := p.Cancel(t.Context(), "b-1"); err != nil || s.State != spool.Canceled {
		t.Errorf("Cancel = %+v, %v; want canceled, so that it may go to a neighbour", s, err)
	}
}

// CUPS calls a job completed when a device that tells nothing has its bytes.
func TestCUPS_P6_BlindBehindCUPS(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	arrived := make(chan struct{})
	go func() { // ends with l
		defer close(arrived)
		if c, err := l.Accept(); err == nil {
			drain(c)
			_ = c.Close()
		}
	}()
	uri, err := startServer(t).Queue(t.Context(), "Raw", "socket://"+l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, uri)
	if s, err := p.Status(t.Context()); err != nil || !s.Blind {
		t.Fatalf("Status = %+v, %v; want blind", s, err)
	}
	spooltest.Submit(t, p, spooltest.Job("b-1"))
	<-arrived
	spooltest.Poll(t, "CUPS to have sent it", func() bool {
		s, err := p.Job(t.Context(), "b-1")
		if s.State == spool.Completed {
			t.Fatalf("Job = %+v: nobody knows that", s)
		}
		return err == nil && slices.Contains(s.Reasons, "job-sent-unseen")
	})
}
