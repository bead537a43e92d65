package hall_test

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"hallpass/badge/token"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// BenchmarkIngest measures facts that are decoded, judged, journalled, merged,
// committed and acknowledged over TLS, each kiosk with one batch under way, and
// in turns with it the bare echo of the same bytes over the same kind of
// connections: of-echo is the one in parts of the other, by the clock and by
// the processor's time, which says the same on a machine that has other work as
// well. A few facts in a batch is what a busy entrance sends; 200 is a kiosk
// that catches up.
func BenchmarkIngest(b *testing.B) {
	for _, c := range []struct{ kiosks, size, facts int }{
		{200, 20, 100_000}, {200, 2, 20_000}, {200, 200, 120_000}, {16, 20, 40_000}, {1, 20, 10_000},
	} {
		b.Run(fmt.Sprintf("kiosks=%d/batch=%d", c.kiosks, c.size), func(b *testing.B) { ingest(b, c.kiosks, c.size, c.facts) })
	}
}

// turns is into how many turns a measurement is cut, so that what else the
// machine does meets both sides alike.
const turns = 10

// ingest is one measurement, however often the framework wants it: what counts
// are its own figures.
func ingest(b *testing.B, kiosks, size, facts int) {
	rounds := max(turns, facts/(kiosks*size)/turns*turns)
	guests := make([]*halltest.Kiosk, kiosks)
	for i := range guests {
		guests[i] = halltest.NewKiosk("lamps-2027")
	}
	h := start(b, guests...)
	link, address := h.linkTLS(b), echo(b)
	p := newPress(b)
	frames := make([][][]byte, kiosks)
	links, echoes := make([]*websocket.Conn, kiosks), make([]*websocket.Conn, kiosks)
	for i, k := range guests {
		for range rounds {
			frames[i] = append(frames[i], p.bytes(b, busy(k, size)))
		}
		k.Changes = nil // nothing of the kiosks' own for the collector to walk
		links[i] = h.enroll(b, p, link, k)
		echoes[i], _ = dialRaw(b, address)
	}
	before := h.Load()
	var bare, took, bareCPU, tookCPU time.Duration
	for turn := range turns {
		part := make([][][]byte, kiosks)
		for i := range frames {
			part[i] = frames[i][turn*rounds/turns : (turn+1)*rounds/turns]
		}
		start := spent(b)
		bare += pump(b, echoes, part, anything)
		between := spent(b)
		took += pump(b, links, part, acknowledged)
		bareCPU, tookCPU = bareCPU+between-start, tookCPU+spent(b)-between
	}
	total := kiosks * rounds * size
	if got := h.Stats().Registrations; got != total/2 {
		b.Fatalf("%d registrations kept, want %d", got, total/2)
	}
	load := h.Load()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(total)/took.Seconds(), "facts/s")
	b.ReportMetric(bare.Seconds()/took.Seconds(), "of-echo")
	b.ReportMetric(float64(bareCPU)/float64(tookCPU), "of-echo-cpu")
	b.ReportMetric(float64(tookCPU.Microseconds())/float64(total), "cpu-us/fact")
	b.ReportMetric(float64(load.Batches-before.Batches)/float64(load.Commits-before.Commits), "batches/commit")
}

// spent is the processor's time that this process has had, both ends of every
// connection together.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// busy is the next batch of a kiosk at a full entrance: registrations and their
// badges in turn.
func busy(k *halltest.Kiosk, size int) wire.Batch {
	first := len(k.Changes)
	for range size / 2 {
		n := len(k.Changes)
		r := k.Visitor(map[record.FieldName]string{
			"name": "Ida Example", "company": "Fog Lamps", "title": "Head of Purchasing",
			"mobile": fmt.Sprintf("+86 100 %08d", rand.IntN(1e8)), "email": fmt.Sprintf("v%d.%s@lamps.example", n, k.Node),
		})
		badge := record.Badge{
			ID: record.NewID[record.BadgeID](time.Now()), Registration: r.ID, Show: r.Show, Node: k.Node, Issue: 1,
			Category: "trade", State: record.Register[record.BadgeState]{Value: record.BadgeIssued, At: k.Tick()},
		}
		id, err := badge.ID.Bytes()
		if err != nil {
			panic(err)
		}
		badge.ShortCode = token.ShortCode(id)
		k.Say(r, badge)
	}
	return wire.Batch{First: uint64(first + 1), Changes: k.Changes[first:]}
}
