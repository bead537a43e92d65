package store_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// world is what a kiosk was told to keep, and what it answered.
type world struct {
	t      *testing.T
	random *rand.Rand
	dir    string
	s      *store.Store
	kept   map[record.RegistrationID]kiosk.Entry
	keys   map[string]record.RegistrationID
	facts  uint64 // in the journal
	acked  uint64

	hold    chan struct{} // holds one while the next commit is to stop
	stopped chan struct{}
	on      chan struct{}
	held    bool
	settled chan struct{}
}

// at stops a commit when the file has everything and does not say so yet.
func (w *world) at(moment string) {
	if moment != "commit" {
		return
	}
	select {
	case <-w.hold:
		w.stopped <- struct{}{}
		<-w.on
	default:
	}
}

func (w *world) open() {
	w.t.Helper()
	s, err := store.Open(w.dir, store.Options{Show: sampleShow("lumen-2027"), Wait: time.Second, At: w.at})
	if err != nil {
		w.t.Fatal(err)
	}
	w.s = s
}

// stop begins a commit and returns while it is under way.
func (w *world) stop() {
	w.hold <- struct{}{}
	go func() {
		_, _ = w.s.VerifyJournal(context.Background()) // a long read has the file brought up to date
		w.settled <- struct{}{}
	}()
	select {
	case <-w.stopped:
		w.held = true
	case <-w.settled: // there was nothing to commit
		<-w.hold
	}
}

func (w *world) goOn() {
	if w.held {
		w.on <- struct{}{}
		<-w.settled
		w.held = false
	}
}

// cut takes the power away: what is on the disk now is what there is.
func (w *world) cut() {
	w.t.Helper()
	dir := w.t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(w.dir)); err != nil {
		w.t.Fatal(err)
	}
	w.goOn()
	shut(w.t, w.s)
	w.dir = dir
	w.open()
	w.acked = 0 // a copy tells everything anew
}

func (w *world) add() {
	key := fmt.Sprint("key ", w.random.IntN(60))
	e, fresh, err := w.s.Add(w.t.Context(), key, entry(w.t, w.s), record.Tally{})
	was, known := w.keys[key]
	if err != nil || fresh == known || known && e.Registration.ID != was {
		w.t.Fatalf("Add under %q = %s, fresh %v, %v; known %v", key, e.Registration.ID, fresh, err, known)
	}
	if fresh {
		w.kept[e.Registration.ID], w.keys[key] = e, e.Registration.ID
		w.facts += 2
	}
}

// change has a badge printed, or changes its mind half way.
func (w *world) change() {
	ids := slices.Sorted(maps.Keys(w.kept))
	if len(ids) == 0 {
		return
	}
	id, refuse := ids[w.random.IntN(len(ids))], w.random.IntN(3) == 0
	at := w.s.Clock().Tick()
	e, err := w.s.Change(w.t.Context(), id, func(e *kiosk.Entry) error {
		e.Badges[0].State = record.Register[record.BadgeState]{Value: record.BadgeIssued, At: at}
		if refuse {
			return fault.New(fault.Conflict, "no")
		}
		return nil
	})
	if refuse != (err != nil) {
		w.t.Fatalf("Change = %v, want it refused: %v", err, refuse)
	}
	if !refuse {
		w.kept[id] = e
		w.facts++
	}
}

func (w *world) ack() {
	w.acked = max(w.acked, uint64(w.random.IntN(int(w.facts)+1)))
	if err := w.s.Acked(w.t.Context(), w.acked); err != nil {
		w.t.Fatal(err)
	}
}

// look compares every way of reading with what was kept.
func (w *world) look() {
	t, ctx := w.t, w.t.Context()
	t.Helper()
	at, err := w.s.Standing(ctx)
	if err != nil || at.Last != w.facts || at.Acked != w.acked {
		t.Fatalf("standing = %+v, %v, want %d of %d acknowledged", at, err, w.acked, w.facts)
	}
	unsent, err := w.s.Changes(ctx, w.acked, int(w.facts)+1)
	if err != nil || uint64(len(unsent)) != w.facts-w.acked {
		t.Fatalf("%d unsent changes, %v, want %d", len(unsent), err, w.facts-w.acked)
	}
	ids := slices.Sorted(maps.Keys(w.kept))
	n := len(ids)
	err = w.s.Newest(ctx, func(e kiosk.Entry) bool {
		n--
		return n >= 0 && e.Registration.ID == ids[n]
	})
	if err != nil || n != 0 {
		t.Fatalf("%d entries are not there, newest first, %v", n, err)
	}
	open, err := w.s.Open(ctx)
	waiting := 0
	for _, id := range ids {
		want := w.kept[id]
		got, err := w.s.Find(ctx, id)
		if err != nil || got.Current().Now() != want.Current().Now() {
			t.Fatalf("%s is %s, %v, want %s", id, got.Current().Now(), err, want.Current().Now())
		}
		if found, err := w.s.ByShortCode(ctx, want.Current().ShortCode); err != nil || len(found) != 1 || found[0].Registration.ID != id {
			t.Fatalf("by its code: %d, %v", len(found), err)
		}
		if want.Current().Open() {
			waiting++
		}
	}
	if err != nil || len(open) != waiting {
		t.Fatalf("%d wait for the printer, %v, want %d", len(open), err, waiting)
	}
}

// P1, P6: whatever is saved, read, refused and acknowledged, in whatever state the
// file is, also while a commit is under way, every read shows what was told to be
// kept; and so it is after a power cut at any moment.
func TestStore_LikeAMap_P1(t *testing.T) {
	for seed := range uint64(4) {
		w := &world{
			t: t, random: rand.New(rand.NewPCG(seed, 11)), dir: t.TempDir(),
			kept: map[record.RegistrationID]kiosk.Entry{}, keys: map[string]record.RegistrationID{},
			hold: make(chan struct{}, 1), stopped: make(chan struct{}), on: make(chan struct{}), settled: make(chan struct{}),
		}
		w.open()
		for range 60 {
			switch w.random.IntN(12) {
			case 0:
				w.cut()
			case 1, 2:
				if !w.held {
					w.stop()
				}
			case 3:
				w.goOn()
			case 4:
				w.ack()
			case 5, 6, 7:
				w.change()
			default:
				w.add()
			}
			w.look()
		}
		w.goOn()
		shut(t, w.s)
		w.open()
		w.look()
		shut(t, w.s)
	}
}
