package hall

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"hallpass/sync/fault"
	"hallpass/sync/record"
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

// skew is how far another clock's milliseconds are ahead of ours.
func (h *Hall) skew(theirs int64) time.Duration {
	if theirs == 0 {
		return 0
	}
	return time.UnixMilli(theirs).Sub(h.now()).Round(time.Millisecond)
}
