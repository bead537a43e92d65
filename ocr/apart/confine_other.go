//go:build !linux

package apart

import "syscall"

func confine() {}

func seal() {}

func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func expendable(int) {}

// resident is not known here, so memory is not limited.
func resident(int) int64 { return 0 }
