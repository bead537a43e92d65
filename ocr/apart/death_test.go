package apart_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hallpass/ocr"
	"hallpass/ocr/apart"
)

// A child that is killed from outside costs nobody a card: it is replaced
// within two seconds, and what it had in hand is read again.
func TestDeath_KilledWhileReading(t *testing.T) {
	r := start(t, apart.Options{Workers: 2})
	one, two := under(t, r, "wait 400ms"), under(t, r, "wait 401ms")
	began := time.Now()
	if err := syscall.Kill(r.Stats().PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for name, end := range map[string]func() (ocr.Card, error){"400ms": one, "401ms": two} {
		if card, err := end(); err != nil || card.Fields["name"].Text != name {
			t.Errorf("%s = %v, %v", name, card.Fields, err)
		}
	}
	if s := r.Stats(); s.Restarts != 1 || s.Lost != 0 || !s.Up {
		t.Errorf("stats = %+v, want one restart and nothing lost", s)
	}
	t.Logf("both read again %s after the kill", time.Since(began))
}

// Between two cards nobody notices more than the time of a start.
func TestDeath_KilledAtRest(t *testing.T) {
	r := start(t, apart.Options{})
	for range 3 {
		reads(t, r, "card 林晓", "林晓")
		old := r.Stats().PID
		if err := syscall.Kill(old, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		eventually(t, "another child", 2*time.Second, func() bool { s := r.Stats(); return s.Up && s.PID != old })
		t.Logf("another child after %s", time.Since(began))
	}
}

// A picture that ends the child is tried twice and refused from then on; the
// pictures beside it are read, and so is the next.
func TestDeath_PictureThatKills(t *testing.T) {
	for _, what := range []string{"abort", "kill", "garbage", "oversized", "cut", "eat"} {
		t.Run(what, func(t *testing.T) {
			log := &lines{}
			r := start(t, apart.Options{Workers: 2, MemoryMB: 300, Log: slog.New(slog.NewTextHandler(log, nil))})
			beside := under(t, r, "wait 200ms")
			began := time.Now()
			_, err := r.Read(t.Context(), []byte(what))
			if !errors.Is(err, ocr.ErrLost) {
				t.Errorf("Read(%s) = %v, want lost", what, err)
			}
			t.Logf("refused after %s\n%s", time.Since(began), log)
			if card, err := beside(); err != nil || card.Fields["name"].Text != "200ms" {
				t.Errorf("beside it = %v, %v", card.Fields, err)
			}
			eventually(t, "two restarts", 5*time.Second, func() bool { return r.Stats().Restarts == 2 })
			if _, err := r.Read(t.Context(), []byte(what)); !errors.Is(err, ocr.ErrLost) {
				t.Errorf("again = %v, want lost", err)
			}
			reads(t, r, "card 林晓", "林晓")
			if s := r.Stats(); s.Restarts != 2 || s.Lost != 2 {
				t.Errorf("stats = %+v: a picture that killed twice was tried again", s)
			}
		})
	}
}

// A child that stops answers nobody; the visitor's time ends the read, and the
// child is replaced a second later.
func TestDeath_Stopped(t *testing.T) {
	r := start(t, apart.Options{Workers: 2})
	beside := under(t, r, "wait 700ms") // in hand when the child stops; read by the next
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := r.Read(ctx, []byte("stop")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Read = %v, want its deadline", err)
	}
	if card, err := beside(); err != nil || card.Fields["name"].Text != "700ms" {
		t.Errorf("beside it = %v, %v", card.Fields, err)
	}
	reads(t, r, "card 林晓", "林晓")
	if s := r.Stats(); s.Restarts != 1 {
		t.Errorf("stats = %+v, want one restart", s)
	}
}

// A child that is stopped at rest is found by its silence.
func TestDeath_SilentAtRest(t *testing.T) {
	r := start(t, apart.Options{})
	old := r.Stats().PID
	if err := syscall.Kill(old, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	eventually(t, "another child", 12*time.Second, func() bool { s := r.Stats(); return s.Up && s.PID != old })
	reads(t, r, "card 林晓", "林晓")
}

// A parent that is killed leaves no orphan, not even one that is stopped.
func TestDeath_OfTheParent(t *testing.T) {
	for _, stopped := range []bool{false, true} {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), asParent+"=1")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		var pid int
		if _, err2 := fmt.Sscan(line, &pid); err != nil || err2 != nil {
			t.Fatalf("the parent says %q, %v", line, err)
		}
		if stopped {
			if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		eventually(t, "the child has ended", 5*time.Second, func() bool { return gone(pid) })
	}
}

func TestStart_SaysWhatIsMissing(t *testing.T) { // P9
	flag := filepath.Join(t.TempDir(), "no-model")
	if err := os.WriteFile(flag, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := apart.Start(t.Context(), options(apart.Options{Env: []string{openFail + "=" + flag}}))
	if err == nil || err.Error() != "start card reader: its model is not installed; run make install" {
		t.Errorf("Start = %v", err)
	}
	for name, command := range map[string][]string{"NoProgram": {"/no/such/program"}, "EndsAtOnce": {"/bin/true"}, "None": nil} {
		if _, err := apart.Start(t.Context(), apart.Options{Command: command}); err == nil || !strings.HasPrefix(err.Error(), "start card reader: ") {
			t.Errorf("%s = %v, want what failed", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := apart.Start(ctx, options(apart.Options{})); err == nil {
		t.Error("started although nobody waits")
	}
}

// A child that cannot start any more is tried at growing intervals; visitors
// are told at once meanwhile, and cards are read as soon as it can.
func TestDeath_CannotStartAgain(t *testing.T) {
	flag := filepath.Join(t.TempDir(), "no-model")
	log := &lines{}
	r := start(t, apart.Options{Env: []string{openFail + "=" + flag}, Log: slog.New(slog.NewTextHandler(log, nil))})
	if err := os.WriteFile(flag, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(r.Stats().PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "visitors are told", 10*time.Second, func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := r.Read(ctx, []byte("card x"))
		return errors.Is(err, ocr.ErrUnavailable)
	})
	if r.Stats().Up {
		t.Error("up without a child")
	}
	if n := strings.Count(log.String(), "does not start"); n < 2 || n > 5 {
		t.Errorf("%d failed starts so far, want 2 to 5:\n%s", n, log)
	}
	if err := os.Remove(flag); err != nil {
		t.Fatal(err)
	}
	eventually(t, "up again", 20*time.Second, func() bool { return r.Stats().Up })
	reads(t, r, "card 林晓", "林晓")
}

// What libraries print is counted; none of it is repeated (P8).
func TestChatter_IsCountedOnly(t *testing.T) {
	log := &lines{}
	r := start(t, apart.Options{Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if _, err := r.Read(t.Context(), []byte("print")); err == nil || err.Error() != "still alive" {
		t.Errorf("print = %v", err)
	}
	eventually(t, "two whole lines", 5*time.Second, func() bool { return r.Stats().Chatter == 2 })
	if text := log.String(); strings.Contains(text, "林晓") || strings.Contains(text, "xxx") || !strings.Contains(text, "bytes=9001") {
		t.Errorf("log = %s", text)
	}
	if _, err := r.Read(t.Context(), []byte("abort")); !errors.Is(err, ocr.ErrLost) { // Go prints all its goroutines
		t.Errorf("abort = %v", err)
	}
	if text := log.String(); strings.Contains(text, "goroutine") || !strings.Contains(text, "card reader ended") {
		t.Errorf("log = %s", text)
	}
}

// lines is a log that may be read while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
