package hall

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"hallpass/sync/fault"
	"hallpass/sync/record"
	"hallpass/sync/record/showfile"
	"hallpass/sync/wire"
)

// Config is what a hall is made of. Store, Key and Show are needed, except that
// Show may be nil where the store holds one; the rest has defaults.
type Config struct {
	Store       Store
	Key         ed25519.PrivateKey // signs the certificates of kiosks
	Fingerprint [32]byte           // SHA-256 of the TLS certificate (DER), zero on plain HTTP
	Show        *record.Show       // what the show file says
	URL         string             // where phones find the hall, "https://hall.example:8443"
	Log         *slog.Logger
	Now         func() time.Time
	Upkeep      Upkeep
}

// Hall is one hall server's rules and views. Its methods may be called from
// any goroutine; those that record facts wait for Run.
type Hall struct {
	store   Store
	key     ed25519.PrivateKey
	public  ed25519.PublicKey
	print   [32]byte
	url     string
	log     *slog.Logger
	now     func() time.Time
	self    Self
	clock   *record.Clock
	show    atomic.Pointer[record.Show]
	views   *views
	live    *live
	fleet   *fleet
	keys    *keyring
	newKey  chan struct{} // a key or the show has changed; holds one
	teller  *teller
	said    *said
	ingest  *ingest
	room    *wire.Room
	limits  limits
	opened  time.Time
	hashing hashing
	held    *held
	keepup  Upkeep
}

// New reads the state and builds the views. It fails with fault.Conflict if
// config.Show is not the show whose facts the store holds, and with
// fault.NotFound if neither names one.
func New(ctx context.Context, config Config) (*Hall, error) {
	h := &Hall{
		store: config.Store, key: config.Key, print: config.Fingerprint, url: config.URL,
		log: config.Log, now: config.Now, live: newLive(), fleet: newFleet(),
		newKey: make(chan struct{}, 1), teller: newTeller(), said: newSaid(), hashing: newHashing(),
	}
	if len(h.key) != ed25519.PrivateKeySize {
		return nil, errors.New("open hall: no key")
	}
	h.public = ed25519.PublicKey(h.key[ed25519.SeedSize:]) // RFC 8032 §5.1.5: seed, then public key
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	if h.now == nil {
		h.now = time.Now
	}
	h.limits, h.opened, h.keepup = newLimits(h.now), h.now(), config.Upkeep
	h.ingest, h.room = newIngest(h.store), wire.NewRoom(largeFrames)
	var err error
	if h.self, err = h.store.Self(ctx); err != nil {
		return nil, fmt.Errorf("open hall: %w", err)
	}
	h.clock = &record.Clock{Node: h.self.Desk, Now: h.now}
	if err := h.resume(ctx); err != nil {
		return nil, fmt.Errorf("open hall: %w", err)
	}
	revised, err := h.settle(ctx, config.Show)
	if err != nil {
		return nil, fmt.Errorf("open hall: %w", err)
	}
	if err := h.build(ctx); err != nil {
		return nil, fmt.Errorf("open hall: %w", err)
	}
	h.store.Watch(h.observe)
	if err := h.retell(ctx); err != nil {
		return nil, fmt.Errorf("open hall: %w", err)
	}
	if revised != nil {
		revised.Revised = h.clock.Tick()
		if err := h.announce(ctx, []Own{{Fact: *revised, Stamp: revised.Revised, Announce: true}}); err != nil {
			return nil, fmt.Errorf("open hall: %w", err)
		}
	}
	if err := h.announce(ctx, h.due()); err != nil {
		return nil, fmt.Errorf("open hall: %w", err)
	}
	return h, nil
}

// resume has the clock go on from what it last said, so that no stamp is given
// twice, also where the machine's clock was set back in between.
func (h *Hall) resume(ctx context.Context) error {
	for _, node := range []record.NodeID{h.self.Hall, h.self.Desk} {
		last, err := h.store.Cursor(ctx, node, h.self.Epoch)
		if err != nil {
			return fmt.Errorf("resume clock: %w", err)
		}
		changes, err := h.store.Changes(ctx, node, h.self.Epoch, max(last, 1)-1, 1)
		if err != nil {
			return fmt.Errorf("resume clock: %w", err)
		}
		for _, c := range changes {
			h.clock.Observe(c.Stamp)
		}
	}
	return nil
}

// settle takes the show from the store or the file, and returns it if the file
// says something new.
func (h *Hall) settle(ctx context.Context, file *record.Show) (*record.Show, error) {
	kept, err := h.store.Show(ctx)
	switch {
	case errors.Is(err, ErrNone) && file == nil:
		return nil, fault.New(fault.NotFound, "This data folder holds no show yet; name one with -show.")
	case errors.Is(err, ErrNone):
		h.show.Store(file)
		return file, nil
	case err != nil:
		return nil, err
	}
	h.clock.Observe(kept.Revised)
	h.show.Store(&kept)
	if file == nil {
		return nil, nil
	}
	if file.ID != kept.ID {
		return nil, fault.New(fault.Conflict, fmt.Sprintf("This data folder holds the show %q, not %q; use another -data.", kept.ID, file.ID))
	}
	same := *file
	same.Revised = kept.Revised
	if slices.Equal(showfile.Format(same), showfile.Format(kept)) {
		return nil, nil
	}
	return file, nil
}

// build fills the views and the lists of who is paired.
func (h *Hall) build(ctx context.Context) error {
	figures, err := h.store.Figures(ctx, oldest(h.now()))
	if err != nil {
		return fmt.Errorf("figures: %w", err)
	}
	h.views = &views{figures: figures}
	h.clock.Observe(figures.Latest) // our own clock must not fall behind what it wrote
	h.keys = newKeyring(h.showID(), h.public)
	if err := h.hold(ctx); err != nil { // a line that cannot be read is for Check
		h.log.Error("quarantine not counted", "err", err)
	}
	if err := h.store.Keys(ctx, h.heed); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	nodes, err := h.store.Nodes(ctx)
	if err != nil {
		return fmt.Errorf("nodes: %w", err)
	}
	for _, n := range nodes {
		h.keys.add(n)
		if _, revoked := h.keys.revocation(n.ID); !revoked {
			h.fleet.know(n)
		}
	}
	return nil
}

// announce writes facts in the journal that kiosks read. It goes past the
// queue, so that it works before Run and for the commands of a stopped hall.
func (h *Hall) announce(ctx context.Context, own []Own) error {
	if len(own) == 0 {
		return nil
	}
	outcomes, err := h.store.Append(ctx, []Batch{{Own: own}})
	if err != nil {
		return fmt.Errorf("announce: %w", err)
	}
	return outcomes[0].Err
}

// Run commits what comes in and pushes live numbers until ctx ends. End the
// kiosks' connections first: what they hand over later is not taken.
func (h *Hall) Run(ctx context.Context) error {
	var g errgroup.Group
	g.Go(func() error { h.ingest.run(ctx); return nil })
	g.Go(func() error { h.live.run(ctx, h.picture); return nil })
	g.Go(func() error { h.fleet.run(ctx); return nil })
	g.Go(func() error { h.certifier(ctx); return nil })
	g.Go(func() error { h.tellRegistered(ctx); return nil })
	g.Go(func() error { h.upkeep(ctx, h.keepup); return nil })
	return g.Wait()
}

// Revise changes how the show is set up; every kiosk that is connected hears of
// it at once. It answers fault.Conflict for another show and what Validate finds.
func (h *Hall) Revise(ctx context.Context, show record.Show) error {
	if show.ID != h.showID() {
		return fault.New(fault.Conflict, "This is another show.").WithField("id")
	}
	if err := show.Validate(); err != nil {
		return err
	}
	show.Revised = h.clock.Tick()
	_, err := h.ingest.keep(ctx, Batch{Own: []Own{{Fact: show, Stamp: show.Revised, Announce: true}}})
	return err
}

// Set is Revise that need not wait for Run: for the commands of a stopped hall.
func (h *Hall) Set(ctx context.Context, show record.Show) error {
	if show.ID != h.showID() {
		return fault.New(fault.Conflict, "This is another show.").WithField("id")
	}
	if err := show.Validate(); err != nil {
		return err
	}
	show.Revised = h.clock.Tick()
	return h.announce(ctx, []Own{{Fact: show, Stamp: show.Revised, Announce: true}})
}

// observe follows every commit.
func (h *Hall) observe(effects []Effect) {
	if slices.ContainsFunc(effects, func(e Effect) bool { return e.Told }) {
		h.said.forget() // before any link is woken
	}
	for _, e := range effects {
		if e.Show != nil {
			h.show.Store(e.Show)
			h.fleet.wake()
			h.seekKeys()
		}
		if e.Quarantined > 0 {
			h.log.Warn("facts put in quarantine", "count", e.Quarantined)
		}
	}
	for _, node := range h.held.count(effects) {
		h.log.Error("too much of a kiosk waits in quarantine; nothing more of it is taken until a person has decided", "node", node, "facts", h.held.of(node).facts)
	}
	h.heed(effects)
	h.views.apply(effects, h.now())
	h.live.touch()
}

// heed takes in what was said about keys and who is out of service.
func (h *Hall) heed(effects []Effect) {
	for _, e := range effects {
		switch {
		case e.Told:
			h.fleet.wake()
		case e.Registration != nil:
			h.teller.heed(*e.Registration)
		case e.Key != nil:
			h.clock.Observe(e.Key.New.Certificate.At)
			h.clock.Observe(e.Key.New.Retired)
			h.keys.learn(e.Key.New)
			h.fleet.wake()
			h.seekKeys()
		case e.Revocation != nil:
			h.clock.Observe(e.Revocation.New.At)
			h.keys.revoke(e.Revocation.New)
			h.fleet.wake()
			if why, revoked := h.dismissed(e.Revocation.New.Node); revoked {
				h.fleet.dismiss(e.Revocation.New.Node, why)
			}
		}
	}
}

// seekKeys has the certifier look whether something is due.
func (h *Hall) seekKeys() {
	select {
	case h.newKey <- struct{}{}:
	default:
	}
}

// Show is the show as it is set up now.
func (h *Hall) Show() record.Show { return *h.show.Load() }

func (h *Hall) showID() record.ShowID { return h.show.Load().ID }

// Stats is the live picture, with all that was acknowledged before.
func (h *Hall) Stats() Stats {
	h.store.Settle(context.Background())
	return h.picture()
}

func (h *Hall) picture() Stats {
	s := h.views.stats(h.now(), h.zone())
	s.Kiosks = h.fleet.list()
	for i, k := range s.Kiosks {
		a := h.held.of(k.Node)
		s.Kiosks[i].Quarantined, s.Kiosks[i].Refused = a.facts, a.full()
	}
	s.Voids = voids(s.Kiosks, h.now(), h.opened)
	s.Reading = reading(h.Show(), s.Kiosks)
	return s
}

// zone is where the show is.
func (h *Hall) zone() *time.Location {
	zone, err := time.LoadLocation(h.Show().Timezone)
	if err != nil {
		return time.UTC // Validate has refused such a show
	}
	return zone
}

// Live returns a channel that holds the newest picture: the present one at
// once, then at most five a second, each within a second of what changed it.
// Call stop when nobody reads any more.
func (h *Hall) Live() (pictures <-chan Stats, stop func()) {
	w := h.live.add(h.Stats())
	h.live.touch() // for what was committed in between
	return w, func() { h.live.remove(w) }
}

// Hangup ends what would never end by itself, the kiosks' links (with 1001,
// "going away") and the live pictures, and lets no new one begin. It returns
// when the links are gone; then Run can end with nothing left unanswered.
func (h *Hall) Hangup() {
	h.live.close()
	h.fleet.close()
}

// Health answers nil while the hall can read its disk and take facts in.
func (h *Hall) Health(ctx context.Context) error {
	if _, err := h.store.Show(ctx); err != nil {
		return fault.Wrap(fault.Unavailable, "The hall cannot read its data.", err)
	}
	select {
	case <-h.ingest.done:
		return errClosed
	default:
		return nil
	}
}

// Check verifies the store, as "hall check" does.
func (h *Hall) Check(ctx context.Context) (Report, error) { return h.store.Check(ctx) }

// Compact has the store write its file anew, as "hall compact" does.
func (h *Hall) Compact(ctx context.Context) (Compacted, error) {
	done, err := h.store.Compact(ctx)
	if err == nil {
		h.log.Info("data file compacted", "before", done.Before, "after", done.After)
	}
	return done, err
}

// Load is what the hall has done since it started, for its metrics.
type Load struct {
	Batches, Changes, Failures uint64 // taken in, of facts, and refused because they could not be kept
	Flow
	Links int
}

// Load returns the counters.
func (h *Hall) Load() Load {
	h.fleet.mu.Lock()
	links := len(h.fleet.links)
	h.fleet.mu.Unlock()
	in := h.ingest
	return Load{in.batches.Load(), in.changes.Load(), in.failures.Load(), h.store.Flow(), links}
}

// skew is how far another clock's milliseconds are ahead of ours.
func (h *Hall) skew(theirs int64) time.Duration {
	if theirs == 0 {
		return 0
	}
	return time.UnixMilli(theirs).Sub(h.now()).Round(time.Millisecond)
}
