package spool

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

var _ Printer = (*folder)(nil)

// Room of a folder if its address says nothing: about a day of one kiosk.
const (
	defaultFiles     = 10_000
	defaultMegabytes = 1_000
)

// folder keeps each job as NAME.pdf. A file appears whole or not at all: it is
// written and synced as .NAME.part and then renamed.
type folder struct {
	dir      string
	maxFiles int64
	maxBytes int64

	mu      sync.Mutex // one writer at a time, so that the room is counted right
	usage   usage
	written map[string]bool // jobs of this process, at most maxJobs: who prints them may take them at once
}

// usage is what the folder held when its modification time was at.
type usage struct {
	at           time.Time
	files, bytes int64
}

func openFolder(u *url.URL, _ settings) (Printer, error) {
	dir := u.Opaque // folder:dir/sub
	if dir == "" {
		dir = u.Path // folder:/dir or folder:///dir
	}
	if dir, _ = url.PathUnescape(dir); dir == "" || u.Host != "" {
		return nil, fmt.Errorf("printer %q names no folder; try folder:/srv/badges", u)
	}
	f := &folder{dir: filepath.Clean(dir), maxFiles: defaultFiles, maxBytes: defaultMegabytes << 20, written: map[string]bool{}}
	for key, values := range u.Query() {
		n, err := strconv.ParseInt(values[0], 10, 32)
		switch {
		case err != nil || n < 1:
			return nil, fmt.Errorf("printer %q: %s=%s is no number from 1 to %d", u, key, values[0], 1<<31-1)
		case key == "files":
			f.maxFiles = n
		case key == "megabytes":
			f.maxBytes = n << 20
		default:
			return nil, fmt.Errorf("printer %q: %s is unknown; a folder has files and megabytes", u, key)
		}
	}
	return f, nil
}

// Submit writes the file, unless it is there or was written before.
func (f *folder) Submit(ctx context.Context, job Job) error {
	if err := errors.Join(job.checkPage(), ctx.Err()); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := os.Stat(f.path(job.Name)); err == nil || f.written[job.Name] {
		return nil
	}
	u, err := f.count()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotSent, f.explain(err))
	}
	if u.files >= f.maxFiles || u.bytes+int64(len(job.PDF)) > f.maxBytes {
		return f.full(fmt.Errorf("%d files, %d kB", u.files, u.bytes>>10))
	}
	if err := f.write(job); err != nil {
		return fmt.Errorf("%w: %w", ErrNotSent, f.explain(err))
	}
	if info, err := os.Stat(f.dir); err == nil {
		f.usage = usage{at: info.ModTime(), files: u.files + 1, bytes: u.bytes + int64(len(job.PDF))}
	}
	return nil
}

// count returns what lies in the folder, which it makes if need be. It counts
// again only if something was added or taken away: 10,000 files take about
// 20 ms to count.
func (f *folder) count() (usage, error) {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return usage{}, err
	}
	info, err := os.Stat(f.dir)
	if err != nil || info.ModTime().Equal(f.usage.at) {
		return f.usage, err
	}
	u := usage{at: info.ModTime()}
	entries, err := os.ReadDir(f.dir)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && strings.HasSuffix(e.Name(), ".pdf") {
			u.files++
			u.bytes += info.Size()
		}
	}
	f.usage = u
	return u, err
}

// write makes the file durable before it gets its name, and then the name.
func (f *folder) write(job Job) (err error) {
	part := filepath.Join(f.dir, "."+job.Name+".part")
	defer func() {
		if err != nil {
			_ = os.Remove(part)
		}
	}()
	// Not O_EXCL: a part left by a power cut is written anew.
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(job.PDF)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := os.Rename(part, f.path(job.Name)); err != nil {
		return err
	}
	if len(f.written) >= maxJobs {
		clear(f.written) // asked about are the latest only
	}
	f.written[job.Name] = true
	return syncDir(f.dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Job is Completed if the file lies there or was written by this process: the
// folder has no other state.
func (f *folder) Job(ctx context.Context, name string) (JobStatus, error) {
	if err := errors.Join(checkName(name), ctx.Err()); err != nil {
		return JobStatus{State: Unknown}, err
	}
	f.mu.Lock()
	written := f.written[name]
	f.mu.Unlock()
	switch _, err := os.Stat(f.path(name)); {
	case err == nil, written:
		return JobStatus{State: Completed}, nil
	case errors.Is(err, fs.ErrNotExist):
		return JobStatus{State: Unknown}, nil
	default:
		return JobStatus{State: Unknown}, f.explain(err)
	}
}

// Cancel is always too late: a file in the folder may have been taken.
func (f *folder) Cancel(ctx context.Context, name string) (JobStatus, error) {
	return f.Job(ctx, name)
}

// Status tells whether there is room for one more file.
func (f *folder) Status(ctx context.Context) (Status, error) {
	s := Status{State: "idle", Accepting: true, Name: "folder " + filepath.Base(f.dir), Supplies: noSupplies()}
	if err := ctx.Err(); err != nil {
		return unreachable(), err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	u, err := f.count()
	if err == nil {
		const enterAndWrite = 0o3
		err = syscall.Access(f.dir, enterAndWrite) // a stick may be read-only
	}
	switch {
	case err != nil:
		return unreachable(), f.explain(err)
	case u.files >= f.maxFiles || u.bytes >= f.maxBytes:
		s.State, s.Accepting, s.Reasons = "stopped", false, []string{"spool-area-full"}
	}
	return s, nil
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, name+".pdf") }

func (f *folder) explain(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return f.full(err)
	}
	return fmt.Errorf("%w: spool folder: %w", ErrUnreachable, err)
}

func (f *folder) full(err error) error {
	return fmt.Errorf("%w: %s (%w); move printed badges out of it or give it more room", ErrSpoolFull, f.dir, err)
}
