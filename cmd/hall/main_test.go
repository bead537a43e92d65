package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/cmd/internal/lifecycle"
	"hallpass/cmd/internal/process"
)

// TestMain lets the test program be a hall, so that real processes are killed.
func TestMain(m *testing.M) {
	if os.Getenv("HALL_TEST_CHILD") == "" {
		os.Exit(m.Run())
	}
	ctx, stop := lifecycle.Signals(context.Background())
	status := run(ctx, os.Args[1:], streams{os.Stdout, os.Stderr, []string{}})
	stop()
	os.Exit(status)
}

// spawn starts a hall and waits until it says that it is ready.
func spawn(t testing.TB, args ...string) *process.Process {
	t.Helper()
	p := process.New(t, "hall", os.Args[0], append([]string{"run"}, args...)...)
	if err := p.Start("HALL_TEST_CHILD=1"); err != nil {
		t.Fatal(err)
	}
	return p
}

// call runs one command in this process.
func call(t testing.TB, args ...string) (status int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(t.Context(), args, streams{&stdout, &stderr, []string{}})
	return status, stdout.String(), stderr.String()
}

// must runs a command with -json and decodes what it prints.
func must[T any](t testing.TB, args ...string) (out T) {
	t.Helper()
	status, text, errs := call(t, append(args, "-json")...)
	if status != 0 {
		t.Fatalf("hall %s: status %d: %s", strings.Join(args, " "), status, errs)
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("hall %s: %v in %q", strings.Join(args, " "), err, text)
	}
	return out
}

type account struct{ Name, Password, Key string }

type code struct {
	Code, URL string
	Expires   time.Time
}

type checked struct {
	OK       bool
	Facts    int
	Verified bool `json:"journal_verified"`
	Problems []string
}

func TestCommands_RunningAndStopped(t *testing.T) {
	data := filepath.Join(t.TempDir(), "a folder whose name is long enough that the system takes no socket in it by its full name", "hall")
	listen, loopback := process.FreeAddress(t), process.FreeAddress(t)
	if status, _, errs := call(t, "user", "-data", data, "-name", "dana"); status != 1 || !strings.Contains(errs, "hall run -data") {
		t.Errorf("no data yet: %d %q", status, errs)
	}
	hall := spawn(t, "-data", data, "-listen", listen, "-loopback", loopback)
	if hall.URL() != "https://"+listen {
		t.Errorf("ready at %q, want https://%s", hall.URL(), listen)
	}
	for _, state := range []string{"running", "stopped"} {
		dana := must[account](t, "user", "-data", data, "-name", "dana")
		if dana.Name != "dana" || len(dana.Password) < 16 || dana.Key == "" {
			t.Errorf("%s: user = %+v", state, dana)
		}
		kiosk := must[code](t, "pair", "-data", data, "-kiosk", "Entrance 1")
		if kiosk.URL != hall.URL() || len(kiosk.Code) != 14 || time.Until(kiosk.Expires) < 14*time.Minute {
			t.Errorf("%s: kiosk = %+v", state, kiosk)
		}
		_, list, _ := call(t, "exhibitor", "-data", data)
		id, _, _ := strings.Cut(list, " ")
		if booth := must[code](t, "pair", "-data", data, "-exhibitor", id); booth.URL != hall.URL()+"/booth#pair="+booth.Code {
			t.Errorf("%s: booth = %+v", state, booth)
		}
		if status, _, errs := call(t, "pair", "-data", data, "-exhibitor", "nobody"); status != 1 || !strings.Contains(errs, "hall exhibitor") {
			t.Errorf("%s: no such exhibitor: %d %q", state, status, errs)
		}
		if report := must[checked](t, "check", "-data", data); !report.OK || !report.Verified || report.Facts != 1 || report.Problems == nil {
			t.Errorf("%s: check = %+v", state, report)
		}
		if status, out, errs := call(t, "compact", "-data", data, "-json"); status != 0 || !strings.Contains(out, `"after":`) {
			t.Errorf("%s: compact: %d %q %q", state, status, out, errs)
		}
		if state == "running" {
			get(t, "http://"+loopback+"/api/v1/stats", dana.Key, `"registrations":0`)
			get(t, "http://"+loopback+"/healthz", "", "ok")
			get(t, "http://"+loopback+"/metrics", "", "hallpass_hall_registrations 0")
			get(t, "http://"+loopback+"/metrics", "", `hallpass_hall_ack_seconds_bucket{le="+Inf",stage="synced"} 0`)
			get(t, "http://"+loopback+"/booth", "", "<html")
			hall.Interrupt()
		}
	}
	if !strings.Contains(hall.Said(), "sample show") {
		t.Error("the hall does not say that this is the sample show")
	}
}

func get(t testing.TB, url, key, holds string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), holds) {
		t.Errorf("%s: %d %.200q, %v, want it to hold %q", url, response.StatusCode, body, err, holds)
	}
}

// What people read, without -json.
func TestCommands_ForPeople(t *testing.T) {
	data := filepath.Join(t.TempDir(), "hall")
	hall := spawn(t, "-data", data, "-listen", process.FreeAddress(t))
	_, list, _ := call(t, "exhibitor", "-data", data)
	id, _, _ := strings.Cut(list, " ")
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"pair", "-data", data, "-kiosk", "Entrance 1"}, []string{"good until", "kiosk run -hall " + hall.URL() + " -pair "}},
		{[]string{"pair", "-data", data, "-exhibitor", id}, []string{hall.URL() + "/booth#pair=", "type the code"}},
		{[]string{"pair", "-data", data, "-gate", "east"}, []string{"good until", "POST " + hall.URL() + "/api/v1/pair/device"}},
		{[]string{"user", "-data", data, "-name", "dana"}, []string{"password", "Authorization: Bearer"}},
		{[]string{"exhibitor", "-data", data}, []string{id}},
		{[]string{"check", "-data", data}, []string{"1 facts, in order"}},
		{[]string{"compact", "-data", data}, []string{" MB became "}},
		{[]string{"check", "-data", data}, []string{"1 facts, in order"}},
	} {
		status, out, errs := call(t, c.args...)
		for _, want := range c.want {
			if status != 0 || !strings.Contains(out, want) {
				t.Errorf("hall %v: %d %q %q, want %q", c.args, status, out, errs, want)
			}
		}
	}
	hall.Interrupt()
}

// Damaged data are found, named and left alone.
func TestCheck_DamagedData(t *testing.T) {
	data := filepath.Join(t.TempDir(), "hall")
	spawn(t, "-data", data, "-listen", process.FreeAddress(t)).Interrupt()
	db, err := bolt.Open(filepath.Join(data, "hall.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte("show")).Delete([]byte("current")) })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		status, out, errs := call(t, "check", "-data", data)
		if status != 1 || !strings.Contains(out, "NOT in order") || !strings.Contains(out, "show") || !strings.Contains(errs, "restore a backup") {
			t.Errorf("check: %d %q %q", status, out, errs)
		}
	}
}

// P9: what cannot be done is said in a sentence, with what to do.
func TestRun_RefusesWithASentence(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	data, taken := filepath.Join(dir, "data"), process.FreeAddress(t)
	hall := spawn(t, "-data", data, "-listen", taken)
	other := filepath.Join(dir, "other")
	junk := filepath.Join(dir, "junk")
	if err := os.MkdirAll(junk, 0o700); err != nil {
		t.Fatal(err)
	}
	file("junk/hall.db", strings.Repeat("no data file\n", 1000))
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"SecondHall", []string{"-data", data, "-listen", "127.0.0.1:0"}, "data file locked by another hall; stop it or set -data"},
		{"AddressInUse", []string{"-data", other, "-listen", taken}, "stop what uses the address, or set -listen"},
		{"NoPort", []string{"-data", other, "-listen", "8443"}, `listen: "8443" is not HOST:PORT`},
		{"InsecureAbroad", []string{"-data", other, "-listen", "0.0.0.0:8443", "-insecure-loopback"}, "is not loopback"},
		{"LoopbackAbroad", []string{"-data", other, "-loopback", ":8080"}, "is not loopback"},
		{"UnknownFlag", []string{"-moon", "full"}, "-moon"},
		{"UnknownKey", []string{"-config", file("hall.yaml", "listen: 127.0.0.1:0\nmoon: full\n")}, "moon"},
		{"URL", []string{"-data", other, "-url", "hall.example"}, "try https://"},
		{"NoShowFile", []string{"-data", other, "-listen", "127.0.0.1:0", "-show", filepath.Join(dir, "none.json")}, "no such file"},
		{"BadShow", []string{"-data", other, "-listen", "127.0.0.1:0", "-show", file("bad.json", `{"id":"x","requird":true}`)}, "requird"},
		{"NoDataFile", []string{"-data", junk, "-listen", "127.0.0.1:0"}, "is not a hall's data file"},
		{"LogLevel", []string{"-data", other, "-log-level", "loud"}, "try debug"},
	} {
		status, out, errs := call(t, append([]string{"run"}, c.args...)...)
		if status != 1 || !strings.Contains(errs, c.want) || out != "" {
			t.Errorf("%s: status %d, %q, want 1 and %q", c.name, status, errs, c.want)
		}
	}
	hall.Interrupt()
}

func TestRun_CommandLine(t *testing.T) {
	for _, c := range []struct {
		args         []string
		status       int
		onOut, onErr string
	}{
		{nil, 2, "", "usage: hall COMMAND"},
		{[]string{"frob"}, 2, "", `no command "frob"`},
		{[]string{"-h"}, 0, "usage: hall COMMAND", ""},
		{[]string{"run", "-h"}, 0, "example: hall run", ""},
		{[]string{"pair", "-h"}, 0, "example: hall pair", ""},
		{[]string{"user", "-h"}, 0, "example: hall user", ""},
		{[]string{"exhibitor", "-h"}, 0, "example: hall exhibitor", ""},
		{[]string{"check", "-h"}, 0, "example: hall check", ""},
		{[]string{"version"}, 0, "", ""},
		{[]string{"pair"}, 1, "", "-kiosk"},
		{[]string{"user"}, 1, "", "-name"},
		{[]string{"check", "-data", "/nonexistent"}, 1, "", "holds no hall"},
	} {
		status, out, errs := call(t, c.args...)
		if status != c.status || !strings.Contains(out, c.onOut) || !strings.Contains(errs, c.onErr) {
			t.Errorf("hall %v: %d %q %q, want %d %q %q", c.args, status, out, errs, c.status, c.onOut, c.onErr)
		}
	}
}

// The hall is who it was after a restart; nobody else may read its secrets.
func TestIdentity_IsMadeOnce(t *testing.T) {
	dir := t.TempDir()
	first, err := openIdentity(dir, "hall.example:8443")
	if err != nil {
		t.Fatal(err)
	}
	again, err := openIdentity(dir, "other.example:1")
	if err != nil || again.fingerprint != first.fingerprint || !again.key.Equal(first.key) {
		t.Errorf("another identity at the second start: %v", err)
	}
	leaf := first.certificate.Leaf
	for _, name := range []string{"localhost", "hall.example", "127.0.0.1", "::1"} {
		if err := leaf.VerifyHostname(name); err != nil {
			t.Error(err)
		}
	}
	if years := time.Until(leaf.NotAfter).Hours() / 24 / 365; years < 9.9 {
		t.Errorf("the certificate lasts %.1f years, want 10", years)
	}
	for _, name := range []string{"hall.key", "tls.key", "tls.crt"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v, want 0600", name, info.Mode(), err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "hall.key"), []byte("scribble"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openIdentity(dir, ""); err == nil || !strings.Contains(err.Error(), "restore it from a backup") {
		t.Errorf("a damaged key: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "hall.key")); err != nil {
		t.Error("the damaged key was thrown away")
	}
}
