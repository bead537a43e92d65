package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
)

// gate holds up the applier where it would commit.
type gate struct {
	mu     sync.Mutex
	closed chan struct{} // nil while it is open
	shut   chan struct{} // somebody waits before it; holds one
}

func newGate() *gate { return &gate{shut: make(chan struct{}, 1)} }

func (g *gate) at(moment string) {
	g.mu.Lock()
	closed := g.closed
	g.mu.Unlock()
	if moment != "apply" || closed == nil {
		return
	}
	signal(g.shut)
	<-closed
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = make(chan struct{})
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.closed)
	g.closed = nil
}

// held opens a file whose applier can be held up.
func held(t testing.TB, path string) (*Store, *gate) {
	t.Helper()
	g := newGate()
	return opened(t, path, g.at), g
}

// opened opens a file with a show; at is told the moments of a fact's way.
func opened(t testing.TB, path string, at func(string)) *Store {
	t.Helper()
	s, err := open(path, format, migrations, at)
	if err != nil {
		t.Fatal(err)
	}
	s.keep(small)
	show := halltest.Show()
	show.Revised = record.Stamp{Wall: 1, Node: "hall"}
	if _, err := s.Append(t.Context(), []hall.Batch{{Own: []hall.Own{{Fact: show, Stamp: show.Revised, Announce: true}}}}); err != nil {
		t.Fatal(err)
	}
	return s
}

// say has the kiosk register so many visitors more, and returns the batch.
func say(k *halltest.Kiosk, visitors int) hall.Batch {
	first := len(k.Changes) + 1
	for range visitors {
		k.Say(k.Visitor(map[record.FieldName]string{"name": "Visitor"}))
	}
	return k.Batch(first, len(k.Changes))
}

func keep(t testing.TB, s *Store, batches ...hall.Batch) {
	t.Helper()
	outcomes, err := s.Append(t.Context(), batches)
	for _, o := range outcomes {
		err = errors.Join(err, o.Err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func registered(t testing.TB, s *Store) int {
	t.Helper()
	list, _, err := s.Registrations(t.Context(), 0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// sound checks the file and closes it.
func sound(t testing.TB, s *Store) {
	t.Helper()
	report, err := s.Check(context.Background())
	if err := errors.Join(err, s.Close()); err != nil || !report.OK() {
		t.Errorf("%+v, %v", report, err)
	}
}

// crashed is what a power cut would leave at this moment.
func crashed(t testing.TB, path string) string {
	t.Helper()
	to := t.TempDir()
	for _, suffix := range []string{"", ".wal-a", ".wal-b"} {
		data, err := os.ReadFile(path + suffix)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, "hall.db"+suffix), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(to, "hall.db")
}

// P1: what is acknowledged and not in the file yet is known by the cursor, waited
// for by a reader, and there after a crash.
func TestAppend_AckedBeforeTheFileHasIt_P1(t *testing.T) {
	path, k := filepath.Join(t.TempDir(), "hall.db"), halltest.NewKiosk("lamps-2027")
	s, gate := held(t, path)
	keep(t, s, say(k, 1))
	s.Settle(t.Context())
	gate.close()
	for range 3 {
		keep(t, s, say(k, 2))
	}
	<-gate.shut
	if got, err := s.Cursor(t.Context(), k.Node, k.Epoch); err != nil || got != 7 {
		t.Errorf("cursor = %d, %v, want 7", got, err)
	}
	if got := s.Flow(); got.Waiting != 6 || got.Syncs < 4 {
		t.Errorf("flow = %+v, want 6 waiting after 4 syncs", got)
	}
	after, err := Open(crashed(t, path))
	if err != nil {
		t.Fatal(err)
	}
	if got := registered(t, after); got != 7 {
		t.Errorf("%d registrations after a crash, want 7", got)
	}
	sound(t, after)
	read := make(chan int)
	go func() { read <- registered(t, s) }()
	for { // until the reader waits
		s.flow.mu.Lock()
		waiting := len(s.flow.readers)
		s.flow.mu.Unlock()
		if waiting > 0 {
			break
		}
	}
	select {
	case n := <-read:
		t.Errorf("a reader did not wait, and saw %d", n)
	default:
	}
	gate.open()
	if got := <-read; got != 7 {
		t.Errorf("the reader sees %d, want 7", got)
	}
	sound(t, s)
	if files, err := filepath.Glob(path + ".wal*"); err != nil || len(files) != 0 {
		t.Errorf("a hall that ends well leaves %v, %v", files, err)
	}
}

// Memory and a start after a crash are bounded: who comes when all room is taken
// waits, and can give up.
func TestAppend_WaitsForRoom(t *testing.T) {
	path, k, late := filepath.Join(t.TempDir(), "hall.db"), halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	s, gate := held(t, path)
	s.flow.limits.held = 10
	gate.close()
	keep(t, s, say(k, 1))
	<-gate.shut
	keep(t, s, say(k, 9))
	ctx, cancel := context.WithCancel(t.Context())
	cancelled := make(chan error)
	go func() {
		_, err := s.Append(ctx, []hall.Batch{say(halltest.NewKiosk("lamps-2027"), 1)})
		cancelled <- err
	}()
	cancel()
	if err := <-cancelled; !errors.Is(err, context.Canceled) {
		t.Errorf("who gives up hears %v", err)
	}
	done := make(chan error)
	go func() {
		_, err := s.Append(t.Context(), []hall.Batch{say(late, 1)})
		done <- err
	}()
	if got := s.Flow().Waiting; got != 10 {
		t.Errorf("%d changes on their way, want at most 10", got)
	}
	gate.open()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := registered(t, s); got != 11 {
		t.Errorf("%d registrations, want 11", got)
	}
	sound(t, s)
}

// The hall's own facts do not stand behind the kiosks'.
func TestAppend_OwnFactsFirst(t *testing.T) {
	path, k := filepath.Join(t.TempDir(), "hall.db"), halltest.NewKiosk("lamps-2027")
	commits, all := make(chan struct{}), make(chan struct{})
	go func() { commits <- struct{}{} }() // the show's
	s := opened(t, path, func(moment string) {
		if moment == "apply" {
			select {
			case <-commits: // one at a time
			case <-all:
			}
		}
	})
	s.flow.limits.group, s.flow.limits.few, s.flow.limits.changes = 1, 1, 1
	const backlog = 20
	for range backlog {
		keep(t, s, say(k, 1))
	}
	kept := make(chan error)
	go func() {
		_, err := s.Append(t.Context(), []hall.Batch{{Own: []hall.Own{{Fact: k.Visitor(nil), Stamp: k.Tick()}}}})
		kept <- err
	}()
	awaitTasks(s, 1)
	commits <- struct{}{} // what was under way before
	commits <- struct{}{}
	if err := <-kept; err != nil {
		t.Error(err)
	}
	if got := s.Flow().Waiting; got < backlog-2 {
		t.Errorf("the fact is kept when %d of %d are still on their way", got, backlog)
	}
	close(all)
	if got := registered(t, s); got != backlog+1 {
		t.Errorf("%d registrations, want %d", got, backlog+1)
	}
	sound(t, s)
}

// awaitTasks returns when so many tasks wait for their turn.
func awaitTasks(s *Store, n int) {
	for waiting := -1; waiting != n; {
		s.flow.mu.Lock()
		waiting = len(s.flow.tasks)
		s.flow.mu.Unlock()
	}
}

// P1, P9: a log that cannot be written costs speed and nothing else; it is used
// again when it can be.
func TestAppend_LogCannotBeWritten(t *testing.T) {
	path, k, other := filepath.Join(t.TempDir(), "hall.db"), halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	s, _ := held(t, path)
	if err := os.Mkdir(path+".wal-a", 0o700); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		keep(t, s, say(k, 2), say(other, 1))
	}
	if got := registered(t, s); got != 9 {
		t.Errorf("%d registrations without a log, want 9", got)
	}
	if err := os.Remove(path + ".wal-a"); err != nil {
		t.Fatal(err)
	}
	keep(t, s, say(k, 2), say(other, 1))
	s.Settle(t.Context())
	keep(t, s, say(k, 2), say(other, 1))
	if info, err := os.Stat(path + ".wal-a"); err != nil || info.Size() == 0 {
		t.Errorf("the log is not used again: %v", err)
	}
	if got := registered(t, s); got != 15 {
		t.Errorf("%d registrations, want 15", got)
	}
	nothingPends(t, s)
	sound(t, s)
}

// P1: a disk that has no room for the file: facts are acknowledged as long as
// the log takes them, then refused; readers go on; whatever was acknowledged is
// there once there is room, and after a crash.
func TestAppend_DiskFullForTheFile(t *testing.T) {
	path, k := filepath.Join(t.TempDir(), "hall.db"), halltest.NewKiosk("lamps-2027")
	s, _ := held(t, path)
	keep(t, s, say(k, 1)) // the log has its room now
	s.Settle(t.Context())
	s.flow.limits.held = 200
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	allow := func(bytes uint64) {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: old.Max}); err != nil {
			t.Fatal(err)
		}
	}
	defer allow(old.Cur)
	allow(128 << 10)
	kept, refused := 0, 0
	var batch hall.Batch
	for refused < 3 && kept < 2000 {
		if refused == 0 {
			batch = say(k, 1)
		}
		if _, err := s.Append(t.Context(), []hall.Batch{batch}); err != nil {
			refused++
		} else {
			kept = len(k.Changes)
		}
	}
	if refused != 3 || kept < 100 {
		t.Fatalf("%d kept, %d refused", kept, refused)
	}
	if got := registered(t, s); got > kept {
		t.Errorf("%d registrations are seen, %d were kept", got, kept)
	}
	allow(old.Cur)
	after, err := Open(crashed(t, path))
	if err != nil {
		t.Fatal(err)
	}
	if got := registered(t, after); got != kept {
		t.Errorf("%d registrations after a crash, want %d", got, kept)
	}
	sound(t, after)
	for deadline := time.Now().Add(time.Minute); s.Flow().Waiting > 0 && time.Now().Before(deadline); {
		<-time.After(time.Millisecond)
	}
	keep(t, s, batch)
	if got := registered(t, s); got != kept+1 {
		t.Errorf("%d registrations with room again, want %d", got, kept+1)
	}
	sound(t, s)
}

// P9: what the file is damaged under goes to quarantine; all else that was
// acknowledged with it goes on.
func TestAppend_DamagedStateIsSetAside_P9(t *testing.T) {
	path, k, other := filepath.Join(t.TempDir(), "hall.db"), halltest.NewKiosk("lamps-2027"), halltest.NewKiosk("lamps-2027")
	s, gate := held(t, path)
	r := k.Visitor(map[record.FieldName]string{"name": "Ida"})
	k.Say(r)
	keep(t, s, k.Batch(1, 1))
	s.Settle(t.Context())
	err := s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucketVisitors).Put([]byte(r.ID), []byte{0xFF}) })
	if err != nil {
		t.Fatal(err)
	}
	gate.close()
	keep(t, s, say(other, 1))
	<-gate.shut
	k.Say(record.Rewrite(r, r.Set("field.name", record.Version{Text: "Eve", At: k.After(r.Latest())})), k.Visitor(nil))
	keep(t, s, k.Batch(2, 3), say(other, 2))
	gate.open()
	list, _, err := s.Quarantine(t.Context(), 0, 10)
	if err != nil || len(list) != 1 || list[0].Seq != 2 || list[0].Code != string(fault.RefusedFact) {
		t.Errorf("in quarantine are %+v, %v, want change 2", list, err)
	}
	for _, j := range []*halltest.Kiosk{k, other} {
		if got, err := s.Changes(t.Context(), j.Node, j.Epoch, 0, 10); err != nil || len(got) != 3 {
			t.Errorf("%d changes are kept, %v, want 3", len(got), err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
