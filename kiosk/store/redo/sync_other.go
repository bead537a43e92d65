//go:build !linux

package redo

import "os"

// syncData has the file's bytes on the disk.
func syncData(f *os.File) error { return f.Sync() }
