package redo_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	bolt "go.etcd.io/bbolt"

	"hallpass/kiosk/store/redo"
)

// Whoever runs a save for another, each has its own answer: its error, its
// panic, or that it is durable (P1).
func TestSave_EachIsAnsweredForItself(t *testing.T) {
	const writers, rounds = 32, 12
	dir := folder(t)
	d := open(t, dir, redo.Options{Most: 16 << 10}) // commits come in between
	var g sync.WaitGroup
	for w := range writers {
		g.Go(func() {
			for i := range rounds {
				n := w*rounds + i
				k, v := line(n / 3)
				mine := fmt.Errorf("save %d is refused", n)
				err := caught(func() error {
					return d.Save(func(tx *redo.Tx) error {
						switch n % 3 {
						case 1:
							return errors.Join(tx.Put(things, []byte("of nobody"), nil), mine)
						case 2:
							_ = tx.Put(things, []byte(fmt.Sprint("of nobody ", n)), nil)
							panic(mine)
						}
						return tx.Put(things, []byte(k), []byte(v))
					})
				})
				if refused := n%3 != 0; refused != errors.Is(err, mine) || !refused && err != nil {
					t.Errorf("save %d answers %v", n, err)
				}
			}
		})
	}
	g.Wait()
	want(t, open(t, crashed(t, dir), redo.Options{}), writers*rounds/3)
	want(t, d, writers*rounds/3)
}

// caught returns the error that do answers or panics with.
func caught(do func() error) (err error) {
	defer func() {
		if p, ok := recover().(error); ok {
			err = p
		}
	}()
	return do()
}

// What one save leaves for the next is never older than what another transaction
// has altered, nor of a save that was undone.
func TestTx_MemoEnds(t *testing.T) {
	d := open(t, folder(t), redo.Options{})
	save := func(n int, result error) (found any) {
		t.Helper()
		err := d.Save(func(tx *redo.Tx) error {
			found = *tx.Memo()
			*tx.Memo() = n
			k, v := line(n)
			return errors.Join(tx.Put(things, []byte(k), []byte(v)), result)
		})
		if !errors.Is(err, result) {
			t.Fatal(err)
		}
		return found
	}
	refused := errors.New("refused")
	for i, step := range []struct {
		result error
		want   any
	}{{nil, nil}, {nil, 0}, {refused, 1}, {nil, nil}, {nil, 3}} {
		if got := save(i, step.result); got != step.want {
			t.Errorf("save %d finds %v, want %v", i, got, step.want)
		}
	}
	for _, step := range []struct {
		name string
		end  func() error
		want any
	}{
		{"commit", func() error { return d.Snapshot(func(*bolt.Tx) error { return nil }) }, 4},
		{"update", func() error { return d.Update(func(*bolt.Tx) error { return nil }) }, nil},
	} {
		if err := step.end(); err != nil {
			t.Fatal(err)
		}
		if got := save(9, nil); got != step.want {
			t.Errorf("after a %s a save finds %v, want %v", step.name, got, step.want)
		}
	}
}
