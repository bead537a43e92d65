package redo_test

import (
	"sync"
	"testing"
	"time"

	"hallpass/kiosk/store/redo"
)

// A check of the file's pages, while others save and the file is brought up to
// date beside it, finds a sound file sound and keeps no save waiting.
func TestPages_WhileOthersSave(t *testing.T) {
	dir := folder(t)
	d := open(t, dir, redo.Options{Most: 64 << 10, Idle: time.Millisecond})
	const saves = 600
	var saving sync.WaitGroup
	saving.Go(func() { fill(t, d, 0, saves) })
	for range 20 {
		if err := d.Pages(func(err error) { t.Errorf("the file: %v", err) }); err != nil {
			t.Fatal(err)
		}
	}
	saving.Wait()
	want(t, d, saves)
}
