package store_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

func TestOpen_MakesNodeOnceAndKeepsIt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s := open(t, dir)
	first, err := s.Standing(t.Context())
	if err != nil || first.Node == "" || first.Epoch == "" || first.Last != 0 {
		t.Fatalf("standing = %+v, %v", first, err)
	}
	key := s.Key()
	shut(t, s)
	for _, name := range []string{"kiosk.db", "kiosk.key"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v, want it 0600", name, info.Mode(), err)
		}
	}
	s = open(t, dir)
	again, err := s.Standing(t.Context())
	if err != nil || again != first || !key.Equal(s.Key()) {
		t.Errorf("after a restart %+v, %v, want %+v and the same key", again, err, first)
	}
}

func TestOpen_Refuses(t *testing.T) { // P9, P12: a sentence with what to do
	tests := []struct {
		name  string
		spoil func(t *testing.T, dir string)
		want  string
	}{
		{"SecondKiosk", func(t *testing.T, dir string) { open(t, dir) }, "data file locked by another kiosk; stop it or set -data"},
		{"NewerFile", func(t *testing.T, dir string) {
			alter(t, dir, func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("version"), []byte("99")) })
		}, "data file has version 99, this program reads up to "},
		{"NoVersion", func(t *testing.T, dir string) {
			alter(t, dir, func(tx *bolt.Tx) error { return tx.Bucket([]byte("meta")).Delete([]byte("version")) })
		}, "data file has no version"},
		{"AnotherProgramsFile", func(t *testing.T, dir string) {
			alter(t, dir, func(tx *bolt.Tx) error {
				_, err := tx.CreateBucket([]byte("bills"))
				if err == nil {
					err = tx.DeleteBucket([]byte("meta"))
				}
				return err
			})
		}, "this is no kiosk's data file"},
		{"NotADatabase", func(t *testing.T, dir string) { write(t, dir, "kiosk.db", strings.Repeat("no database ", 4096)) }, "is damaged or no kiosk's data file"},
		{"KeyMissing", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "kiosk.key")); err != nil {
				t.Fatal(err)
			}
		}, "kiosk.key is missing"},
		{"KeyDamaged", func(t *testing.T, dir string) { write(t, dir, "kiosk.key", "scribble") }, "kiosk.key is damaged"},
		{"KeyOfAnother", func(t *testing.T, dir string) {
			other := t.TempDir()
			shut(t, open(t, other))
			data, err := os.ReadFile(filepath.Join(other, "kiosk.key"))
			if err != nil {
				t.Fatal(err)
			}
			write(t, dir, "kiosk.key", string(data))
		}, "kiosk.key is not the key of this data file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			shut(t, open(t, dir))
			tt.spoil(t, dir)
			s, err := store.Open(dir, store.Options{Wait: 20 * time.Millisecond})
			if err == nil {
				shut(t, s)
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Open = %v, want %q in it", err, tt.want)
			}
		})
	}
}

// A power cut while the folder is made leaves any part of it; the next start
// finishes it.
func TestOpen_FinishesAnUnfinishedFolder(t *testing.T) {
	for name, cut := range map[string][]string{
		"KeyOnly":       {"kiosk.db"},
		"EmptyDatabase": {},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			shut(t, open(t, dir))
			write(t, dir, "kiosk.db", "")
			for _, f := range cut {
				if err := os.Remove(filepath.Join(dir, f)); err != nil {
					t.Fatal(err)
				}
			}
			add(t, open(t, dir), "")
		})
	}
}

func alter(t *testing.T, dir string, fn func(*bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(filepath.Join(dir, "kiosk.db"), 0o600, &bolt.Options{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(fn); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAdd_FoundAgainAfterRestart(t *testing.T) { // P1
	dir := t.TempDir()
	s := open(t, dir)
	want := add(t, s, "key-1")
	shut(t, s)
	s = open(t, dir)
	got, err := s.Find(t.Context(), want.Registration.ID)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Find = %+v, %v\nwant %+v", got, err, want)
	}
	byCode, err := s.ByShortCode(t.Context(), want.Current().ShortCode)
	if err != nil || len(byCode) != 1 || !reflect.DeepEqual(byCode[0], want) {
		t.Errorf("ByShortCode = %+v, %v", byCode, err)
	}
	recalled, ok, err := s.Recall(t.Context(), "key-1")
	if err != nil || !ok || !reflect.DeepEqual(recalled, want) {
		t.Errorf("Recall = %+v, %v, %v", recalled, ok, err)
	}
	open, err := s.Open(t.Context())
	if want := (kiosk.Ticket{Registration: want.Registration.ID, Badge: want.Current().ID}); err != nil || len(open) != 1 || open[0] != want {
		t.Errorf("Open = %+v, %v, want %+v", open, err, want)
	}
}

func TestAdd_RepeatIsTheSame(t *testing.T) { // P3
	s := open(t, t.TempDir())
	first := add(t, s, "key-1")
	before := last(t, s)
	again, fresh, err := s.Add(t.Context(), "key-1", entry(t, s), record.Tally{})
	if err != nil || fresh || again.Registration.ID != first.Registration.ID {
		t.Errorf("repeat = %s, fresh %v, %v, want %s", again.Registration.ID, fresh, err, first.Registration.ID)
	}
	if got := last(t, s); got != before {
		t.Errorf("the journal grew from %d to %d", before, got)
	}
}

func TestFind_Unknown(t *testing.T) {
	s := open(t, t.TempDir())
	if _, err := s.Find(t.Context(), "01JAAAAAAAAAAAAAAAAAAAAAAA"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("Find = %v, want not found", err)
	}
	if found, err := s.ByShortCode(t.Context(), "0000000000"); err != nil || len(found) != 0 {
		t.Errorf("ByShortCode = %v, %v, want none", found, err)
	}
}

// Every visible change has its journal entry in the same transaction, and
// "printing" is nobody else's business.
func TestChange_JournalsFactsOnly(t *testing.T) {
	s := open(t, t.TempDir())
	e := add(t, s, "")
	steps := []struct {
		name   string
		change func(*kiosk.Entry)
		grows  uint64
	}{
		{"Nothing", func(*kiosk.Entry) {}, 0},
		{"Printing", func(e *kiosk.Entry) { e.Badges[0].Stage = record.BadgeSent }, 0},
		{"Issued", func(e *kiosk.Entry) {
			e.Badges[0].Stage = ""
			e.Badges[0].State = record.Register[record.BadgeState]{Value: record.BadgeIssued, At: s.Clock().Tick()}
		}, 1},
		{"VoidedAndNext", func(e *kiosk.Entry) {
			next := e.Badges[0]
			next.ID, next.Issue = record.NewID[record.BadgeID](time.Now()), 2
			e.Badges[0].Voided = s.Clock().Tick()
			e.Badges = append(e.Badges, next)
		}, 2},
	}
	for _, step := range steps {
		before := last(t, s)
		if _, err := s.Change(t.Context(), e.Registration.ID, func(e *kiosk.Entry) error { step.change(e); return nil }); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if got := last(t, s) - before; got != step.grows {
			t.Errorf("%s: the journal grew by %d, want %d", step.name, got, step.grows)
		}
	}
	standing, err := s.Standing(t.Context())
	if err != nil || standing.LastBadge.IsZero() {
		t.Errorf("standing = %+v, %v, want the time of the last badge", standing, err)
	}
}

func TestChange_FailingLeavesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	e := add(t, s, "")
	before := last(t, s)
	_, err := s.Change(t.Context(), e.Registration.ID, func(e *kiosk.Entry) error {
		e.Badges[0].Stage = record.BadgeSent
		return fault.New(fault.Conflict, "No.")
	})
	if fault.CodeOf(err) != fault.Conflict || last(t, s) != before {
		t.Errorf("Change = %v, journal %d, want conflict and %d", err, last(t, s), before)
	}
	kept, err := s.Find(t.Context(), e.Registration.ID)
	if err != nil || kept.Badges[0].Stage != "" {
		t.Errorf("kept = %+v, %v", kept.Badges[0], err)
	}
}

// Check finds what does not fit together.
func TestCheck_FindsDamage(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(tx *bolt.Tx, e kiosk.Entry) error
		want  string
	}{
		{"JournalEntryAltered", func(tx *bolt.Tx, _ kiosk.Entry) error {
			b := tx.Bucket([]byte("journal"))
			k, v := b.Cursor().First()
			v = append([]byte{}, v...)
			v[len(v)-9] ^= 1
			return b.Put(append([]byte{}, k...), v)
		}, "journal entry 1"},
		{"RegistrationWithoutEntry", func(tx *bolt.Tx, e kiosk.Entry) error {
			return tx.Bucket([]byte("registrations")).Delete([]byte(e.Registration.ID))
		}, "the journal has 1 registrations, the data 0"},
		{"QueueForgot", func(tx *bolt.Tx, e kiosk.Entry) error {
			return tx.Bucket([]byte("queue")).Delete([]byte(e.Current().ID))
		}, "its place in the print queue says otherwise"},
		{"AckedTooMuch", func(tx *bolt.Tx, _ kiosk.Entry) error {
			return tx.Bucket([]byte("meta")).Put([]byte("acked"), []byte{0, 0, 0, 0, 0, 0, 0, 9})
		}, "the hall acknowledged change 9 of 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			e := add(t, s, "")
			shut(t, s)
			alter(t, dir, func(tx *bolt.Tx) error { return tt.spoil(tx, e) })
			report, err := store.Inspect(t.Context(), dir)
			if err != nil || report.OK || !strings.Contains(strings.Join(report.Problems, "\n"), tt.want) {
				t.Errorf("check = %+v, %v, want %q", report, err, tt.want)
			}
		})
	}
}

// Two taps on one button, at the same time: one registration (P3).
func TestAdd_ManyAtOnceUnderOneKey(t *testing.T) {
	s := open(t, t.TempDir())
	const taps = 16
	ids := make(chan record.RegistrationID, taps)
	var g sync.WaitGroup
	for range taps {
		e := entry(t, s)
		g.Go(func() {
			kept, _, err := s.Add(context.Background(), "key-1", e, record.Tally{})
			if err != nil {
				t.Error(err)
			}
			ids <- kept.Registration.ID
		})
	}
	g.Wait()
	first := <-ids
	for range taps - 1 {
		if id := <-ids; id != first {
			t.Errorf("two registrations, %s and %s", first, id)
		}
	}
	if got := last(t, s); got != 2 {
		t.Errorf("journal has %d entries, want 2", got)
	}
}
