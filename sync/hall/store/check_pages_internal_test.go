package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
)

// largeFile is a closed file with branches, pages that others continue and free
// ones.
func largeFile(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "hall.db")
	s, k := withShow(t, path), halltest.NewKiosk("lamps-2027")
	for range 20 {
		keep(t, s, say(k, 20))
		s.Settle(t.Context())
	}
	k.SayBytes("moon.phase", bytes.Repeat([]byte("full"), 3000))
	keep(t, s, k.Batch(len(k.Changes), len(k.Changes)))
	s.mustClose(t)
	return path
}

// layout is what bbolt says of the pages of a file.
type layout struct {
	size   int
	inUse  []uint64          // where something begins, meta pages aside
	free   uint64            // the list of free pages
	leaf   map[string]uint64 // the root of each bucket that is one leaf
	branch map[string]uint64 // or a branch
}

func layoutOf(t *testing.T, path string) (l layout) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, PreLoadFreelist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	l = layout{size: db.Info().PageSize, leaf: map[string]uint64{}, branch: map[string]uint64{}}
	err = db.View(func(tx *bolt.Tx) error {
		for id := 2; ; id++ {
			info, err := tx.Page(id)
			if info == nil || err != nil {
				break
			}
			switch info.Type {
			case "freelist":
				l.free = uint64(id)
				l.inUse = append(l.inUse, uint64(id))
			case "leaf", "branch":
				l.inUse = append(l.inUse, uint64(id))
			}
			id += info.OverflowCount
		}
		return tx.ForEach(func(name []byte, b *bolt.Bucket) error {
			if info, err := tx.Page(int(b.Root())); b.Root() != 0 && err == nil {
				map[string]map[string]uint64{"leaf": l.leaf, "branch": l.branch}[info.Type][string(name)] = uint64(b.Root())
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if l.free == 0 || len(l.leaf) == 0 || len(l.branch) == 0 {
		t.Fatalf("the file has %+v; this test tests nothing", l)
	}
	return l
}

// pageReport is what is said of the pages of a file.
func pageReport(t *testing.T, path string) string {
	t.Helper()
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	c := checker{ctx: t.Context(), report: hall.Report{Verified: true}}
	err = db.View(func(tx *bolt.Tx) error {
		c.tx = tx
		sound, err := c.pages(path)
		if damaged := strings.Contains(strings.Join(c.report.Problems, ""), "damaged"); sound == damaged {
			t.Errorf("sound %v, and %q", sound, c.report.Problems)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(c.report.Problems, "\n")
}

// Whatever of bbolt's pages is altered is said; a page that is not in use may
// hold anything.
func TestCheck_NamesEveryKindOfDamagedPage(t *testing.T) {
	path := largeFile(t)
	l := layoutOf(t, path)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text := pageReport(t, path); text != "" {
		t.Fatalf("a sound file: %s", text)
	}
	number := binary.NativeEndian
	for name, c := range map[string]struct {
		page  uint64
		alter func(page []byte)
		want  string
	}{
		"OtherPage":      {l.branch["registrations"], func(p []byte) { number.PutUint64(p, 3) }, "calls itself 3"},
		"OtherKind":      {l.leaf["show"], func(p []byte) { p[8] = 0x20 }, "is of kind 0x20"},
		"TooManyKeys":    {l.leaf["show"], func(p []byte) { number.PutUint16(p[10:], 60_000) }, "has no room for its 60000 keys"},
		"KeyBeyond":      {l.leaf["show"], func(p []byte) { number.PutUint32(p[16+8:], 1<<30) }, "key 0 is beyond the page"},
		"ContinuedFar":   {l.leaf["show"], func(p []byte) { number.PutUint32(p[12:], 1<<20) }, "page"},
		"OutOfOrder":     {l.branch["registrations"], func(p []byte) { p[16+number.Uint32(p[16:])] = 0xFF }, "out of order"},
		"ChildBeyond":    {l.branch["registrations"], func(p []byte) { number.PutUint64(p[16+8:], 1<<40) }, "beyond the file"},
		"ChildTwice":     {l.branch["registrations"], func(p []byte) { copy(p[16+8:16+16], p[32+8:32+16]) }, "used twice"},
		"ChildItself":    {l.branch["registrations"], func(p []byte) { number.PutUint64(p[16+8:], l.branch["registrations"]) }, "used twice"},
		"FreeAndInUse":   {l.free, func(p []byte) { number.PutUint64(p[16:], l.leaf["show"]) }, "free and in use"},
		"FreeTwice":      {l.free, func(p []byte) { copy(p[16:24], p[24:32]) }, "free twice"},
		"FreeBeyond":     {l.free, func(p []byte) { number.PutUint64(p[16:], 1<<40) }, "free and beyond"},
		"FreeListItself": {l.free, func(p []byte) { number.PutUint64(p[16:], l.free) }, "free and in use"},
		"Forgotten":      {l.free, func(p []byte) { number.PutUint16(p[10:], number.Uint16(p[10:])-1) }, "1 pages are neither free nor in use"},
		"NoFreeList":     {l.free, func(p []byte) { p[8] = 0x02 }, "no list of free pages"},
	} {
		t.Run(name, func(t *testing.T) {
			altered := bytes.Clone(sound)
			c.alter(altered[int(c.page)*l.size:])
			copied := filepath.Join(t.TempDir(), "hall.db")
			if err := os.WriteFile(copied, altered, 0o600); err != nil {
				t.Fatal(err)
			}
			if text := pageReport(t, copied); !strings.Contains(text, c.want) {
				t.Errorf("the report is %q, want %q", text, c.want)
			}
		})
	}
}

// Every page that is in use is looked at, and no other.
func TestCheck_LooksAtEveryPage(t *testing.T) {
	path := largeFile(t)
	l := layoutOf(t, path)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	was := make([]byte, 1)
	for _, id := range l.inUse {
		at := int64(id) * int64(l.size)
		_, err := file.ReadAt(was, at)
		if _, alsoErr := file.WriteAt([]byte{was[0] ^ 0x80}, at); err != nil || alsoErr != nil {
			t.Fatal(err, alsoErr)
		}
		if text := pageReport(t, path); !strings.Contains(text, fmt.Sprintf("page %d calls itself", id)) {
			t.Errorf("page %d is altered, and the report is %q", id, text)
		}
		if _, err := file.WriteAt(was, at); err != nil {
			t.Fatal(err)
		}
	}
	if text := pageReport(t, path); text != "" {
		t.Errorf("at the end: %s", text)
	}
}

// A check of a running hall holds up no commit: it ends while one is under way,
// and again when others have come.
func TestCheck_WaitsForNoCommit(t *testing.T) {
	s := withShow(t, filepath.Join(t.TempDir(), "hall.db"))
	keep(t, s, say(halltest.NewKiosk("lamps-2027"), 3))
	s.Settle(t.Context())
	for range 2 {
		tx, err := s.db.Begin(true)
		if err != nil {
			t.Fatal(err)
		}
		if report, err := s.Check(t.Context()); err != nil || !report.OK() {
			t.Errorf("%+v, %v", report, err)
		}
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		keep(t, s, say(halltest.NewKiosk("lamps-2027"), 3))
		s.Settle(t.Context())
	}
	sound(t, s)
}

// A check beside commits sees one moment, whole: none of them makes it wrong.
func TestCheck_BesideCommits(t *testing.T) {
	s := withShow(t, filepath.Join(t.TempDir(), "hall.db"))
	end, ended := make(chan struct{}), make(chan int)
	go func() {
		said := 0
		for k := halltest.NewKiosk("lamps-2027"); ; said++ {
			select {
			case <-end:
				ended <- said
				return
			default:
			}
			if _, err := s.Append(t.Context(), []hall.Batch{say(k, 1)}); err != nil {
				t.Error(err)
			}
			s.Settle(t.Context())
		}
	}()
	for range 5 {
		if report, err := s.Check(t.Context()); err != nil || !report.OK() {
			t.Errorf("%+v, %v", report, err)
		}
	}
	close(end)
	if said, seen := <-ended, registered(t, s); seen != said {
		t.Errorf("%d visitors are seen, want %d", seen, said)
	}
	sound(t, s)
}
