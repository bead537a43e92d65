package wal

import (
	"errors"
	"os"
	"path/filepath"
)

// SyncFolder has a file's name on the disk, or that it is gone.
func SyncFolder(path string) (err error) {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Sync()
}
