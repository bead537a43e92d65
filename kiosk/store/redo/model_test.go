package redo_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
)

// gate holds commits back, at the moment where the file has everything and nobody
// knows it yet.
type gate struct {
	held    chan struct{} // holds one while a commit is to stop
	stopped chan struct{}
	open    chan struct{}
	settled chan error
}

func newGate() *gate {
	return &gate{held: make(chan struct{}, 1), stopped: make(chan struct{}), open: make(chan struct{}), settled: make(chan error)}
}

func (g *gate) at(moment string) {
	if moment != "commit" {
		return
	}
	select {
	case <-g.held:
		g.stopped <- struct{}{}
		<-g.open
	default:
	}
}

// hold begins to bring the file up to date and returns while that is under way;
// false if there is nothing to bring.
func (g *gate) hold(d *redo.DB) bool {
	g.held <- struct{}{}
	go func() { g.settled <- d.Snapshot(func(*bolt.Tx) error { return nil }) }()
	select {
	case <-g.stopped:
		return true
	case err := <-g.settled:
		<-g.held
		if err != nil {
			panic(err)
		}
		return false
	}
}

func (g *gate) release(t *testing.T) {
	g.open <- struct{}{}
	if err := <-g.settled; err != nil {
		t.Fatal(err)
	}
}

// A map beside the file, while the file is brought up to date or not: every read
// in every direction shows the same lines, and a power cut at any moment leaves
// what was saved (P1).
func TestDB_LikeAMapWhileCommitsAreHeldBack_P1(t *testing.T) {
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 7))
		dir, model, held := folder(t), map[string]string{}, 0
		g := newGate()
		d := open(t, dir, redo.Options{Most: 16 << 10, At: g.at})
		for range 150 {
			switch n := random.IntN(20); {
			case n == 0 && held == 0:
				if g.hold(d) {
					held = 1
				}
			case held > 0 && (n == 1 || held > 20): // the log has room for so many
				g.release(t)
				held = 0
			case n == 2: // the power is cut
				cut := crashed(t, dir)
				if held > 0 {
					g.release(t)
					held = 0
				}
				shut(t, d)
				dir = cut
				d = open(t, dir, redo.Options{Most: 16 << 10, At: g.at})
			case n == 3 && held == 0:
				err := d.Update(func(tx *bolt.Tx) error { return tx.Bucket(things).Put([]byte("k by hand"), []byte("v")) })
				if model["k by hand"] = "v"; err != nil {
					t.Fatal(err)
				}
			default:
				if held > 0 {
					held++
				}
				after, fail := maps.Clone(model), random.IntN(5) == 0
				if err := d.Save(func(tx *redo.Tx) error { return many(tx, random, after, fail) }); fail == (err == nil) {
					t.Fatal(err)
				} else if !fail {
					model = after
				}
			}
			same(t, d, random, model)
		}
		if held > 0 {
			g.release(t)
		}
		same(t, open(t, crashed(t, dir), redo.Options{}), random, model)
		shut(t, d)
	}
}

// many alters a few lines of hundreds, and sees what it has altered.
func many(tx *redo.Tx, random *rand.Rand, model map[string]string, fail bool) error {
	for range 1 + random.IntN(6) {
		key, value := fmt.Sprintf("k%03d", random.IntN(400)), strings.Repeat("v", random.IntN(40))
		err := tx.Put(things, []byte(key), []byte(value))
		if model[key] = value; random.IntN(3) == 0 {
			err = tx.Delete(things, []byte(key))
			delete(model, key)
		}
		if want, ok := model[key]; err != nil || (tx.Bucket(things).Get([]byte(key)) != nil) != ok || string(tx.Bucket(things).Get([]byte(key))) != want {
			return fmt.Errorf("a save does not see its own %q: %v", key, err)
		}
	}
	if fail {
		return fmt.Errorf("refused")
	}
	return nil
}

// same reads everything forwards and backwards, and to and fro from somewhere.
func same(t *testing.T, d *redo.DB, random *rand.Rand, model map[string]string) {
	t.Helper()
	keys := slices.Sorted(maps.Keys(model))
	err := d.View(func(tx *redo.Reader) error {
		b := tx.Bucket(things)
		c := b.Cursor()
		forth, back := keys, keys
		for k, v := c.First(); k != nil; k, v = c.Next() {
			if len(forth) == 0 || forth[0] != string(k) || model[forth[0]] != string(v) {
				return fmt.Errorf("forwards at %q: %q", k, v)
			}
			forth = forth[1:]
		}
		for k, _ := c.Last(); k != nil; k, _ = c.Prev() {
			if len(back) == 0 || back[len(back)-1] != string(k) {
				return fmt.Errorf("backwards at %q", k)
			}
			back = back[:len(back)-1]
		}
		if len(forth)+len(back) > 0 {
			return fmt.Errorf("missing: %q, %q", forth, back)
		}
		return wander(b, random, keys, model)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func wander(b *redo.Bucket, random *rand.Rand, keys []string, model map[string]string) error {
	c, from := b.Cursor(), fmt.Sprintf("k%03d", random.IntN(400))
	if v, ok := model[from]; (b.Get([]byte(from)) != nil) != ok || string(b.Get([]byte(from))) != v {
		return fmt.Errorf("line %q is %q", from, b.Get([]byte(from)))
	}
	at, _ := slices.BinarySearch(keys, from)
	k, _ := c.Seek([]byte(from))
	for range 12 {
		switch {
		case at < 0 || at >= len(keys):
			if k != nil {
				return fmt.Errorf("at an end stands %q", k)
			}
			return nil
		case string(k) != keys[at]:
			return fmt.Errorf("%q stands where %q belongs", k, keys[at])
		}
		if random.IntN(2) == 0 {
			at--
			k, _ = c.Prev()
		} else {
			at++
			k, _ = c.Next()
		}
	}
	return nil
}
