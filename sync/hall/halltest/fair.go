package halltest

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// One commit of a fair: what 10 kiosks, and booths and gates beside them, say in
// the time of one another's disk. For every registration there are a badge, 8
// leads and 4 passages.
const (
	kiosksACommit   = 10
	visitorsAKiosk  = 2
	visitorsACommit = kiosksACommit * visitorsAKiosk
	factsACommit    = visitorsACommit * (1 + 1 + 8 + 4)
	largestFair     = 250_000 // visitors; it has 200 kiosks, 3,000 exhibitors with two phones each, 100 gates
)

// Fair makes up a show whose kiosks, booths and gates are in proportion to its
// visitors.
type Fair struct {
	kiosks []*Kiosk
	clock  record.Clock
	at     time.Time
	badges []record.Badge // those who came lately, in no order once there are many
	random *rand.Rand
	n      int // visitors
	gates  int
	sample Sample
}

// Sample is some of what a fair has said, evenly from all of it, to be looked up.
type Sample struct {
	Exhibitors    int // named "exhibitor-0" and on
	LeadsMade     int
	PassagesMade  int
	Badges        []record.BadgeID
	Registrations []record.RegistrationID
	Leads         []record.LeadID
	Passages      []record.PassageID
}

// sampled is how many of each kind are kept in a Sample; recent how many badges
// booths and gates are likely to see.
const sampled, recent = 2_000, 60_000

// NewFair makes up a show of so many visitors; desk is the hall's own journal of
// what booths and gates did. The same size makes the same show, but for its ids.
func NewFair(visitors int, desk record.NodeID) *Fair {
	share := func(n int) int { return n * visitors / largestFair }
	f := &Fair{at: time.Date(2027, 4, 21, 8, 0, 0, 0, time.UTC), random: rand.New(rand.NewPCG(1, uint64(visitors))), gates: max(share(100), 4)}
	f.sample.Exhibitors = max(share(3000), 30)
	f.clock = record.Clock{Node: desk, Now: func() time.Time { return f.at }}
	for range max(share(200), kiosksACommit) {
		f.kiosks = append(f.kiosks, NewKiosk("lamps-2027"))
	}
	return f
}

// Sample returns what is worth looking up. It shares memory with the fair.
func (f *Fair) Sample() *Sample { return &f.sample }

// commit makes up what is kept together.
func (f *Fair) commit() (batches []hall.Batch) {
	f.at = f.at.Add(400 * time.Millisecond)
	for i := range kiosksACommit {
		k := f.kiosks[(f.n+i)%len(f.kiosks)]
		first := len(k.Changes) + 1
		for range visitorsAKiosk {
			f.visitor(k)
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

func (f *Fair) visitor(k *Kiosk) {
	r := k.Visitor(map[record.FieldName]string{
		"name": fmt.Sprint("Visitor ", f.n+1), "company": fmt.Sprint("Works No. ", (f.n+1)%9000), "title": "Engineer",
		"mobile": fmt.Sprintf("139%08d", f.random.IntN(1e8)), "email": fmt.Sprintf("v%d@works.example", f.n+1),
	})
	b, _ := k.Badge(r, 1, record.BadgeIssued)
	k.Say(r, b)
	f.sample.Badges = keep(f, f.n, f.sample.Badges, b.ID)
	f.sample.Registrations = keep(f, f.n, f.sample.Registrations, r.ID)
	if f.n++; len(f.badges) < recent {
		f.badges = append(f.badges, b)
	} else {
		f.badges[f.random.IntN(recent)] = b
	}
}

// keep takes one of so many into an even sample of them.
func keep[T any](f *Fair, before int, list []T, one T) []T {
	if len(list) < sampled {
		return append(list, one)
	}
	if at := f.random.IntN(before + 1); at < sampled {
		list[at] = one
	}
	return list
}

func (f *Fair) somebody() record.Badge { return f.badges[f.random.IntN(len(f.badges))] }

func (f *Fair) lead() hall.Own {
	exhibitor, stamp := f.random.IntN(f.sample.Exhibitors), f.clock.Tick()
	l := record.Lead{
		ID: record.NewID[record.LeadID](f.at), Show: "lamps-2027", Exhibitor: exhibitorID(exhibitor),
		Device: record.DeviceID(fmt.Sprintf("01DEVICE000000000%08d%d", exhibitor, f.random.IntN(2))), ClientID: record.NewID[string](f.at),
		Badge: f.somebody().ID, At: f.at, Created: stamp, Rating: record.Register[uint8]{Value: 2, At: stamp},
	}
	f.sample.Leads = keep(f, f.sample.LeadsMade, f.sample.Leads, l.ID)
	f.sample.LeadsMade++
	return hall.Own{Fact: l, Stamp: stamp, Once: true}
}

func exhibitorID(n int) record.ExhibitorID { return record.ExhibitorID(fmt.Sprint("exhibitor-", n)) }

func (f *Fair) passage() hall.Own {
	b, device := f.somebody(), record.DeviceID(fmt.Sprintf("01GATE0000000000000000%04d", f.random.IntN(f.gates)))
	p := record.Passage{
		ID: record.PassageIDOf(f.at, device, fmt.Sprint(f.sample.PassagesMade)), Show: "lamps-2027", Gate: record.GateID("gate-" + device[22:]),
		Device: device, Badge: b.ID, Issue: b.Issue, Direction: record.DirectionIn, At: f.at,
	}
	if f.random.IntN(2) == 0 {
		p.Direction = record.DirectionOut
	}
	f.sample.Passages = keep(f, f.sample.PassagesMade, f.sample.Passages, p.ID)
	f.sample.PassagesMade++
	return hall.Own{Fact: p, Stamp: f.clock.Tick(), Once: true}
}

// Pace is what a fact cost at one size of the file, by the clock and of the
// processor's time of this process.
type Pace struct{ Wall, Processor time.Duration }

// Fill has the log keep the fair until it has so many visitors, and tells what
// the last 14,000 facts cost, each.
func (f *Fair) Fill(ctx context.Context, log hall.Log, until int) (p Pace, err error) {
	const measured = 50 // commits
	commits := 0
	for f.n < until {
		batches := f.commit()
		began, had := time.Now(), Spent()
		if _, err := log.Append(ctx, batches); err != nil {
			return p, fmt.Errorf("fill the file, visitor %d: %w", f.n, err)
		}
		if until-f.n < measured*visitorsACommit {
			p.Wall += time.Since(began)
			p.Processor += Spent() - had
			commits++
		}
	}
	facts := time.Duration(max(commits*factsACommit, 1))
	return Pace{p.Wall / facts, p.Processor / facts}, nil
}

// Spent is the time that this process has had of a processor.
func Spent() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		panic(err) // it cannot fail for oneself
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// Look looks things up that a busy hall looks up, each a thousand times, and
// returns the median times: of one by its id, and of 100 leads of an exhibitor.
func (s *Sample) Look(ctx context.Context, state hall.State) (map[string]time.Duration, error) {
	random := rand.New(rand.NewPCG(2, 3))
	out := map[string]time.Duration{}
	for name, get := range map[string]func() error{
		"badge":        func() error { _, err := state.Badge(ctx, pick(random, s.Badges)); return err },
		"registration": func() error { _, err := state.Registration(ctx, pick(random, s.Registrations)); return err },
		"lead":         func() error { _, err := state.Lead(ctx, pick(random, s.Leads)); return err },
		"passage":      func() error { _, err := state.Passage(ctx, pick(random, s.Passages)); return err },
		"leads-page": func() error {
			_, _, err := state.Leads(ctx, exhibitorID(random.IntN(s.Exhibitors)), uint64(random.IntN(s.LeadsMade/2)), 100)
			return err
		},
	} {
		took := make([]time.Duration, 1000)
		for i := range took {
			began := time.Now()
			if err := get(); err != nil {
				return nil, fmt.Errorf("look up a %s: %w", name, err)
			}
			took[i] = time.Since(began)
		}
		out[name] = median(took)
	}
	return out, nil
}

func pick[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }

func median[T cmp.Ordered](list []T) T {
	slices.Sort(list)
	return list[len(list)/2]
}

// AnnounceShow has the log's first show be Show.
func AnnounceShow(tb testing.TB, log hall.Log) {
	tb.Helper()
	show := Show()
	show.Revised = record.Stamp{Wall: 1, Node: "hall"}
	if _, err := log.Append(tb.Context(), []hall.Batch{{Own: []hall.Own{{Fact: show, Stamp: show.Revised, Announce: true}}}}); err != nil {
		tb.Fatal(err)
	}
}
