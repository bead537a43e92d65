package apart

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// confine gives up what the child needs no more. What a kernel refuses is left
// as it is: these are second walls.
func confine() {
	// No new file is written, no core dump with somebody's card in it (P8).
	_ = unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{})
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}

// attributes put the child in a group of its own, away from the terminal's
// signals, and let it end with the thread that started it: see spawn.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// expendable has the kernel end the child before the kiosk when memory is
// short (proc(5), oom_score_adj).
func expendable(pid int) {
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/oom_score_adj", pid), []byte("800"), 0)
}

// resident is the process's memory in bytes, 0 when the system does not say.
func resident(pid int) int64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	if parts := bytes.Fields(data); len(parts) > 1 {
		if pages, err := strconv.ParseInt(string(parts[1]), 10, 64); err == nil {
			return pages * int64(os.Getpagesize())
		}
	}
	return 0
}
