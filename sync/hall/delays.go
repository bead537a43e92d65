package hall

import (
	"iter"
	"math"
	"sync/atomic"
	"time"
)

// Bounds of what Delays tells apart: steps of a fifth from a sixteenth of a
// millisecond on, the last for all that took more than a minute.
const (
	leastDelay = time.Millisecond / 16
	delaySteps = 80
)

// Stage is a part of the way of an acknowledgement and how long it has taken.
type Stage struct {
	Name string
	*Delays
}

// Delays counts how long something took, in steps of a fifth. The zero value is
// ready, for any number of goroutines.
type Delays struct{ steps [delaySteps]atomic.Uint64 }

// Add counts one.
func (d *Delays) Add(took time.Duration) {
	step := 0
	if took > leastDelay {
		step = int(math.Ceil(4 * math.Log2(float64(took)/float64(leastDelay))))
	}
	d.steps[min(step, delaySteps-1)].Add(1)
}

// All yields each step's upper bound and how many took no longer than that, in
// rising order; bounds are the same for all Delays.
func (d *Delays) All() iter.Seq2[time.Duration, uint64] {
	return func(yield func(time.Duration, uint64) bool) {
		var n uint64
		for i := range d.steps {
			n += d.steps[i].Load()
			if !yield(time.Duration(float64(leastDelay)*math.Exp2(float64(i)/4)), n) {
				return
			}
		}
	}
}

// Within is the bound that a share of all, 0 to 1, has kept; 0 if there was none.
func (d *Delays) Within(share float64) time.Duration {
	var all uint64
	for _, n := range d.All() {
		all = n
	}
	for bound, n := range d.All() {
		if n > 0 && float64(n) >= share*float64(all) {
			return bound
		}
	}
	return 0
}
