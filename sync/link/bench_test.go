package link_test

import "testing"

// BenchmarkRun_Bulk is a kiosk that catches up, in changes per second, the
// stores in memory: what the link itself costs.
func BenchmarkRun_Bulk(b *testing.B) {
	k := newKiosk(b)
	h := newHall(b, k.public)
	k.add(b.N)
	b.ResetTimer()
	stop := k.run(h.url())
	eventually(b, "the link up", func() bool { return k.Status().Up })
	if err := k.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "changes/s")
	stop()
}

// BenchmarkRun_OneChange is from the wake to the hall's acknowledgement.
func BenchmarkRun_OneChange(b *testing.B) {
	k := newKiosk(b)
	h := newHall(b, k.public)
	stop := k.run(h.url())
	eventually(b, "the link up", func() bool { return k.Status().Up })
	for b.Loop() {
		k.add(1)
		if err := k.Flush(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	stop()
}
