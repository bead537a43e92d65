package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hallpass/cmd/internal/process"
	"hallpass/kiosk"
	kioskstore "hallpass/kiosk/store"
	"hallpass/sync/hall"
	hallstore "hallpass/sync/hall/store"
	"hallpass/sync/record"
)

// account is what expo rehearse -json ends with.
type account struct {
	Sent, Acked, Stored, Lost, Duplicates uint64
	PerSecond, Echo, OfEcho, HallMB       float64
	Connections                           int
	Ack                                   map[string]float64
}

func buildHall(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := process.Build(dir, "hall"); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "hall")
}

// rehearsed reads the account, whose keys are a promise to programs.
func rehearsed(t *testing.T, p *running) (a account) {
	t.Helper()
	var raw map[string]json.RawMessage
	if err := json.NewDecoder(p.out).Decode(&raw); err != nil {
		_ = p.cmd.Wait()
		t.Fatalf("no account (%v); stderr: %s", err, p.stderr.String())
	}
	into := map[string]any{
		"facts_sent": &a.Sent, "facts_acked": &a.Acked, "facts_stored": &a.Stored, "lost": &a.Lost, "duplicates": &a.Duplicates,
		"facts_per_second": &a.PerSecond, "ack_ms": &a.Ack, "raw_echo_per_second": &a.Echo, "ratio_to_echo": &a.OfEcho,
		"hall_rss_mb": &a.HallMB, "connections": &a.Connections,
	}
	if got, want := slices.Sorted(maps.Keys(raw)), slices.Sorted(maps.Keys(into)); !slices.Equal(got, want) {
		t.Fatalf("keys %q, want %q", got, want)
	}
	for key, field := range into {
		if err := json.Unmarshal(raw[key], field); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	return a
}

func (a account) inOrder(t *testing.T) {
	t.Helper()
	if a.Sent == 0 || a.Acked != a.Sent || a.Stored != a.Sent || a.Lost != 0 || a.Duplicates != 0 {
		t.Errorf("P1, P3: sent %d, acked %d, stored %d, lost %d, duplicates %d; want all of them once", a.Sent, a.Acked, a.Stored, a.Lost, a.Duplicates)
	}
	if a.PerSecond <= 0 || a.Ack["p50"] <= 0 || a.Ack["p50"] > a.Ack["p95"] || a.Ack["p95"] > a.Ack["p99"] || a.Ack["p99"] > a.Ack["max"] {
		t.Errorf("%.1f facts a second, acks %v; want percentiles that rise", a.PerSecond, a.Ack)
	}
}

// Real processes, real data files, real sockets: every fact is where it should
// be at the end, also when a person ends it early.
func TestRehearse_P1P3_EveryFactOnce(t *testing.T) {
	hall, dir := buildHall(t), programsDir(t, "expo")
	for name, c := range map[string]struct {
		args  []string
		early bool
		least int // connections
	}{
		"Paced":     {args: []string{"-kiosks", "4", "-booths", "5", "-gates", "3", "-watchers", "1", "-rate", "60", "-for", "3s"}, least: 4 + 5 + 3 + 1},
		"AsAllowed": {args: []string{"-kiosks", "3", "-booths", "0", "-watchers", "0", "-rate", "0", "-for", "1s", "-batch", "20"}, least: 3},
		"Early":     {args: []string{"-kiosks", "2", "-booths", "2", "-rate", "50", "-for", "1h"}, early: true, least: 4},
	} {
		t.Run(name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "rehearsal")
			p := begin(t, dir, append([]string{"rehearse", "-json", "-hall-program", hall, "-data", data}, c.args...)...)
			if c.early {
				waitFor(t, "the first registrations", func() bool {
					files, err := filepath.Glob(filepath.Join(data, "kiosks", "*", "kiosk.db"))
					return err == nil && len(files) == 2 && grown(files, 128<<10)
				})
				if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
					t.Fatal(err)
				}
			}
			a := rehearsed(t, p)
			if status := p.ends(t, nil); status != 0 {
				t.Errorf("status %d, stderr %s; want 0", status, p.stderr.String())
			}
			a.inOrder(t)
			if a.Echo <= 0 || a.OfEcho <= 0 || a.HallMB <= 0 || a.Connections < c.least {
				t.Errorf("echo %.0f, ratio %.3f, hall %.0f MB, %d connections; want all of them, %d connections at least", a.Echo, a.OfEcho, a.HallMB, a.Connections, c.least)
			}
			cleaned(t, dir, data, "Removed the rehearsal with")
		})
	}
}

func grown(files []string, size int64) bool {
	return !slices.ContainsFunc(files, func(path string) bool {
		info, err := os.Stat(path)
		return err != nil || info.Size() < size
	})
}

// cleaned runs expo rehearse -clean; it must say want, and all is gone after a
// status of 0 and all is there after any other.
func cleaned(t *testing.T, dir, data, want string) {
	t.Helper()
	var said bytes.Buffer
	before := files(t, data)
	cmd := exec.Command(filepath.Join(dir, "expo"), "rehearse", "-clean", "-data", data)
	cmd.Stdout, cmd.Stderr, cmd.Env = &said, &said, hasty()
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if !strings.Contains(said.String(), want) {
		t.Errorf("it says %q, want %q", said.String(), want)
	}
	if after := files(t, data); err == nil && len(after) > 0 || err != nil && !slices.Equal(after, before) {
		t.Errorf("status %d: %q is there after %q", cmd.ProcessState.ExitCode(), after, before)
	}
}

func files(t *testing.T, dir string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		paths = append(paths, path)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return paths
}

// A rehearsal is removed by one command; a registration of somebody real, at the
// hall or on a kiosk, and a folder that is no rehearsal's never are.
func TestRehearse_CleanNeverRemovesAnybodyReal(t *testing.T) {
	dir := programsDir(t, "expo")
	somebody := record.Registration{
		ID: record.NewID[record.RegistrationID](time.Now()), Show: "rehearsal", Created: record.Stamp{Wall: 1, Node: "n"}, Source: record.SourceTyped,
		Category: record.Register[record.CategoryID]{Value: "trade", At: record.Stamp{Wall: 1, Node: "n"}},
	}
	for name, c := range map[string]struct {
		put  func(t *testing.T, data string)
		want string
	}{
		"AtTheHall": {func(t *testing.T, data string) { putAtHall(t, data, somebody) }, "was not made up; nothing was removed"},
		"OnAKiosk":  {func(t *testing.T, data string) { putOnKiosk(t, data, somebody) }, "was not made up; nothing was removed"},
		"RealShow":  {func(t *testing.T, data string) { putShow(t, data, false) }, "not marked as a rehearsal; nothing was removed"},
		"NoMark":    {func(t *testing.T, data string) { remove(t, filepath.Join(data, markFile)) }, "is not the folder of a rehearsal; nothing was removed"},
		"WhileItRuns": {func(t *testing.T, data string) {
			s, err := hallstore.Open(filepath.Join(data, "hall", "hall.db"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
		}, "locked by another hall"},
		"OnlyMadeUp": {func(*testing.T, string) {}, "Removed the rehearsal with 0 made-up registrations"},
	} {
		t.Run(name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "rehearsal")
			if _, _, err := rehearsalFolder(data); err != nil {
				t.Fatal(err)
			}
			putShow(t, data, true)
			c.put(t, data)
			cleaned(t, dir, data, c.want)
		})
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func putShow(t *testing.T, data string, marked bool) {
	t.Helper()
	show, _, err := rehearsalShow(data, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	show.Rehearsal, show.Revised = marked, record.Stamp{Wall: time.Now().UnixMilli(), Node: "n"}
	putAtHall(t, data, show)
}

func putAtHall(t *testing.T, data string, fact record.Fact) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(data, "hall"), 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := hallstore.Open(filepath.Join(data, "hall", "hall.db"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Append(context.Background(), []hall.Batch{{Own: []hall.Own{{Fact: fact, Stamp: record.Stamp{Wall: 1, Node: "n"}, Announce: true}}}})
	if err == nil {
		err = out[0].Err
	}
	if err = errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
}

func putOnKiosk(t *testing.T, data string, r record.Registration) {
	t.Helper()
	s, err := kioskstore.Open(filepath.Join(data, "kiosks", "kiosk-001"), kioskstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = s.Add(context.Background(), "", kiosk.Entry{Registration: r}, record.Tally{})
	if err = errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
}

// P9: what cannot be rehearsed gets a sentence.
func TestRehearse_Refuses(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "somebody's"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-kiosks", "0"}, "kiosks"},
		{[]string{"-rate", "-1"}, "rate"},
		{[]string{"-for", "0s"}, "for"},
		{[]string{"-batch", "201"}, "batch"},
		{[]string{"-clean"}, "names no folder to clean"},
		{[]string{"-hall-program", "/nowhere/hall"}, "there is no hall program /nowhere/hall"},
		{[]string{"-data", full}, "is not empty"},
	} {
		err := command(t.Context(), append([]string{"rehearse"}, c.args...), new(bytes.Buffer))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.args, err, c.want)
		}
	}
}
