package journal

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	bolt "go.etcd.io/bbolt"

	"hallpass/sync/record"
)

// Report is what Verify found.
type Report struct {
	Last     record.Cursor // the end of the journal
	From     uint64        // the first entry that was looked at
	Verified uint64        // number up to which all is in order
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
	return j.VerifyLast(ctx, tx, math.MaxUint64)
}

// VerifyLast is Verify for the last entries only, at most that many, in a time
// that does not grow with the journal. The entry before them has to be there and
// is taken at its word.
func (j *Journal) VerifyLast(ctx context.Context, tx *bolt.Tx, most uint64) (Report, error) {
	report := Report{Last: record.Cursor{Epoch: j.epoch}, From: 1}
	bucket := j.bucket(tx)
	if bucket == nil {
		return report, nil
	}
	w := walk{Report: &report, journal: j, chain: start(j.node, j.epoch), known: true, next: 1}
	w.skipTo(bucket, most)
	cursor := bucket.Cursor()
	for k, v := cursor.Seek(key(w.next)); k != nil; k, v = cursor.Next() {
		if err := ctx.Err(); err != nil {
			return report, fmt.Errorf("verify journal: %w", err)
		}
		w.entry(k, v)
	}
	return report, nil
}

// walk follows a journal that may be damaged.
type walk struct {
	*Report
	journal *Journal
	next    uint64            // number that comes next
	chain   [sha256.Size]byte // of the entry before it
	known   bool              // chain is
}

// skipTo begins with the last entries, after the one before them.
func (w *walk) skipTo(bucket *bolt.Bucket, most uint64) {
	cursor := bucket.Cursor()
	k, _ := cursor.Last()
	for k != nil && len(k) != 8 { // entry tells of it
		k, _ = cursor.Prev()
	}
	if k == nil || binary.BigEndian.Uint64(k) <= most {
		return
	}
	before := binary.BigEndian.Uint64(k) - most
	w.From, w.next, w.known = before+1, before+1, false
	value := bucket.Get(key(before))
	if value == nil {
		w.damage(before, "it is missing")
		return
	}
	c, err := w.journal.decode(before, value)
	if err != nil {
		w.damage(before, "%v", err)
		return
	}
	w.chain, w.known = c.Chain, true
	if w.OK() {
		w.Verified = before
	}
}

func (w *walk) entry(k, v []byte) {
	if len(k) != 8 || v == nil {
		w.damage(w.next, "a foreign key of %d bytes stands before it", len(k))
		return
	}
	seq := binary.BigEndian.Uint64(k)
	if seq != w.next {
		w.damage(w.next, "it is missing")
	}
	c, err := w.journal.decode(seq, v)
	fits := !w.known || c.Chain == link(w.chain, c.Digest)
	switch {
	case err != nil:
		w.damage(seq, "%v", err)
	case !Intact(c):
		w.damage(seq, "its content does not fit its digest")
	default:
		w.count(c)
		if !fits {
			w.damage(seq, "it does not continue the entry before it")
		}
	}
	if w.OK() {
		w.Verified = seq
	}
	w.Last.Seq, w.chain, w.known, w.next = seq, c.Chain, true, seq+1
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

// Rescue hands over every entry after a number whose own bytes are in order,
// past all damage; what is not handed over is lost. An entry that does not
// continue the one before it is handed over too. It ends with the first error of
// use or ctx.
func (j *Journal) Rescue(ctx context.Context, tx *bolt.Tx, after uint64, use func(record.Change) error) error {
	bucket := j.bucket(tx)
	if bucket == nil || after == math.MaxUint64 {
		return nil
	}
	cursor := bucket.Cursor()
	for k, v := cursor.Seek(key(after + 1)); k != nil; k, v = cursor.Next() {
		if len(k) != 8 || v == nil {
			continue
		}
		c, err := j.decode(binary.BigEndian.Uint64(k), v)
		if err != nil || !Intact(c) {
			continue
		}
		if err := errors.Join(ctx.Err(), use(c)); err != nil {
			return err
		}
	}
	return nil
}
