package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"unicode/utf8"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/hall"
	"hallpass/sync/journal"
	"hallpass/sync/record"
	"hallpass/sync/wire"
)

// maxProblems bounds a report: whoever reads it acts after the first.
const maxProblems = 20

// Check implements hall.State. It verifies bbolt's own pages and the chain of
// every journal, merges all facts anew and compares the result with the state,
// and the state with the lists and look-ups made from it.
func (s *Store) Check(ctx context.Context) (hall.Report, error) {
	c := checker{ctx: ctx, self: s.self, report: hall.Report{Verified: true}, facts: map[record.Kind]map[string]record.Fact{}}
	if err := c.pages(s.file()); err != nil {
		return c.report, err
	}
	err := s.view("check", func(tx *bolt.Tx) error {
		c.tx = tx
		show, err := getFact[record.Show](tx.Bucket(bucketShow), keyCurrent)
		if err != nil && !errors.Is(err, hall.ErrNone) {
			c.problem("the show cannot be read: %v", err)
		}
		c.show = show.ID
		if err := c.journals(); err != nil {
			return err
		}
		if !c.erased {
			c.compare()
		}
		c.indexes()
		c.conflicts()
		c.figures()
		return ctx.Err()
	})
	return c.report, err
}

// checker holds a check under way: facts is the state as the journals give it.
type checker struct {
	ctx    context.Context
	tx     *bolt.Tx
	self   hall.Self
	show   record.ShowID
	report hall.Report
	facts  map[record.Kind]map[string]record.Fact
	erased bool // of erased entries the facts are gone; there is nothing to compare with
}

func (c *checker) problem(format string, args ...any) {
	if len(c.report.Problems) < maxProblems {
		c.report.Problems = append(c.report.Problems, fmt.Sprintf(format, args...))
	}
}

// pages verifies bbolt's own pages. Commits wait meanwhile: bbolt compares the
// pages with its list of free ones, which a commit alters.
func (c *checker) pages(db *bolt.DB) error {
	tx, err := db.Begin(true)
	if err != nil {
		return fmt.Errorf("check pages: %w", err)
	}
	for err := range tx.Check() {
		c.problem("the file's pages are damaged: %v", err)
	}
	if err := tx.Rollback(); err != nil {
		return fmt.Errorf("check pages: %w", err)
	}
	return nil
}

func (c *checker) journals() error {
	nodes := c.tx.Bucket(bucketJournals)
	return nodes.ForEachBucket(func(node []byte) error {
		return nodes.Bucket(node).ForEachBucket(func(epoch []byte) error {
			return c.journal(record.NodeID(node), record.Epoch(epoch))
		})
	})
}

func (c *checker) journal(node record.NodeID, epoch record.Epoch) error {
	j := journalOf(node, epoch)
	report, err := j.Verify(c.ctx, c.tx)
	if err != nil {
		return err
	}
	c.report.Facts += report.Readable
	c.erased = c.erased || report.Erased > 0
	if !report.OK() {
		c.report.Verified = false
		c.problem("journal of node %s, epoch %s, entry %d: %s; carry that node's journal here again", node, epoch, report.Damaged, report.Damage)
	}
	return c.replay(j, node, report.Verified)
}

// replay merges what a journal says, up to its first damage.
func (c *checker) replay(j *journal.Journal, node record.NodeID, last uint64) error {
	const step = 512
	for after := uint64(0); after < last; after += step {
		changes, err := j.Read(c.tx, after, int(min(step, last-after)))
		if err != nil {
			return err
		}
		for _, change := range changes {
			if fact := c.fact(node, change); fact != nil {
				c.merge(fact)
			}
		}
	}
	return nil
}

// fact is what Append merged, nil for what it refused or cannot know any more.
func (c *checker) fact(node record.NodeID, change record.Change) record.Fact {
	if node != c.self.Hall && node != c.self.Desk {
		if quarantined(c.tx, change) {
			return nil // though this program may know better than the one that refused it
		}
		return hall.Judge(change, c.show).Fact
	}
	fact, err := wire.Decode(change.Kind, change.Payload)
	if err != nil && !change.Erased() {
		c.problem("the hall's own entry %d cannot be read: %v", change.Seq, err)
	}
	return fact
}

func (c *checker) merge(fact record.Fact) {
	switch f := fact.(type) {
	case record.Registration:
		mergeInto(c, string(f.ID), f, record.MergeRegistrations)
	case record.Badge:
		mergeInto(c, string(f.ID), f, record.MergeBadges)
	case record.Lead:
		mergeInto(c, string(f.ID), f, record.MergeLeads)
	case record.Passage:
		id, _ := f.ID.Bytes()
		mergeInto(c, string(id[:]), f, record.MergePassages)
	case record.Show:
		mergeInto(c, string(keyCurrent), f, record.MergeShows)
	case record.Key:
		mergeInto(c, string(f.Public), f, record.MergeKeys)
	case record.Revocation:
		mergeInto(c, string(f.Node), f, record.MergeRevocations)
	case record.Decision:
		mergeInto(c, string(stampKey(f.At)), f, record.MergeDecisions)
	}
}

func mergeInto[F record.Fact](c *checker, key string, fact F, merge func(a, b F) F) {
	facts := c.facts[fact.Kind()]
	if facts == nil {
		facts = map[string]record.Fact{}
		c.facts[fact.Kind()] = facts
	}
	if old, ok := facts[key].(F); ok {
		merged := merge(old, fact)
		if _, err := wire.Encode(merged); err != nil {
			return // Append refused it for the same reason
		}
		fact = merged
	}
	facts[key] = fact
}

// compare looks for facts without state, state without facts, and differences.
func (c *checker) compare() {
	for _, kept := range []struct {
		kind   record.Kind
		bucket []byte
	}{
		{record.KindShow, bucketShow}, {record.KindRegistration, bucketVisitors},
		{record.KindBadge, bucketBadges}, {record.KindLead, bucketLeads},
		{record.KindPassage, bucketPassages}, {record.KindKey, bucketBadgeKeys}, {record.KindRevocation, bucketRevoked},
		{record.KindDecision, bucketDecisions},
	} {
		kind, b, seen := kept.kind, c.tx.Bucket(kept.bucket), 0
		err := b.ForEach(func(key, value []byte) error {
			fact, ok := c.facts[kind][string(key)]
			if !ok {
				c.problem("%s %s is in no journal", kind, printable(key))
				return nil
			}
			seen++
			if !same(kind, value, fact) {
				c.problem("%s %s is not what the journals say", kind, printable(key))
			}
			return nil
		})
		if err != nil {
			c.problem("%s: %v", kind, err)
		}
		if missing := len(c.facts[kind]) - seen; missing > 0 {
			c.problem("%d of kind %s are in the journals but not in the state", missing, kind)
		}
	}
}

// printable is a key of the state as people may read it.
func printable(key []byte) string {
	if utf8.Valid(key) {
		return string(key)
	}
	return hex.EncodeToString(key)
}

// same compares by content: the state keeps bytes of a later program as they are.
func same(kind record.Kind, value []byte, fact record.Fact) bool {
	kept, err := wire.Decode(kind, value)
	if err != nil {
		return false
	}
	a, err := wire.Encode(kept)
	b, otherErr := wire.Encode(fact)
	return err == nil && otherErr == nil && bytes.Equal(a, b)
}
