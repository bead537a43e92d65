// Package showtest plays one show from the touch on the glass to the number on
// the dashboard: the real programs as child processes, real Chromium as
// visitor, exhibitor and organizer, a real IPP printer, and zbarimg as the
// reader of what was printed. It holds tests only.
package showtest_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hallpass/cmd/internal/process"
)

// programs is the folder with the built programs; TestMain fills it.
var programs string

func TestMain(m *testing.M) { os.Exit(process.Main(m, &programs, "hall", "kiosk")) }

// start runs a program until it is ready; it is killed with the test.
func start(tb testing.TB, name string, args ...string) *process.Process {
	tb.Helper()
	p := process.New(tb, name, filepath.Join(programs, name), args...)
	if err := p.Start(); err != nil {
		tb.Fatal(err)
	}
	return p
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
