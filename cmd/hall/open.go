package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"hallpass/assets"
	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
	"hallpass/sync/record/showfile"
)

const (
	dataFile   = "hall.db"
	urlFile    = "url"
	sampleShow = "show/show.json" // in the assets
)

// openedHall is a hall on its data, not yet running.
type openedHall struct {
	*hall.Hall
	dir   string
	store *store.Store
	id    identity
}

// openHall opens the data folder, which must exist. Of c, Show may be nil if the
// data hold one; what the folder itself holds is filled in.
func openHall(ctx context.Context, dir, listen string, c hall.Config) (*openedHall, error) {
	s, err := store.OpenServing(filepath.Join(dir, dataFile)) // first: it is the lock on the rest
	if err != nil {
		return nil, err
	}
	id, err := openIdentity(dir, listen)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if c.Show == nil {
		if c.Show, err = sampleIfNone(ctx, s, c.Log); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	c.Store, c.Key, c.Fingerprint = s, id.key, id.fingerprint
	h, err := hall.New(ctx, c)
	if err != nil {
		return nil, errors.Join(plain(err), s.Close())
	}
	return &openedHall{Hall: h, dir: dir, store: s, id: id}, nil
}

// proveEnds verifies the ends of all journals, and says what is damaged. The hall
// serves all the same, and meanwhile: what comes in is kept, and a damaged copy
// of a kiosk's journal is told anew by its kiosk.
func (h *openedHall) proveEnds(ctx context.Context, log *slog.Logger) {
	report, err := h.store.CheckEnds(ctx)
	if err != nil && ctx.Err() == nil {
		log.Error("journals not verified", "err", err)
	}
	for _, problem := range report.Problems {
		log.Error("the hall's data are damaged", "problem", problem)
	}
}

// plain shortens a fault of ours to its sentence for the operator.
func plain(err error) error {
	var f fault.Error
	if errors.As(err, &f) && errors.Unwrap(f) == nil {
		return errors.New(f.Message)
	}
	return err
}

// forOperator is plain also for a fault with a cause, which only the log needs.
func forOperator(err error) error {
	if f := (fault.Error{}); errors.As(err, &f) {
		return errors.New(f.Message)
	}
	return err
}

// readShow reads a show file.
func readShow(path string) (*record.Show, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("show file: %w", err)
	}
	show, err := showfile.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("show file %s: %w", path, err)
	}
	return &show, nil
}

// sampleIfNone returns the sample show for data that hold none, and says so.
func sampleIfNone(ctx context.Context, s *store.Store, log *slog.Logger) (*record.Show, error) {
	if _, err := s.Show(ctx); !errors.Is(err, hall.ErrNone) {
		return nil, err
	}
	data, err := fs.ReadFile(assets.Files(), sampleShow)
	if err != nil {
		return nil, fmt.Errorf("sample show: %w", err)
	}
	show, err := showfile.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("sample show: %w", err)
	}
	log.Info("no show given: this is the sample show; name your own with -show", "show", show.ID)
	return &show, nil
}

// mustHold refuses a folder without data, before one is made by a slip of the
// finger.
func mustHold(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, dataFile)); err != nil {
		return fmt.Errorf("%s holds no hall; start it once with hall run -data %s", dir, dir)
	}
	return nil
}

// openStopped opens the data of a hall that does not run.
func openStopped(ctx context.Context, dir string) (*openedHall, error) {
	if err := mustHold(dir); err != nil {
		return nil, err
	}
	url, err := os.ReadFile(filepath.Join(dir, urlFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read url: %w", err)
	}
	return openHall(ctx, dir, "", hall.Config{URL: strings.TrimSpace(string(url)), Log: slog.New(slog.DiscardHandler)})
}
