package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	kioskstore "hallpass/kiosk/store"
	hallstore "hallpass/sync/hall/store"
	"hallpass/sync/record"
	"hallpass/sync/record/showfile"
	"hallpass/sync/wire"
)

// markFile says that a folder is a rehearsal's.
const markFile = "rehearsal.json"

type mark struct {
	Version int       `json:"version"`
	Made    time.Time `json:"made"`
}

// rehearsalFolder makes the folder: the one named, which must be new, or a
// temporary one, which end removes.
func rehearsalFolder(named string) (dir string, end func(ok bool) error, err error) {
	end = func(bool) error { return nil }
	if dir = named; dir == "" {
		if dir, err = os.MkdirTemp("", "hallpass-rehearsal-"); err != nil {
			return "", nil, err
		}
		end = func(bool) error { return os.RemoveAll(dir) }
	} else if err = newFolder(dir); err != nil {
		return "", nil, err
	}
	b, err := json.Marshal(mark{Version: 1, Made: time.Now().UTC().Truncate(time.Second)})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, markFile), b, 0o600)
	}
	if err == nil {
		err = os.MkdirAll(filepath.Join(dir, "kiosks"), 0o700)
	}
	return dir, end, err
}

func newFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	inside, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("data: %w", err)
	}
	if len(inside) > 0 {
		return fmt.Errorf("%s is not empty; a rehearsal makes its folder itself: name another with -data, or remove an earlier rehearsal with expo rehearse -clean -data %[1]s", dir)
	}
	return nil
}

// rehearsalShow writes the show: the sample show, open today, marked as a
// rehearsal, with as many exhibitors and gates as are rehearsed.
func rehearsalShow(dir string, booths, gates int) (record.Show, string, error) {
	b, err := sample()
	if err != nil {
		return record.Show{}, "", err
	}
	show, err := showfile.Parse(b)
	if err != nil {
		return record.Show{}, "", err
	}
	show.ID, show.Rehearsal = "rehearsal", true
	for n := len(show.Exhibitors); n < booths; n++ {
		id := fmt.Sprintf("made-up-%04d", n)
		show.Exhibitors = append(show.Exhibitors, record.Exhibitor{
			ID: record.ExhibitorID(id), Name: record.Text{"en": fmt.Sprintf("Made-up Company %d", n)}, Hall: fmt.Sprint(3 + n/500), Booth: fmt.Sprintf("%d-%03d", 3+n/500, n%500),
		})
	}
	for n := len(show.Gates); n < gates; n++ {
		show.Gates = append(show.Gates, record.Gate{ID: record.GateID(fmt.Sprintf("gate-%03d", n)), Name: record.Text{"en": fmt.Sprintf("Gate %d", n)}, Hall: fmt.Sprint(1 + n%20), Direction: "both"})
	}
	path := filepath.Join(dir, "show.json")
	return show, path, os.WriteFile(path, showfile.Format(show), 0o600)
}

// ours is all that a rehearsal puts into its folder.
var ours = []string{"hall", "hall.log", "kiosks", "show.json", markFile}

// cleanRehearsal removes a rehearsal's folder once it is sure that nobody real
// is in it.
func cleanRehearsal(ctx context.Context, dir string, out io.Writer) error {
	b, err := os.ReadFile(filepath.Join(dir, markFile))
	var m mark
	if err != nil || json.Unmarshal(b, &m) != nil || m.Version != 1 {
		return fmt.Errorf("%s is not the folder of a rehearsal; nothing was removed", dir)
	}
	made, err := onlyMadeUp(ctx, dir)
	if err != nil {
		return fmt.Errorf("%w; nothing was removed", err)
	}
	for _, name := range ours {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	if err := os.Remove(dir); err != nil {
		_, err = fmt.Fprintf(out, "Removed the rehearsal with %d made-up registrations. Something else lies in %s and stays.\n", made, dir)
		return err
	}
	_, err = fmt.Fprintf(out, "Removed the rehearsal with %d made-up registrations: %s\n", made, dir)
	return err
}

// onlyMadeUp counts the registrations of a rehearsal and fails at the first
// that is not made up, at the hall or still on a kiosk.
func onlyMadeUp(ctx context.Context, dir string) (made int, err error) {
	path := filepath.Join(dir, "hall", "hall.db")
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		if made, err = madeUpAtHall(ctx, path); err != nil {
			return 0, err
		}
	}
	kiosks, err := filepath.Glob(filepath.Join(dir, "kiosks", "*", "kiosk.db"))
	if err != nil {
		return 0, err
	}
	for _, k := range kiosks {
		if err := madeUpAtKiosk(ctx, filepath.Dir(k)); err != nil {
			return 0, err
		}
	}
	return made, nil
}

var errReal = errors.New("somebody registered here who was not made up")

func madeUpAtHall(ctx context.Context, path string) (made int, err error) {
	s, err := hallstore.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	show, err := s.Show(ctx)
	if err != nil || !show.Rehearsal {
		return 0, errors.Join(err, errors.New("the show in the folder is not marked as a rehearsal"))
	}
	for after := uint64(0); ; {
		list, next, err := s.Registrations(ctx, after, 1000)
		if err != nil || len(list) == 0 {
			return made, err
		}
		for _, r := range list {
			if r.Source != record.SourceRehearsal {
				return 0, errReal
			}
		}
		made, after = made+len(list), next
	}
}

func madeUpAtKiosk(ctx context.Context, dir string) (err error) {
	s, err := kioskstore.Open(dir, kioskstore.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for after := uint64(0); ; {
		changes, err := s.Changes(ctx, after, 1000)
		if err != nil || len(changes) == 0 {
			return err
		}
		for _, c := range changes {
			if c.Kind != record.KindRegistration || c.Erased() {
				continue
			}
			fact, err := wire.Decode(c.Kind, c.Payload)
			if r, ok := fact.(record.Registration); err != nil || !ok || r.Source != record.SourceRehearsal {
				return errors.Join(err, errReal)
			}
		}
		after = changes[len(changes)-1].Seq
	}
}
