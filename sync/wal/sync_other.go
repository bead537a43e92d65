//go:build !linux

package wal

import "os"

// SyncData has the file's bytes on the disk.
func SyncData(f *os.File) error { return f.Sync() }
