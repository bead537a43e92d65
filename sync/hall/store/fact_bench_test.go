package store_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
)

// BenchmarkFact is the processor's time that one fact of a kiosk costs in the
// store, logged and in the file, its part of the commit included, by the number
// of changes that are handed over together: kiosks tell of visitors and their
// badges, 20 changes each.
func BenchmarkFact(b *testing.B) {
	for _, changes := range []int{400, 4_000, 20_000} {
		b.Run(fmt.Sprintf("changes=%d", changes), func(b *testing.B) { facts(b, changes, 100_000) })
	}
}

func facts(b *testing.B, changes, total int) {
	const share = 20 // of one kiosk in one transaction
	s, err := store.Open(filepath.Join(b.TempDir(), "hall.db"))
	if err != nil {
		b.Fatal(err)
	}
	halltest.AnnounceShow(b, s)
	kiosks := make([]*halltest.Kiosk, 200)
	for i := range kiosks {
		kiosks[i] = halltest.NewKiosk("lamps-2027")
	}
	random := rand.New(rand.NewPCG(1, 2))
	var wall, processor time.Duration
	for n := 0; n < total; {
		var batches []hall.Batch
		for size := 0; size < changes; {
			at := kiosks[:min(len(kiosks), changes/share)]
			for range share / 2 { // the ids of kiosks mingle
				for _, k := range at {
					r := k.Visitor(map[record.FieldName]string{
						"name": "Ida Example", "company": "Fog Lamps", "title": "Head of Purchasing",
						"mobile": fmt.Sprintf("+86 100 %08d", random.IntN(1e8)), "email": fmt.Sprintf("v%d@lamps.example", random.Int64()),
					})
					badge, _ := k.Badge(r, 1, record.BadgeIssued)
					k.Say(r, badge)
				}
			}
			for _, k := range at {
				last := len(k.Changes)
				batches = append(batches, k.Batch(last-share+1, last))
				clear(k.Changes[last-share:])
			}
			size += len(at) * share
			n += len(at) * share
			kiosks = append(kiosks[len(at):], at...)
		}
		began, had := time.Now(), halltest.Spent()
		if _, err := s.Append(b.Context(), batches); err != nil {
			b.Fatal(err)
		}
		s.Settle(b.Context())
		wall, processor = wall+time.Since(began), processor+halltest.Spent()-had
	}
	b.ReportMetric(float64(processor.Nanoseconds())/1000/float64(total), "cpu-µs/fact")
	b.ReportMetric(float64(total)/wall.Seconds(), "facts/s")
	b.ReportMetric(0, "ns/op")
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
