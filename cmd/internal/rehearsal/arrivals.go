package rehearsal

import (
	"context"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"
)

// What booths and gates of a large show send at the busiest, a second; beside
// the kiosks they have at most a third and a quarter of what is asked for.
const (
	peakLeads    = 100
	peakPassages = 50
)

// scansAt is how many scans a second there are at the given peak.
func (r *run) scansAt(peak float64) float64 {
	if r.Rate == 0 {
		return peak
	}
	return min(peak, r.Rate*peak/300)
}

// arrivals has people come to all kiosks by chance.
func (r *run) arrivals(ctx context.Context) error {
	began := time.Now()
	rate := r.Rate
	if r.Booths > 0 {
		rate -= r.scansAt(peakLeads)
	}
	if r.Gates > 0 {
		rate -= r.scansAt(peakPassages)
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, d := range r.desks {
		g.Go(func() error { return r.queue(ctx, d, began, rate/factsOfVisitor/float64(r.Kiosks)) })
	}
	err := g.Wait()
	r.working, r.counted = time.Since(began), r.tally.acked.Load()+r.tally.kept.Load()
	return err
}

// queue is the people before one kiosk, one after the other, each at a time
// that was drawn without regard to how long the one before took.
func (r *run) queue(ctx context.Context, d *desk, began time.Time, perSecond float64) error {
	chance := rand.New(rand.NewPCG(r.Seed, uint64(1_000+d.place)))
	due := began
	// A kiosk that is behind at the end serves those who came in time, for as
	// long as it was open; whoever is left then had waited in vain.
	closing := r.until.Add(r.For)
	work := context.WithoutCancel(ctx)
	for {
		due = due.Add(time.Duration(chance.ExpFloat64() / perSecond * float64(time.Second)))
		if !due.Before(r.until) {
			return nil
		}
		on := sleepUntil(ctx, due)
		if !on && !inTime(ctx) {
			return nil // a person has asked for the end
		}
		if !on && time.Now().After(closing) {
			r.tally.late.Add(1)
			r.tally.saved.record(time.Since(due), 1)
			continue
		}
		if err := r.serve(work, d, due); err != nil {
			return err
		}
	}
}

// serve registers one visitor, whose facts wait since due; zero for those of
// an outage, who do not wait.
func (r *run) serve(ctx context.Context, d *desk, due time.Time) error {
	code, err := d.visitor(ctx)
	if err != nil {
		return err
	}
	r.tally.visitors.Add(1)
	r.codes.add(code)
	if due.IsZero() {
		return nil
	}
	r.tally.saved.record(time.Since(due), 1)
	return d.release(ctx, due)
}

// sleepUntil reports false if ctx has ended.
func sleepUntil(ctx context.Context, at time.Time) bool {
	wait := time.Until(at)
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
