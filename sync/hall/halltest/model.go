package halltest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"

	"hallpass/sync/fault"
	"hallpass/sync/hall"
	"hallpass/sync/record"
)

// Model is a hall.Log in memory, written for being read: what the real one must
// do, without a disk. It tells of registrations and quarantine only.
type Model struct {
	mu       sync.Mutex // guards all below
	journals map[string][]record.Change
	forks    map[string]bool
	parted   map[[32]byte]bool // chains that were answered with fault.Forked
	refused  map[string]bool
	known    map[record.RegistrationID]bool
	watchers []func([]hall.Effect)
}

var _ hall.Log = (*Model)(nil)

// NewModel returns an empty log.
func NewModel() *Model {
	return &Model{
		journals: map[string][]record.Change{}, forks: map[string]bool{}, parted: map[[32]byte]bool{},
		refused: map[string]bool{}, known: map[record.RegistrationID]bool{},
	}
}

func name(node record.NodeID, epoch record.Epoch) string { return fmt.Sprintf("%q %q", node, epoch) }

// Watch implements hall.Log.
func (m *Model) Watch(observe func([]hall.Effect)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.watchers = append(m.watchers, observe)
}

// Append implements hall.Log; it takes no facts of the hall's own.
func (m *Model) Append(_ context.Context, batches []hall.Batch) ([]hall.Outcome, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var outcomes []hall.Outcome
	var effects []hall.Effect
	for _, b := range batches {
		if len(b.Own) > 0 {
			return nil, errors.New("the model has no journal of its own")
		}
		outcome, done := m.batch(b)
		outcomes, effects = append(outcomes, outcome), append(effects, done...)
	}
	for _, observe := range m.watchers {
		observe(effects)
	}
	return outcomes, nil
}

// Settle implements hall.Log: nothing is ever on its way.
func (m *Model) Settle(context.Context) {}

// Flow implements hall.Log; the model counts nothing.
func (m *Model) Flow() hall.Flow { return hall.Flow{} }

func (m *Model) batch(b hall.Batch) (outcome hall.Outcome, effects []hall.Effect) {
	of := name(b.Node, b.Epoch)
	for _, e := range b.Entries {
		kept := m.journals[of]
		switch fits, gap := follows(kept, b, e.Change); {
		case fits && e.Change.Seq <= uint64(len(kept)): // known
		case fits:
			m.journals[of] = append(kept, e.Change)
			effects = append(effects, m.entry(e)...)
		case m.forks[of]:
			effects = append(effects, m.refuse(e.Change)...)
		default:
			outcome.Err = fault.New(fault.BadSequence, "The change does not follow.")
			if !gap {
				m.forks[of] = m.parted[e.Change.Chain]
				m.parted[e.Change.Chain] = true
				outcome.Err = fault.New(fault.Forked, "Another history.")
			}
			outcome.Last = uint64(len(kept))
			return outcome, effects
		}
	}
	outcome.Last = uint64(len(m.journals[of]))
	return outcome, effects
}

// follows reports whether a change is in this history or continues it and, if
// not, whether something is only missing before it.
func follows(kept []record.Change, b hall.Batch, c record.Change) (fits, gap bool) {
	last := uint64(len(kept))
	switch {
	case c.Seq > last+1:
		return false, true
	case c.Seq <= last:
		return kept[c.Seq-1].Chain == c.Chain, false
	}
	before := sha256.Sum256([]byte("hallpass journal v1" + string(b.Node) + string(b.Epoch)))
	if last > 0 {
		before = kept[last-1].Chain
	}
	return sha256.Sum256(append(before[:], c.Digest[:]...)) == c.Chain, false
}

func (m *Model) entry(e hall.Entry) []hall.Effect {
	if e.Refused != nil {
		return m.refuse(e.Change)
	}
	r, ok := e.Fact.(record.Registration)
	if !ok {
		return nil
	}
	fresh := !m.known[r.ID]
	m.known[r.ID] = true
	return []hall.Effect{{Registration: &hall.Changed[record.Registration]{New: r, Fresh: fresh}}}
}

func (m *Model) refuse(c record.Change) []hall.Effect {
	key := fmt.Sprintf("%s %d %x", name(c.Node, c.Epoch), c.Seq, c.Digest)
	if m.refused[key] {
		return nil
	}
	m.refused[key] = true
	return []hall.Effect{{Quarantined: 1}}
}

// Cursor implements hall.Log.
func (m *Model) Cursor(_ context.Context, node record.NodeID, epoch record.Epoch) (uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.forks[name(node, epoch)] {
		return 0, nil
	}
	return uint64(len(m.journals[name(node, epoch)])), nil
}

// Changes implements hall.Log.
func (m *Model) Changes(_ context.Context, node record.NodeID, epoch record.Epoch, after uint64, limit int) ([]record.Change, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept := m.journals[name(node, epoch)]
	first := min(after, uint64(len(kept)))
	return kept[first:min(first+uint64(limit), uint64(len(kept)))], nil
}
