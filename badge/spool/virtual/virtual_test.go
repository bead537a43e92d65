package virtual_test

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hallpass/badge/spool/virtual"
)

// What it prints and which faults it shows is tested by package spool, which
// speaks its language; here is how it starts and ends.

func start(t *testing.T, dir string, port int) *virtual.Printer {
	t.Helper()
	p, err := virtual.Start(t.Context(), dir, port)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func answers(p *virtual.Printer) bool {
	resp, err := http.Get(strings.Replace(p.URI(), "ipp:", "http:", 1))
	if err == nil {
		_ = resp.Body.Close()
	}
	return err == nil
}

func TestStart_ManyAtOnceOnPortsOfTheirOwn(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]bool{}
	var all sync.WaitGroup
	for range 4 {
		dir := t.TempDir()
		all.Go(func() {
			p, err := virtual.Start(t.Context(), dir, 0)
			if err != nil {
				t.Error(err)
				return
			}
			defer p.Close()
			mu.Lock()
			defer mu.Unlock()
			if seen[p.URI()] || !answers(p) {
				t.Errorf("%s is another's, or does not answer", p.URI())
			}
			seen[p.URI()] = true
		})
	}
	all.Wait()
}

func TestClose_NothingStays(t *testing.T) {
	p := start(t, t.TempDir(), 0)
	if !answers(p) {
		t.Fatal("does not answer")
	}
	for range 2 {
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	<-p.Done()
	if answers(p) {
		t.Fatal("answers after Close")
	}
}

func TestStart_PortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = virtual.Start(t.Context(), t.TempDir(), l.Addr().(*net.TCPAddr).Port)
	if err == nil || !strings.Contains(err.Error(), "in use") {
		t.Fatalf("Start = %v, want the printer's own words: in use", err)
	}
}

// Debian keeps ippeveprinter in /usr/sbin, which a person's PATH lacks.
func TestStart_FindsProgramsBeyondPATH(t *testing.T) {
	t.Setenv("PATH", "")
	if !answers(start(t, t.TempDir(), 0)) {
		t.Fatal("does not answer")
	}
}

func TestStart_P9_NoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := virtual.Start(t.Context(), file, 0); err == nil {
		t.Fatal("started in a file")
	}
}

func TestStart_GivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := virtual.Start(ctx, t.TempDir(), 0); err == nil {
		t.Fatal("started though nobody waits")
	}
}
