// Package showtest plays one show from the touch on the glass to the number on
// the dashboard: the real programs as child processes, real Chromium as
// visitor, exhibitor and organizer, a real IPP printer, and zbarimg as the
// reader of what was printed. It holds tests only.
package showtest_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hallpass/cmd/internal/transcript"
)

// programs is the folder with the built programs; TestMain fills it.
var programs string

func TestMain(m *testing.M) {
	code, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "showtest:", err)
		code = 1
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M) (code int, err error) {
	programs, err = os.MkdirTemp("", "hallpass-programs-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(programs) }()
	build := exec.Command("go", "build", "-o", programs+string(filepath.Separator), "hallpass/cmd/hall", "hallpass/cmd/kiosk")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		return 1, fmt.Errorf("build the programs: %w", err)
	}
	return m.Run(), nil
}

// program is one running child.
type program struct {
	tb   testing.TB
	name string
	cmd  *exec.Cmd
	done sync.WaitGroup // the child's output is read to its end
	log  transcript.Log // both outputs
}

// start runs a program until its "ready" line; the child is killed with the
// test, and its log is shown if the test failed.
func start(tb testing.TB, name string, args ...string) *program {
	tb.Helper()
	p := &program{tb: tb, name: name, cmd: exec.Command(filepath.Join(programs, name), args...)}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	p.cmd.Stderr = &p.log
	if err := p.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(p.cleanUp)
	ready := make(chan struct{})
	p.done.Go(func() { p.follow(stdout, ready) })
	select {
	case <-ready:
	case <-time.After(60 * time.Second):
		tb.Fatalf("%s is not ready after a minute:\n%s", name, p.log.String())
	}
	if !strings.Contains(p.log.String(), name+" ready") {
		tb.Fatalf("%s ended before it was ready:\n%s", name, p.log.String())
	}
	return p
}

// follow copies the output and closes ready at the ready line or at the end.
func (p *program) follow(stdout io.Reader, ready chan struct{}) {
	lines := bufio.NewScanner(stdout)
	told := false
	for lines.Scan() {
		_, _ = fmt.Fprintln(&p.log, lines.Text())
		if !told && strings.HasPrefix(lines.Text(), p.name+" ready") {
			told = true
			close(ready)
		}
	}
	if !told {
		close(ready)
	}
}

// kill ends the program as a power cut would: kill -9, nothing is flushed.
func (p *program) kill() {
	p.tb.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.tb.Fatal(err)
	}
	p.wait()
}

// interrupt ends the program as Ctrl-C does and returns its exit error.
func (p *program) interrupt() error {
	p.tb.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		p.tb.Fatal(err)
	}
	return p.wait()
}

// residentMB is the program's resident memory now.
func (p *program) residentMB() int {
	p.tb.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.tb.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		var kB int
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kB); err == nil {
			return kB / 1024
		}
	}
	p.tb.Fatalf("no VmRSS in %s", data)
	return 0
}

func (p *program) wait() error {
	p.done.Wait()
	return p.cmd.Wait()
}

func (p *program) cleanUp() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.wait()
	}
	if p.tb.Failed() {
		p.tb.Logf("%s said:\n%s", p.name, p.log.String())
	}
}

// run runs a command to its end and returns what it wrote on stdout.
func run(tb testing.TB, command string, args ...string) []byte {
	tb.Helper()
	if !strings.Contains(command, "/") {
		if own := filepath.Join(programs, command); exists(own) {
			command = own
		}
	}
	cmd := exec.Command(command, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		tb.Fatalf("%s %s: %v: %s", command, strings.Join(args, " "), err, stderr.String())
	}
	return out
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// freeAddress returns a loopback address that nobody listens on; it is kept
// over a restart of the program that uses it.
func freeAddress(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
