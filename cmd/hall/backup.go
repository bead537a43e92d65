package main

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"hallpass/cmd/internal/control"
	"hallpass/cmd/internal/outfile"
	"hallpass/sync/hall"
	"hallpass/sync/hall/store"
)

// A backup is a tar file: the hall's keys and certificate, its data file as it
// was at one moment, and SHA256SUMS of them all as sha256sum writes it, last.
// Whoever has it can be this hall.
const sumsFile = "SHA256SUMS"

// identityFiles are what makes this hall the one that its kiosks are paired with.
var identityFiles = []string{"hall.key", "tls.key", "tls.crt", urlFile}

type backupSettings struct {
	Data  string `config:"data,the hall's data folder"`
	Quick bool   `config:"quick,compare the copy with its sums only, without checking every journal in it"`
	JSON  bool   `config:"json,print one JSON object"`
}

func backup(ctx context.Context, args []string, s streams) error {
	d := backupSettings{Data: defaults().Data}
	name, err := loadFile(s, "backup", "Writes all that the hall knows to one file, checked, while the hall runs or not.",
		"hall backup -data hall-data /mnt/backup/hall-0421.tar", args, &d)
	if err != nil {
		return err
	}
	var report hall.Report
	err = outfile.Write(name, func(w io.Writer) error { return packHall(ctx, d.Data, w) }, func(f *os.File) error {
		report, err = proveBackup(ctx, f, filepath.Dir(name), d.Quick)
		return err
	})
	if err != nil {
		return forOperator(err)
	}
	if d.JSON {
		return printJSON(s, struct {
			File     string `json:"file"`
			Facts    uint64 `json:"facts"`
			Verified bool   `json:"journal_verified"`
		}{name, report.Facts, report.Verified})
	}
	state := fmt.Sprintf("%d facts, verified", report.Facts)
	if d.Quick {
		state = "its sums are right"
	}
	_, err = fmt.Fprintf(s.out, "%s: %s\nIt holds visitors' data and the hall's keys: keep it as safe as the hall.\n", name, state)
	return err
}

// packHall writes the tar file.
func packHall(ctx context.Context, dir string, to io.Writer) error {
	out, now := tar.NewWriter(to), time.Now()
	var sums bytes.Buffer
	put := func(name string, size int64, fill func(io.Writer) error) error {
		header := &tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: now, Format: tar.FormatPAX}
		if err := out.WriteHeader(header); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		sum := sha256.New()
		if err := fill(io.MultiWriter(out, sum)); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		fmt.Fprintf(&sums, "%x  %s\n", sum.Sum(nil), name)
		return nil
	}
	plainFile := func(name string, data []byte) error {
		return put(name, int64(len(data)), func(w io.Writer) error { _, err := w.Write(data); return err })
	}
	for _, name := range identityFiles {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) && name == urlFile {
			continue
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		if err := plainFile(name, data); err != nil {
			return err
		}
	}
	err := snapshot(ctx, dir, func(size int64, copyTo func(io.Writer) error) error { return put(dataFile, size, copyTo) })
	if err != nil {
		return err
	}
	if err := plainFile(sumsFile, bytes.Clone(sums.Bytes())); err != nil {
		return err
	}
	return out.Close()
}

// snapshot takes the data file's copy from the running hall, or from the file.
func snapshot(ctx context.Context, dir string, take func(size int64, copyTo func(io.Writer) error) error) error {
	remote, err := findRunning(ctx, dir)
	if err != nil {
		return err
	}
	if remote == nil {
		return snapshotStopped(dir, take)
	}
	answer, err := remote.Do(ctx, http.MethodGet, "/snapshot", nil)
	if err != nil {
		return err
	}
	err = take(answer.ContentLength, func(w io.Writer) error { _, err := io.Copy(w, answer.Body); return err })
	return errors.Join(err, answer.Body.Close())
}

func snapshotStopped(dir string, take func(size int64, copyTo func(io.Writer) error) error) error {
	if err := mustHold(dir); err != nil {
		return err
	}
	data, err := store.Open(filepath.Join(dir, dataFile))
	if err != nil {
		return err
	}
	// The copy is handed over through a pipe, so that both cases read alike.
	r, w := io.Pipe()
	sizes, done := make(chan int64, 1), make(chan error, 1)
	go func() {
		err := data.Snapshot(func(size int64) (io.Writer, error) { sizes <- size; return w, nil })
		_ = w.CloseWithError(err) // never fails
		close(sizes)
		done <- err
	}()
	if size, ok := <-sizes; ok {
		err = take(size, func(to io.Writer) error { _, err := io.Copy(to, r); return err })
	}
	_ = r.CloseWithError(err) // never fails
	return errors.Join(err, <-done, data.Close())
}

// snapshotHandler is Snapshot for the control socket.
func (h *openedHall) snapshotHandler(log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		begun := false
		err := h.store.Snapshot(func(size int64) (io.Writer, error) {
			w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
			begun = true
			return w, nil
		})
		if err == nil {
			return
		}
		log.Error("data file not copied", "err", err)
		if begun {
			panic(http.ErrAbortHandler) // the other side sees that it is cut short
		}
		control.Refuse(w, err)
	})
}

// proveBackup reads the file again, compares all with the sums and, unless
// quick, checks the data file in it, unpacked for a moment beside the backup.
func proveBackup(ctx context.Context, f *os.File, beside string, quick bool) (report hall.Report, err error) {
	if quick {
		return report, unpackHall(f, func(string) (io.WriteCloser, error) { return nowhere{io.Discard}, nil })
	}
	dir, err := os.MkdirTemp(beside, ".backup-check-*")
	if err != nil {
		return report, fmt.Errorf("check the copy: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	err = unpackHall(f, func(name string) (io.WriteCloser, error) {
		if name != dataFile {
			return nowhere{io.Discard}, nil
		}
		return os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	})
	if err != nil {
		return report, err
	}
	return proveData(ctx, filepath.Join(dir, dataFile))
}

// proveData checks a data file that no hall uses.
func proveData(ctx context.Context, path string) (report hall.Report, err error) {
	data, err := store.Open(path)
	if err != nil {
		return report, err
	}
	report, err = data.Check(ctx)
	if err = errors.Join(err, data.Close()); err == nil && !report.OK() {
		err = fmt.Errorf("the data in it are not in order: %s", report.Problems[0])
	}
	return report, err
}

type nowhere struct{ io.Writer }

// Close does nothing.
func (nowhere) Close() error { return nil }

var errNoBackup = errors.New("this is no backup of a hall, or it is damaged")

// unpackHall hands over each file of a backup and compares it with the sums.
func unpackHall(f io.ReadSeeker, create func(name string) (io.WriteCloser, error)) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read backup: %w", err)
	}
	in := tar.NewReader(f)
	var have, want []byte
	seen := map[string]bool{}
	for {
		header, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errNoBackup, err)
		}
		if header.Name == sumsFile {
			if want, err = io.ReadAll(io.LimitReader(in, 1<<16)); err != nil {
				return fmt.Errorf("%w: %w", errNoBackup, err)
			}
			continue
		}
		if !known(header.Name) || seen[header.Name] {
			return fmt.Errorf("%w: %q does not belong in it", errNoBackup, header.Name)
		}
		seen[header.Name] = true
		line, err := unpackFile(in, header.Name, create)
		if err != nil {
			return err
		}
		have = append(have, line...)
	}
	if len(have) == 0 || !bytes.Equal(have, want) || !seen[dataFile] {
		return fmt.Errorf("%w: its sums do not fit", errNoBackup)
	}
	return nil
}

func known(name string) bool {
	for _, n := range append([]string{dataFile}, identityFiles...) {
		if n == name {
			return true
		}
	}
	return false
}

func unpackFile(in io.Reader, name string, create func(string) (io.WriteCloser, error)) (line string, err error) {
	w, err := create(name)
	if err != nil {
		return "", fmt.Errorf("unpack %s: %w", name, err)
	}
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(w, sum), in)
	if s, ok := w.(interface{ Sync() error }); ok && err == nil {
		err = s.Sync()
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, tar.ErrHeader) {
		err = fmt.Errorf("%w: it is cut short", errNoBackup)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return "", fmt.Errorf("unpack %s: %w", name, err)
	}
	return hex.EncodeToString(sum.Sum(nil)) + "  " + name + "\n", nil
}
