package process_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hallpass/cmd/internal/process"
)

// asProgram makes the test binary be the program, which does what it says.
const asProgram = "PROCESS_TEST_AS"

func TestMain(m *testing.M) {
	switch os.Getenv(asProgram) {
	case "":
		os.Exit(m.Run())
	case "mute":
		fmt.Fprintln(os.Stderr, "no such folder")
		os.Exit(3)
	case "short":
		fmt.Println("desk ready")
		os.Exit(5)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	fmt.Println("opening", os.Args[1:])
	fmt.Fprintln(os.Stderr, "level=INFO") // before it is ready, as it may be killed right after
	fmt.Println("desk ready http://desk.example")
	<-signals
	fmt.Println("desk ready to go home")
	if os.Getenv(asProgram) == "sore" {
		os.Exit(4)
	}
}

// ended is a test that notes its faults rather than fail.
type ended struct {
	testing.TB
	said []string
}

func (e *ended) Errorf(format string, args ...any) {
	e.said = append(e.said, fmt.Sprintf(format, args...))
}

func desk(tb testing.TB) *process.Process {
	tb.Helper()
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	return process.New(tb, "desk", self, "-quiet")
}

func TestProcess_LivesAgainAndAgain(t *testing.T) {
	p := desk(t)
	for life, end := range []func(){p.Kill, p.Interrupt, p.Kill} {
		if err := p.Start(asProgram + "=good"); err != nil {
			t.Fatal(err)
		}
		if pid := p.PID(); pid == 0 || process.Resident(t, pid) < 100 {
			t.Errorf("life %d: process %d of no size", life, pid)
		}
		if p.URL() != "http://desk.example" {
			t.Errorf("life %d: at %q", life, p.URL())
		}
		if err := p.Start(asProgram + "=good"); err == nil {
			t.Error("it was started while it ran")
		}
		end()
		if p.PID() != 0 {
			t.Errorf("life %d does not end", life)
		}
		if got := strings.Count(p.Said(), "opening [-quiet]\n"); got != life+1 {
			t.Errorf("%d lives in the log after %d:\n%s", got, life+1, p.Said())
		}
	}
	if strings.Count(p.Said(), "go home") != 1 || strings.Count(p.Said(), "level=INFO") != 3 {
		t.Errorf("the log lacks something:\n%s", p.Said())
	}
	p.Kill() // it does not run: nothing
	if err := p.Wait(); err != nil {
		t.Error(err)
	}
}

func TestProcess_EndsInsteadOfReady(t *testing.T) {
	p := desk(t)
	err := p.Start(asProgram + "=mute")
	var exit *exec.ExitError
	if !errors.Is(err, process.ErrEnded) || !errors.As(err, &exit) || exit.ExitCode() != 3 || !strings.Contains(err.Error(), "no such folder") {
		t.Errorf("Start = %v, want its status and what it said", err)
	}
	if err := p.Start(asProgram + "=good"); err != nil {
		t.Errorf("and then: %v", err)
	}
	nowhere := process.New(t, "desk", filepath.Join(t.TempDir(), "desk"))
	if err := nowhere.Start(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no program: %v", err)
	}
}

// What ends with another status, or does not run, fails the test.
func TestProcess_InterruptWantsAnEndInOrder(t *testing.T) {
	e := &ended{TB: t}
	p := desk(e)
	if err := p.Start(asProgram + "=sore"); err != nil {
		t.Fatal(err)
	}
	p.Interrupt()
	p.Interrupt()
	if len(e.said) != 2 || !strings.Contains(e.said[0], "exit status 4") || !strings.Contains(e.said[1], "does not run") {
		t.Errorf("said %q", e.said)
	}
}

func TestProcess_EndsByItself(t *testing.T) {
	p := desk(t)
	if err := p.Start(asProgram + "=short"); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := p.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 5 || p.PID() != 0 {
		t.Errorf("Wait = %v, want status 5", err)
	}
}

// One kills what another waits for, as a test of faults does.
func TestProcess_KilledFromAside(t *testing.T) {
	p := desk(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := p.Start(asProgram + "=good"); err == nil {
				p.Kill()
			}
		})
	}
	all.Wait()
	if p.PID() != 0 {
		t.Error("one is left over")
	}
}

// What builds is tried by those that use it.
func TestBuild_NoSuchProgram(t *testing.T) {
	if err := process.Build(t.TempDir(), "hat"); err == nil || !strings.Contains(err.Error(), "cmd/hat") {
		t.Errorf("Build = %v, want the name", err)
	}
}

func TestFreeAddress(t *testing.T) {
	if a, b := process.FreeAddress(t), process.FreeAddress(t); a == b || !strings.HasPrefix(a, "127.0.0.1:") {
		t.Errorf("%s and %s", a, b)
	}
}
