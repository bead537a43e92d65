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

// BenchmarkIngest measures facts that come over TLS, each kiosk with one batch
// under way, and in turns with it the bare echo of the same bytes over the same
// kind of connections. Of-echo is the one in parts of the other, from the first
// byte until every fact is decoded, judged, on the disk, acknowledged, merged and
// in the data file, where every reader sees it: by the clock, and by the
// processor's time, which says the same on a machine that has other work as well.
// Acked is the same until the last acknowledgement only; what is acknowledged is
// on the disk. A few facts in a batch is what a busy entrance sends; 200 is a
// kiosk that catches up. With turns=1 the kiosks say more than the hall keeps on
// its way, so that both rates are what it can do for long.
func BenchmarkIngest(b *testing.B) {
	for _, c := range []load{
		{200, 20, 100_000, 10}, {200, 20, 160_000, 1}, {200, 2, 20_000, 10}, {200, 200, 120_000, 10}, {16, 20, 40_000, 10}, {1, 20, 10_000, 10},
	} {
		b.Run(fmt.Sprintf("kiosks=%d/batch=%d/turns=%d", c.kiosks, c.size, c.turns), func(b *testing.B) { ingest(b, c) })
	}
}

// load is one measurement, cut into turns, so that what else the machine does
// meets both sides alike.
type load struct{ kiosks, size, facts, turns int }

// ingest is one measurement, however often the framework wants it: what counts
// are its own figures.
func ingest(b *testing.B, l load) {
	rounds := max(l.turns, l.facts/(l.kiosks*l.size)/l.turns*l.turns)
	guests := make([]*halltest.Kiosk, l.kiosks)
	for i := range guests {
		guests[i] = halltest.NewKiosk("lamps-2027")
	}
	h := start(b, guests...)
	link, address := h.linkTLS(b), echo(b)
	p := newPress(b)
	frames := make([][][]byte, l.kiosks)
	links, echoes := make([]*websocket.Conn, l.kiosks), make([]*websocket.Conn, l.kiosks)
	for i, k := range guests {
		for range rounds {
			frames[i] = append(frames[i], p.bytes(b, busy(k, l.size)))
		}
		k.Changes = nil // nothing of the kiosks' own for the collector to walk
		links[i] = h.enroll(b, p, link, k)
		echoes[i], _ = dialRaw(b, address)
	}
	before := h.Load()
	var bare, acked, took, bareCPU, tookCPU time.Duration
	for turn := range l.turns {
		part := make([][][]byte, l.kiosks)
		for i := range frames {
			part[i] = frames[i][turn*rounds/l.turns : (turn+1)*rounds/l.turns]
		}
		start := spent(b)
		bare += pump(b, echoes, part, anything)
		between, began := spent(b), time.Now()
		acked += pump(b, links, part, acknowledged)
		h.store.Settle(b.Context())
		took += time.Since(began)
		bareCPU, tookCPU = bareCPU+between-start, tookCPU+spent(b)-between
	}
	total := l.kiosks * rounds * l.size
	if got := h.Stats().Registrations; got != total/2 {
		b.Fatalf("%d registrations kept, want %d", got, total/2)
	}
	load := h.Load()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(total)/took.Seconds(), "facts/s")
	b.ReportMetric(float64(total)/acked.Seconds(), "acked/s")
	b.ReportMetric(bare.Seconds()/took.Seconds(), "of-echo")
	b.ReportMetric(bare.Seconds()/acked.Seconds(), "acked-of-echo")
	b.ReportMetric(float64(bareCPU)/float64(tookCPU), "of-echo-cpu")
	b.ReportMetric(float64(tookCPU.Microseconds())/float64(total), "cpu-us/fact")
	b.ReportMetric(float64(load.Batches-before.Batches)/float64(load.Syncs-before.Syncs), "batches/sync")
	b.ReportMetric(float64(total)/float64(load.Commits-before.Commits), "facts/commit")
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
