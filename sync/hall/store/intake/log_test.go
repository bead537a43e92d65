package intake_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store/intake"
	"hallpass/sync/record"
	"hallpass/sync/wal"
)

var who = wal.Identity{1, 2, 3, 4, 5, 6, 7, 8}

// speaker is a kiosk whose changes are logged, one batch a frame.
type speaker struct {
	*halltest.Kiosk
	path string
	n    uint64 // frames
}

func newSpeaker(t *testing.T) *speaker {
	return &speaker{Kiosk: halltest.NewKiosk("lamps-2027"), path: filepath.Join(t.TempDir(), "hall.db")}
}

func (s *speaker) open(t *testing.T, applied uint64, o intake.Options) (*intake.Log, []intake.Found) {
	t.Helper()
	l, found, err := intake.Open(s.path, who, applied, o)
	if err != nil {
		t.Fatal(err)
	}
	return l, found
}

// say logs a frame of so many changes with a note of that size.
func (s *speaker) say(l *intake.Log, changes, size int) error {
	first := len(s.Changes)
	for range changes {
		s.SayBytes("note", bytes.Repeat([]byte("n"), size))
	}
	var all []*record.Change
	for i := range s.Changes[first:] {
		all = append(all, &s.Changes[first+i])
	}
	s.n++
	return l.Write(s.n, [][]byte{intake.Encode(s.Node, s.Epoch, uint64(first+1), slices.Values(all))})
}

// holds compares what is found with the frames after first, of one change each.
func (s *speaker) holds(t *testing.T, found []intake.Found, first, last int) {
	t.Helper()
	if len(found) != last-first {
		t.Fatalf("%d frames, want those after %d to %d", len(found), first, last)
	}
	for i, f := range found {
		want := s.Changes[first+i]
		if f.Number != uint64(first+i+1) || len(f.Batches) != 1 || len(f.Batches[0].Changes) != 1 || f.Batches[0].Node != s.Node || f.Batches[0].Epoch != s.Epoch {
			t.Fatalf("frame %d is %+v", first+i+1, f)
		}
		if got := f.Batches[0].Changes[0]; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("change %d comes back as\n%v, want\n%v", want.Seq, got, want)
		}
	}
}

func (s *speaker) files(t *testing.T) (out map[string][]byte) {
	t.Helper()
	out = map[string][]byte{}
	for _, suffix := range []string{".wal-a", ".wal-b"} {
		data, err := os.ReadFile(s.path + suffix)
		if err == nil {
			out[suffix] = data
		} else if !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	return out
}

func (s *speaker) put(t *testing.T, files map[string][]byte) {
	t.Helper()
	for suffix, data := range files {
		if err := os.WriteFile(s.path+suffix, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// P1: what was written is found again, but for what the data file holds; a log
// of which nothing is needed is removed.
func TestLog_FoundAgain_P1(t *testing.T) {
	s := newSpeaker(t)
	l, found := s.open(t, 0, intake.Options{})
	s.holds(t, found, 0, 0)
	for range 9 {
		if err := s.say(l, 1, 100); err != nil {
			t.Fatal(err)
		}
	}
	for _, applied := range []int{0, 4, 9} {
		_, found := s.open(t, uint64(applied), intake.Options{})
		s.holds(t, found, applied, 9)
	}
	l.Applied(8)
	if err := l.Close(); err != nil || len(s.files(t)) != 1 {
		t.Errorf("a log that is needed: %d files, %v", len(s.files(t)), err)
	}
	l, found = s.open(t, 8, intake.Options{})
	s.holds(t, found, 8, 9)
	l.Applied(9)
	if err := l.Close(); err != nil || len(s.files(t)) != 0 {
		t.Errorf("a log that is not needed: %d files, %v", len(s.files(t)), err)
	}
}

// The two files take turns: neither grows beyond its bound, a frame is given up
// only when the data file has it, and a crash at any time finds the rest.
func TestLog_FilesTakeTurns(t *testing.T) {
	const most = 256 << 10
	s := newSpeaker(t)
	l, _ := s.open(t, 0, intake.Options{Most: most})
	applied, full := 0, 0
	for s.n < 400 {
		err := s.say(l, 1, 5_000)
		if errors.Is(err, intake.ErrFull) {
			full++
			s.n--
			s.Changes = s.Changes[:len(s.Changes)-1]
			// What a kiosk would say again; here it is only to be the same.
			s.rewind()
			applied += 30
			l.Applied(uint64(applied))
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if s.n%40 == 0 {
			_, found := s.open(t, uint64(applied), intake.Options{Most: most})
			s.holds(t, found, applied, int(s.n))
		}
	}
	if full == 0 {
		t.Error("it was never full; this test tests nothing")
	}
	for name, data := range s.files(t) {
		if len(data) > most {
			t.Errorf("%s has %d bytes, at most %d", name, len(data), most)
		}
	}
	l.Applied(s.n)
	if err := s.say(l, 1, 10); err != nil {
		t.Fatal(err)
	}
	_, found := s.open(t, s.n-1, intake.Options{Most: most})
	s.holds(t, found, int(s.n-1), int(s.n))
}

// rewind makes the next change follow the last one that is left.
func (s *speaker) rewind() {
	changes := s.Changes
	again := halltest.NewKiosk("lamps-2027")
	again.Node = s.Node
	again.NewDisk()
	again.Epoch = s.Epoch
	again.Changes = changes
	s.Kiosk = again
}

// P1: a power cut in the middle of a write, wherever it tears it, leaves the
// frames before, and the log goes on after them.
func TestOpen_TornAnywhere_P1(t *testing.T) {
	s := newSpeaker(t)
	l, _ := s.open(t, 0, intake.Options{})
	for range 3 {
		if err := s.say(l, 1, 30); err != nil {
			t.Fatal(err)
		}
	}
	sound := s.files(t)[".wal-a"]
	begin := len(bytes.TrimRight(sound, "\x00"))
	begin = bytes.LastIndex(sound[:begin], []byte("HPI1"))
	for cut := begin; cut < begin+200; cut += 7 {
		for _, rest := range []byte{0x00, 0xA5} {
			torn := bytes.Clone(sound)
			for i := cut; i < min(len(torn), begin+400); i++ {
				torn[i] = rest
			}
			s.put(t, map[string][]byte{".wal-a": torn})
			l, found := s.open(t, 0, intake.Options{})
			s.holds(t, found, 0, 2)
			if err := l.Write(3, [][]byte{intake.Encode(s.Node, s.Epoch, 3, slices.Values([]*record.Change{&s.Changes[2]}))}); err != nil {
				t.Fatal(err)
			}
			_, found = s.open(t, 0, intake.Options{})
			s.holds(t, found, 0, 3)
		}
	}
}

// P9: damage before a whole later frame, also in the other file, is refused with
// its place, and a log of another file or another time is.
func TestOpen_Refuses(t *testing.T) {
	s := newSpeaker(t)
	l, _ := s.open(t, 0, intake.Options{Most: 128 << 10})
	for range 30 {
		if err := s.say(l, 1, 6_000); err != nil {
			t.Fatal(err)
		}
	}
	sound := s.files(t)
	if len(sound) != 2 {
		t.Fatal("one file was enough; this test tests nothing")
	}
	for name, c := range map[string]struct {
		damage  func(a, b []byte)
		who     wal.Identity
		applied uint64
		want    error
	}{
		"FirstOfA":      {func(a, _ []byte) { a[40] ^= 1 }, who, 0, intake.ErrDamaged},
		"MiddleOfA":     {func(a, _ []byte) { a[len(a)/2] ^= 1 }, who, 0, intake.ErrDamaged},
		"FirstOfB":      {func(_, b []byte) { b[40] ^= 1 }, who, 0, intake.ErrDamaged},
		"AnotherFile":   {func(_, _ []byte) {}, wal.Identity{7}, 0, wal.ErrForeign},
		"FileOfEarlier": {func(a, _ []byte) { clear(a) }, who, 2, wal.ErrForeign},
	} {
		a, b := bytes.Clone(sound[".wal-a"]), bytes.Clone(sound[".wal-b"])
		c.damage(a, b)
		s.put(t, map[string][]byte{".wal-a": a, ".wal-b": b})
		if _, _, err := intake.Open(s.path, c.who, c.applied, intake.Options{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	s.put(t, sound)
	_, found := s.open(t, 0, intake.Options{})
	s.holds(t, found, 0, 30)
}

// P1: after a failure nothing is written until the data file holds everything;
// then the log begins anew.
func TestLog_Mends(t *testing.T) {
	s := newSpeaker(t)
	l, _ := s.open(t, 0, intake.Options{Most: 128 << 10})
	if err := s.say(l, 1, 10); err != nil {
		t.Fatal(err)
	}
	if err := s.say(l, 1, 200<<10); err == nil || errors.Is(err, intake.ErrFull) {
		t.Fatalf("a batch beyond all room gives %v", err)
	}
	if err := s.say(l, 1, 10); err == nil {
		t.Fatal("a frame follows one that is nowhere")
	}
	l.Mend(s.n)
	if err := s.say(l, 1, 10); err != nil {
		t.Fatal(err)
	}
	_, found := s.open(t, s.n-1, intake.Options{})
	s.holds(t, found, int(s.n-1), int(s.n))
}

// P10: what was logged can be taken from the disk.
func TestLog_Scrub_P10(t *testing.T) {
	s := newSpeaker(t)
	l, _ := s.open(t, 0, intake.Options{})
	for range 2 {
		if err := s.say(l, 3, 10); err != nil {
			t.Fatal(err)
		}
		l.Applied(s.n)
		if err := l.Scrub(); err != nil || len(s.files(t)) != 0 {
			t.Errorf("%d files are left, %v", len(s.files(t)), err)
		}
	}
}
