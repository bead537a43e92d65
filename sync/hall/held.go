package hall

import (
	"context"
	"fmt"
	"sync"

	"hallpass/sync/fault"
	"hallpass/sync/record"
)

// What may wait in quarantine of one kiosk. Some later program's whole day fits;
// one that sends rubbish fills no disk.
const (
	mostHeld      = 10_000
	mostHeldBytes = 32 << 20 // of payloads, which the journal has too
)

// held is how much of each kiosk waits in quarantine. What a person has decided
// about does not count.
type held struct {
	mu    sync.Mutex // guards nodes
	nodes map[record.NodeID]amount
}

type amount struct{ facts, bytes int }

// full reports whether nothing more of a kiosk is taken until a person has
// decided about what waits.
func (a amount) full() bool { return a.facts >= mostHeld || a.bytes >= mostHeldBytes }

// count moves on by a commit's effects and answers the kiosks that have become
// full by it.
func (q *held) count(effects []Effect) (full []record.NodeID) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, e := range effects {
		if e.Quarantined == 0 || e.Node == "" {
			continue
		}
		was := q.nodes[e.Node]
		is := amount{was.facts + e.Quarantined, was.bytes + e.Bytes}
		if q.nodes[e.Node] = is; is.full() && !was.full() {
			full = append(full, e.Node)
		}
		if is.facts <= 0 {
			delete(q.nodes, e.Node)
		}
	}
	return full
}

func (q *held) of(node record.NodeID) amount {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.nodes[node]
}

// admitting answers fault.TooMany for a kiosk of which too much waits in quarantine.
// What it has said before stands; what it says now stays with it, and it asks
// again.
func (h *Hall) admitting(node record.NodeID) error {
	a := h.held.of(node)
	if !a.full() {
		return nil
	}
	return fault.New(fault.TooMany, fmt.Sprintf("%d records of this kiosk wait in quarantine. It is heard again when somebody has decided about them.", a.facts))
}

// hold counts what waits in quarantine when the hall opens.
func (h *Hall) hold(ctx context.Context) error {
	h.held = &held{nodes: map[record.NodeID]amount{}}
	const page = 200 // refusals in memory at a time
	for after := uint64(0); ; {
		list, next, err := h.store.Quarantine(ctx, after, page)
		if err != nil {
			return fmt.Errorf("quarantine: %w", err)
		}
		for _, r := range list {
			h.held.count([]Effect{{Quarantined: 1, Node: r.Node, Bytes: len(r.Payload)}})
		}
		if after = next; len(list) < page {
			return nil
		}
	}
}
