package store_test

import (
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
)

// BenchmarkCheck checks a file of -visitors with all that belongs to them, and
// tells how fast and in how much memory of its own, beyond what it began with.
func BenchmarkCheck(b *testing.B) {
	path := filepath.Join(b.TempDir(), "hall.db")
	s, err := store.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	announce(b, s)
	self, err := s.Self(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	fill(b, halltest.NewFair(*visitors, self.Desk), s, *visitors)
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	facts, most := uint64(0), uint64(0)
	for b.Loop() {
		done, watched := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(watched)
			for look := time.NewTicker(20 * time.Millisecond); ; {
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapAlloc)
				select {
				case <-done:
					look.Stop()
					return
				case <-look.C:
				}
			}
		}()
		report, err := s.Check(b.Context())
		close(done)
		<-watched
		if err != nil || !report.OK() {
			b.Fatalf("%+v, %v", report, err)
		}
		facts += report.Facts
	}
	b.ReportMetric(float64(facts)/b.Elapsed().Seconds(), "facts/s")
	b.ReportMetric(float64(most-min(most, before.HeapAlloc))/1e6, "heap-MB")
}
