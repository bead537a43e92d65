package wal

import (
	"os"
	"syscall"
)

// SyncData has the file's bytes on the disk; its length must not have changed
// since the last Sync.
func SyncData(f *os.File) error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); err != syscall.EINTR {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
