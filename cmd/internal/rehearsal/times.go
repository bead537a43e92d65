package rehearsal

import (
	"iter"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Bounds of what is measured: a microsecond to an hour, three digits.
const (
	longest = int64(time.Hour / time.Microsecond)
	digits  = 3
)

// clockwork collects durations from many goroutines.
type clockwork struct {
	mu        sync.Mutex // guards histogram
	histogram *hdrhistogram.Histogram
}

func newClockwork() *clockwork { return &clockwork{histogram: hdrhistogram.New(1, longest, digits)} }

// record counts n facts that took this long.
func (c *clockwork) record(took time.Duration, n int) {
	v := min(max(took.Microseconds(), 1), longest)
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.histogram.RecordValues(v, int64(n)) // v is within its bounds
}

func (c *clockwork) times() Times {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := func(q float64) float64 { return inMS(c.histogram.ValueAtQuantile(q)) }
	return Times{P50: at(50), P95: at(95), P99: at(99), Max: inMS(c.histogram.Max())}
}

func inMS(us int64) float64 { return math.Round(float64(us)/10) / 100 }

// sorted goes through a map by its keys.
func sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}
