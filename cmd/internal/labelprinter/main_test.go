package main

import (
	"context"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hallpass/badge/spool"
	"hallpass/badge/spool/spooltest"
	"hallpass/cmd/internal/process"
)

func TestRun_PrintsAndTakesOrders(t *testing.T) {
	for _, kind := range [][]string{nil, {"-ql"}} {
		dir := filepath.Join(t.TempDir(), "labels")
		ctx, stop := context.WithCancel(t.Context())
		orders, hand := io.Pipe()
		var said process.Log
		out := func() string { return strings.TrimSpace(said.String()) }
		ended := make(chan error, 1)
		go func() {
			ended <- run(ctx, append(kind, "-listen", "127.0.0.1:0", "-dir", dir, "-pace", "1ms"), orders, &said)
		}()
		spooltest.Poll(t, "the address", func() bool { u, err := url.Parse(out()); return err == nil && u.Host != "" })
		p, err := spool.Open(out())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(hand, "cover-open\n")
		spooltest.UntilStatus(t, p, "cover-open", func(s spool.Status) bool { return slices.Contains(s.Reasons, "cover-open") })
		_, _ = io.WriteString(hand, "\n")
		spooltest.Submit(t, p, spooltest.Job("b-1"))
		spooltest.Until(t, p, "b-1", spool.Completed)
		spooltest.Poll(t, "the picture", func() bool { files, _ := filepath.Glob(filepath.Join(dir, "*.png")); return len(files) == 1 })
		_, _ = io.WriteString(hand, "off\n")
		spooltest.Poll(t, "the switch", func() bool { _, err := p.Status(t.Context()); return err != nil })
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		_ = hand.Close()
	}
	if err := run(t.Context(), []string{"-dir", t.TempDir(), "-listen", "nowhere"}, nil, io.Discard); err == nil {
		t.Error("listened nowhere")
	}
}
