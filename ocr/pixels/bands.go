// Package pixels holds what all work on a picture's pixels shares: doing it in
// bands of rows at once, adding up rows, quarter turns. It owns no picture; a
// fault in a band is its caller's.
package pixels

import (
	"runtime"
	"sync"
)

// mostBands is the most goroutines that work on one picture: more than a
// kiosk's processor has to spare gain nothing.
const mostBands = 4

// Bands does what is to be done for the rows 0 to n in some bands of them at
// once, as many as there are processors, up to four, and returns when all are
// done. A band is never empty; do must not touch the rows of another one. What
// do panics with, the caller of Bands sees.
func Bands(n int, do func(from, to int)) {
	bands := min(runtime.GOMAXPROCS(0), mostBands, n)
	if bands <= 1 {
		if n > 0 {
			do(0, n)
		}
		return
	}
	var wait sync.WaitGroup
	faults := make([]any, bands)
	band := func(i int) {
		defer func() { faults[i] = recover() }()
		do(i*n/bands, (i+1)*n/bands)
	}
	for i := 1; i < bands; i++ {
		wait.Go(func() { band(i) })
	}
	band(0)
	wait.Wait()
	for _, f := range faults {
		if f != nil {
			panic(f)
		}
	}
}
