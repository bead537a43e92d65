package redo_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
)

// P1: what was saved is seen at once, after a power cut, and after a close,
// which leaves no log behind.
func TestSave_SeenAtOnceAndAfterAPowerCut_P1(t *testing.T) {
	dir := folder(t)
	d := open(t, dir, redo.Options{})
	for n := range 30 {
		fill(t, d, n, n+1)
		want(t, d, n+1)
		want(t, open(t, crashed(t, dir), redo.Options{}), n+1)
	}
	shut(t, d)
	if _, err := os.Stat(filepath.Join(dir, name+".wal")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the log after a close: %v", err)
	}
	want(t, open(t, dir, redo.Options{}), 30)
}

// A save that fails leaves nothing of it, here or after a power cut, and takes
// nothing from its neighbours.
func TestSave_FailedLeavesNothing(t *testing.T) {
	dir := folder(t)
	d := open(t, dir, redo.Options{})
	fill(t, d, 0, 3)
	refused := errors.New("refused")
	for what, save := range map[string]func(tx *redo.Tx) error{
		"its own error": func(tx *redo.Tx) error { return refused },
		"a bucket that is not there": func(tx *redo.Tx) error {
			if tx.Put([]byte("nothing"), []byte("k"), nil) == nil {
				t.Error("put into a bucket that is not there")
			}
			return nil
		},
		"a line taken from no bucket": func(tx *redo.Tx) error { return tx.Delete([]byte("nothing"), []byte("k")) },
		"a key that is too long":      func(tx *redo.Tx) error { return tx.Put(things, make([]byte, bolt.MaxKeySize+1), nil) },
		"a key without bytes":         func(tx *redo.Tx) error { return tx.Put(things, nil, []byte("v")) },
	} {
		err := d.Save(func(tx *redo.Tx) error {
			key, _ := line(0)
			gone, _ := line(1)
			for range 2 {
				if err := errors.Join(tx.Put(things, []byte(key), []byte("another")), tx.Delete(things, []byte(gone)),
					tx.Delete(things, []byte("nobody else")), tx.Put(things, []byte("new"), []byte("v"))); err != nil {
					t.Fatal(err)
				}
			}
			return save(tx)
		})
		if err == nil {
			t.Errorf("%s is no error", what)
		}
		want(t, d, 3)
	}
	fill(t, d, 3, 4)
	want(t, open(t, crashed(t, dir), redo.Options{}), 4)
}

// A save that panics takes nothing with it.
func TestSave_Panics(t *testing.T) {
	d := open(t, folder(t), redo.Options{})
	fill(t, d, 0, 2)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic is gone")
			}
		}()
		_ = d.Save(func(tx *redo.Tx) error {
			_ = tx.Put(things, []byte("new"), nil)
			panic("a programmer's mistake")
		})
	}()
	want(t, d, 2)
	fill(t, d, 2, 3)
	want(t, d, 3)
}

// What may be lost is seen at once and is durable with the next save.
func TestLater(t *testing.T) {
	dir := folder(t)
	d := open(t, dir, redo.Options{})
	key, value := line(0)
	if err := d.Later(func(tx *redo.Tx) error { return tx.Put(things, []byte(key), []byte(value)) }); err != nil {
		t.Fatal(err)
	}
	want(t, d, 1)
	want(t, open(t, crashed(t, dir), redo.Options{}), 0)
	fill(t, d, 1, 2)
	want(t, open(t, crashed(t, dir), redo.Options{}), 2)
}

// Nobody is told of a save that is not on the disk yet, not even that it is
// there already.
func TestView_WaitsForWhatItSees(t *testing.T) {
	written, release := make(chan struct{}), make(chan struct{})
	d := open(t, folder(t), redo.Options{At: func(moment string) {
		if moment == "written" {
			written <- struct{}{}
			<-release
		}
	}})
	var saving, telling sync.WaitGroup
	saving.Go(func() { fill(t, d, 0, 1) })
	<-written
	told := make(chan int, 2)
	telling.Go(func() {
		want(t, d, 1)
		told <- 1
	})
	telling.Go(func() { // a save that finds it has nothing to do
		err := d.Save(func(tx *redo.Tx) error {
			if key, _ := line(0); tx.Bucket(things).Get([]byte(key)) == nil {
				return errors.New("it does not see the other's save")
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		told <- 2
	})
	select {
	case n := <-told:
		t.Errorf("%d was told before the save was on the disk", n)
	case <-time.After(50 * time.Millisecond): // it can only pass too easily
	}
	close(release)
	saving.Wait()
	telling.Wait()
}

// Many at once: each save is durable when it answers, however the log fills up
// and is committed under way.
func TestSave_ManyAtOnce(t *testing.T) {
	dir := folder(t)
	d := open(t, dir, redo.Options{Most: 8 << 10, Idle: time.Millisecond})
	const writers, each = 16, 40
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				k, v := line(w*each + i)
				if err := d.Save(func(tx *redo.Tx) error { return tx.Put(things, []byte(k), []byte(v)) }); err != nil {
					t.Error(err)
				}
				if i%10 == 0 {
					_ = d.Save(func(*redo.Tx) error { return errors.New("refused") })
				}
			}
		})
	}
	writing.Wait()
	want(t, d, writers*each)
	want(t, open(t, crashed(t, dir), redo.Options{}), writers*each)
}

// A save that is longer than the log goes to the file at once.
func TestSave_LongerThanTheLog(t *testing.T) {
	dir := folder(t)
	d := open(t, dir, redo.Options{Most: 4 << 10})
	long := string(bytes.Repeat([]byte("long "), 5000))
	put(t, d, "a", "short")
	put(t, d, "b", long)
	put(t, d, "c", "short")
	for _, d := range []*redo.DB{d, open(t, crashed(t, dir), redo.Options{})} {
		if got := all(t, d); len(got) != 3 || got["b"] != long {
			t.Errorf("%d lines, want 3", len(got))
		}
	}
}

// A map beside the file: whatever is done, and wherever the power is cut, both
// have the same lines.
func TestDB_LikeAMap(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	for range 8 {
		dir, model := folder(t), map[string]string{}
		d := open(t, dir, redo.Options{Most: 2 << 10})
		for step := range 60 {
			after := maps.Clone(model)
			var err error
			switch random.IntN(10) {
			case 0:
				shut(t, d)
				d = open(t, dir, redo.Options{Most: 2 << 10})
			case 1:
				dir = crashed(t, dir)
				d = open(t, dir, redo.Options{Most: 2 << 10})
			case 2:
				err = d.Update(func(tx *bolt.Tx) error {
					after["updated"] = fmt.Sprint(step)
					return tx.Bucket(things).Put([]byte("updated"), []byte(after["updated"]))
				})
			case 3:
				err = errors.Join(d.Snapshot(func(*bolt.Tx) error { return nil }), d.Scrub(), d.Compact())
			default:
				fail := random.IntN(4) == 0
				err = d.Save(func(tx *redo.Tx) error { return alter(tx, random, after, fail) })
				if fail == (err == nil) {
					t.Fatalf("step %d: %v", step, err)
				}
				if fail {
					after, err = model, nil
				}
			}
			if model = after; err != nil {
				t.Fatal(err)
			}
			if got := all(t, d); !maps.Equal(got, model) {
				t.Fatalf("step %d: the file has %v, want %v", step, got, model)
			}
		}
	}
}

// A line without a value is a line: what fails after it leaves it there.
func TestSave_EmptyValue(t *testing.T) {
	dir := folder(t)
	d := open(t, dir, redo.Options{})
	for _, d := range []func() *redo.DB{func() *redo.DB { return d }, func() *redo.DB { return open(t, crashed(t, dir), redo.Options{}) }} {
		d := d()
		if err := d.Save(func(tx *redo.Tx) error { return tx.Put(things, []byte("empty"), nil) }); err != nil {
			t.Fatal(err)
		}
		_ = d.Save(func(tx *redo.Tx) error {
			return errors.Join(tx.Delete(things, []byte("empty")), errors.New("refused"))
		})
		if got := all(t, d); len(got) != 1 {
			t.Errorf("%d lines, want the empty one", len(got))
		}
	}
}

func alter(tx *redo.Tx, random *rand.Rand, model map[string]string, fail bool) error {
	for range 1 + random.IntN(3) {
		key := fmt.Sprint("k", random.IntN(12))
		if random.IntN(3) == 0 {
			delete(model, key)
			if err := tx.Delete(things, []byte(key)); err != nil {
				return err
			}
			continue
		}
		model[key] = fmt.Sprint(random.Uint64())
		if err := tx.Put(things, []byte(key), []byte(model[key])); err != nil {
			return err
		}
	}
	if fail {
		return errors.New("refused")
	}
	return nil
}
