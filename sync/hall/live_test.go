package hall_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
)

// clock is moved by the test.
type clock struct {
	mu sync.Mutex
	at time.Time // guarded by mu
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// A number changes within a second of the act, for whoever watches; a watcher
// that does not read holds up nobody and finds the newest picture.
func TestLive_PushesWithinASecond(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	pictures, stop := h.Live()
	defer stop()
	asleep, wake := h.Live()
	defer wake()
	if first := <-pictures; first.Registrations != 0 || len(first.PerMinute) != 60 {
		t.Errorf("first picture = %+v", first)
	}
	conn, _ := h.dial(t, k)
	const many = 30
	began := time.Now()
	for i := range many {
		k.Say(k.Visitor(ida))
		if err := k.Send(t.Context(), conn, i+1, i+1); err != nil {
			t.Fatal(err)
		}
	}
	seen := 0
	for s := range pictures {
		if seen++; s.Registrations == many {
			break
		}
	}
	if took := time.Since(began); float64(seen) > 5*took.Seconds()+2 {
		t.Errorf("%d pictures in %v: more than five a second", seen, took)
	}
	s := <-asleep
	if s.Registrations != many {
		s = <-asleep // it is told after the other
	}
	if s.Registrations != many {
		t.Errorf("who slept finds %d registrations, want %d", s.Registrations, many)
	}
}

// Arrivals are counted in the minute in which they happened.
// What is committed while a new watcher's first picture is made is in the next
// one, which comes within a second and not with the next act.
func TestLive_FirstPictureIsFollowedByAnother(t *testing.T) {
	var asked atomic.Int64 // each look at the clock is a millisecond later
	base := time.Now()
	h := startAt(t, func() time.Time { return base.Add(time.Duration(asked.Add(1)) * time.Millisecond) })
	before := base.Add(time.Duration(asked.Load()) * time.Millisecond)
	pictures, stop := h.Live()
	defer stop()
	late := time.After(time.Second)
	for {
		select {
		case p := <-pictures:
			if p.At.Sub(before) > 3*time.Millisecond/2 { // the first has the first look
				return
			}
		case <-late:
			t.Fatal("no other picture within a second")
		}
	}
}

func TestStats_PerMinuteByTheFactsOwnTime(t *testing.T) {
	now := time.Date(2027, 4, 21, 10, 30, 30, 0, time.UTC)
	c := &clock{at: now}
	k := halltest.NewKiosk("lamps-2027")
	h := startAt(t, c.Now, k)
	for _, ago := range []time.Duration{0, 5 * time.Minute, 5*time.Minute + 40*time.Second, 59 * time.Minute, 2 * time.Hour, -10 * time.Minute} {
		r := k.Visitor(nil)
		r.Created = record.Stamp{Wall: now.Add(-ago).UnixMilli(), Node: k.Node}
		k.Say(r)
	}
	h.deliver(t, k)
	per := h.Stats().PerMinute
	got := map[int]int{}
	for i, m := range per {
		if m.Registrations != 0 {
			got[len(per)-1-i] = m.Registrations
		}
	}
	if want := map[int]int{0: 1, 5: 1, 6: 1, 59: 1}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("arrivals by minutes ago = %v, want %v", got, want)
	}
	if !per[59].At.Equal(now.Truncate(time.Minute)) || !per[0].At.Equal(per[59].At.Add(-59*time.Minute)) {
		t.Errorf("the curve runs from %v to %v", per[0].At, per[59].At)
	}
	c.add(10 * time.Minute) // what a kiosk that is ahead said comes true
	if got := h.Stats().PerMinute[59].Registrations; got != 1 {
		t.Errorf("ten minutes later %d arrivals, want 1", got)
	}
}

func TestStats_PersonsByMobileOrEmail(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	for _, c := range []struct {
		mobile, phone, email string
		persons              int
	}{
		{"138 0000 0000", "", "ida@lamps.example", 1},
		{"+86-138-0000-0000", "", "", 1},            // the same number, abroad
		{"", "", "IDA@Lamps.Example", 1},            // the same address
		{"", "13800000000", "", 1},                  // in the other field, but a mobile
		{"", "021 5555 0000", "", 2},                // a switchboard
		{"", "021 5555 0000", "", 3},                // joins no colleagues
		{"99900011122", "", "", 4},                  // valid nowhere: by its digits
		{"999-0001-1122", "", "", 4},                //
		{"12345", "", "", 5},                        // too short to tell people apart
		{"12345", "", "", 6},                        //
		{"99900011122", "", "ida@lamps.example", 5}, // joins two persons
		{"", "", "not an address", 6},
	} {
		k.Say(k.Visitor(map[record.FieldName]string{"mobile": c.mobile, "phone": c.phone, "email": c.email}))
		h.deliver(t, k)
		if got := h.Stats().Persons; got != c.persons {
			t.Errorf("after %+v: %d persons, want %d", c, got, c.persons)
		}
	}
}

// The show's settings belong to the data: a file may revise them, not replace
// the show.
func TestNew_ShowOfTheData(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hall.db")
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = hall.New(t.Context(), hall.Config{Store: s}); err == nil {
		t.Error("a hall without a key opens")
	}
	_, err = hall.New(t.Context(), hall.Config{Store: s, Key: key})
	wantCode(t, "no show anywhere", err, fault.NotFound)
	seq := func() uint64 {
		t.Helper()
		self, err := s.Self(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n, err := s.Cursor(t.Context(), self.Hall, self.Epoch)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	show := halltest.Show()
	for range 2 { // the same file again says nothing new
		if _, err := hall.New(t.Context(), hall.Config{Store: s, Key: key, Show: &show}); err != nil || seq() != 1 {
			t.Fatalf("%d entries, %v, want 1", seq(), err)
		}
	}
	show.Edition = "second"
	h, err := hall.New(t.Context(), hall.Config{Store: s, Key: key, Show: &show})
	if err != nil || seq() != 2 || h.Show().Edition != "second" || h.Show().Revised.IsZero() {
		t.Errorf("revised: %d entries, %v, want 2", seq(), err)
	}
	if h, err = hall.New(t.Context(), hall.Config{Store: s, Key: key}); err != nil || h.Show().Edition != "second" {
		t.Errorf("without a file: %v", err)
	}
	show.ID = "chairs-2027"
	_, err = hall.New(t.Context(), hall.Config{Store: s, Key: key, Show: &show})
	wantCode(t, "another show", err, fault.Conflict)
}

// A log that cannot keep anything is told to the kiosk, and nothing is acked.
func TestServe_DiskFailureIsNotAcked(t *testing.T) {
	k := halltest.NewKiosk("lamps-2027")
	h := start(t, k)
	conn, _ := h.dial(t, k)
	k.Say(k.Visitor(ida))
	if err := k.Send(t.Context(), conn, 1, 1); err != nil {
		t.Fatal(err)
	}
	h.broken.Store(true)
	k.Say(k.Visitor(nil))
	err := k.Send(t.Context(), conn, 2, 2)
	wantBye(t, "full disk", err, fault.StorageFull)
	h.broken.Store(false)
	h.deliver(t, k)
	if got := h.Stats().Registrations; got != 2 {
		t.Errorf("registrations = %d after the disk has room again, want 2", got)
	}
	if load := h.Load(); load.Failures != 1 || load.Commits < 3 {
		t.Errorf("load = %+v, want one failure", load)
	}
}

var errFull = fault.Wrap(fault.StorageFull, "The hall's disk is full.", errors.New("no space left on device"))
