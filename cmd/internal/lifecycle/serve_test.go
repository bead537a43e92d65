package lifecycle_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"hallpass/cmd/internal/lifecycle"
)

// serve runs Serve on a free port; end asks it to end and returns its error.
func serve(t *testing.T, h http.Handler) (url string, end func() error) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- lifecycle.Serve(ctx, ln, h, slog.New(slog.DiscardHandler)) }()
	t.Cleanup(cancel)
	return "http://" + ln.Addr().String(), func() error {
		cancel()
		return <-done
	}
}

func TestServe_P1_RequestUnderWayIsAnswered(t *testing.T) {
	arrived, saved := make(chan struct{}), make(chan struct{})
	url, end := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-saved
		if r.Context().Err() != nil {
			t.Error("the request's context ended within its time")
		}
		_, _ = io.WriteString(w, "saved")
	}))
	got := make(chan string, 1)
	go func() {
		resp, err := http.Post(url, "text/plain", strings.NewReader("x"))
		if err != nil {
			got <- err.Error()
			return
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		got <- string(b)
	}()
	<-arrived
	ended := make(chan error, 1)
	go func() { ended <- end() }()
	close(saved)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if answer := <-got; answer != "saved" {
		t.Fatalf("answer %q, want saved", answer)
	}
	if _, err := http.Get(url); err == nil {
		t.Fatal("still answers after the end")
	}
}

func TestServe_EventStreamEnds(t *testing.T) {
	url, end := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "event: stats\n\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if line, err := bufio.NewReader(resp.Body).ReadString('\n'); err != nil || line != "event: stats\n" {
		t.Fatalf("stream began with %q, %v", line, err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
}

func TestServe_ListenerLost(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	err = lifecycle.Serve(t.Context(), ln, http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), ln.Addr().String()) {
		t.Fatalf("Serve = %v, want an error that names the address", err)
	}
}
