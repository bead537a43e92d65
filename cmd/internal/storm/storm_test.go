// Package storm holds kiosks and hall to one map while both are killed at
// random and the network between them misbehaves: real processes, real files,
// real TLS through a proxy that cuts frames in the middle, holds them back,
// falls silent without closing and refuses. It holds tests only.
package storm_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// The long form is "make storm".
var (
	faults = flag.Int("faults", 14, "faults that TestStorm injects")
	seed   = flag.Uint64("seed", 0, "of TestStorm's faults; 0 takes any")
)

const kiosks = 3

// show is everything under test, and the model that it is compared with.
type show struct {
	hall   *hall
	line   *line
	desks  []*desk
	model  map[string]string // registration → the visitor's mail, of all that a kiosk confirmed
	counts map[string]int    // faults, by kind
}

func openShow(t *testing.T) *show {
	t.Helper()
	s := &show{hall: openHall(t), model: map[string]string{}, counts: map[string]int{}}
	s.line = openLine(t, s.hall.listen)
	for i := range kiosks {
		s.desks = append(s.desks, openDesk(t, s.hall, fmt.Sprintf("Entrance %d", i+1), s.line.address()))
	}
	return s
}

// trouble does one thing wrong, mostly in the midst of work, and mends it.
func (s *show) trouble(r *rand.Rand) {
	wait := func(most int) { <-time.After(time.Duration(r.IntN(most)) * time.Millisecond) }
	switch n := r.IntN(10); {
	case n < 4:
		s.counts["hall killed"]++
		s.hall.Kill()
		wait(300)
		s.hall.start()
	case n < 7:
		s.counts["kiosk killed"]++
		d := s.desks[r.IntN(kiosks)]
		d.restart(func() { wait(200) })
	case n < 8:
		s.counts["cut in a frame"]++
		s.line.cut(1 + r.IntN(3000))
		wait(200)
	case n < 9:
		s.counts["held back"]++
		s.line.hold(true)
		wait(600)
		s.line.hold(false)
	default:
		s.counts["fell silent"]++
		s.line.silence()
		wait(200)
	}
}

// work has every kiosk register visitors until done is closed; a visitor is in
// the model from the moment that the kiosk confirmed.
func (s *show) work(t *testing.T, done <-chan struct{}) (wait func()) {
	confirmed := make(chan [2]string)
	left := make(chan struct{})
	for i, d := range s.desks {
		go func() {
			defer func() { left <- struct{}{} }()
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				case <-time.After(10 * time.Millisecond): // so that the long form stays small
				}
				mail := fmt.Sprintf("visitor%d.%d@quillon.example", i, n)
				if id := d.register(mail, fmt.Sprintf("k%d-%d", i, n)); id != "" {
					confirmed <- [2]string{id, mail}
				}
			}
		}()
	}
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		for open := len(s.desks); open > 0; {
			select {
			case c := <-confirmed:
				s.model[c[0]] = c[1]
			case <-left:
				open--
			}
		}
	}()
	return func() { <-finished }
}

// P1, P3, P4: whatever is killed and cut, what a kiosk confirmed is at that kiosk
// and at the hall, once, and both files prove it.
func TestStorm(t *testing.T) {
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("seed %d", *seed)
	s, r := openShow(t), rand.New(rand.NewPCG(*seed, 5))
	done := make(chan struct{})
	wait := s.work(t, done)
	for range *faults {
		<-time.After(time.Duration(r.IntN(400)) * time.Millisecond)
		s.trouble(r)
	}
	close(done)
	wait()
	for _, d := range s.desks {
		d.settle(t)
	}
	lost, doubled, strange := s.compare(t)
	t.Logf("%d registrations at %d kiosks; faults injected: %v", len(s.model), kiosks, s.counts)
	t.Logf("facts lost %d, duplicates %d, unexplained %d", lost, doubled, strange)
	if lost+doubled+strange > 0 || len(s.model) == 0 {
		t.Error("the hall is not what the kiosks confirmed")
	}
	for _, d := range s.desks {
		d.Interrupt()
		d.check(t)
	}
	s.hall.Kill()
	s.hall.check(t)
}

// compare holds the hall's list to the model: what is missing, what is there
// twice or as two badges, and what nobody confirmed. A registration that was
// saved as its kiosk died, before it could say so, is explained: its visitor's
// next try, with the same key, was answered with it.
func (s *show) compare(t *testing.T) (lost, doubled, strange int) {
	t.Helper()
	seen := map[string]int{}
	for _, v := range s.hall.registrations(t) {
		seen[v.ID]++
		switch mail, ok := s.model[v.ID]; {
		case !ok:
			strange++
			t.Errorf("the hall has %s, which no kiosk confirmed", v.ID)
		case mail != v.Fields["email"]:
			strange++
			t.Errorf("%s is %q at the hall, %q in the model", v.ID, v.Fields["email"], mail)
		}
	}
	for id := range s.model {
		switch n := seen[id]; {
		case n == 0:
			lost++
		case n > 1:
			doubled += n - 1
		}
	}
	got := s.hall.stats(t)
	if n := len(s.model); got.Registrations != n || got.Badges > n {
		doubled += max(0, got.Registrations-n) + max(0, got.Badges-n)
		lost += max(0, n-got.Registrations)
		t.Errorf("the hall counts %+v of %d", got, n)
	}
	return lost, doubled, strange
}
