package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// busy says things to a store until it is told to end.
type busy struct {
	kiosk   *halltest.Kiosk
	stop    chan struct{}
	done    chan error
	commits atomic.Int64
}

func keepBusy(t *testing.T, s *Store) *busy {
	b := &busy{kiosk: halltest.NewKiosk("lamps-2027"), stop: make(chan struct{}), done: make(chan error, 1)}
	go func() { b.done <- b.run(t, s) }()
	return b
}

func (b *busy) run(t *testing.T, s *Store) error {
	for n := 0; ; n++ {
		select {
		case <-b.stop:
			return nil
		default:
		}
		first := len(b.kiosk.Changes) + 1
		r := b.kiosk.Visitor(map[record.FieldName]string{"name": "Visitor", "mobile": fmt.Sprintf("139%08d", n/2)})
		badge, _ := b.kiosk.Badge(r, 1, record.BadgeIssued)
		b.kiosk.Say(r, badge, b.kiosk.Passage(badge, "north", record.DirectionIn))
		if _, err := s.Append(t.Context(), []hall.Batch{b.kiosk.Batch(first, len(b.kiosk.Changes))}); err != nil {
			return err
		}
		user := hall.User{Name: fmt.Sprint("user-", n%7), Role: hall.RoleOrganizer, KeyHash: [32]byte{byte(n % 7), byte(n)}}
		if err := s.PutUser(t.Context(), user); err != nil { // deletes an older key
			return err
		}
		b.commits.Add(1)
	}
}

// await returns when so many commits are through, or after a minute.
func (b *busy) await(commits int64) {
	for deadline := time.Now().Add(time.Minute); b.commits.Load() < commits && time.Now().Before(deadline); {
		<-time.After(time.Millisecond)
	}
}

func withShow(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	show := halltest.Show()
	show.Revised = record.Stamp{Wall: 1, Node: "hall"}
	if _, err := s.Append(t.Context(), []hall.Batch{{Own: []hall.Own{{Fact: show, Stamp: show.Revised, Announce: true}}}}); err != nil {
		t.Fatal(err)
	}
	return s
}

// alike compares two files key by key, sequences included.
func alike(t *testing.T, a, b *bolt.Tx) {
	t.Helper()
	list := func(tx *bolt.Tx) map[string]string {
		out := map[string]string{}
		var walk func(path string, b *bolt.Bucket) error
		walk = func(path string, b *bolt.Bucket) error {
			out[path] = fmt.Sprint("sequence ", b.Sequence())
			return b.ForEach(func(k, v []byte) error {
				if v == nil {
					return walk(path+"/"+string(k), b.Bucket(k))
				}
				out[path+"/"+string(k)] = string(v)
				return nil
			})
		}
		if err := tx.ForEach(func(name []byte, b *bolt.Bucket) error { return walk(string(name), b) }); err != nil {
			t.Fatal(err)
		}
		return out
	}
	want, got := list(a), list(b)
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%.40q is %.40q, want %.40q", key, got[key], value)
		}
	}
	for key := range got {
		if _, ok := want[key]; !ok {
			t.Errorf("%.40q should be gone", key)
		}
	}
}

// P1: a copy that follows commits ends as the file is, whatever was put,
// altered and deleted between its rounds.
func TestCompact_FollowsCommits(t *testing.T) {
	s := withShow(t, filepath.Join(t.TempDir(), "hall.db"))
	b := keepBusy(t, s)
	b.await(1) // else a reader has nothing to be told of
	looks, reading := 0, make(chan struct{})
	s.reached = func(moment string) {
		switch moment {
		case "copied": // the next round must find something
			b.await(b.commits.Load() + 2) // one of them began after this
			looks++
		case "after-rename":
			close(reading)
		case "before-rename": // nobody can commit now: old and new must be the same
			fresh, err := bolt.Open(copyOf(t, s.path+compactName), 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			err = s.db.View(func(old *bolt.Tx) error {
				return fresh.View(func(tx *bolt.Tx) error { alike(t, old, tx); return nil })
			})
			if err := errors.Join(err, fresh.Close()); err != nil {
				t.Fatal(err)
			}
		}
	}
	const times = 3
	for range times {
		reading = make(chan struct{})
		began, read := make(chan struct{}), make(chan error, 1)
		go func() { // a reader that stays while the file is replaced
			first := sync.OnceFunc(func() { close(began); <-reading })
			read <- s.Replay(t.Context(), func([]hall.Effect) { first() })
		}()
		<-began
		_, err := s.Compact(t.Context())
		if err := errors.Join(err, <-read); err != nil {
			t.Fatal(err)
		}
	}
	close(b.stop)
	if err := <-b.done; err != nil {
		t.Fatal(err)
	}
	if got, err := s.Cursor(t.Context(), b.kiosk.Node, b.kiosk.Epoch); err != nil || got != uint64(len(b.kiosk.Changes)) {
		t.Errorf("%d entries kept, %v, want %d", got, err, len(b.kiosk.Changes))
	}
	report, err := s.Check(t.Context())
	if err := errors.Join(err, s.Close()); err != nil || !report.OK() || looks < times {
		t.Errorf("after %d rounds: %+v, %v", looks, report, err)
	}
	if s, err = Open(s.path); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func copyOf(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

// P10: what was deleted is not in the file any more once it is compacted.
func TestCompact_DeletedBytesAreGone_P10(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hall.db")
	s := withShow(t, path)
	secret := []byte("Ida Example of Fog Lamps")
	err := s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucketUsers).Put([]byte("ida"), secret) })
	if err == nil {
		err = s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucketUsers).Delete([]byte("ida")) })
	}
	if err != nil {
		t.Fatal(err)
	}
	holds := func() bool {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(data, secret)
	}
	if !holds() {
		t.Fatal("bbolt has wiped the page by itself; this test tests nothing")
	}
	if _, err := s.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if holds() {
		t.Error("the bytes are still in the file")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

const killAt = "HALLPASS_KILL_AT"

// P1: a process that is killed while it compacts has lost nothing.
func TestCompact_KilledAtEveryMoment_P1(t *testing.T) {
	if moment := os.Getenv(killAt); moment != "" {
		compactAndDie(t, os.Getenv("HALLPASS_DATA"), moment)
	}
	for _, moment := range []string{"copied", "before-rename", "after-rename"} {
		path := filepath.Join(t.TempDir(), "hall.db")
		s := withShow(t, path)
		k := halltest.NewKiosk("lamps-2027")
		for range 300 {
			k.Say(k.Visitor(map[record.FieldName]string{"name": "Visitor"}))
		}
		if _, err := s.Append(t.Context(), []hall.Batch{k.Batch(1, 300)}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		child := exec.Command(os.Args[0], "-test.run", "^TestCompact_KilledAtEveryMoment_P1$")
		child.Env = append(os.Environ(), killAt+"="+moment, "HALLPASS_DATA="+path)
		out, err := child.CombinedOutput()
		if child.ProcessState == nil || child.ProcessState.Success() || !strings.Contains(fmt.Sprint(err), "killed") {
			t.Fatalf("%s: the child ends with %v\n%s", moment, err, out)
		}
		if s, err = Open(path); err != nil {
			t.Fatalf("%s: %v", moment, err)
		}
		if got, err := s.Cursor(t.Context(), k.Node, k.Epoch); err != nil || got != 300 {
			t.Errorf("%s: %d of 300 entries, %v", moment, got, err)
		}
		if _, err := os.Stat(path + compactName); !os.IsNotExist(err) {
			t.Errorf("%s: the half-made copy is still there: %v", moment, err)
		}
		report, err := s.Check(t.Context())
		if err := errors.Join(err, s.Close()); err != nil || !report.OK() {
			t.Errorf("%s: %+v, %v", moment, report, err)
		}
	}
}

func compactAndDie(t *testing.T, path, at string) {
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	s.reached = func(moment string) {
		if moment == at {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // it takes a moment
		}
	}
	_, err = s.Compact(t.Context())
	t.Fatalf("compacted, never at %s: %v", at, err)
}
