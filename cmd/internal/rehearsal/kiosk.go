package rehearsal

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"hallpass/badge/token"
	"hallpass/kiosk"
	"hallpass/kiosk/store"
	"hallpass/sync/link"
	"hallpass/sync/record"
)

// factsOfVisitor is what one visitor leaves in a journal: the registration, the
// badge that is reserved, the badge that was printed.
const factsOfVisitor = 3

// desk is one kiosk: a real data file and a real link, and people before it.
type desk struct {
	*store.Store
	name  string
	place int
	show  record.ShowID
	link  *link.Link
	bell  chan struct{}
	tally *tally
	most  int // changes handed over at once

	mu      sync.Mutex // guards all below
	crowd   *crowd
	open    uint64    // changes up to here may be handed over
	handed  uint64    // have been, at least once
	acked   uint64    // the hall has, as it said
	waiting []waiting // for their ack, oldest first
	spans   []span    // as they were handed over, for the echo
	goal    uint64    // of the surge
	reached func()
}

// waiting is facts up to a number whose ack is awaited since a moment.
type waiting struct {
	end, facts uint64
	since      time.Time
}

// span is the changes of one batch.
type span struct {
	after uint64
	count int
}

// openDesk makes the data file and pairs it.
func openDesk(ctx context.Context, r *run, place int) (*desk, error) {
	d := &desk{
		name: fmt.Sprintf("Rehearsal %d", place+1), place: place, bell: make(chan struct{}, 1),
		tally: r.tally, most: r.Batch, crowd: newCrowd(r.Seed, place),
	}
	var err error
	if d.Store, err = store.Open(filepath.Join(r.Dir, fmt.Sprintf("kiosk-%03d", place+1)), store.Options{Show: r.show}); err != nil {
		return nil, err
	}
	code, err := r.Hall.Invite(ctx, Order{Kiosk: d.name})
	if err != nil {
		return d, fmt.Errorf("pair %s: %w", d.name, err)
	}
	p, err := link.Pair(ctx, r.Hall.URL(), code, d.name, d.Key())
	if err != nil {
		return d, fmt.Errorf("pair %s: %w", d.name, err)
	}
	d.show = p.Show
	d.link = &link.Link{
		URL: p.URL, TLS: link.PinnedTLS(p.Fingerprint), Node: p.Node, Key: d.Key(), Show: p.Show, Version: "rehearsal",
		Outbox: outbox{d}, Inbox: d.Store, Wake: d.bell,
	}
	r.pin(p.Fingerprint)
	return d, d.Pair(ctx, store.Pairing{
		URL: p.URL, Fingerprint: p.Fingerprint[:], Node: p.Node, Hall: p.Hall, HallKey: p.HallKey, Show: p.Show, Certificate: p.Certificate,
	})
}

// visitor registers the next one and prints the badge; both are on the disk
// when it returns the code on the badge.
func (d *desk) visitor(ctx context.Context) (code string, err error) {
	show, at, now := d.Show(), d.Clock().Tick(), time.Now()
	d.mu.Lock()
	r := d.crowd.register(show, d.link.Node, record.NewID[record.RegistrationID](now), at)
	d.mu.Unlock()
	b := record.Badge{
		ID: record.NewID[record.BadgeID](now), Registration: r.ID, Show: r.Show, Node: r.Node, Issue: 1, Category: r.Category.Value,
		State: record.Register[record.BadgeState]{Value: record.BadgeReserved, At: at},
	}
	raw, err := b.ID.Bytes()
	if err != nil {
		return "", err
	}
	b.ShortCode = token.ShortCode(raw)
	code, err = d.SignBadge(token.Claims{Badge: raw, Issue: 1, Category: string(b.Category), FirstDay: show.FirstDay, Days: uint8(show.Days)})
	if err != nil {
		return "", fmt.Errorf("sign badge: %w", err)
	}
	entry := kiosk.Entry{Registration: r, Badges: []kiosk.Badge{{Badge: b, Token: code}}}
	if _, _, err := d.Add(ctx, string(r.ID), entry, record.Tally{}); err != nil {
		return "", err
	}
	_, err = d.Change(ctx, r.ID, func(e *kiosk.Entry) error {
		e.Badges[0].State = record.Register[record.BadgeState]{Value: record.BadgeIssued, At: d.Clock().Tick()}
		return nil
	})
	return code, err
}

// release lets the hall have everything up to the journal's end, and notes
// since when those facts wait; a zero time means from when they are handed over.
func (d *desk) release(ctx context.Context, since time.Time) error {
	last, err := d.Last(ctx)
	if err != nil {
		return err
	}
	d.mu.Lock()
	if !since.IsZero() && last.Seq > d.open {
		d.waiting = append(d.waiting, waiting{last.Seq, last.Seq - d.open, since})
	}
	d.open = last.Seq
	d.mu.Unlock()
	d.ring()
	return nil
}

func (d *desk) ring() {
	select {
	case d.bell <- struct{}{}:
	default:
	}
}

// await calls reached once, when the hall has acked all that is released.
func (d *desk) await(reached func()) {
	d.mu.Lock()
	d.goal, d.reached = d.open, reached
	d.mu.Unlock()
	d.told(0, time.Now())
}

// told notes an ack.
func (d *desk) told(seq uint64, at time.Time) {
	d.mu.Lock()
	if seq > d.acked {
		d.tally.acked.Add(seq - d.acked)
		d.acked = seq
	}
	var over []waiting
	for len(d.waiting) > 0 && d.waiting[0].end <= d.acked {
		over, d.waiting = append(over, d.waiting[0]), d.waiting[1:]
	}
	reached := d.reached
	if d.acked < d.goal {
		reached = nil
	} else {
		d.reached = nil
	}
	d.mu.Unlock()
	for _, w := range over {
		d.tally.ack.record(at.Sub(w.since), int(w.facts))
	}
	if reached != nil {
		reached()
	}
}
