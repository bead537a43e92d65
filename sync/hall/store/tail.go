package store

import (
	"iter"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/journal"
	"hallpass/sync/record"
)

// tail is where a kiosk's journal ends, with all that was handed over: what is
// on its way included. Guarded by the flow's mu.
type tail struct {
	end    end
	usable bool   // not forked, and its last entry can be read
	groups int    // parts of it on their way
	tasks  int    // of it on their way
	last   *group // the latest with a part of it
}

// end is the last change of a journal; seq 0 before the first.
type end struct {
	seq   uint64
	chain [32]byte
}

// mostTails is how many ends of journals are kept in mind: more than any show
// has kiosks.
const mostTails = 4_096

// plain reports whether a batch is good in itself: nothing in it belongs in
// quarantine, and each change follows the one before.
func plain(b hall.Batch) bool {
	first := b.Entries[0].Change
	thread := journal.ThreadAfter(b.Node, b.Epoch, first.Seq, first.Chain)
	for i := range b.Entries {
		e := &b.Entries[i]
		if e.Refused != nil || !e.Intact || i > 0 && thread.Follow(e.Change, true) != nil {
			return false
		}
	}
	return true
}

func changes(entries []hall.Entry) iter.Seq[*record.Change] {
	return func(yield func(*record.Change) bool) {
		for i := range entries {
			if !yield(&entries[i].Change) {
				return
			}
		}
	}
}

// continues reports whether the change is the next one.
func (t *tail) continues(c record.Change) bool {
	if !t.usable {
		return false
	}
	if t.end.seq == 0 {
		return journal.NewThread(c.Node, c.Epoch).Follow(c, true) == nil
	}
	return journal.ThreadAfter(c.Node, c.Epoch, t.end.seq, t.end.chain).Follow(c, true) == nil
}

// advance moves the end to that of a batch that continues it.
func (t *tail) advance(b hall.Batch, g *group) {
	c := &b.Entries[len(b.Entries)-1].Change
	t.end = end{c.Seq, c.Chain}
	t.groups++
	t.last = g
}

// tail returns a journal's tail and holds mu; nil, without it, if the file has
// changed while it was read.
func (s *Store) tail(node record.NodeID, epoch record.Epoch) (*tail, error) {
	f, name := s.flow, string(compound(string(node), string(epoch)))
	f.mu.Lock()
	if t := f.tails[name]; t != nil {
		return t, nil
	}
	before := f.loaded
	f.mu.Unlock()
	t, err := s.readTail(node, epoch) // nothing of it is on its way, or it would be in tails
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	if have := f.tails[name]; have != nil {
		return have, nil
	}
	if before != f.loaded {
		f.mu.Unlock()
		return nil, nil
	}
	if len(f.tails) >= mostTails {
		f.forget(func(_ string, t *tail) bool { return t.idle() })
	}
	f.tails[name] = t
	return t, nil
}

func (s *Store) readTail(node record.NodeID, epoch record.Epoch) (t *tail, err error) {
	err = s.peek("end of journal", func(tx *bolt.Tx) error {
		seq, chain, err := journalOf(node, epoch).End(tx)
		if err != nil && !ownFault(err) {
			return err
		}
		forked := tx.Bucket(bucketForks).Get(compound(string(node), string(epoch))) != nil
		t = &tail{end: end{seq, chain}, usable: err == nil && !forked}
		return nil
	})
	return t, err
}

func (t *tail) idle() bool { return t.groups == 0 && t.tasks == 0 }

// forget drops tails, to be read again when they are needed. The caller holds mu.
func (f *flow) forget(which func(name string, t *tail) bool) {
	for name, t := range f.tails {
		if which(name, t) {
			delete(f.tails, name)
			f.loaded++
		}
	}
}
