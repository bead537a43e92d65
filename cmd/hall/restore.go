package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"hallpass/cmd/internal/outfile"
	"hallpass/sync/hall"
	"hallpass/sync/hall/store"
)

// restore puts a backup into a folder that is not there yet. The folder appears
// whole, checked and in a new epoch, or not at all.
func restore(ctx context.Context, args []string, s streams) (err error) {
	d := dataSettings{Data: defaults().Data}
	name, err := loadFile(s, "restore", "Puts a backup back into a new data folder. Kiosks notice by themselves and send again what is missing.",
		"hall restore -data /var/lib/hallpass/hall /mnt/backup/hall-0421.tar", args, &d)
	if err != nil {
		return err
	}
	if err := empty(d.Data); err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("open the backup: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	report, err := putBack(ctx, f, filepath.Clean(d.Data))
	if err != nil {
		return forOperator(err)
	}
	if d.JSON {
		return printReport(s, report, true)
	}
	_, err = fmt.Fprintf(s.out, "%s: %d facts, verified. Start it with hall run -data %s; kiosks and booths send what they have since.\n", d.Data, report.Facts, d.Data)
	return err
}

// empty refuses a folder that holds anything.
func empty(dir string) error {
	list, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("data folder: %w", err)
	case len(list) > 0:
		return fmt.Errorf("%s is not empty, and nothing is overwritten; give another -data, or move it away", dir)
	}
	return nil
}

func putBack(ctx context.Context, f io.ReadSeeker, dir string) (report hall.Report, err error) {
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return report, fmt.Errorf("data folder: %w", err)
	}
	part, err := os.MkdirTemp(filepath.Dir(dir), ".restore-*") // 0700
	if err != nil {
		return report, fmt.Errorf("data folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(part)) }() // of a folder that was renamed nothing is left
	err = unpackHall(f, func(name string) (io.WriteCloser, error) {
		return os.OpenFile(filepath.Join(part, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	})
	if err != nil {
		return report, err
	}
	if err := store.Renew(filepath.Join(part, dataFile)); err != nil {
		return report, err
	}
	if report, err = proveData(ctx, filepath.Join(part, dataFile)); err != nil {
		return report, err
	}
	if err := outfile.SyncDir(part); err != nil {
		return report, err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) { // empty, as seen before
		return report, fmt.Errorf("data folder: %w", err)
	}
	if err := os.Rename(part, dir); err != nil {
		return report, fmt.Errorf("data folder: %w", err)
	}
	return report, outfile.SyncDir(filepath.Dir(dir))
}
