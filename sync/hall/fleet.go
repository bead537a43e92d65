package hall

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"hallpass/sync/record"
)

// Kiosk is one paired kiosk as the dashboard shows it. Skew is its clock minus
// ours; Seen is zero if it never called since the hall started.
type Kiosk struct {
	Node        record.NodeID
	Name        string
	Up          bool
	Seen        time.Time
	LastSeq     uint64 // the end of its journal, as it said
	AckedSeq    uint64 // what the hall has kept
	Unsent      uint64
	Printer     string
	Reasons     []string
	Version     string
	DiskFreeMB  uint64
	Aside       uint64 // what the hall has said and the kiosk cannot use
	Skew        time.Duration
	Quarantined int          // what of it waits in quarantine
	Refused     bool         // so much that nothing more of it is taken
	Twin        bool         // two kiosks run from one disk, and take turns at the hall
	Told        time.Time    // when it last had all that the hall announces; zero if not since the hall started
	Tally       record.Tally // of its cards; replaced as a whole, never altered

	lives   lives // of its journal, as it said when it connected
	current bool  // it has all that was announced, as far as the hall knows
}

// fleet is what the kiosks have said of themselves. Kept in memory only: after
// a restart they say it again.
type fleet struct {
	news chan struct{} // the hall's journal has grown; holds one

	mu     sync.Mutex // guards all below but running
	kiosks map[record.NodeID]*Kiosk
	links  map[record.NodeID]*link
	closed bool

	running sync.WaitGroup // links that have entered and not yet left
}

func newFleet() *fleet {
	return &fleet{news: make(chan struct{}, 1), kiosks: map[record.NodeID]*Kiosk{}, links: map[record.NodeID]*link{}}
}

// know adds a paired kiosk.
func (f *fleet) know(n Node) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if k := f.kiosks[n.ID]; k != nil {
		k.Name = n.Name
		return
	}
	f.kiosks[n.ID] = &Kiosk{Node: n.ID, Name: n.Name}
}

// dismiss forgets a kiosk that is out of service and ends its link.
func (f *fleet) dismiss(id record.NodeID, why error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.kiosks, id)
	if l := f.links[id]; l != nil {
		l.end(why)
	}
}

// unsent is how much a kiosk has said that it holds beyond what the hall has.
func (f *fleet) unsent(id record.NodeID) uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if k := f.kiosks[id]; k != nil {
		return k.Unsent
	}
	return 0
}

// update changes one kiosk's entry.
func (f *fleet) update(id record.NodeID, change func(*Kiosk)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if k := f.kiosks[id]; k != nil {
		change(k)
		k.Unsent = k.LastSeq - min(k.LastSeq, k.AckedSeq)
	}
}

// enter makes l the node's link and ends the one it replaces, if any: a kiosk
// that calls again has lost its older connection, whatever we believe. It
// answers false once the fleet is closed, and whether this call shows that two
// kiosks run from one disk.
func (f *fleet) enter(l *link, now time.Time) (entered, two bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return false, false
	}
	if old := f.links[l.node.ID]; old != nil {
		old.end(errReplaced)
	}
	if k := f.kiosks[l.node.ID]; k != nil {
		two = k.lives.enter(l.hello.Epoch, now)
	}
	f.links[l.node.ID] = l
	f.running.Add(1)
	return true, two
}

// close ends all links, lets no new one in, and waits until they are gone.
func (f *fleet) close() {
	f.mu.Lock()
	f.closed = true
	for _, l := range f.links {
		l.end(errClosing)
	}
	f.mu.Unlock()
	f.running.Wait()
}

// leave marks the kiosk down unless a newer link has taken over.
func (f *fleet) leave(l *link) {
	defer f.running.Done()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.links[l.node.ID] != l {
		return
	}
	delete(f.links, l.node.ID)
	if k := f.kiosks[l.node.ID]; k != nil {
		k.Up = false
	}
}

// wake has every link told that the hall's journal has grown; it never waits.
func (f *fleet) wake() {
	select {
	case f.news <- struct{}{}:
	default:
	}
}

// Two hundred kiosks that are told something at once take all of the processor
// for tens of milliseconds, and where they share a disk that as well, and what
// others say waits: one after the other, all of them within a second.
const (
	wakeWithin = time.Second
	wakePause  = 4 * time.Millisecond // at most
)

// run wakes the links until ctx ends.
func (f *fleet) run(ctx context.Context) {
	pause := time.NewTicker(wakePause)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.news:
		}
		links := f.linked()
		pause.Reset(min(wakePause, wakeWithin/time.Duration(len(links)+1)))
		for _, l := range links {
			l.wake()
			select {
			case <-ctx.Done():
				return
			case <-pause.C:
			}
		}
	}
}

func (f *fleet) linked() []*link {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Collect(maps.Values(f.links))
}

// list returns all kiosks by name, as they are now.
func (f *fleet) list(now time.Time) []Kiosk {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := make([]Kiosk, 0, len(f.kiosks))
	for _, k := range f.kiosks {
		entry := *k
		entry.Reasons, entry.Twin = slices.Clone(k.Reasons), k.lives.two(now)
		out = append(out, entry)
	}
	slices.SortFunc(out, func(a, b Kiosk) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Node, b.Node)) })
	return out
}
