package store

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/record"
	"hallpass/sync/wal"
)

// settle returns once what was acknowledged before is in the file, and told of;
// or at once if the file cannot be written, because what it has is still worth
// reading, or if nobody watches yet, see OpenServing.
func (s *Store) settle() {
	f := s.flow
	f.mu.Lock()
	if f.told >= f.logged || f.trouble != nil || f.standing() {
		f.mu.Unlock()
		return
	}
	r := reader{f.logged, make(chan struct{})}
	f.readers = append(f.readers, r)
	signal(f.toApply)
	f.mu.Unlock()
	<-r.done
}

// Settle implements hall.Log.
func (s *Store) Settle(context.Context) { s.settle() }

// Flow implements hall.Log.
func (s *Store) Flow() hall.Flow {
	f := s.flow
	f.mu.Lock()
	defer f.mu.Unlock()
	stages := []hall.Stage{{Name: "queued", Delays: &f.queued}, {Name: "synced", Delays: &f.synced}, {Name: "woken", Delays: &f.woken}}
	return hall.Flow{Commits: f.commits, Syncs: f.syncs, Waiting: f.held, Stages: stages}
}

// ours reports whether a journal is the hall's own, of which nothing is ever on
// its way.
func (s *Store) ours(node record.NodeID) bool { return node == s.self.Hall || node == s.self.Desk }

// Cursor implements hall.Log; 0 for a journal with two histories.
func (s *Store) Cursor(_ context.Context, node record.NodeID, epoch record.Epoch) (seq uint64, err error) {
	if !s.ours(node) {
		seq, known, err := s.cursor(node, epoch)
		if known || err != nil {
			return seq, err
		}
		s.settle()
	}
	err = s.peek("cursor", func(tx *bolt.Tx) error {
		if tx.Bucket(bucketForks).Get(compound(string(node), string(epoch))) != nil {
			return nil
		}
		last, err := journalOf(node, epoch).Last(tx)
		seq = last.Seq
		return err
	})
	return seq, err
}

// cursor answers from memory where it can, once it is true whatever happens.
func (s *Store) cursor(node record.NodeID, epoch record.Epoch) (seq uint64, known bool, err error) {
	for {
		t, err := s.tail(node, epoch)
		switch {
		case err != nil:
			return 0, false, err
		case t == nil:
			continue // it changed while we looked
		}
		last, end := t.last, t.end.seq
		known := t.usable && t.tasks == 0
		s.flow.mu.Unlock()
		if !known || last == nil || last.safe() {
			return end, known, nil
		}
		<-last.done
	}
}

// safe reports whether a group is logged, or given up.
func (g *group) safe() bool {
	select {
	case <-g.done:
		return true
	default:
		return false
	}
}

// Changes implements hall.Log.
func (s *Store) Changes(ctx context.Context, node record.NodeID, epoch record.Epoch, after uint64, limit int) (changes []record.Change, err error) {
	if !s.ours(node) {
		hall.Await(ctx, s.settle)
	}
	err = s.peek("read journal", func(tx *bolt.Tx) error {
		changes, err = journalOf(node, epoch).Read(tx, after, limit)
		return err
	})
	return changes, err
}

// scrub removes the log's files: what was deleted from the file may be in them.
// Kiosks wait meanwhile, for as long as a reader.
func (s *Store) scrub() error {
	s.logging.Lock()
	defer s.logging.Unlock()
	s.settle()
	s.flow.mu.Lock()
	behind := s.flow.told < s.flow.logged
	s.flow.mu.Unlock()
	if behind {
		return errors.New("the log is still needed, because the data file cannot be written")
	}
	return s.log.Scrub()
}

// logState is what a file says of its log.
type logState struct {
	who     wal.Identity
	applied uint64
}

// readLogState reads it or, in a file that has had no log, makes it up.
func readLogState(tx *bolt.Tx) (l logState, err error) {
	meta := tx.Bucket(bucketMeta)
	if copy(l.who[:], meta.Get(keyLog)) < len(l.who) {
		return newLogState(tx)
	}
	if v := meta.Get(keyApplied); len(v) == 8 {
		l.applied = binary.BigEndian.Uint64(v)
	}
	return l, nil
}

// newLogState makes any log there is a stranger's.
func newLogState(tx *bolt.Tx) (l logState, err error) {
	rand.Read(l.who[:]) // never fails
	meta := tx.Bucket(bucketMeta)
	return l, errors.Join(meta.Put(keyLog, l.who[:]), meta.Put(keyApplied, number(0)))
}
