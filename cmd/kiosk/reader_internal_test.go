package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// P8: the reading process learns where the reader pack lies, by setting before
// environment, and nothing else of how the kiosk was started.
func TestReaderEnv(t *testing.T) {
	all := []string{"PATH=/bin", "HALLPASS_PAIR=K7QM", "HALLPASS_READER=/from/environment", "OMP_THREAD_LIMIT=8", "GOMEMLIMIT=1GiB"}
	for setting, want := range map[string]string{"": "/from/environment", "/from/setting": "/from/setting"} {
		env := readerEnv(all, setting)
		cmd := exec.Command("env")
		cmd.Env = env
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		seen := strings.Fields(string(out))
		for _, line := range []string{"HALLPASS_READER=" + want, "PATH=/bin", "OMP_THREAD_LIMIT=1", "GOMEMLIMIT=1GiB"} {
			if !slices.Contains(seen, line) {
				t.Errorf("with setting %q the process sees %q, not %q", setting, seen, line)
			}
		}
		if strings.Contains(string(out), "K7QM") {
			t.Errorf("the pairing code is handed on: %q", seen)
		}
	}
}
