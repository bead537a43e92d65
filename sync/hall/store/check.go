package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
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
func (s *Store) Check(ctx context.Context) (report hall.Report, err error) {
	c := checker{ctx: ctx, self: s.self, dir: filepath.Dir(s.path), report: hall.Report{Verified: true}}
	c.facts = newSorter(c.dir)
	defer func() { err = errors.Join(err, c.facts.close()) }()
	for range mostTries {
		if err = s.check(&c); !errors.Is(err, errMoved) {
			break
		}
	}
	return c.report, err
}

// mostTries is how often a check begins anew because commits were quicker than
// its first look at the file.
const mostTries = 1000

func (s *Store) check(c *checker) error {
	return s.view(c.ctx, "check", func(tx *bolt.Tx) error {
		c.tx = tx
		if sound, err := c.pages(s.path); err != nil || !sound {
			c.report.Verified = err != nil // else: what is damaged must not be followed
			return err
		}
		show, err := getFact[record.Show](tx.Bucket(bucketShow), keyCurrent)
		if err != nil && !errors.Is(err, hall.ErrNone) {
			c.problem("the show cannot be read: %v", err)
		}
		c.show = show.ID
		if err := c.journals(); err != nil {
			return err
		}
		if !c.erased {
			if err := c.compare(); err != nil {
				return err
			}
		}
		if err := c.indexes(); err != nil {
			return err
		}
		c.conflicts()
		c.figures()
		return c.ctx.Err()
	})
}

// checker holds a check under way. It takes little memory however large the file
// is: what is compared is sorted beside the data.
type checker struct {
	ctx    context.Context
	tx     *bolt.Tx
	self   hall.Self
	show   record.ShowID
	dir    string
	report hall.Report
	facts  *sorter // what the journals say, by kind and key
	erased bool    // of erased entries the facts are gone; there is nothing to compare with
}

func (c *checker) problem(format string, args ...any) {
	if len(c.report.Problems) < maxProblems {
		c.report.Problems = append(c.report.Problems, fmt.Sprintf(format, args...))
	}
}

func (c *checker) journals() error { return c.each(c.journal) }

func (c *checker) journal(node record.NodeID, epoch record.Epoch) error {
	j := journalOf(node, epoch)
	report, err := j.Verify(c.ctx, c.tx)
	if err != nil {
		return err
	}
	c.report.Facts += report.Readable
	c.erased = c.erased || report.Erased > 0
	if !report.OK() {
		c.damaged(node, epoch, report)
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
				if err := c.say(fact, change.Payload); err != nil {
					return err
				}
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
