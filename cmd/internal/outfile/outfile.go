// Package outfile makes files that people carry away and rely on: exports and
// backups. Such a file appears under its name whole, on the disk and checked,
// or not at all, and none that is there already is replaced.
package outfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// paced is after how many bytes what was written is brought to the disk: a
// gigabyte at once would keep everybody else who syncs there waiting.
const paced = 8 << 20

// Write has fill write the file, brings it to the disk, has check read it again
// and gives it its name. Only the owner may read it. Before that it stands
// beside its place as ".NAME.part", which an error removes and a kill leaves.
func Write(path string, fill func(io.Writer) error, check func(*os.File) error) (err error) {
	if err := vacant(path); err != nil {
		return err
	}
	part := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".part")
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	err = fill(&steady{f: f})
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = check(f)
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = vacant(path)
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, errors.Join(err, ignoreGone(os.Remove(part))))
	}
	return SyncDir(filepath.Dir(path))
}

func vacant(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is there already; give another name, or move it away", path)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// steady syncs now and then.
type steady struct {
	f     *os.File
	since int
}

func (s *steady) Write(data []byte) (int, error) {
	n, err := s.f.Write(data)
	if s.since += n; err == nil && s.since >= paced {
		s.since = 0
		err = s.f.Sync()
	}
	return n, err
}

// SyncDir makes names in a folder safe from a power cut, where the file system
// can do that for folders; those of sticks often cannot.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	if err = errors.Join(err, d.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
