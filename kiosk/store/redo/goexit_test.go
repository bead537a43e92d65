package redo_test

import (
	"runtime"
	"sync"
	"testing"

	"hallpass/kiosk/store/redo"
)

// A save that ends its goroutine, as a failing test does, leaves nothing behind,
// keeps nobody waiting and ends no goroutine but its caller's, whoever runs it.
func TestSave_EndsItsGoroutine(t *testing.T) {
	const writers, rounds = 24, 20
	dir := folder(t)
	d := open(t, dir, redo.Options{})
	var g sync.WaitGroup
	for w := range writers {
		for i := range rounds {
			n := w*rounds + i
			k, v := line(n / 2)
			g.Go(func() {
				came := false
				defer func() {
					if ends := n%2 == 1; came == ends {
						t.Errorf("save %d answers: %v", n, came)
					}
				}()
				err := d.Save(func(tx *redo.Tx) error {
					if n%2 == 1 {
						_ = tx.Put(things, []byte("of nobody"), nil)
						runtime.Goexit()
					}
					return tx.Put(things, []byte(k), []byte(v))
				})
				if came = true; err != nil {
					t.Error(err)
				}
			})
		}
	}
	g.Wait()
	want(t, d, writers*rounds/2)
	want(t, open(t, crashed(t, dir), redo.Options{}), writers*rounds/2)
}
