package pixels_test

import (
	"runtime"
	"sync/atomic"
	"testing"

	"hallpass/ocr/pixels"
)

// Every row is done once, whatever the number of processors.
func TestBands_EveryRowOnce(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, processors := range []int{1, 2, 3, 16} {
		runtime.GOMAXPROCS(processors)
		for _, n := range []int{0, 1, 2, 3, 7, 1000} {
			done := make([]atomic.Int32, n)
			pixels.Bands(n, func(from, to int) {
				if from >= to {
					t.Errorf("%d rows: an empty band %d–%d", n, from, to)
				}
				for i := from; i < to; i++ {
					done[i].Add(1)
				}
			})
			for i := range done {
				if k := done[i].Load(); k != 1 {
					t.Errorf("%d processors, %d rows: row %d was done %d times", processors, n, i, k)
				}
			}
		}
	}
}

// P9: a fault in one band reaches the caller, who can catch it, and only when
// no band is at work any more.
func TestBands_FaultReachesTheCaller(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	for _, at := range []int{0, 50, 99} {
		var ended atomic.Int32
		func() {
			defer func() {
				if f := recover(); f != "torn" || ended.Load() != 2 {
					t.Errorf("row %d: caught %v with %d bands done, want torn and 2", at, f, ended.Load())
				}
			}()
			pixels.Bands(100, func(from, to int) {
				if from <= at && at < to {
					panic("torn")
				}
				ended.Add(1)
			})
			t.Errorf("row %d: the fault was lost", at)
		}()
	}
}
