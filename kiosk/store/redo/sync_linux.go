package redo

import (
	"os"
	"syscall"
)

// syncData has the file's bytes on the disk; its length does not change.
func syncData(f *os.File) error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); err != syscall.EINTR {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
