// Package process runs our programs for tests as their users run them: as
// processes that become ready, are killed, told to end, and started again.
//
// It owns the building of the programs, the waiting for the line that says
// "ready", one log over all lives of a process, and its end with the test. It
// knows nothing of what the programs do, and no test sleeps in it. A start that
// fails is an error that holds what the program said; an end in disorder fails
// the test.
package process

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is for a cold start on a busy machine.
const patience = 2 * time.Minute

// ErrEnded is in the error of a start whose process ended before it was ready.
var ErrEnded = errors.New("it ended before it was ready")

// Process is one program that a test starts, ends and starts again; any
// goroutine may. It is killed when the test ends, and if that failed, its log
// is shown.
type Process struct {
	Args []string // of the next start

	tb         testing.TB
	name, path string
	log        Log

	life sync.Mutex // held through a start and an end; guards all below
	cmd  *exec.Cmd  // nil while it does not run
	read sync.WaitGroup
	url  string
}

// New makes a process of the program at path, which says "NAME ready URL" on a
// line of its own when it is. It is not yet started.
func New(tb testing.TB, name, path string, args ...string) *Process {
	tb.Helper()
	p := &Process{Args: args, tb: tb, name: name, path: path}
	tb.Cleanup(func() {
		if p.Kill(); tb.Failed() {
			tb.Logf("%s %v said:\n%s", name, p.Args, p.last())
		}
	})
	return p
}

// Start runs the program until it is ready. Its environment is the test's with
// settings ("KEY=value") added.
func (p *Process) Start(settings ...string) error {
	p.life.Lock()
	defer p.life.Unlock()
	if p.cmd != nil {
		return fmt.Errorf("start %s: it runs", p.name)
	}
	cmd := exec.Command(p.path, p.Args...)
	cmd.Env = append(append(os.Environ(), hasty), settings...)
	cmd.Stderr = &p.log
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("start %s: %w", p.name, err)
	}
	p.cmd = cmd
	ready := make(chan string, 1)
	p.read.Go(func() { p.follow(out, ready) })
	select {
	case url, ok := <-ready:
		if p.url = url; !ok {
			return fmt.Errorf("start %s: %w (%w):\n%s", p.name, ErrEnded, p.wait(), p.last())
		}
		return nil
	case <-time.After(patience):
		return fmt.Errorf("start %s: not ready after %s:\n%s", p.name, patience, p.last())
	}
}

// hasty spares a program that was built with the race detector the second that
// it would wait at its end.
const hasty = "GORACE=atexit_sleep_ms=0"

// follow keeps the output, tells what stands behind "ready", and closes ready at
// the end.
func (p *Process) follow(out io.Reader, ready chan<- string) {
	defer close(ready)
	told := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		_, _ = fmt.Fprintln(&p.log, lines.Text())
		if url, ok := strings.CutPrefix(lines.Text(), p.name+" ready"); ok && !told {
			told = true
			ready <- strings.TrimSpace(url)
		}
	}
	_, _ = io.Copy(&p.log, out) // whatever is no line
}

// Kill ends the process, if it runs, as a power cut would: nothing is flushed.
func (p *Process) Kill() {
	p.life.Lock()
	defer p.life.Unlock()
	if p.cmd != nil {
		_ = p.cmd.Process.Kill()
		_ = p.wait()
	}
}

// Interrupt ends the process as Ctrl-C does. The test fails if it does not run,
// or ends with another status than 0.
func (p *Process) Interrupt() {
	p.tb.Helper()
	p.life.Lock()
	defer p.life.Unlock()
	if p.cmd == nil {
		p.tb.Errorf("%s does not run", p.name)
		return
	}
	if err := errors.Join(p.cmd.Process.Signal(syscall.SIGINT), p.wait()); err != nil {
		p.tb.Errorf("%s after Ctrl-C: %v, want status 0", p.name, err)
	}
}

// Wait waits until the process has ended by itself and returns nil if its status
// is 0, or if it does not run.
func (p *Process) Wait() error {
	p.life.Lock()
	defer p.life.Unlock()
	if p.cmd == nil {
		return nil
	}
	return p.wait()
}

// wait returns what the process ended with. The caller holds life.
func (p *Process) wait() error {
	p.read.Wait()
	err := p.cmd.Wait()
	p.cmd = nil
	return err
}

// URL is what the program said behind "ready", at its last start.
func (p *Process) URL() string {
	p.life.Lock()
	defer p.life.Unlock()
	return p.url
}

// PID is the number of the running process, 0 while it does not run.
func (p *Process) PID() int {
	p.life.Lock()
	defer p.life.Unlock()
	if p.cmd == nil {
		return 0
	}
	return p.cmd.Process.Pid
}

// Said is all that it wrote, on both outputs and in all its lives.
func (p *Process) Said() string { return p.log.String() }

// last is the end of what it said.
func (p *Process) last() string {
	text := p.log.String()
	return text[max(0, len(text)-6000):]
}
