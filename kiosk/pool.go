package kiosk

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"hallpass/badge/spool"
	"hallpass/sync/record"
)

// Station is one printer of the desk's pool.
type Station struct {
	// Name is what a badge remembers its printer by, across restarts: its
	// address, which holds no password. Unique in the pool.
	Name    string
	Place   string // where a visitor finds it, "Desk 2, left"; may be empty
	Printer spool.Printer
}

// pool shares the desk's badges out to its printers, one lane each. The first
// is the desk's own; a badge goes to another only while a better one is in
// trouble, so that visitors find their badge where they stand.
type pool struct {
	d     *Desk
	lanes []*lane

	mu      sync.Mutex
	claimed map[record.BadgeID]bool // a lane draws or follows it; guarded by mu
}

func newPool(d *Desk) (*pool, error) {
	p := &pool{d: d, claimed: map[record.BadgeID]bool{}}
	for _, s := range d.Printers {
		switch {
		case s.Name == "" || s.Printer == nil:
			return nil, errors.New("a printer of the pool has no name or no driver")
		case p.named(s.Name) != nil:
			return nil, fmt.Errorf("printer %s is in the pool twice; name it once", s.Name)
		}
		p.lanes = append(p.lanes, newLane(p, s))
	}
	return p, nil
}

func (p *pool) wake() {
	for _, l := range p.lanes {
		l.wake()
	}
}

// run serves badges until ctx ends; without a printer they wait.
func (p *pool) run(ctx context.Context) error {
	if len(p.lanes) == 0 {
		<-ctx.Done()
		return nil
	}
	if err := p.load(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	var g errgroup.Group
	for _, l := range p.lanes {
		g.Go(func() error { l.run(ctx); return nil })
	}
	return g.Wait()
}

// load gives every badge that a printer may have to that printer's lane, which
// asks before it acts. A printer that is no longer in the pool cannot be asked.
func (p *pool) load(ctx context.Context) error {
	open, err := p.d.Store.Open(ctx)
	if err != nil {
		return fmt.Errorf("read the print queue: %w", err)
	}
	for _, t := range open {
		e, err := p.d.Store.Find(ctx, t.Registration)
		if err != nil {
			return fmt.Errorf("read the print queue: %w", err)
		}
		b, err := e.find(t.Badge)
		if err != nil {
			return err
		}
		if b.Stage == "" {
			continue
		}
		p.d.Log.Info("badge taken up", "badge", b.ID, "issue", b.Issue, "state", b.Now(), "printer", b.Printer)
		if l := p.keeper(*b); l != nil {
			p.claim(b.ID)
			l.flights = append(l.flights, flight{t, p.d.Now()})
		} else if err := p.orphan(ctx, *b); err != nil {
			return err
		}
	}
	return nil
}

// orphan settles a badge whose printer was taken out of the pool: its paper may
// be out, so its issue is voided and another printed.
func (p *pool) orphan(ctx context.Context, b Badge) error {
	_, err := p.change(ctx, b, func(e *Entry, b *Badge) error {
		b.Stage = ""
		if b.Badge.Now() == record.BadgeVoided {
			b.note(reasonRemoved, p.d.Clock.Tick())
			return nil
		}
		return p.d.reissue(e, reasonRemoved)
	})
	return err
}

// keeper is the lane whose printer may have the badge. A file from before
// there were pools names none: then it is the only one there was.
func (p *pool) keeper(b Badge) *lane {
	if b.Printer == "" {
		return p.lanes[0]
	}
	return p.named(b.Printer)
}

func (p *pool) named(name string) *lane {
	for _, l := range p.lanes {
		if l.Name == name {
			return l
		}
	}
	return nil
}

// best is the lane for a badge that no printer has: the first that is well and
// not avoided, then the first that is well, then the first that at least takes
// jobs, because some printers clear a reason only by printing. nil if none does.
func (p *pool) best(e Entry, b Badge) *lane {
	var well, takes *lane
	for _, l := range p.lanes {
		switch {
		case l.trouble() == "" && !e.avoided(b, l.Name):
			return l
		case l.trouble() == "" && well == nil:
			well = l
		case takes == nil && ready(l.status()):
			takes = l
		}
	}
	if well != nil {
		return well
	}
	return takes
}

// other is a lane where a badge that is stuck in from could be printed now.
func (p *pool) other(e Entry, b Badge, from *lane) *lane {
	for _, l := range p.lanes {
		if l != from && l.trouble() == "" && !e.avoided(b, l.Name) {
			return l
		}
	}
	return nil
}

// of is the lane that a badge is at, was printed by or will go to; nil only
// without printers.
func (p *pool) of(e Entry, b Badge) *lane {
	if len(p.lanes) == 0 {
		return nil
	}
	l := p.named(b.Printer)
	if l == nil || b.Badge.Now() == record.BadgeReserved && b.Stage == "" {
		l = p.best(e, b)
	}
	if l == nil {
		return p.lanes[0]
	}
	return l
}

// next finds the oldest badge that waits for l and claims it.
func (p *pool) next(ctx context.Context, l *lane) (Entry, Badge, bool, error) {
	open, err := p.d.Store.Open(ctx)
	if err != nil {
		return Entry{}, Badge{}, false, fmt.Errorf("read the print queue: %w", err)
	}
	look := 64 // those behind wait for the same printers
	for _, t := range open {
		if !p.claim(t.Badge) {
			continue
		}
		e, err := p.d.Store.Find(ctx, t.Registration)
		if err == nil {
			if b, err := e.find(t.Badge); err == nil && b.Now() == record.BadgeReserved && p.best(e, *b) == l {
				return e, *b, true, nil
			}
		}
		p.drop(t.Badge)
		if look--; look == 0 || err != nil {
			return Entry{}, Badge{}, false, err
		}
	}
	return Entry{}, Badge{}, false, nil
}

// claim reports whether the badge was nobody's.
func (p *pool) claim(id record.BadgeID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.claimed[id] {
		return false
	}
	p.claimed[id] = true
	return true
}

func (p *pool) drop(id record.BadgeID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.claimed, id)
}

// change alters one badge durably.
func (p *pool) change(ctx context.Context, b Badge, fn func(*Entry, *Badge) error) (Entry, error) {
	return p.d.change(ctx, b.Registration, func(e *Entry) error {
		kept, err := e.find(b.ID)
		if err != nil {
			return err
		}
		return fn(e, kept)
	})
}

// waiting reports whether any badge is open; if that cannot be told, none.
func (p *pool) waiting() bool {
	open, err := p.d.Store.Open(context.Background())
	return err == nil && len(open) > 0
}

// tellAll brings the printers' trouble to everyone who waits for a badge.
func (p *pool) tellAll(ctx context.Context) {
	for _, id := range p.d.watch.watched() {
		if entry, err := p.d.Store.Find(ctx, id); err == nil {
			p.d.announce(entry)
		}
	}
}
