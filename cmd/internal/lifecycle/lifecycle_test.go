package lifecycle_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"hallpass/cmd/internal/lifecycle"
)

// TestMain lets the test program be the process that signals are sent to.
func TestMain(m *testing.M) {
	if os.Getenv("LIFECYCLE_CHILD") == "" {
		os.Exit(m.Run())
	}
	ctx, stop := lifecycle.Signals(context.Background())
	defer stop()
	fmt.Println("ready")
	<-ctx.Done()
	fmt.Println("ending")
	select {} // a shutdown that hangs
}

func TestSignals_SecondOneEndsAtOnce(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "LIFECYCLE_CHILD=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	expect := func(line string) {
		t.Helper()
		b := make([]byte, len(line)+1)
		if _, err := io.ReadFull(out, b); err != nil || strings.TrimSpace(string(b)) != line {
			t.Fatalf("child said %q, %v; want %q", b, err, line)
		}
	}
	expect("ready")
	began := time.Now()
	for range 2 { // one Ctrl-C, told by the terminal and by make
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	expect("ending")
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for again := time.NewTicker(20 * time.Millisecond); ; {
		select {
		case <-again.C:
			_ = cmd.Process.Signal(os.Interrupt)
			continue
		case err = <-ended:
		}
		break
	}
	if took := time.Since(began); took < 200*time.Millisecond {
		t.Errorf("ended after %s: a signal told twice at once is one", took)
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 130 {
		t.Fatalf("child ended with %v, want status 130", err)
	}
}

func TestSignals_StopMayBeCalledTwice(t *testing.T) {
	ctx, stop := lifecycle.Signals(t.Context())
	stop()
	stop()
	if ctx.Err() == nil {
		t.Fatal("the context goes on after stop")
	}
}

func TestLogger(t *testing.T) {
	for _, c := range []struct{ format, level, want string }{
		{"text", "info", "level=INFO msg=\"visitor registered\" visitor=01J\n"},
		{"json", "debug", `"msg":"visitor registered","visitor":"01J"}` + "\n"},
		{"json", "warn", ""},
	} {
		var b bytes.Buffer
		log, err := lifecycle.Logger(&b, c.format, c.level)
		if err != nil {
			t.Fatal(err)
		}
		log.Info("visitor registered", "visitor", "01J")
		if !strings.HasSuffix(b.String(), c.want) || c.want == "" && b.Len() > 0 {
			t.Errorf("Logger(%q, %q) wrote %q, want the end %q", c.format, c.level, b.String(), c.want)
		}
	}
	for _, bad := range [][2]string{{"xml", "info"}, {"text", "loud"}, {"", "info"}} {
		if _, err := lifecycle.Logger(&bytes.Buffer{}, bad[0], bad[1]); err == nil || !strings.Contains(err.Error(), "try ") {
			t.Errorf("Logger(%q, %q) = %v, want an error with what to do", bad[0], bad[1], err)
		}
	}
}

func TestStack_LastStartedClosesFirst(t *testing.T) {
	var s lifecycle.Stack
	var order []string
	broken := errors.New("broken")
	push := func(name string, err error) {
		s.Push(name, time.Minute, func(ctx context.Context) error {
			if _, limited := ctx.Deadline(); !limited || ctx.Err() != nil {
				t.Errorf("%s closes without a running deadline", name)
			}
			order = append(order, name)
			return err
		})
	}
	push("store", nil)
	push("link", broken)
	push("pages", nil)
	log := slog.New(slog.DiscardHandler)
	if err := s.Close(log); !errors.Is(err, broken) || !strings.Contains(err.Error(), "close link") {
		t.Errorf("Close = %v, want the link's error", err)
	}
	if want := []string{"pages", "link", "store"}; !slices.Equal(order, want) {
		t.Errorf("closed %v, want %v", order, want)
	}
	if err := s.Close(log); err != nil || len(order) != 3 {
		t.Errorf("second Close = %v after %v, want nothing done", err, order)
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
		says string
	}{
		{nil, 0, ""},
		{flag.ErrHelp, 0, ""},
		{fmt.Errorf("run: %w", context.Canceled), 0, ""},
		{errors.New("data file locked; stop the other kiosk"), 1, "kiosk: data file locked; stop the other kiosk\n"},
	} {
		var b bytes.Buffer
		if got := lifecycle.Status(&b, "kiosk", c.err); got != c.want || b.String() != c.says {
			t.Errorf("Status(%v) = %d, says %q; want %d, %q", c.err, got, b.String(), c.want, c.says)
		}
	}
}

func TestVersion(t *testing.T) {
	if v := lifecycle.Version(); v == "" || strings.ContainsAny(v, " \n()") {
		t.Fatalf("Version() = %q, want one word", v)
	}
}
