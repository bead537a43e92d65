package rehearsal

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	firstSurge = 10_000  // facts of all kiosks together
	mostSurge  = 300_000 // facts; some 200 MB of journals
	surgeTime  = 3 * time.Second
	atOnce     = 8 // visitors whom one kiosk keeps at once, so that its commits are grouped
)

// outages has the kiosks work alone and come back with full journals, until the
// time is over; the first outage is short, the others as long as it takes to
// keep the hall busy for three seconds.
func (r *run) outages(ctx context.Context) error {
	facts := firstSurge
	for !r.over(ctx) {
		began := time.Now()
		if err := r.alone(ctx, max(1, facts/factsOfVisitor/r.Kiosks)); err != nil {
			return err
		}
		filled := time.Since(began)
		if r.over(ctx) {
			return nil // what was filled goes out uncounted
		}
		surge, took, ok := r.surge(ctx)
		if !ok {
			return nil
		}
		r.surges++
		r.working += took
		r.counted += surge
		r.Log.Info("surge", "facts", surge, "took", took.Round(time.Millisecond), "filled", filled.Round(time.Millisecond))
		facts = next(surge, took, filled, time.Until(r.until))
		if facts == 0 {
			return nil
		}
	}
	return nil
}

// over reports whether no more is to be done: the time is over and there was
// one outage at least, or a person has asked for the end.
func (r *run) over(ctx context.Context) bool {
	return ctx.Err() != nil && (r.surges > 0 || !inTime(ctx))
}

// inTime reports whether a context goes on or ended by its own deadline.
func inTime(ctx context.Context) bool {
	return ctx.Err() == nil || errors.Is(context.Cause(ctx), context.DeadlineExceeded)
}

// next is how many facts the next outage has: enough for the hall to be busy,
// few enough to be done in time; 0 if there is no time for another.
func next(facts uint64, took, filled, left time.Duration) int {
	most := left.Seconds() / (took + filled).Seconds() * float64(facts)
	if most < float64(facts)/2 {
		return 0
	}
	return int(min(most, mostSurge, max(surgeTime.Seconds()/took.Seconds()*float64(facts), firstSurge)))
}

// alone fills every journal while nothing is handed over.
func (r *run) alone(ctx context.Context, visitors int) error {
	var g errgroup.Group
	for _, d := range r.desks {
		each := min(atOnce, visitors)
		for i := range each {
			g.Go(func() error {
				for n := i; n < visitors; n += each {
					if r.over(ctx) {
						return nil
					}
					if err := r.serve(context.WithoutCancel(ctx), d, time.Time{}); err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
	return g.Wait()
}

// surge lets all kiosks hand over what they have and waits until the hall has
// it; false if that did not end in time.
func (r *run) surge(ctx context.Context) (facts uint64, took time.Duration, ok bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.Patience)
	defer cancel()
	before, began := r.tally.acked.Load(), time.Now()
	for _, d := range r.desks {
		if err := d.release(ctx, time.Time{}); err != nil {
			r.problem("the journal of %s cannot be read: %v", d.name, err)
		}
	}
	all := newBarrier(len(r.desks))
	for _, d := range r.desks {
		d.await(all.done)
	}
	ok = all.wait(ctx)
	return r.tally.acked.Load() - before, time.Since(began), ok
}
