package hall

import "slices"

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
