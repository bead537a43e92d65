package hall

import "context"

// Stats is the live picture, with all that was acknowledged before.
func (h *Hall) Stats() Stats {
	h.store.Settle(context.Background())
	return h.picture()
}

func (h *Hall) picture() Stats {
	s := h.views.stats(h.now(), h.zone())
	s.Kiosks = h.fleet.list(h.now())
	for i, k := range s.Kiosks {
		a := h.held.of(k.Node)
		s.Kiosks[i].Quarantined, s.Kiosks[i].Refused = a.facts, a.full()
	}
	s.Voids = voids(s.Kiosks, h.now(), h.opened)
	s.Reading = reading(h.Show(), s.Kiosks)
	return s
}

// Live returns a channel that holds the newest picture: the present one at
// once, then at most five a second, each within a second of what changed it.
// Call stop when nobody reads any more.
func (h *Hall) Live() (pictures <-chan Stats, stop func()) {
	w := h.live.add(h.Stats())
	h.live.touch() // for what was committed in between
	return w, func() { h.live.remove(w) }
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
	in, flow := h.ingest, h.store.Flow()
	flow.Stages = in.stages(flow.Stages)
	return Load{in.batches.Load(), in.changes.Load(), in.failures.Load(), flow, links}
}
