package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store"
)

// madeData is a data folder in which a kiosk has run.
func madeData(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func alter(t *testing.T, dir string, f func(*bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(filepath.Join(dir, "kiosk.db"), 0o600, &bolt.Options{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(f), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// in runs a command in this process.
func in(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = start(t.Context(), args, streams{in: strings.NewReader(""), out: &stdout, err: &stderr})
	return status, stdout.String(), stderr.String()
}

// P9, P12: run and check on a folder that cannot be used say why and what to
// do, and fail; check says so in JSON as well, in its own shape.
func TestData_ThatCannotBeUsed(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*testing.T, string)
		want  string
	}{
		{"Newer", func(t *testing.T, dir string) {
			alter(t, dir, func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("version"), []byte("99")) })
		}, "data file has version 99, this program reads up to "},
		{"Foreign", func(t *testing.T, dir string) {
			alter(t, dir, func(tx *bolt.Tx) error {
				_, err := tx.CreateBucket([]byte("recipes"))
				return errors.Join(err, tx.DeleteBucket([]byte("meta")))
			})
		}, "this is no kiosk's data file; set -data to another folder"},
		{"LostPart", func(t *testing.T, dir string) {
			alter(t, dir, func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte("queue")) })
		}, "data file has lost its queue; put back a backup or set -data"},
		{"Damaged", func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, "kiosk.db"), bytes.Repeat([]byte("junk"), 5000), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "is damaged or no kiosk's data file; put back a backup or set -data"},
		{"NoKey", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "kiosk.key")); err != nil {
				t.Fatal(err)
			}
		}, "kiosk.key is missing beside the data file; put it back from the backup"},
		{"KeyOfAnother", func(t *testing.T, dir string) {
			data, err := os.ReadFile(filepath.Join(madeData(t), "kiosk.key"))
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, "kiosk.key"), data, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}, "kiosk.key is not the key of this data file; put back the right one from the backup"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := madeData(t)
			c.spoil(t, dir)
			for _, args := range [][]string{{"check"}, {"check", "-json"}, {"run", "-listen", "127.0.0.1:0", "-readers", "0"}} {
				status, out, errs := in(t, append(args, "-data", dir)...)
				if status != 1 || !strings.Contains(errs, c.want) || strings.Contains(out, "ready") {
					t.Errorf("%v: status %d, %q, %q, want 1 and %q", args, status, out, errs, c.want)
				}
				if len(args) == 2 {
					var report store.Report
					if err := json.Unmarshal([]byte(out), &report); err != nil || report.OK || len(report.Problems) != 1 || !strings.Contains(report.Problems[0], c.want) {
						t.Errorf("as JSON: %s, %v", out, err)
					}
				}
			}
		})
	}
}

// P11: a damaged journal is a report for people and for programs, and the exit
// status says no in both; sound data say yes, and are not altered by asking.
func TestCheck_ForPeopleAndPrograms(t *testing.T) {
	dir := madeData(t)
	before, err := os.ReadFile(filepath.Join(dir, "kiosk.db"))
	if err != nil {
		t.Fatal(err)
	}
	if status, out, errs := in(t, "check", "-data", dir); status != 0 || out != "0 facts, journal verified, 0 problems\n" || errs != "" {
		t.Errorf("sound: %d %q %q", status, out, errs)
	}
	if status, out, _ := in(t, "check", "-data", dir, "-json"); status != 0 || out != `{"ok":true,"facts":0,"journal_verified":true,"problems":[]}`+"\n" {
		t.Errorf("sound, as JSON: %d %q", status, out)
	}
	if after, err := os.ReadFile(filepath.Join(dir, "kiosk.db")); err != nil || len(after) != len(before) {
		t.Errorf("the file has %d bytes, had %d, %v", len(after), len(before), err)
	}
	alter(t, dir, func(tx *bolt.Tx) error { return tx.Bucket([]byte("journal")).Put([]byte("x"), []byte("y")) })
	alter(t, dir, func(tx *bolt.Tx) error {
		return errors.Join(tx.Bucket([]byte("journal")).Delete([]byte("x")), tx.Bucket([]byte("queue")).Put([]byte("B"), []byte("R")))
	})
	status, out, errs := in(t, "check", "-data", dir)
	if status != 1 || !strings.HasPrefix(out, "0 facts, journal verified, 1 problems\n  1 places in the print queue") || !strings.Contains(errs, "keep it as it is and call support") {
		t.Errorf("damaged: %d %q %q", status, out, errs)
	}
	if status, out, _ := in(t, "check", "-data", dir, "-json"); status != 1 || !strings.Contains(out, `"ok":false`) {
		t.Errorf("damaged, as JSON: %d %q", status, out)
	}
}

// A kiosk that is paired ignores the code of its command line, so that the same
// line starts it every day; one that is not says that it works alone.
func TestPair_StatesOfAKiosk(t *testing.T) {
	paired := madeData(t)
	s, err := store.Open(paired, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Pair(t.Context(), store.Pairing{URL: "https://127.0.0.1:1", Fingerprint: make([]byte, 32), Node: "01JNODEGIVENBYTHEHALL00000", Hall: "HALL", Show: "lumen-2027"})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, dir string
		args      []string
		log, not  string
	}{
		{"Alone", madeData(t), nil, "no printer", "not paired"},
		{"HallButNoCode", madeData(t), []string{"-hall", "https://127.0.0.1:1"}, "kiosk is not paired and works alone; get a code with hall pair", "kiosk paired"},
	} {
		k := runKiosk(t, append([]string{"-data", c.dir, "-readers", "0"}, c.args...)...)
		var status struct{ Hall string }
		get(t, k.URL()+"/api/v1/status", &status)
		k.Interrupt()
		if log := k.Said(); status.Hall != "none" || !strings.Contains(log, c.log) || strings.Contains(log, c.not) {
			t.Errorf("%s: hall %q, log %s", c.name, status.Hall, log)
		}
	}
	var log bytes.Buffer
	settings, logger, err := load([]string{"-pair", "AAAA-AAAA-AAAA", "-hall", "https://127.0.0.1:2"}, streams{in: strings.NewReader(""), out: &log, err: &log})
	if err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(paired, store.Options{}); err != nil {
		t.Fatal(err)
	}
	known, ok, err := pair(t.Context(), settings, s, logger)
	if err != nil || !ok || known.URL != "https://127.0.0.1:1" || newLink(settings, known, s, logger).URL != "https://127.0.0.1:2" {
		t.Errorf("paired: %+v, %v, %v; the address of the command line is where the hall has moved", known, ok, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// P11: what is whole of a damaged kiosk goes to a file beside the report, and the
// status still says that something is wrong.
func TestCheck_Save(t *testing.T) {
	dir := madeData(t)
	file := filepath.Join(t.TempDir(), "entrance-1.journal")
	status, out, errs := in(t, "check", "-data", dir, "-save", file)
	if status != 0 || !strings.Contains(out, "0 facts, journal verified, 0 problems\n"+file+": 0 changes") || errs != "" {
		t.Errorf("sound: %d %q %q", status, out, errs)
	}
	if status, _, errs := in(t, "check", "-data", dir, "-save", file); status != 1 || !strings.Contains(errs, "is there already") {
		t.Errorf("over another file: %d %q", status, errs)
	}
	alter(t, dir, func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("journal")).Put([]byte{0, 0, 0, 0, 0, 0, 0, 1}, []byte("y"))
	})
	status, out, errs = in(t, "check", "-data", dir, "-save", file+"2")
	if status != 1 || !strings.Contains(out, `journal NOT in order`) || !strings.Contains(out, "0 changes as they are") || !strings.Contains(errs, "-save FILE") {
		t.Errorf("damaged: %d %q %q", status, out, errs)
	}
	status, out, _ = in(t, "check", "-data", dir, "-save", file+"3", "-json")
	if status != 1 || !strings.Contains(out, `"saved":{"file":"`+file+`3"`) || strings.Count(out, "\n") != 1 {
		t.Errorf("damaged, as JSON: %d %q", status, out)
	}
}
