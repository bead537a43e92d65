package ppocr

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Save writes the pack as one file to carry to a machine without internet:
// a gzipped tar archive of what the list names. The same pack gives the same
// bytes. It refuses a pack whose library is the distribution's.
func (p *Pack) Save(w io.Writer) error {
	if !p.Own {
		return fmt.Errorf("%s has no runtime library of its own, so it cannot be carried to another machine", p.Dir)
	}
	zip := gzip.NewWriter(w)
	out := tar.NewWriter(zip)
	for _, f := range wanted(here()) {
		if err := add(out, p.Dir, f); err != nil {
			return fmt.Errorf("pack %s: %w", f.name, err)
		}
	}
	return errors.Join(out.Close(), zip.Close())
}

func add(out *tar.Writer, dir string, f file) (err error) {
	in, err := os.Open(filepath.Join(dir, f.name))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	head := &tar.Header{Name: f.name, Size: f.size, Mode: 0o644, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
	if err := out.WriteHeader(head); err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return err
}

// ErrPackFile means that a file is no whole, unchanged reader pack for this
// program on this kind of machine.
var ErrPackFile = errors.New("this reader pack cannot be installed")

// Install puts a file that Save wrote into dir, in one step: either all of it
// is there and verified afterwards, or what was there before. A file that is
// cut off, changed, for another kind of machine or no pack at all is refused
// with ErrPackFile.
func Install(r io.Reader, dir string) (err error) {
	dir = filepath.Clean(dir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), ".reader-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }()
	if err := unpack(r, fresh); err != nil {
		return fmt.Errorf("%w: %w", ErrPackFile, err)
	}
	if err := os.Chmod(fresh, 0o755); err != nil {
		return err
	}
	return swap(fresh, dir)
}

// swap puts fresh in the place of dir; a pack that is there is removed once
// the new one stands.
func swap(fresh, dir string) error {
	old := fresh + ".old"
	switch err := os.Rename(dir, old); {
	case errors.Is(err, os.ErrNotExist):
		return os.Rename(fresh, dir)
	case err != nil:
		return err
	}
	if err := os.Rename(fresh, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	return os.RemoveAll(old)
}

// unpack writes the archive's files into an empty folder and holds each
// against the list.
func unpack(r io.Reader, dir string) error {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return fmt.Errorf("it is no file that kiosk reader pack wrote: %w", err)
	}
	in := tar.NewReader(zip)
	missing := wanted(here())
	for {
		head, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return cutOff(err)
		}
		i := slices.IndexFunc(missing, func(f file) bool { return f.name == head.Name })
		if i < 0 || head.Typeflag != tar.TypeReg {
			return fmt.Errorf("it holds %q, which is no part of a reader pack", head.Name)
		}
		if err := missing[i].place(in, head.Size, dir); err != nil {
			return err
		}
		missing = slices.Delete(missing, i, i+1)
	}
	if len(missing) > 0 {
		return fmt.Errorf("it lacks %s", missing[0].name)
	}
	return nil
}

// place writes one file and compares what was written.
func (f file) place(in io.Reader, size int64, dir string) (err error) {
	if size != f.size {
		return f.differs(size)
	}
	out, err := os.OpenFile(filepath.Join(dir, f.name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(out, h), in)
	if err != nil {
		err = cutOff(err)
	} else {
		err = out.Sync()
	}
	if err := errors.Join(err, out.Close()); err != nil {
		return err
	}
	if hex.EncodeToString(h.Sum(nil)) != f.sum {
		return f.differs(size)
	}
	return nil
}

// differs tells a library for another kind of machine from a changed file.
func (f file) differs(size int64) error {
	for _, other := range list() {
		if other.name == f.name && other.platform != f.platform && other.size == size {
			return fmt.Errorf("it was made on %s and this machine is %s; make one on a machine like this", other.platform, f.platform)
		}
	}
	return fmt.Errorf("its %s is not the file this program was made for: its hash differs", f.name)
}

func cutOff(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it is cut off; copy it again")
	}
	return fmt.Errorf("it is damaged; copy it again: %w", err)
}
