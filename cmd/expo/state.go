package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"hallpass/assets"
	"hallpass/sync/record"
	"hallpass/sync/record/showfile"
)

const stateVersion = 1

// state is what a show on one machine remembers from start to start. Addresses
// stay, because a kiosk is paired with its hall's address.
type state struct {
	Version   int    `json:"version"`
	Hall      string `json:"hall"`  // HOST:PORT of https
	Pages     string `json:"pages"` // HOST:PORT of plain http on loopback
	Kiosk     string `json:"kiosk"` // HOST:PORT
	Organizer signIn `json:"organizer"`
	Paired    bool   `json:"paired"` // the kiosk has reached the hall
	StaffCode string `json:"staff_code"`
	// Labels are the addresses of simulated label printers: a badge remembers its
	// printer by address.
	Labels []string `json:"labels,omitempty"`

	path string
}

// signIn is what "hall user -json" prints.
type signIn struct {
	Name     string `json:"name"`
	Password string `json:"password"`
	Key      string `json:"key"`
}

func loadState(dir string) (*state, error) {
	s := &state{Version: stateVersion, path: filepath.Join(dir, "expo.json")}
	b, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(b, s)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w; move the folder %s away to begin anew", s.path, err, dir)
	}
	if s.Version > stateVersion {
		return nil, fmt.Errorf("%s was written by a newer version; use that one, or another -data", s.path)
	}
	return s, nil
}

// save replaces the file at once, readable by its owner only.
func (s *state) save() (err error) {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	part := s.path + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	_, err = f.Write(append(b, '\n'))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(part, s.path)
	}
	if err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	return nil
}

// lock lets one expo at a time use the folder; the kernel gives it back
// however we end.
func lock(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("a show already runs in %s; stop it or use another -data", dir), f.Close())
	}
	return f, nil
}

// openShow returns the show of the folder, which it fills at the first start
// with the sample show, opening today: its badges are valid then.
func openShow(dir string) (record.Show, string, error) {
	path := filepath.Join(dir, "show.json")
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if b, err = sample(); err == nil {
			err = os.WriteFile(path, b, 0o600)
		}
	}
	if err != nil {
		return record.Show{}, "", fmt.Errorf("show: %w", err)
	}
	show, err := showfile.Parse(b)
	if err != nil {
		return record.Show{}, "", fmt.Errorf("show %s: %w; correct it, or remove it for the sample show", path, err)
	}
	return show, path, nil
}

func sample() ([]byte, error) {
	b, err := fs.ReadFile(assets.Files(), "show/show.json")
	if err != nil {
		return nil, err
	}
	show, err := showfile.Parse(b)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(show.Timezone)
	if err != nil {
		zone = time.UTC // a machine without zone data
	}
	now := time.Now().In(zone)
	show.FirstDay = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	return showfile.Format(show), nil
}
