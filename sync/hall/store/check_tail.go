package store

import (
	"context"
	"path/filepath"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/journal"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// What CheckEnds verifies: some tenth of a second's work, however large the file.
const (
	mostEnds   = 10_000 // entries of all journals together
	mostEnding = 1_000  // entries of one journal
	leastEnd   = 10
)

// CheckEnds verifies the last entries of every journal, and that the state holds
// what they say, in a bounded time: for every start, where Check is for the
// night. Problems name node, epoch and entry, and say what can be done.
func (s *Store) CheckEnds(ctx context.Context) (hall.Report, error) {
	c := checker{ctx: ctx, self: s.self, dir: filepath.Dir(s.path), report: hall.Report{Verified: true}}
	err := s.view(ctx, "check the journals' ends", func(tx *bolt.Tx) error {
		c.tx = tx
		show, err := getFact[record.Show](tx.Bucket(bucketShow), keyCurrent)
		if err != nil {
			return ignoreNone(err) // no show: nothing came in
		}
		c.show = show.ID
		count := 0
		if err := c.each(func(record.NodeID, record.Epoch) error { count++; return nil }); err != nil {
			return err
		}
		each := min(mostEnding, max(leastEnd, mostEnds/max(count, 1)))
		return c.each(func(node record.NodeID, epoch record.Epoch) error { return c.ending(node, epoch, uint64(each)) })
	})
	return c.report, err
}

// each calls f for every journal.
func (c *checker) each(f func(record.NodeID, record.Epoch) error) error {
	nodes := c.tx.Bucket(bucketJournals)
	return nodes.ForEachBucket(func(node []byte) error {
		return nodes.Bucket(node).ForEachBucket(func(epoch []byte) error {
			return f(record.NodeID(node), record.Epoch(epoch))
		})
	})
}

// ending verifies the end of one journal.
func (c *checker) ending(node record.NodeID, epoch record.Epoch, most uint64) error {
	j := journalOf(node, epoch)
	report, err := j.VerifyLast(c.ctx, c.tx, most)
	if err != nil {
		return err
	}
	c.report.Facts += report.Readable
	if !report.OK() {
		c.damaged(node, epoch, report)
		return nil
	}
	changes, err := j.Read(c.tx, report.From-1, int(most))
	if err != nil {
		return err
	}
	for _, change := range changes {
		if fact := c.fact(node, change); fact != nil && !c.held(fact) {
			c.problem("journal of node %s, epoch %s, entry %d: the state does not hold what it says; hall check reads everything", node, epoch, change.Seq)
			return nil
		}
	}
	return nil
}

// damaged tells of a journal that is not in order.
func (c *checker) damaged(node record.NodeID, epoch record.Epoch, r journal.Report) {
	c.report.Verified = false
	cure := "carry that node's journal here again"
	if node == c.self.Hall || node == c.self.Desk {
		cure = "it is the hall's own; restore a backup"
	}
	c.problem("journal of node %s, epoch %s, entry %d: %s; %s", node, epoch, r.Damaged, r.Damage, cure)
}

// held reports whether the state holds a fact: merged with it, it is the same.
func (c *checker) held(fact record.Fact) bool {
	for _, m := range merged {
		if m.kind != fact.Kind() {
			continue
		}
		value := c.tx.Bucket(m.bucket).Get(stateKey(fact))
		kept, err := wire.Decode(m.kind, value)
		return value != nil && err == nil && same(m.kind, value, joinFacts(kept, fact))
	}
	return true
}
