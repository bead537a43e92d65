package process

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Build makes programs of ours in dir as "make build" does: the hall without C.
func Build(dir string, names ...string) error {
	for _, cgo := range []string{"0", "1"} {
		args := []string{"build", "-o", dir + string(filepath.Separator)}
		flags := len(args)
		for _, name := range names {
			if (name == "hall") == (cgo == "0") {
				args = append(args, "hallpass/cmd/"+name)
			}
		}
		if len(args) == flags {
			continue
		}
		cmd := exec.Command("go", args...)
		cmd.Env = append(os.Environ(), "CGO_ENABLED="+cgo)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build %v: %w: %s", args[flags:], err, out)
		}
	}
	return nil
}

// Main runs the tests of a package after it built programs and told where. It
// returns the exit status; nothing is left behind.
func Main(m *testing.M, dir *string, names ...string) (status int) {
	var err error
	if *dir, err = os.MkdirTemp("", "hallpass-programs-"); err == nil {
		defer func() { _ = os.RemoveAll(*dir) }()
		err = Build(*dir, names...)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// FreeAddress is a loopback address that nobody listens on. A program that is
// started again can be given the same.
func FreeAddress(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// Resident is the memory of a running process in kB, as Linux counts it.
func Resident(tb testing.TB, pid int) (kB int) {
	tb.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		tb.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		tb.Fatalf("no VmRSS of process %d: %v", pid, err)
	}
	return kB
}
