package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The long form is "make chaos".
var (
	prints = flag.Int("prints", 16, "badges that TestChaos prints")
	seed   = flag.Uint64("seed", 0, "of TestChaos' faults; 0 takes any")
)

// entrance is two kiosks that share two printers, each with the other's as its
// neighbour.
type entrance struct {
	machines []*machine
	kiosks   []*mortal
	dirs     []string
	faults   [4]atomic.Int64 // kiosk killed, printer killed, network cut, printer in trouble
}

func newEntrance(tb testing.TB) *entrance {
	tb.Helper()
	x := &entrance{machines: []*machine{newMachine(tb), newMachine(tb)}}
	for i := range 2 {
		dir := filepath.Join(tb.TempDir(), "data")
		own, other := x.machines[i], x.machines[1-i]
		x.dirs = append(x.dirs, dir)
		x.kiosks = append(x.kiosks, newMortal(tb, "-data", dir, "-patience", "300ms",
			"-printer", fmt.Sprintf("Desk %d, left=%s", i+1, own.uri()), "-printer", fmt.Sprintf("Desk %d, right=%s", 2-i, other.uri())))
	}
	return x
}

// trouble does one thing wrong, and mends it.
func (x *entrance) trouble(ctx context.Context, r *rand.Rand) error {
	what, which := r.IntN(4), r.IntN(2)
	x.faults[what].Add(1)
	switch what {
	case 0:
		x.kiosks[which].Kill()
		return x.kiosks[which].start("")
	case 1:
		return x.machines[which].powerCut(ctx)
	case 2:
		down := r.IntN(2) == 0
		x.machines[which].net.cut(down)
		if down {
			pause(ctx, time.Duration(r.IntN(600))*time.Millisecond)
			x.machines[which].net.cut(false)
		}
		return nil
	default:
		fault := []string{"media-empty", "cover-open", "media-jam", "hold", "abort"}[r.IntN(5)]
		if err := x.machines[which].raise(fault); err != nil {
			return err
		}
		pause(ctx, time.Duration(100+r.IntN(700))*time.Millisecond)
		return x.machines[which].raise()
	}
}

// P1, P6: the printers, the kiosks and the network between them are killed at
// random while visitors print. Nobody is without a badge in the end, nobody has
// two that let in, and the log explains how each issue came to where it is.
func TestChaos(t *testing.T) {
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	x := newEntrance(t)
	for _, k := range x.kiosks {
		if err := k.start(""); err != nil {
			t.Fatal(err)
		}
	}
	stop := x.spoil(t)
	guests := x.serve(t, *prints)
	stop()
	x.settle(t)
	papers := x.papers(t)
	v := &verdictOf{reasons: map[string]int{}}
	for i := range x.kiosks {
		judge(t, x.dirs[i], guests[i], papers, v)
	}
	for _, p := range v.problems {
		t.Error(p)
	}
	for _, k := range x.kiosks {
		if log := k.Said(); strings.Contains(log, "Quillon") || strings.Contains(log, "Visitor ") { // P8
			t.Error("the log knows a visitor")
		}
	}
	f := &x.faults
	t.Logf("%d prints, seed %d; faults injected: %d kiosk kills, %d printer kills, %d network cuts, %d printer troubles",
		v.people, *seed, f[0].Load(), f[1].Load(), f[2].Load(), f[3].Load())
	t.Logf("%d issues, %d papers, voided: %v", v.issues, len(papers), v.reasons)
	t.Logf("badges lost %d, live doubles %d, end states unexplained %d", v.lost, v.doubles, v.unexplained)
	if v.people != *prints {
		t.Errorf("%d visitors in the end, want %d", v.people, *prints)
	}
}

// spoil makes trouble until the returned stop, which waits for the last.
func (x *entrance) spoil(t *testing.T) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var g sync.WaitGroup
	g.Go(func() {
		r := rand.New(rand.NewPCG(*seed, 1))
		for ctx.Err() == nil {
			if err := x.trouble(t.Context(), r); err != nil {
				t.Errorf("trouble: %v", err)
				return
			}
			pause(ctx, time.Duration(100+r.IntN(500))*time.Millisecond)
		}
	})
	return func() { cancel(); g.Wait() }
}

// serve has so many visitors come to both kiosks, one after the other at each.
func (x *entrance) serve(t *testing.T, n int) [][]*guest {
	guests := make([][]*guest, len(x.kiosks))
	var g sync.WaitGroup
	for i, k := range x.kiosks {
		g.Go(func() {
			for j := range n/2 + n%2*(1-i) {
				one := &guest{key: fmt.Sprintf("guest-%d-%d", i, j), n: j, all: x.machines}
				guests[i] = append(guests[i], one)
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
				err := one.visit(ctx, k)
				cancel()
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	g.Wait()
	return guests
}

// settle waits until no printer has anything to take back, and stops.
func (x *entrance) settle(t *testing.T) {
	for _, m := range x.machines {
		if err := m.raise(); err != nil {
			t.Error(err)
		}
	}
	for _, k := range x.kiosks {
		eventuallyIn(t, time.Minute, "the printers have nothing of ours", func() bool {
			var status struct{ Printer struct{ Jobs int } }
			get(t, k.url+"/api/v1/status", &status)
			return status.Printer.Jobs == 0
		})
		k.Interrupt()
	}
}

func tail(log string) string { return log[max(0, len(log)-3000):] }
