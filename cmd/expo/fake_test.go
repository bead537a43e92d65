package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestMain lets this test program stand in for the programs, by its name: expo
// itself, and small fakes of the hall and the kiosk that keep a diary of how
// they were called.
func TestMain(m *testing.M) {
	switch filepath.Base(os.Args[0]) {
	case "expo":
		main()
	case "hall", "kiosk":
		if err := fake(filepath.Base(os.Args[0]), os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default:
		os.Exit(m.Run())
	}
}

func fake(name string, args []string) error {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	data := set.String("data", "", "")
	f := map[string]*string{}
	for _, flag := range []string{"listen", "loopback", "show", "hall", "pair", "printer", "name", "kiosk", "exhibitor", "staff-code", "template"} {
		f[flag] = set.String(flag, "", "")
	}
	set.Bool("json", false, "")
	if err := set.Parse(args[1:]); err != nil {
		return err
	}
	diary, err := os.OpenFile(filepath.Join(filepath.Dir(*data), "diary"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer diary.Close()
	note := func(what string) { fmt.Fprintf(diary, "%s %s %s\n", name, args[0], what) }
	note(strings.Join(args[1:], " "))
	switch args[0] {
	case "user":
		return json.NewEncoder(os.Stdout).Encode(map[string]string{"name": *f["name"], "password": "calm-river-42", "key": "k"})
	case "pair":
		return json.NewEncoder(os.Stdout).Encode(map[string]string{"code": "ABCD-EFGH-JKMN",
			"url": "https://192.0.2.7:8443/booth#ABCD-EFGH-JKMN", "expires": "2026-03-01T09:15:00Z"})
	}
	if b, err := os.ReadFile(filepath.Join(filepath.Dir(*data), name+".breaks")); err == nil {
		return fmt.Errorf("%s", b)
	}
	address := *f["loopback"]
	if name == "kiosk" {
		address = *f["listen"]
	}
	return serveFake(address, note)
}

// serveFake answers until it is told to end, or asked to break.
func serveFake(address string, note func(string)) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	broken := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /api/v1/status", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"hall":"up"}`) })
	mux.HandleFunc("POST /break", func(http.ResponseWriter, *http.Request) { close(broken) })
	s := &http.Server{Addr: address, Handler: mux}
	failed := make(chan error, 1)
	go func() { failed <- s.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-broken:
		return fmt.Errorf("data file locked by another process")
	case <-ctx.Done():
		note("ended")
		return s.Close()
	}
}
