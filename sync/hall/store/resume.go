package store

import (
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/hall/store/intake"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// OpenServing opens the file of a hall that is about to serve: as Open, but it
// does not wait until the file has what only the log has, which may take seconds
// after a crash. That begins with the first Watch, so that all of it is told of,
// and goes on beside the serving. Until then reads answer what the file holds,
// from then on they wait as always; cursors are right at once.
func OpenServing(path string) (*Store, error) {
	s, err := prepare(path, format, migrations, nil)
	if err != nil {
		return nil, err
	}
	s.run()
	return s, nil
}

// resume reads the log. What the file does not hold of it is as if it had just
// been logged.
func (s *Store) resume(state logState, reached func(string)) error {
	log, found, err := intake.Open(s.path, state.who, state.applied, intake.Options{At: reached})
	if err != nil {
		return fmt.Errorf("the log beside the data file is not to be used; put the file back that it belongs to: %w", err)
	}
	s.log, s.flow = log, newFlow(state.applied, reached)
	f := s.flow
	for _, frame := range found {
		g := newGroup(frame.Number)
		close(g.done)
		for _, b := range frame.Batches {
			t, err := s.tailOf(b.Node, b.Epoch)
			if err != nil {
				return errors.Join(err, log.Close())
			}
			t.resume(g, b)
		}
		f.held, f.bytes = f.held+g.size, f.bytes+g.bytes
		f.backlog, f.logged, f.inherited = append(f.backlog, g), g.number, g.number
	}
	f.next = newGroup(f.logged + 1)
	return nil
}

// tailOf is tail before anybody else is there.
func (s *Store) tailOf(node record.NodeID, epoch record.Epoch) (t *tail, err error) {
	name := string(compound(string(node), string(epoch)))
	if t = s.flow.tails[name]; t == nil {
		t, err = s.readTail(node, epoch)
		s.flow.tails[name] = t
	}
	return t, err
}

// resume puts a batch that was logged into its group again; the facts in it are
// read when it is applied.
func (t *tail) resume(g *group, b intake.Batch) {
	last := &b.Changes[len(b.Changes)-1]
	g.parts = append(g.parts, part{tail: t, before: t.end, logged: &b})
	g.size += len(b.Changes)
	for i := range b.Changes {
		g.bytes += len(b.Changes[i].Payload) + changeBytes
	}
	t.end, t.last = end{last.Seq, last.Chain}, g
	t.groups++
}

// changeBytes is what a change takes in the log beside its payload, about.
const changeBytes = 160

// read makes a batch of what was logged. That a kiosk of this show may say all
// of it was judged before it was logged.
func (p *part) read() {
	if p.logged == nil {
		return
	}
	p.batch = hall.Batch{Node: p.logged.Node, Epoch: p.logged.Epoch}
	for _, c := range p.logged.Changes {
		e := hall.Entry{Change: c, Intact: true}
		if !c.Erased() {
			e.Fact, e.Refused = wire.Decode(c.Kind, c.Payload)
		}
		p.batch.Entries = append(p.batch.Entries, e)
	}
	p.logged = nil
}

// catchUp has the file hold all that the log has.
func (s *Store) catchUp() error {
	f := s.flow
	for more := len(f.backlog) > 0; more; {
		more = s.pass(true)
		f.at("replayed")
	}
	return f.trouble
}

// begin lets what waits for the first Watch go on.
func (s *Store) begin() {
	s.beginning.Do(func() {
		close(s.flow.begun)
		signal(s.flow.toApply)
	})
}

// prepareWriting loads what the first transaction will want, some tenths of a
// second at the largest size, before anybody waits for that one. What cannot be
// loaded fails there.
func (s *Store) prepareWriting() {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.holders != nil {
		return
	}
	_ = s.peek("contacts", func(tx *bolt.Tx) (err error) {
		s.holders, err = loadHolders(tx)
		if err != nil {
			s.holders = nil
		}
		return err
	})
}

// standing reports whether begin has yet to be called.
func (f *flow) standing() bool {
	select {
	case <-f.begun:
		return false
	default:
		return true
	}
}
