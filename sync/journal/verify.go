package journal

import (
	"context"
	"encoding/binary"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/record"
)

// Report is what Verify found.
type Report struct {
	Last     record.Cursor // the end of the journal
	Verified uint64        // entries from the first that are in order
	Readable uint64        // entries, also after the damage, whose own bytes are in order
	Erased   uint64        // of the readable ones
	Damaged  uint64        // number of the first entry that is not in order, 0 if all are
	Damage   string        // what is wrong with it, for the operator; no contents
}

// OK reports whether every entry is in order and nothing is missing before the
// last.
func (r Report) OK() bool { return r.Damaged == 0 }

// Verify reads the whole journal: every number is there, every content fits its
// digest, every entry its predecessor. Damage is not an error but the report's;
// the error is ctx's.
func (j *Journal) Verify(ctx context.Context, tx *bolt.Tx) (Report, error) {
	report := Report{Last: record.Cursor{Epoch: j.epoch}}
	bucket := j.bucket(tx)
	if bucket == nil {
		return report, nil
	}
	chain, next := start(j.node, j.epoch), uint64(1)
	cursor := bucket.Cursor()
	for k, v := cursor.First(); k != nil; k, v = cursor.Next() {
		if err := ctx.Err(); err != nil {
			return report, fmt.Errorf("verify journal: %w", err)
		}
		if len(k) != 8 || v == nil {
			report.damage(next, "a foreign key of %d bytes stands before it", len(k))
			continue
		}
		seq := binary.BigEndian.Uint64(k)
		if seq != next {
			report.damage(next, "it is missing")
		}
		c, err := j.decode(seq, v)
		fits := c.Chain == link(chain, c.Digest)
		switch {
		case err != nil:
			report.damage(seq, "%v", err)
		case !Intact(c):
			report.damage(seq, "its content does not fit its digest")
		default:
			report.count(c)
			if !fits {
				report.damage(seq, "it does not continue the entry before it")
			}
		}
		if report.OK() {
			report.Verified = seq
		}
		report.Last.Seq, chain, next = seq, c.Chain, seq+1
	}
	return report, nil
}

func (r *Report) count(c record.Change) {
	r.Readable++
	if c.Erased() {
		r.Erased++
	}
}

// damage keeps the first.
func (r *Report) damage(seq uint64, format string, args ...any) {
	if r.Damaged == 0 {
		r.Damaged, r.Damage = seq, fmt.Sprintf(format, args...)
	}
}
