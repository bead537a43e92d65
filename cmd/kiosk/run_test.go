package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
)

// asKiosk makes the test binary be the program: a real process to kill.
const asKiosk = "KIOSK_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asKiosk) != "" {
		if len(os.Args) > 1 && os.Args[1] == "run" && os.Getenv(dieAt) != "" {
			os.Exit(start(context.Background(), os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, at: die}))
		}
		main()
		return
	}
	os.Exit(m.Run())
}

// program makes the command line of a kiosk, not yet started.
func program(tb testing.TB, args ...string) *exec.Cmd {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), asKiosk+"=1", "OMP_THREAD_LIMIT=1")
	return cmd
}

// runKiosk starts a kiosk on a free port and waits until it is ready.
func runKiosk(tb testing.TB, args ...string) *process.Process {
	tb.Helper()
	p := process.New(tb, "kiosk", os.Args[0], append([]string{"run", "-listen", "127.0.0.1:0"}, args...)...)
	if err := p.Start(asKiosk+"=1", "OMP_THREAD_LIMIT=1"); err != nil {
		tb.Fatal(err)
	}
	return p
}

// form is one visitor's, made up.
func form(i int) string {
	return fmt.Sprintf(`{"fields":{"name":"Visitor %d","company":"Quillon Instruments"},"category":"public","consents":{"privacy":true},"source":"typed"}`, i)
}

// post registers under a key and returns the answer; an error if none came.
func post(url, key, body string) (id string, status int, err error) {
	req, err := http.NewRequest(http.MethodPost, url+"/api/v1/registrations", strings.NewReader(body))
	if err != nil {
		return "", 0, err
	}
	req.Header.Set("Idempotency-Key", key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", 0, err
	}
	var answer struct{ ID, Message string }
	if err := json.Unmarshal(data, &answer); err != nil {
		return "", 0, err
	}
	return answer.ID, resp.StatusCode, nil
}

// get decodes one answer of the API.
func get(tb testing.TB, url string, v any) {
	tb.Helper()
	resp, err := http.Get(url)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		tb.Fatalf("%s: %s", url, resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(v); err != nil {
		tb.Fatalf("%s: %v", url, err)
	}
}

// eventually polls with a deadline.
func eventually(tb testing.TB, what string, ok func() bool) {
	tb.Helper()
	eventuallyIn(tb, 30*time.Second, what, ok)
}

func eventuallyIn(tb testing.TB, limit time.Duration, what string, ok func() bool) {
	tb.Helper()
	deadline := time.After(limit)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			tb.Fatalf("not so after %s: %s", limit, what)
		case <-tick.C:
		}
	}
}

// P1, P3, P6: killed at any moment while visitors register, the kiosk keeps
// everything that somebody was told, a repeat is the same registration, and
// every visitor ends with one printed badge.
func TestRun_KilledAtAnyMoment(t *testing.T) {
	dir, badges := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "badges")
	args := []string{"-data", dir, "-printer", "folder:" + badges, "-readers", "0"}
	told := map[string]string{}
	const rounds, visitors = 6, 12
	for round := range rounds {
		c := runKiosk(t, args...)
		var cut *time.Timer
		last := rand.N(visitors)
		for i := range visitors {
			if i == last { // in the middle of this visitor, or of a badge before
				cut = time.AfterFunc(rand.N(20*time.Millisecond), c.Kill)
			}
			key := fmt.Sprintf("%d-%d", round, i)
			id, status, err := post(c.URL(), key, form(i))
			if err != nil {
				break
			}
			if status != http.StatusCreated {
				t.Errorf("%s: status %d", key, status)
			}
			told[key] = id
		}
		cut.Stop()
		c.Kill()
	}
	c := runKiosk(t, args...)
	for key, id := range told {
		var round, i int
		if _, err := fmt.Sscanf(key, "%d-%d", &round, &i); err != nil {
			t.Fatal(err)
		}
		if again, status, err := post(c.URL(), key, form(i)); err != nil || status != http.StatusOK || again != id {
			t.Errorf("%s was told %s; repeat says %s, %d, %v", key, id, again, status, err)
		}
		eventually(t, "badge issued", func() bool {
			var entry struct{ Badge struct{ State string } }
			get(t, c.URL()+"/api/v1/registrations/"+id, &entry)
			return entry.Badge.State == "issued"
		})
	}
	c.Interrupt()
	if len(told) == 0 {
		t.Fatal("nobody was registered in any round")
	}
	t.Logf("%d registrations over %d kills", len(told), rounds)
	out, err := program(t, "check", "-data", dir, "-json").Output()
	var report struct {
		OK       bool
		Facts    int
		Verified bool `json:"journal_verified"`
		Problems []string
	}
	if errors := json.Unmarshal(out, &report); err != nil || errors != nil || !report.OK || !report.Verified || report.Facts < 3*len(told) || report.Problems == nil {
		t.Errorf("check = %s, %v", out, err)
	}
}

func TestRun_SecondKioskOnOneFolder(t *testing.T) { // P9
	dir := t.TempDir()
	c := runKiosk(t, "-data", dir, "-readers", "0")
	out, err := program(t, "run", "-data", dir, "-listen", "127.0.0.1:0", "-readers", "0").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "data file locked by another kiosk; stop it or set -data") {
		t.Errorf("run = %v %s", err, out)
	}
	out, err = program(t, "check", "-data", dir).CombinedOutput() // asks the one that runs
	if err != nil || !strings.Contains(string(out), "journal verified, 0 problems") {
		t.Errorf("check = %v %s", err, out)
	}
	port := strings.TrimPrefix(c.URL(), "http://")
	out, err = program(t, "run", "-data", t.TempDir(), "-listen", port).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "is in use, perhaps by another kiosk") {
		t.Errorf("same address = %v %s", err, out)
	}
	var status struct{ Hall, Reader string }
	get(t, c.URL()+"/api/v1/status", &status) // the first goes on
	if status.Hall != "none" || status.Reader != "none" {
		t.Errorf("status = %+v", status)
	}
	c.Interrupt()
}

func TestRun_RefusesWithASentence(t *testing.T) { // P9
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"UnknownKey":      {[]string{"-config", file("kiosk.yaml", "prnter: folder:x\n")}, "prnter"},
		"UnknownFlag":     {[]string{"-colour", "red"}, "-colour"},
		"OpenToOthers":    {[]string{"-listen", "0.0.0.0:0"}, "is open to other machines"},
		"NoPort":          {[]string{"-listen", "8080"}, "has no port"},
		"PrinterScheme":   {[]string{"-printer", "lpt:1"}, "unknown scheme; try one of ipp://"},
		"Template":        {[]string{"-template", "poster"}, "neither built in"},
		"ShowMissing":     {[]string{"-show", "none.json"}, "none.json"},
		"ShowBroken":      {[]string{"-show", file("show.json", `{"id":"x","nmae":{}}`)}, "nmae"},
		"PairWithoutHall": {[]string{"-pair", "7KQ4-M2XP-TC9D"}, "needs -hall"},
		"CodeMistyped":    {[]string{"-pair", "7KQ4", "-hall", "https://127.0.0.1:1"}, "A pairing code has 12"},
		"HallUnreachable": {[]string{"-pair", "7KQ4-M2XP-TC9D", "-hall", "https://127.0.0.1:1"}, "cannot be reached"},
		"HallInTheClear":  {[]string{"-pair", "7KQ4-M2XP-TC9D", "-hall", "http://192.0.2.1"}, "must begin with https"},
		"LogLevel":        {[]string{"-log-level", "loud"}, "loud"},
		"Readers":         {[]string{"-readers", "9"}, "is not 0 to 8"},
	} {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"run", "-data", t.TempDir(), "-listen", "127.0.0.1:0", "-readers", "0"}, tt.args...)
			out, err := program(t, args...).CombinedOutput()
			if err == nil || !strings.Contains(string(out), tt.want) || bytes.Contains(out, []byte("goroutine")) {
				t.Errorf("%v %s, want %q", err, out, tt.want)
			}
		})
	}
}

func TestUsage(t *testing.T) {
	for name, tt := range map[string]struct {
		args []string
		code int
		want string
	}{
		"Nothing": {nil, 2, "kiosk run"},
		"Unknown": {[]string{"fly"}, 2, `no command "fly"`},
		"Help":    {[]string{"-h"}, 0, "kiosk check"},
		"Run":     {[]string{"run", "-h"}, 0, "kiosk run -data"},
		"Read":    {[]string{"read", "-h"}, 0, "kiosk read -json"},
		"Badge":   {[]string{"badge", "-h"}, 0, "kiosk badge -template"},
		"Check":   {[]string{"check", "-h"}, 0, "kiosk check -data"},
		"Version": {[]string{"version"}, 0, "kiosk "},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			code := start(t.Context(), tt.args, streams{in: strings.NewReader(""), out: &out, err: &errs})
			if code != tt.code || !strings.Contains(out.String()+errs.String(), tt.want) {
				t.Errorf("status %d, %s%s, want %d and %q", code, out.String(), errs.String(), tt.code, tt.want)
			}
		})
	}
}

func TestCheck_NoData(t *testing.T) {
	out, err := program(t, "check", "-data", t.TempDir(), "-json").Output()
	if err == nil || !bytes.HasPrefix(out, []byte(`{"ok":false,`)) || !bytes.Contains(out, []byte("no kiosk's data here")) {
		t.Errorf("check = %v %s", err, out)
	}
}
