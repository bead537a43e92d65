package store_test

import (
	"crypto/ed25519"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
)

var visitors = flag.Int("visitors", 2_000, "registrations in the file of BenchmarkSize; 250000 is the largest show, takes half an hour and 8 GB of disk")

// BenchmarkSize fills one hall file through Append and tells how it behaves: at
// 1/25 of its size, at which 10,000 of 250,000 visitors have come, and at the end.
func BenchmarkSize(b *testing.B) {
	path := filepath.Join(b.TempDir(), "hall.db")
	s, err := store.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	halltest.AnnounceShow(b, s)
	self, err := s.Self(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	f := halltest.NewFair(*visitors, self.Desk)
	early := fill(b, f, s, max(*visitors/25, 1000))
	late := fill(b, f, s, *visitors)
	b.ReportMetric(float64(early.Wall)/float64(late.Wall), "of-early-facts/s")
	b.ReportMetric(float64(early.Processor)/float64(late.Processor), "of-early-facts/cpu-s")
	b.ReportMetric(1/late.Wall.Seconds(), "facts/s")
	b.ReportMetric(1/late.Processor.Seconds(), "facts/cpu-s")
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	s = reopened(b, path)
	took, err := f.Sample().Look(b.Context(), s)
	if err != nil {
		b.Fatal(err)
	}
	for what, each := range took {
		b.ReportMetric(float64(each.Microseconds()), what+"-µs")
	}
	size, compacted := sizeOf(b, path), compactedSize(b, path, s)
	b.ReportMetric(float64(size)/1e6, "MB")
	b.ReportMetric(float64(size)/float64(compacted), "of-compacted")
	b.ReportMetric(0, "ns/op")
}

func fill(b *testing.B, f *halltest.Fair, s *store.Store, until int) halltest.Pace {
	pace, err := f.Fill(b.Context(), s, until)
	if err != nil {
		b.Fatal(err)
	}
	return pace
}

// reopened opens a whole hall on the file and tells how long that took and what
// it holds in memory.
func reopened(b *testing.B, path string) *store.Store {
	before := heap()
	began := time.Now()
	s, err := store.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	h, err := hall.New(b.Context(), hall.Config{Store: s, Key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(time.Since(began).Milliseconds()), "open-ms")
	b.ReportMetric(float64(heap()-before)/1e6, "open-MB")
	if got := h.Stats(); got.Registrations != *visitors || got.Leads != 8**visitors || got.Passages != 4**visitors {
		b.Errorf("the hall opens with %+v", got)
	}
	return s
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func sizeOf(b *testing.B, path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	return info.Size()
}

// compactedSize is what bbolt's own compaction makes of the file.
func compactedSize(b *testing.B, path string, s *store.Store) int64 {
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	from, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	small := path + ".small"
	to, err := bolt.Open(small, 0o600, &bolt.Options{NoSync: true, NoFreelistSync: true})
	if err != nil {
		b.Fatal(err)
	}
	if err := bolt.Compact(to, from, 8<<20); err != nil {
		b.Fatal(err)
	}
	for _, db := range []*bolt.DB{from, to} {
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
	return sizeOf(b, small)
}
