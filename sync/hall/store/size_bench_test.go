package store_test

import (
	"context"
	"crypto/ed25519"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/hall/halltest"
	"hallpass/sync/hall/store"
	"hallpass/sync/record"
)

var visitors = flag.Int("visitors", 2_000, "registrations in the file of BenchmarkSize; 250000 is the largest show, takes minutes and 4 GB of disk")

// One commit of the benchmark: what 10 kiosks, and booths and gates beside them,
// say in the time of one another's disk. For every registration there are a
// badge, 8 leads and 4 passages.
const (
	kiosksACommit   = 10
	visitorsAKiosk  = 2
	visitorsACommit = kiosksACommit * visitorsAKiosk
	factsACommit    = visitorsACommit * (1 + 1 + 8 + 4)
)

// fair makes up a show: 200 kiosks, 3,000 exhibitors with two phones each, 100
// gates, all in proportion to its visitors.
type fair struct {
	kiosks     []*halltest.Kiosk
	exhibitors int
	gates      int
	clock      record.Clock
	at         time.Time
	badges     []record.Badge
	leads      []record.LeadID
	passages   []record.PassageID
	random     *rand.Rand
	n          int
}

func newFair(size int, desk record.NodeID) *fair {
	f := &fair{at: time.Date(2027, 4, 21, 8, 0, 0, 0, time.UTC), random: rand.New(rand.NewPCG(1, uint64(size)))}
	f.exhibitors, f.gates = max(3000*size/250_000, 30), max(100*size/250_000, 4)
	f.clock = record.Clock{Node: desk, Now: func() time.Time { return f.at }}
	for range max(200*size/250_000, kiosksACommit) {
		f.kiosks = append(f.kiosks, halltest.NewKiosk("lamps-2027"))
	}
	return f
}

// commit makes up what is kept together.
func (f *fair) commit() (batches []hall.Batch) {
	f.at = f.at.Add(400 * time.Millisecond)
	for i := range kiosksACommit {
		k := f.kiosks[(f.n+i)%len(f.kiosks)]
		first := len(k.Changes) + 1
		for range visitorsAKiosk {
			f.n++
			r := k.Visitor(map[record.FieldName]string{
				"name": fmt.Sprint("Visitor ", f.n), "company": fmt.Sprint("Works No. ", f.n%9000), "title": "Engineer",
				"mobile": fmt.Sprintf("139%08d", f.random.IntN(1e8)), "email": fmt.Sprintf("v%d@works.example", f.n),
			})
			b, _ := k.Badge(r, 1, record.BadgeIssued)
			k.Say(r, b)
			f.badges = append(f.badges, b)
		}
		batches = append(batches, k.Batch(first, len(k.Changes)))
		clear(k.Changes[first-1:]) // their number is all that is needed from now on
	}
	var own []hall.Own
	for range 8 * visitorsACommit {
		own = append(own, f.lead())
	}
	for range 4 * visitorsACommit {
		own = append(own, f.passage())
	}
	for single := range slices.Chunk(own, 1) { // each booth and gate waits for its own
		batches = append(batches, hall.Batch{Own: single})
	}
	return batches
}

// somebody is most often somebody who came lately.
func (f *fair) somebody() record.Badge {
	recent := min(len(f.badges), 60_000)
	return f.badges[len(f.badges)-1-f.random.IntN(recent)]
}

func (f *fair) lead() hall.Own {
	exhibitor, stamp := f.random.IntN(f.exhibitors), f.clock.Tick()
	l := record.Lead{
		ID: record.NewID[record.LeadID](f.at), Show: "lamps-2027", Exhibitor: record.ExhibitorID(fmt.Sprint("exhibitor-", exhibitor)),
		Device: record.DeviceID(fmt.Sprintf("01DEVICE000000000%08d%d", exhibitor, f.random.IntN(2))), ClientID: record.NewID[string](f.at),
		Badge: f.somebody().ID, At: f.at, Created: stamp, Rating: record.Register[uint8]{Value: 2, At: stamp},
	}
	f.leads = append(f.leads, l.ID)
	return hall.Own{Fact: l, Stamp: stamp, Once: true}
}

func (f *fair) passage() hall.Own {
	b, device := f.somebody(), record.DeviceID(fmt.Sprintf("01GATE0000000000000000%04d", f.random.IntN(f.gates)))
	p := record.Passage{
		ID: record.PassageIDOf(f.at, device, fmt.Sprint(len(f.passages))), Show: "lamps-2027", Gate: record.GateID("gate-" + device[22:]),
		Device: device, Badge: b.ID, Issue: b.Issue, Direction: record.DirectionIn, At: f.at,
	}
	if f.random.IntN(2) == 0 {
		p.Direction = record.DirectionOut
	}
	f.passages = append(f.passages, p.ID)
	return hall.Own{Fact: p, Stamp: f.clock.Tick(), Once: true}
}

// spent is the time that this process has had of a processor.
func spent(b *testing.B) time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// pace is how fast commits went at one size.
type pace struct{ wall, processor time.Duration }

// fill commits until the file holds so many visitors; of the last commits it
// tells the pace.
func (f *fair) fill(b *testing.B, s *store.Store, until int) (p pace) {
	const measured = 50 // commits: 14,000 facts
	for f.n < until {
		batches := f.commit()
		began, had := time.Now(), spent(b)
		if _, err := s.Append(b.Context(), batches); err != nil {
			b.Fatal(err)
		}
		if until-f.n < measured*visitorsACommit {
			p.wall += time.Since(began)
			p.processor += spent(b) - had
		}
	}
	return p
}

// BenchmarkSize fills one hall file through Append and tells how it behaves: at
// 1/25 of its size, at which 10,000 of 250,000 visitors have come, and at the end.
func BenchmarkSize(b *testing.B) {
	path := filepath.Join(b.TempDir(), "hall.db")
	s, err := store.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	announceTo(b, s)
	self, err := s.Self(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	f := newFair(*visitors, self.Desk)
	early := f.fill(b, s, max(*visitors/25, 1000))
	late := f.fill(b, s, *visitors)
	b.ReportMetric(float64(early.wall)/float64(late.wall), "of-early-facts/s")
	b.ReportMetric(float64(early.processor)/float64(late.processor), "of-early-facts/cpu-s")
	b.ReportMetric(50*factsACommit/late.wall.Seconds(), "facts/s")
	b.ReportMetric(50*factsACommit/late.processor.Seconds(), "facts/cpu-s")
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	s = reopened(b, path)
	f.look(b, s)
	size, compacted := sizeOf(b, path), compactedSize(b, path, s)
	b.ReportMetric(float64(size)/1e6, "MB")
	b.ReportMetric(float64(size)/float64(compacted), "of-compacted")
	b.ReportMetric(0, "ns/op")
}

func announceTo(b *testing.B, s *store.Store) {
	show := halltest.Show()
	show.Revised = record.Stamp{Wall: 1, Node: "hall"}
	if _, err := s.Append(b.Context(), []hall.Batch{{Own: []hall.Own{{Fact: show, Stamp: show.Revised, Announce: true}}}}); err != nil {
		b.Fatal(err)
	}
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

// look measures the look-ups of a busy hall.
func (f *fair) look(b *testing.B, s *store.Store) {
	pick := func(n int) int { return f.random.IntN(n) }
	for name, get := range map[string]func(context.Context) error{
		"badge": func(ctx context.Context) error { _, err := s.Badge(ctx, f.badges[pick(len(f.badges))].ID); return err },
		"registration": func(ctx context.Context) error {
			_, err := s.Registration(ctx, f.badges[pick(len(f.badges))].Registration)
			return err
		},
		"lead": func(ctx context.Context) error { _, err := s.Lead(ctx, f.leads[pick(len(f.leads))]); return err },
		"passage": func(ctx context.Context) error {
			_, err := s.Passage(ctx, f.passages[pick(len(f.passages))])
			return err
		},
		"leads-page": func(ctx context.Context) error {
			_, _, err := s.Leads(ctx, record.ExhibitorID(fmt.Sprint("exhibitor-", pick(f.exhibitors))), uint64(pick(len(f.leads)/2)), 100)
			return err
		},
	} {
		const times = 1000
		took := make([]time.Duration, times)
		for i := range took {
			began := time.Now()
			if err := get(b.Context()); err != nil {
				b.Fatal(name, err)
			}
			took[i] = time.Since(began)
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[times/2].Microseconds()), name+"-µs")
	}
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
