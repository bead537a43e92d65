package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
)

// build makes the three programs.
func build(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := process.Build(dir, "expo", "kiosk", "hall"); err != nil {
		t.Fatal(err)
	}
	return dir
}

// call asks a program over HTTP and reads its JSON.
func call(t *testing.T, method, url, key string, body, into any) int {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if method == http.MethodPost {
		req.Header.Set("Idempotency-Key", t.Name())
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil {
		err = json.Unmarshal(answer, into)
	}
	if err != nil {
		t.Fatalf("%s %s: status %d, %v: %s", method, url, resp.StatusCode, err, answer)
	}
	return resp.StatusCode
}

// numbers is what the organizer's program reads.
type numbers struct{ Registrations, Badges int }

func (x table) numbers(t *testing.T) (n numbers) {
	t.Helper()
	call(t, http.MethodGet, x.Dashboard+"api/v1/stats", x.Organizer.Key, nil, &n)
	return n
}

// register is one visitor who types, at the kiosk of a running show.
func (x table) register(t *testing.T) (badge string) {
	t.Helper()
	var made struct{ Badge struct{ ID, State string } }
	status := call(t, http.MethodPost, x.Kiosk+"api/v1/registrations", "", map[string]any{
		"fields":   map[string]string{"name": "Ida Quill", "company": "Quillon Instruments"},
		"category": "public", "source": "typed", "answers": map[string]any{}, "consents": map[string]bool{"privacy": true},
	}, &made)
	if status != http.StatusCreated || made.Badge.ID == "" {
		t.Fatalf("registration: status %d, %+v; want 201 and a badge", status, made)
	}
	return made.Badge.ID
}

func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !ok(); <-time.After(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited a minute for %s", what)
		}
	}
}

func TestRun_RealPrograms(t *testing.T) {
	dir := build(t)
	t.Run("P1_GoesOnAfterRestart", func(t *testing.T) { testRestart(t, dir) })
	t.Run("P1_GoesOnAfterKill", func(t *testing.T) { testKill(t, dir) })
}

// A visitor's badge comes out of the printer and counts at
// the hall; after Ctrl-C and another start the same show goes on.
func testRestart(t *testing.T, dir string) {
	data := filepath.Join(t.TempDir(), "show")
	p := begin(t, dir, runArgs(t, data)...)
	x := p.shows(t)
	badge := x.register(t)
	waitFor(t, "the printed badge "+badge, func() bool {
		files, err := filepath.Glob(filepath.Join(x.Badges, "*.pdf"))
		return err == nil && len(files) == 1
	})
	waitFor(t, "the badge to count at the hall", func() bool { return x.numbers(t) == numbers{1, 1} })
	if status := p.ends(t, os.Interrupt); status != 0 {
		t.Fatalf("status %d, stderr %q; want 0", status, p.stderr.String())
	}

	again := begin(t, dir, "run", "-data", data, "-json")
	next := again.shows(t)
	if next.Organizer != x.Organizer || next.Kiosk != x.Kiosk || next.numbers(t) != (numbers{1, 1}) {
		t.Errorf("after the restart: %+v with %+v; want the show of before", next, next.numbers(t))
	}
	if status := again.ends(t, os.Interrupt); status != 0 {
		t.Errorf("status %d, stderr %q; want 0", status, again.stderr.String())
	}
	for _, name := range []string{"hall.log", "kiosk.log"} {
		log, err := os.ReadFile(filepath.Join(data, name))
		if err != nil || strings.Contains(string(log), "Quill") {
			t.Errorf("P8: %s names the visitor, or cannot be read: %v", name, err)
		}
	}
}

// kill -9 of expo takes its children along, and the next start finds all.
func testKill(t *testing.T, dir string) {
	data := filepath.Join(t.TempDir(), "show")
	p := begin(t, dir, runArgs(t, data)...)
	x := p.shows(t)
	x.register(t)
	p.ends(t, os.Kill)
	waitFor(t, "the parts to end", func() bool {
		for _, a := range []string{x.Kiosk, x.Dashboard} {
			if resp, err := http.Get(a); err == nil {
				_ = resp.Body.Close()
				return false
			}
		}
		return true
	})
	again := begin(t, dir, "run", "-data", data, "-json")
	next := again.shows(t)
	waitFor(t, "the registration at the hall", func() bool { return next.numbers(t).Registrations == 1 })
	if status := again.ends(t, os.Interrupt); status != 0 {
		t.Errorf("status %d, stderr %q; want 0", status, again.stderr.String())
	}
}
